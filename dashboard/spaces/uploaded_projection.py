"""Uploaded sets of latents as samples: their projection, and their labels as colours."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.spaces.projection import Array, Projection
from dashboard.spaces.sample import Rows, SetSpace, Space
from dashboard.spaces.spectrum import Spectrum, spectrum
from dashboard.synthesis.latent_set import LatentSet, SetColumn
from dashboard.synthesis.model import Model

NOTHING = 1e-7
"""Share of the largest variance below which a component is rounding error."""


class SetProjection(Projection):
    """The projection of an uploaded set: its components are directions in the latent itself.

    Args:
        model: the model.
        space: of the set.
    """

    space: SetSpace

    def __init__(self, model: Model, space: SetSpace) -> None:
        super().__init__(model, space)
        self._once = threading.RLock()  # reading a large set takes seconds: several callbacks ask at the same time

    @property
    def held(self) -> LatentSet:
        """The set of latents."""
        return self.space.held

    @functools.cached_property
    def rows(self) -> Rows:
        """(n, L) the latents, read from the disk on demand."""
        return self.held.latents()

    @property
    def latents(self) -> Rows:
        """(n, L) the latents of the sample."""
        return self.rows

    @property
    def spectrum(self) -> Spectrum:
        """Its principal components, all of them."""
        with self._once:
            return self._spectrum

    @functools.cached_property
    def _spectrum(self) -> Spectrum:
        return spectrum(self.rows, standardised=False, white=True, keep=self.held.size)

    @property
    def points(self) -> NDArray[np.float32]:
        """(n, K) positions on the components shown on a page."""
        with self._once:
            return self._points

    @functools.cached_property
    def _points(self) -> NDArray[np.float32]:
        points = self._spectrum.project(self.rows, list(range(self.count)))
        points[:, self.rank :] = 0.0  # rounding errors only, which would look like a cloud
        return points

    @property
    def rank(self) -> int:
        """Number of components that differ from zero."""
        variances = self.spectrum.variances
        return min(int((variances > NOTHING * max(float(variances[0]), 1e-300)).sum()), self.distinct - 1)

    @functools.cached_property
    def distinct(self) -> int:
        """Number of distinct rows."""
        distinct = self.held.distinct
        return distinct if distinct is not None else distinct_rows(self.rows)

    @property
    def latent_map(self) -> tuple[Array, Array, Array]:
        """Slopes (L, K), offsets (K,) and R2 (K,) of the points on the latent: exact."""
        axes = self.spectrum.axes[:, : self.count]
        return axes, -self.spectrum.mean @ axes, np.ones(self.count)

    @property
    def stem(self) -> str:
        """Start of the base of row r; `.r` follows."""
        return f"latent~{self.held.hash}"

    def named(self, row: int) -> str:
        """Name a row: "row 6 of Mine"."""
        return f"row {row + 1:,} of {self.held.title}"

    @property
    def scored(self) -> bool:
        """False: uploaded latents have no scores."""
        return False

    @property
    def numbers(self) -> str:
        """Description of a row."""
        placed = ", put on the sphere |z|² = L" if self.held.sphere else ""
        return f"{self.held.size:,} numbers each{placed}"

    @property
    def unit(self) -> str:
        """Unit of one step on an axis."""
        return "σ of the latent"

    @property
    def whose(self) -> str:
        """Description of the sample, after its number."""
        return f"latents of {self.held.title}, uploaded"


def distinct_rows(rows: Rows) -> int:
    """Count the rows that differ from all before them: by their projections on two fixed directions, so that no row is
    stored.
    """
    projections = np.random.default_rng(0).standard_normal((rows.shape[1], 2))
    parts = [rows[first : first + 4096].astype(np.float64) @ projections for first in range(0, len(rows), 4096)]
    return len(np.unique(np.concatenate(parts).round(9), axis=0))


def all_equal(space: Space) -> str:
    """Say why a set has nothing to lay out; empty if it has."""
    held = space.held if isinstance(space, SetSpace) else None
    distinct = held.distinct if held is not None and held.distinct is not None else None
    if held is None or (distinct if distinct is not None else distinct_rows(held.latents())) > 1:
        return ""
    if held.n == 1:
        return f"{held.title} is one row: there is nothing to lay out."
    return f"All {held.n:,} rows of {held.title} are equal: there is nothing to lay out."


def shown_categories(
    column: SetColumn, most: int, chosen: Sequence[str] = ()
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the categories as groups, at most as many as colours.

    Args:
        column: the categorical column.
        most: maximum number of groups.
        chosen: categories with their own group; empty for the most frequent.

    Returns:
        (n,) group indices and group names; further categories form one group, whose name gives their number; rows
        without a value form another group.
    """
    own = [label for label in dict.fromkeys(chosen) if label in column.labels][: most - 1]
    codes = np.asarray(column.values())
    gone = codes < 0
    if not own:
        whole = len(column.labels) + bool(gone.any()) <= most
        own = list(column.labels if whole else column.labels[: most - 1])
    rest = [label for label in column.labels if label not in own]
    values_of = np.full(len(column.labels) + 1, len(own), np.float64)
    for value, label in enumerate(own):
        values_of[column.labels.index(label)] = value
    names = list(own)
    if rest:
        names.append(f"other ({len(rest):,} values)")
    values = values_of[codes]
    if gone.any():
        if len(names) == most:  # no colour is left: group them as others
            names[-1] = f"other, or no {column.name}"
            values[gone] = most - 1
        else:
            values[gone] = len(names)
            names.append(f"no {column.name}")
    return values, tuple(name or "(empty)" for name in names)
