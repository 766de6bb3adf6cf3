"""Stored latents: `latent~HASH` in a face, where HASH is the start of the SHA-256 of its bytes (docs/faces.md).

LIKENESS_HOME/library/latents/HASH.safetensors     "latent", (L,) float32
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from dashboard.errors import InputError
from dashboard.faces.bases import latent_hash
from dashboard.stores.array_files import read_array, write_arrays

MAX_LENGTH = 8192
"""Length limit of a latent."""

MAX_KEPT = 100_000

_HASH = re.compile(r"[0-9a-f]{32}")


class Latents:
    """The stored latents in a folder.

    Args:
        folder: may be missing; None if nothing can be stored.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def keep(self, latent: ArrayLike) -> str:
        """Keep a latent.

        Args:
            latent: (L,) finite numbers.

        Returns:
            Its hash; the same latent has the same one.

        Raises:
            InputError: it is no such vector, or nothing more can be kept here.
        """
        row = np.asarray(latent, np.float32)
        if row.ndim != 1 or not 1 <= len(row) <= MAX_LENGTH or not np.isfinite(row).all():
            raise InputError(
                f"Expected a latent of 1 to {MAX_LENGTH} finite numbers. Received: an array of shape {row.shape}."
            )
        if self._folder is None:
            raise InputError("Expected a LIKENESS_HOME to keep latents in. Received: one that cannot be used.")
        name = latent_hash(row)
        path = self._folder / f"{name}.safetensors"
        if not path.exists():
            if self._folder.is_dir() and sum(1 for _ in self._folder.iterdir()) >= MAX_KEPT:
                raise InputError(f"Expected at most {MAX_KEPT:,} stored latents. Received: one more.")
            write_arrays(path, {"latent": row})
        return name

    def read(self, name: str) -> np.ndarray | None:
        """Return a kept latent by its hash; None where there is none, or the file holds another."""
        if self._folder is None or not _HASH.fullmatch(name):
            return None
        found = read_array(self._folder / f"{name}.safetensors", "latent")
        return found[0] if found is not None and latent_hash(found[0]) == name else None
