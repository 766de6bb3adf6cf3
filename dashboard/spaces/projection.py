"""The projection of a sample onto its components: the points of the scatter, the scree, and the linear map to the
latent.

Results are cached in memory for the models used last: a second visitor gets them immediately.
"""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.pins import spare_vector
from dashboard.analysis.stability import Stability, split_half
from dashboard.errors import InputError
from dashboard.faces.face import Face, parse_base
from dashboard.spaces.computed_results import Components
from dashboard.spaces.sample import (
    FEATURES,
    LATENT,
    SCORES,
    Rows,
    SetSpace,
    Space,
    W,
    faces_of,
    sample_seed,
    scored_only,
)
from dashboard.spaces.spectrum import Spectrum, latent_map, shuffled_words, spectrum
from dashboard.synthesis.model import Model

KEPT_COMPONENTS = 64
SHOWN_COMPONENTS = 16
"""Number of components shown on a page."""

MOST_HALVED = 100_000
"""Number of rows, the first ones, that stability is computed on."""


Array = NDArray[np.float64]


class Projection:
    """The projection of a model's sample in one space. Parts are computed on demand and cached.

    Args:
        model: the model.
        space: one of its spaces.
    """

    def __init__(self, model: Model, space: Space) -> None:
        self.model, self.space = model, space

    @functools.cached_property
    def rows(self) -> Rows:
        """(n, d) the sample in this space."""
        if self.space is SCORES:
            return scored_only(self.model)[0]
        faces = faces_of(self.model)
        if self.space is W and self.model.w is not None:
            return self.model.w.w_of(faces.latents).astype(np.float32)
        return {LATENT.name: faces.latents, FEATURES.name: faces.features}[self.space.name]

    @functools.cached_property
    def spectrum(self) -> Spectrum:
        """Its principal components; those of w are of the random faces that the model's statistics are of."""
        found = spectrum(
            self.rows, standardised=self.space.standardised, white=self.space is LATENT, keep=KEPT_COMPONENTS
        )
        if self.space is not W or self.model.w is None:
            return found
        w, (variances, axes) = self.model.w, self.model.w.components
        return replace(
            found,
            mean=w.mean,
            axes=axes,
            variances=variances[: len(found.variances)],
            n=w.faces,
            noise=f"{found.noise}, of {found.n:,} faces",
        )

    @functools.cached_property
    def stability(self) -> Stability:
        """Agreement of its components between halves of the sample."""
        rows = np.asarray(self.rows[:MOST_HALVED], np.float32) / self.spectrum.scale.astype(np.float32)
        return split_half(rows, min(KEPT_COMPONENTS, self.spectrum.numbers))

    @property
    def count(self) -> int:
        """Number of components."""
        if self.space is W and self.model.w is not None:
            return min(SHOWN_COMPONENTS, self.model.size)
        return min(SHOWN_COMPONENTS, self.spectrum.axes.shape[1])

    @property
    def stem(self) -> str:
        """Start of the base of row r: `SEED`, or `latent~HASH` of a set; `.r` follows."""
        return str(sample_seed(self.model))

    def face(self, row: int) -> str:
        """Return the face string of a row."""
        return str(Face(parse_base(f"{self.stem}.{row}")))

    def named(self, row: int) -> str:
        """Name a row: "face 7.5"."""
        return f"face {self.stem}.{row}"

    @property
    def latents(self) -> Rows:
        """(n, L) the latents of the sample."""
        return faces_of(self.model).latents

    @property
    def scored(self) -> bool:
        """Whether the sample's faces have scores."""
        return self.model.has_bank

    @property
    def whose(self) -> str:
        """Description of the sample, after its number: "faces of the bank"."""
        return "faces of the bank" if self.scored else f"faces drawn from seed {self.stem}"

    @property
    def numbers(self) -> str:
        """Description of a face in this space: "32 attribute scores each"."""
        return f"{self.rows.shape[1]:,} {self.space.numbers} each"

    @property
    def unit(self) -> str:
        """Unit of one step on an axis."""
        if self.space is LATENT:
            return "σ of the latent"
        if self.space is W:
            return "units of w"
        return "standard deviations of a score" if self.space.standardised else "units of the features"

    @functools.cached_property
    def points(self) -> NDArray[np.float32]:
        """(n, K) positions on the components shown on a page."""
        return self.spectrum.project(self.rows, list(range(self.count)))

    @functools.cached_property
    def latent_map(self) -> tuple[Array, Array, Array]:
        """Slopes (L, K), offsets (K,) and adjusted R2 (K,) of the points on the latent; exact for the latent itself."""
        if self.space is LATENT:
            axes = self.spectrum.axes[:, : self.count]
            return axes, -self.spectrum.mean @ axes, np.ones(self.count)
        if self.space is W and self.model.w is not None:
            w = self.model.w
            axes = w.components[1][:, :SHOWN_COMPONENTS]
            return w.steps @ axes, np.zeros(axes.shape[1]), np.ones(axes.shape[1])
        faces = faces_of(self.model)
        return latent_map(faces.gram, faces.latents, self.points)

    def direction(self, component: int) -> Array:
        """Return the latent direction of a component.

        Args:
            component: from 0.

        Returns:
            (L,) of length 1.

        Raises:
            InputError: the component does not exist, or is independent of the latent.
        """
        if not 0 <= component < self.count:
            raise InputError(f"Expected a component from 1 to {self.count}. Received: {component + 1}. Choose another.")
        slopes = self.latent_map[0][:, component]
        length = float(np.linalg.norm(slopes))
        if length < 1e-9:
            raise InputError(f"Expected a component that follows the latent. Received: PC {component + 1}.")
        return slopes / length


