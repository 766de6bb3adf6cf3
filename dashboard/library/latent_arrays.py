"""Vectors of one length in an array of any of these shapes: (L,), (n, L), (n, 1, L), (n, L, 1, 1), equal layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.errors import InputError
from dashboard.library.array_reader import ArrayEntry

MAX_LAYERS = 64
LAYERS = (8, 10, 12, 14, 16, 18)
"""Numbers of layers of StyleGAN's networks, from 32 to 1024 pixels: an array (1, 18, L) is one face of 18, not 18
faces.
"""

BLOCK = 1024


def fits(shape: Sequence[int], size: int) -> bool:
    """Return whether an array of a shape can hold vectors of a length."""
    kept = [length for length in shape if length != 1] if size != 1 else list(shape)
    last = len(kept) > 0 and kept[-1] == size
    return last and (len(kept) <= 2 or (len(kept) == 3 and kept[1] <= MAX_LAYERS))


def as_rows(array: np.ndarray, size: int, what: str = "the array") -> tuple[np.ndarray, str]:
    """Return the vectors of an array, one a row; nothing is copied.

    Args:
        array: of real numbers.
        size: L, numbers of a vector.
        what: its name, for the sentence.

    Returns:
        (n, L), a view; and how it was wrapped, a sentence, or nothing where it is n x L.

    Raises:
        InputError: it holds no such vectors, or layers that differ.
    """
    shape = array.shape
    if array.ndim == 2 and shape[1] == size:
        return array, ""
    several = array.ndim == 3 and shape[2] == size and 1 < shape[1] <= MAX_LAYERS
    if several and (shape[0] > 1 or shape[1] in LAYERS or _equal_layers(array)):
        _check_layers(array, what)
        return array[:, 0], f"{shape[1]} equal layers, taken once."
    kept = np.squeeze(array) if size != 1 else array
    if kept.shape == (size,):
        return kept[None], f"One vector, of shape {shape}."
    if kept.ndim == 2 and kept.shape[1] == size:
        return kept, f"Of shape {shape}: axes of length 1 dropped."
    if kept.ndim == 3 and kept.shape[2] == size and kept.shape[1] <= MAX_LAYERS:
        _check_layers(kept, what)
        return kept[:, 0], f"{kept.shape[1]} equal layers, taken once."
    turned = " Its rows and columns are swapped: save array.T." if kept.ndim == 2 and kept.shape[0] == size else ""
    raise InputError(
        f"Expected vectors of {size} numbers: an array of shape (n, {size}), or one of them. "
        f"Received: {what} of shape {str(shape)[:60]}.{turned or ' Take latents of this model.'}"
    )


def choose(entries: Sequence[ArrayEntry], size: int, name: str | None) -> ArrayEntry:
    """Return the array of a file that holds vectors: the one that is named, or else the one that fits.

    Args:
        entries: the file's.
        size: numbers of a vector.
        name: of the array, or None.

    Raises:
        InputError: none fits, several do, or there is none of that name; lists what there is.
    """
    listed = "; ".join(entry.words for entry in entries[:6])
    if name is not None:
        found = next((entry for entry in entries if entry.name == name), None)
        if found is None:
            raise InputError(f"Expected one of the file's arrays ({listed}). Received: {name[:40]}. Choose one.")
        return found
    if len(entries) == 1:
        return entries[0]
    found = fitting(entries, size)
    if not found:
        raise InputError(f"Expected an array of vectors of {size} numbers. Received: {listed}. Take one of this model.")
    usual = [entry for entry in found if entry.name.lower() in _USUAL]
    return (usual or found)[0]


def fitting(entries: Sequence[ArrayEntry], size: int) -> list[ArrayEntry]:
    """Return the arrays that can hold vectors of a length."""
    return [entry for entry in entries if entry.real and fits(entry.shape, size)]


_USUAL = frozenset({"latents", "latent", "z", "zs", "w", "ws", "x", "latent_codes", "codes", "dlatents", "arr_0"})


def _equal_layers(array: np.ndarray) -> bool:
    for first in range(0, len(array), BLOCK):
        part = np.asarray(array[first : first + BLOCK])
        if not np.array_equal(part, np.broadcast_to(part[:, :1], part.shape), equal_nan=part.dtype.kind == "f"):
            return False
    return True


def _check_layers(array: np.ndarray, what: str) -> None:
    if not _equal_layers(array):
        raise InputError(
            f"Expected one vector a row, or equal layers. Received: {what} of shape {str(array.shape)[:60]}, whose "
            "layers differ (w+). A model with a w+ space takes them; for this one save one vector a row."
        )
