"""Standardised w: the space of faces whose directions live in w.

A w of a StyleGAN is not normal: its numbers are correlated and have their own spreads. With the mean m and the
covariance C of w over random faces, before truncation, the standardised point of w is

    u = C^(-1/2) (w - m)

It has mean 0 and covariance I over random faces, as z has. So a unit column e measures a coordinate in standard
deviations over random faces, e . u, and the nearest point u with given coordinates is the w of smallest Mahalanobis
distance |C^(-1/2) (w - w0)|: pins, locks and drift are those of z (`dashboard.analysis.pins`), without a sphere.

m and C are those of a fixed seed's faces, computed when the model is imported and stored with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.pca import components
from dashboard.errors import InputError
from dashboard.synthesis.stylegan.config import StyleGANConfig
from dashboard.synthesis.stylegan.styles import mapped, truncated_rows

Array = NDArray[np.float64]

FACES = 50_000
"""Default number of random faces of the mean and the covariance."""

LEAST_FACES, MOST_FACES = 10_000, 1_000_000

KEPT = 64
"""Principal components that are kept."""

SEED = 0
BLOCK = 4096

FLOOR = 1e-6
"""Smallest variance that counts, as a share of the largest: a direction in which w does not vary has no deviation."""

REACH = 0.999
"""Share of random faces whose distance from the mean is within the reach of the sliders."""


@dataclass(frozen=True, eq=False)
class StandardW:
    """Map between z, w and standardised points.

    Args:
        config: architecture of the network.
        mean: (w,) of w over random faces. covariance: (w, w).
        reach2: the squared Mahalanobis distance from the mean within which 99.9 % of random faces are.
        faces: number of random faces of mean and covariance.
        mapping: returns the variables from z to w.
    """

    config: StyleGANConfig
    mean: Array
    covariance: Array
    reach2: float
    faces: int
    mapping: Callable[[], Mapping[str, np.ndarray]] = field(repr=False)

    @property
    def size(self) -> int:
        """Numbers in a point."""
        return len(self.mean)

    @cached_property
    def _roots(self) -> tuple[Array, Array]:
        values, vectors = np.linalg.eigh(self.covariance)
        deviations = np.sqrt(np.maximum(values, FLOOR * max(float(values[-1]), 1e-12)))
        return (vectors * deviations) @ vectors.T, (vectors / deviations) @ vectors.T

    @cached_property
    def _variables(self) -> Mapping[str, np.ndarray]:
        return self.mapping()

    @property
    def average(self) -> Array:
        """(w,) the mean that truncation draws w towards, as the network stores it."""
        return np.asarray(self._variables["mapping.w_avg"], np.float64)

    @cached_property
    def components(self) -> tuple[Array, Array]:
        """The exact principal components of w: (w,) variances, falling, and (w, K) unit columns."""
        return components(self.covariance, KEPT)

    @cached_property
    def varying(self) -> Array | None:
        """Orthonormal columns (w, R) of the directions in which w varies; None if it varies in all of them."""
        values, vectors = np.linalg.eigh(self.covariance)
        kept = values > FLOOR * max(float(values[-1]), 1e-12)
        return None if kept.all() else vectors[:, kept]

    def of_latents(self, latents: ArrayLike, label: int | ArrayLike | None = None) -> Array:
        """Return the points (n, w) of latents z (n, latent_size), of one class, of classes (n,), or without a label."""
        rows = np.atleast_2d(np.asarray(latents, np.float32))
        classes = None if label is None else np.broadcast_to(np.asarray(label, int), len(rows))
        points = np.empty((len(rows), self.size))
        for first in range(0, len(rows), BLOCK):
            part = rows[first : first + BLOCK]
            given = None
            if classes is not None:
                given = np.zeros((len(part), self.config.label_size), np.float32)
                given[np.arange(len(part)), classes[first : first + BLOCK]] = 1.0
            points[first : first + BLOCK] = self.of_w(mapped(self.config, self._variables, part, given))
        return points

    def of_w(self, w: ArrayLike) -> Array:
        """Return the points (..., w) of w (..., w)."""
        return (np.asarray(w, np.float64) - self.mean) @ self._roots[1]

    def w_of(self, points: ArrayLike) -> Array:
        """Return w (..., w) of points (..., w), before truncation."""
        return np.asarray(points, np.float64) @ self._roots[0] + self.mean

    def truncated_rows(self, rows: ArrayLike, psi: float = 1.0, cutoff: int | None = None) -> NDArray[np.float32]:
        """Return w+ (layers, w) float32, truncated, of points (layers, w), one for each layer."""
        w = self.w_of(rows).astype(np.float32)
        return truncated_rows(self.config, self._variables, w[None], psi, cutoff)[0]

    def measuring(self, normal: ArrayLike) -> Array:
        """Return the unit column (w,) whose coordinate is a linear function of w, in standard deviations.

        Args:
            normal: (w,) such as a classifier's boundary: the coordinate is normal . (w - m) over its deviation.
        """
        return _unit(self._roots[0] @ np.asarray(normal, np.float64))

    def moving(self, step: ArrayLike) -> Array:
        """Return the unit column (w,) along which a pin moves w.

        Args:
            step: (w,) such as a direction of SeFa: w moves by multiples of it.
        """
        return _unit(self._roots[1] @ np.asarray(step, np.float64))

    @property
    def steps(self) -> Array:
        """(w, w) C^(1/2), symmetric: how w moves per unit of each number of a point."""
        return self._roots[0]


def statistics_of(
    config: StyleGANConfig, variables: Mapping[str, np.ndarray], faces: int = FACES
) -> dict[str, np.ndarray]:
    """Compute the statistics of w over the random faces of a fixed seed, before truncation, in blocks.

    Args:
        config: architecture of the network.
        variables: its variables by name.
        faces: 10,000 to 1,000,000.

    Returns:
        "mean" (w,), "covariance" (w, w), "reach2" () and "faces" (), float32. With labels each face has a random class.
    """
    if not LEAST_FACES <= faces <= MOST_FACES:
        raise InputError(f"Expected {LEAST_FACES:,} to {MOST_FACES:,} random faces of w. Received: {faces:,}.")
    size, first = config.style_size, _random_w(config, variables, BLOCK, np.random.RandomState(SEED))
    shift = first.mean(axis=0, dtype=np.float64)  # a large mean costs no digits
    total, products, random = np.zeros(size), np.zeros((size, size)), np.random.RandomState(SEED)
    for start in range(0, faces, BLOCK):
        part = _random_w(config, variables, min(BLOCK, faces - start), random) - shift
        total += part.sum(axis=0)
        products += part.T @ part
    offset = total / faces
    spread = (products - faces * np.outer(offset, offset)) / (faces - 1)
    # Rounded as stored, so that the reach is that of the numbers that a page computes with.
    mean, covariance = (shift + offset).astype(np.float32), spread.astype(np.float32)
    space = StandardW(config, mean.astype(np.float64), covariance.astype(np.float64), 0.0, faces, dict)
    lengths = (space.of_w(first) ** 2).sum(axis=1)
    return {
        "mean": mean,
        "covariance": covariance,
        "reach2": np.asarray(np.quantile(lengths, REACH), np.float32),
        "faces": np.asarray(faces, np.float32),
    }


def statistics_shapes(config: StyleGANConfig) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the stored statistics."""
    size = config.style_size
    return {"mean": (size,), "covariance": (size, size), "reach2": (), "faces": ()}


def _random_w(
    config: StyleGANConfig, variables: Mapping[str, np.ndarray], count: int, random: np.random.RandomState
) -> Array:
    """Draw w of random faces: (count, w) float64."""
    z = random.randn(count, config.latent_size).astype(np.float32)
    labels = None
    if config.label_size:
        labels = np.eye(config.label_size, dtype=np.float32)[random.randint(0, config.label_size, count)]
    return mapped(config, variables, z, labels).astype(np.float64)


def _unit(vector: Array) -> Array:
    length = float(np.linalg.norm(vector))
    if not length > 0:
        raise ValueError("Expected a direction in which w varies. Received: zero.")
    return vector / length
