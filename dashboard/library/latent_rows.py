"""Rows of numbers as latents: conversion to float32, and which rows cannot be latents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHORTEST = 1e-6
"""Root mean square below which a latent has no direction."""


def float32(block: np.ndarray) -> NDArray[np.float32]:
    """Return the numbers as float32; what is too large is infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return block.astype(np.float32)


def numbers_of(frame: Any, columns: list[int], decimal: str) -> NDArray[np.float32]:
    """Return the cells as float32; what is no number is NaN."""
    import pandas

    part = frame[columns]
    if any(kind.kind not in "fiu" for kind in part.dtypes):
        texts = [name for name in columns if part[name].dtype.kind not in "fiu"]
        fixed = {}
        for name in texts:
            cells = part[name].astype(str)
            cells = cells.str.replace(",", ".", regex=False) if decimal == "," else cells
            fixed[name] = pandas.to_numeric(cells, errors="coerce")
        part = part.copy()
        for name, values in fixed.items():
            part[name] = values
    return float32(part.to_numpy(np.float64, na_value=np.nan))


def unusable(block: NDArray[np.float32], zeros: bool) -> dict[int, tuple[str, int]]:
    """Return the rows that are no latents: why, and which number of them, from 1 (0 for all)."""
    finite = np.isfinite(block)
    found = {
        int(row): ("is not finite", int(np.argmax(~finite[row])) + 1) for row in np.flatnonzero(~finite.all(axis=1))
    }
    if zeros:
        return dict(sorted(found.items()))
    with np.errstate(invalid="ignore", over="ignore"):
        length = np.sqrt(np.mean(np.square(block, dtype=np.float64), axis=1))
    found.update({int(row): ("is all zero, which has no direction", 0) for row in np.flatnonzero(length < SHORTEST)})
    return dict(sorted(found.items()))


def good_rows(count: int, bad: Mapping[int, Any]) -> NDArray[np.bool_]:
    """Return (count,) flags: all rows but the bad ones."""
    good = np.ones(count, bool)
    good[list(bad)] = False
    return good
