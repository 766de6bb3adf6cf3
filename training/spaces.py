"""The space in which directions are found: z of a generator, or w of a StyleGAN, standardised.

In w the method is the same as in z: w is brought to mean 0 and covariance I over random faces
(`dashboard.synthesis.stylegan.standard_w`), scores are regressed on that, and a unit of a coordinate is a standard
deviation over random faces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from dashboard.analysis.pins import on_sphere
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.model import Model
from dashboard.synthesis.stylegan.standard_w import FACES, StandardW, statistics_of
from training.errors import TrainingError
from training.pinning import pin_rows

SpaceName = Literal["z", "w"]


@dataclass(frozen=True, eq=False)
class FaceSpace:
    """A space whose points are faces.

    Args:
        latent_size: of z.
        normalised: whether latents z are scaled to the sphere |z|^2 = L.
        w: the standardised w in which the points are; None for z.
    """

    latent_size: int
    normalised: bool = True
    w: StandardW | None = None

    @property
    def name(self) -> SpaceName:
        """The space's letter."""
        return "z" if self.w is None else "w"

    @property
    def size(self) -> int:
        """L, the numbers in a point."""
        return self.latent_size if self.w is None else self.w.size

    @property
    def sphere(self) -> bool:
        """Whether points lie on the sphere of squared radius L."""
        return self.w is None and self.normalised

    def points(self, latents: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """Return the points (n, L) float64 of latents z (n, latent_size), of classes (n,) in w or without a class."""
        if self.w is not None:
            return self.w.of_latents(latents, labels)
        return on_sphere(latents) if self.normalised else np.asarray(latents, np.float64)

    def random(self, seed: int, count: int) -> np.ndarray:
        """Return the points (count, L) of random faces; the first rows do not depend on the count.

        The latents are rows of ``RandomState(seed).randn``. In w of a network with labels each has a random class.
        """
        latents = np.random.RandomState(seed).randn(count, self.latent_size)
        classes = 0 if self.w is None else self.w.config.label_size
        return self.points(latents, np.random.RandomState([seed, 1]).randint(0, classes, count) if classes else None)

    def pin(self, bases: np.ndarray, directions: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pin each base (n, L) at its own coordinates (n, k); as :func:`training.pinning.pin_rows`."""
        return pin_rows(bases, directions, values, self.sphere)

    def regressed(self, points: np.ndarray) -> np.ndarray:
        """Return the numbers (n, R) of points (n, L) on which scores are regressed: those in which w varies."""
        return points if self._varying is None else points @ self._varying

    def columns(self, directions: np.ndarray) -> np.ndarray:
        """Return the directions (L, F) of directions (R, F) that were found by a regression on `regressed`."""
        return directions if self._varying is None else self._varying @ directions

    def native(self, column: np.ndarray) -> np.ndarray:
        """Return the unit direction (L,) of z or w, as files hold it, along which a unit column measures."""
        return column if self.w is None else self.w.moving(column)

    def statistics(self) -> dict[str, np.ndarray]:
        """Return the statistics of w as a model folder stores them; empty for z."""
        if self.w is None:
            return {}
        arrays = {"mean": self.w.mean, "covariance": self.w.covariance, "reach2": self.w.reach2, "faces": self.w.faces}
        return {name: np.asarray(array, np.float32) for name, array in arrays.items()}

    @cached_property
    def _varying(self) -> np.ndarray | None:
        """Orthonormal columns (L, R) of the part of w that varies; None if that is all of it, or for z."""
        return None if self.w is None else self.w.varying


def space_of(
    model: Model,
    wanted: SpaceName | None = None,
    statistics: Mapping[str, np.ndarray] | None = None,
    report: Callable[[str], Any] = lambda words: None,
) -> FaceSpace:
    """Return a space of a model.

    Args:
        model: of any family.
        wanted: the space; None for the one where the model's directions live.
        statistics: of w, as an earlier step stored them; None for the model's, or those of 50,000 random faces.
        report: called with a sentence before a longer computation.

    Raises:
        TrainingError: the model has no w, or takes labels and z is wanted.
    """
    config = model.config
    if (wanted or model.space) == "z":
        if config.label_size:
            instead = "Use --space w." if "w" in config.spaces else "Choose another model."
            raise TrainingError(
                f"Expected a model without labels for directions in z. Received: {model.name}, which has "
                f"{config.label_size} classes. {instead}"
            )
        return FaceSpace(config.latent_size, config.normalize_latents)
    if isinstance(config, GeneratorConfig):
        raise TrainingError(f"Expected a StyleGAN for --space w. Received: {model.name}, a PG-GAN. Use --space z.")
    if statistics is None and model.w is not None:
        return FaceSpace(config.latent_size, w=model.w)
    variables = model.variables()
    if statistics is None:
        report(f"Computing mean and covariance of w over {FACES:,} random faces.")
        statistics = statistics_of(config, variables)
    mapping = {name: array for name, array in variables.items() if name.startswith("mapping.")}
    mean, covariance = (np.asarray(statistics[name], np.float64) for name in ("mean", "covariance"))
    w = StandardW(config, mean, covariance, float(statistics["reach2"]), int(statistics["faces"]), lambda: mapping)
    return FaceSpace(config.latent_size, w=w)
