"""Uploaded sets of latents as samples: their projection, their labels as colours."""

from __future__ import annotations

import functools
import threading

import numpy as np
from numpy.typing import NDArray

from dashboard.spaces.projection import Array, Projection
from dashboard.spaces.sample import Rows, SetSpace
from dashboard.spaces.spectrum import Spectrum, spectrum
from dashboard.synthesis.latent_set import LatentSet
from dashboard.synthesis.model import Model


class SetProjection(Projection):
    """The projection of an uploaded set: its components are ways in the latent itself.

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
        """The set."""
        return self.space.held

    @functools.cached_property
    def rows(self) -> Rows:
        """(n, L) the latents, read from the disk where they are used."""
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
        """(n, K) places on the components that a page offers."""
        with self._once:
            return self._points

    @functools.cached_property
    def _points(self) -> NDArray[np.float32]:
        return self._spectrum.project(self.rows, list(range(self.count)))

    @property
    def latent_map(self) -> tuple[Array, Array, Array]:
        """Slopes (L, K), offsets (K,) and R2 (K,) of the places on the latent: exact."""
        axes = self.spectrum.axes[:, : self.count]
        return axes, -self.spectrum.mean @ axes, np.ones(self.count)

    @property
    def stem(self) -> str:
        """What the base of row r begins with; `.r` follows."""
        return f"latent~{self.held.hash}"

    def named(self, row: int) -> str:
        """What a row is called: "row 6 of Mine"."""
        return f"row {row + 1:,} of {self.held.title}"

    @property
    def scored(self) -> bool:
        """Nobody has scored uploaded latents."""
        return False

    @property
    def numbers(self) -> str:
        """What a row is."""
        placed = ", put on the sphere |z|² = L" if self.held.sphere else ""
        return f"{self.held.size:,} numbers each{placed}"

    @property
    def unit(self) -> str:
        """What one step along an axis is."""
        return "σ of the latent"

    @property
    def whose(self) -> str:
        """What the sample is, after its number."""
        return f"latents of {self.held.title}, uploaded"


def shown_labels(held: LatentSet, most: int) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Labels as groups, no more than there are colours.

    Args:
        held: a set with labels.
        most: groups at most.

    Returns:
        (n,) numbers of groups and their names; where there are more labels, the rarer ones are one group, which says
        how many they are.
    """
    labels = tuple(label or "no label" for label in held.labels)
    if len(labels) <= most:
        return held.codes().astype(np.float64), labels
    rest = len(labels) - most + 1
    return np.minimum(held.codes(), most - 1).astype(np.float64), (*labels[: most - 1], f"other ({rest:,} labels)")
