"""A set of latents that somebody uploaded, as it lies on the disk: read where it is looked at, never whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LATENTS, CODES = "latents.f32", "labels.i32"
"""Files of a set: little-endian float32, n rows of L; and, where rows have labels, the number of each row's label."""


@dataclass(frozen=True)
class LatentSet:
    """Stored latents that belong together.

    Args:
        hash: of all rows (see `dashboard.faces.bases.latent_hash`); `latent~HASH.ROW` names one of them.
        title: as people read it.
        n: rows.
        size: L, numbers of each.
        sphere: whether rows were put on the sphere |z|^2 = L, as a generator that normalises its latents does.
        labels: those that occur, the most frequent first; none where rows have no labels.
        folder: what it lies in.
        kept_at: seconds since 1970.
    """

    hash: str
    title: str
    n: int
    size: int
    sphere: bool
    labels: tuple[str, ...]
    folder: Path
    kept_at: float

    def latents(self) -> NDArray[np.float32]:
        """(n, L) the rows, read from the disk where they are used."""
        return np.memmap(self.folder / LATENTS, "<f4", "r", shape=(self.n, self.size))

    def codes(self) -> NDArray[np.int32]:
        """(n,) places in `labels`; only of a set that has some."""
        return np.memmap(self.folder / CODES, "<i4", "r", shape=(self.n,))
