"""An uploaded set of latents on disk: read in parts, never as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

LATENTS = "latents.f32"
"""File of a set: little-endian float32, n rows of L."""


@dataclass(frozen=True)
class SetColumn:
    """An extra column of a set.

    Args:
        name: its display name.
        kind: numbers, or categories.
        labels: the categories, the most frequent first.
        file: little-endian float64 with NaN where missing, or int32 indices of `labels` with -1 where missing.
        n: rows.
    """

    name: str
    kind: Literal["numbers", "categories"]
    labels: tuple[str, ...]
    file: Path
    n: int

    def values(self) -> NDArray[Any]:
        """Return (n,) the numbers, or the indices of `labels`."""
        return np.memmap(self.file, "<f8" if self.kind == "numbers" else "<i4", "r", shape=(self.n,))

    def texts(self) -> NDArray[Any]:
        """Return (n,) the values as a file has them: numbers, or the categories' texts."""
        values = self.values()
        return np.array(values) if self.kind == "numbers" else np.array([*self.labels, ""])[values]


@dataclass(frozen=True)
class LatentSet:
    """A set of stored latents.

    Args:
        hash: of all rows (see `dashboard.faces.bases.latent_hash`); `latent~HASH.ROW` names one of them.
        title: its display name.
        n: rows.
        size: L, numbers of each.
        sphere: whether rows were normalised to the sphere |z|^2 = L, as by the generator.
        columns: the extra columns.
        folder: its folder.
        kept_at: seconds since 1970.
        distinct: number of distinct rows; None if not counted.
        made_by, changed_by: user who uploaded it, and who changed it last; empty without user names.
    """

    hash: str
    title: str
    n: int
    size: int
    sphere: bool
    columns: tuple[SetColumn, ...]
    folder: Path
    kept_at: float
    distinct: int | None = None
    made_by: str = ""
    changed_by: str = ""

    def latents(self) -> NDArray[np.float32]:
        """Return the rows (n, L), read from the disk on access."""
        return np.memmap(self.folder / LATENTS, "<f4", "r", shape=(self.n, self.size))

    def column(self, name: str) -> SetColumn | None:
        """Return the column of a name; None if there is none."""
        return next((column for column in self.columns if column.name == name), None)