class BlockProjection(Projection):
    """The projection of a model's sample in a space whose components a job has computed.

    Args:
        model: the model.
        space: of a block.
        found: the result of the job.
    """

    def __init__(self, model: Model, space: Space, found: Components) -> None:
        super().__init__(model, space)
        self._found = found

    @property
    def rows(self) -> Rows:
        """(n, d) the sample on its components; the activations themselves are not kept."""
        return self._found.points

    @property
    def spectrum(self) -> Spectrum:
        """The components of the job; only the first ones if an exact solution is too large."""
        found, count = self._found, self._found.points.shape[1]
        how = (
            ""
            if found.exact
            else "; components by a randomised decomposition, variances exact to "
            f"{max(found.error * 100, 0.001):.2g} % of the first one"
        )
        return Spectrum(
            mean=np.zeros(count),
            scale=np.ones(count),
            axes=np.eye(count),
            variances=found.variances,
            n=found.fitted,
            noise_levels=lambda: (found.noise_low, found.noise_high),
            noise=f"{shuffled_words(found.shuffles)}{how}",
            total=found.total,
            numbers=found.numbers,
        )

    @property
    def stability(self) -> Stability:
        """Agreement of its components between halves of the faces, from the job."""
        return self._found.stability

    @property
    def numbers(self) -> str:
        """Description of a face in this space, and how many faces the components were computed from."""
        return f"{self._found.numbers:,} {self.space.numbers} each, components of {self._found.fitted:,} faces"

    @property
    def unit(self) -> str:
        """Unit of one step on an axis."""
        return "units of the activations"

    @property
    def points(self) -> NDArray[np.float32]:
        """(n, K) positions on the components shown on a page."""
        return self._found.points

    @property
    def latent_map(self) -> tuple[Array, Array, Array]:
        """Slopes (L, K), offsets (K,) and held-out R2 (K,) of the points on the latent."""
        return self._found.slopes.astype(np.float64), self._found.offsets, self._found.r2


def follows(projection: Projection, component: int) -> list[tuple[str, float]]:
    """Correlate a component with the scores of the sample.

    Args:
        projection: of a sample.
        component: from 0.

    Returns:
        (name, Pearson's r) of every score, or of every coordinate without a bank; largest absolute value first.
    """
    model = projection.model
    if isinstance(projection.space, SetSpace):
        return _follows_coordinates(projection, component)
    if projection.scored:
        values, names = scored_only(model)
    else:
        values, names = faces_of(model).latents @ model.directions.astype(np.float32), model.names
    if not names:
        return []
    columns = np.asarray(values, np.float64)
    columns = columns - columns.mean(axis=0)
    scores = projection.points[:, component].astype(np.float64)
    scores = scores - scores.mean()
    lengths = np.linalg.norm(columns, axis=0) * np.linalg.norm(scores)
    found = np.where(lengths > 0, columns.T @ scores / np.where(lengths > 0, lengths, 1.0), 0.0)
    return [(names[k], float(found[k])) for k in np.argsort(-np.abs(found), kind="stable")]


def _follows_coordinates(projection: Projection, component: int) -> list[tuple[str, float]]:
    """Return the same for coordinates, computed from the components of the latents: no row is read."""
    model, found = projection.model, projection.spectrum
    products = found.axes.T @ model.directions
    spread = np.sqrt(np.maximum(found.variances @ products**2, 1e-300))
    values = np.sqrt(found.variances[component]) * products[component] / spread
    return [(model.names[k], float(values[k])) for k in np.argsort(-np.abs(values), kind="stable")]


def projection_rows(model: Model, slopes: Array) -> dict[str, list]:
    """Return the data for following points that are linear in the latent (`assets/js/projected_point.js`).

    Args:
        model: the model.
        slopes: (L, K).

    Returns:
        gram (K rows of F) and spare (K).
    """
    return {
        "gram": (slopes.T @ model.directions).tolist(),
        "spare": (slopes.T @ spare_vector(model.size)).tolist(),
    }
