"""Principal component analysis of many rows, and the spectrum of noise.

Exact: the covariance is summed up in blocks of rows, so that rows may be in a file (`np.memmap`) and a million of them
need no more memory than a few thousand.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

BLOCK = 8192
"""Number of rows of a block."""


def covariance(rows: ArrayLike) -> tuple[Array, Array]:
    """Return the mean and the covariance of rows, read once and in blocks.

    Args:
        rows: (n, d) float32 or float64, n above 1; may lie in a file.

    Returns:
        (d,) and (d, d) float64, with n - 1 as divisor. Products and sums in a block are of the rows' own type, sums
        over blocks are float64; columns are shifted by the first block's mean, so that a large mean costs no digits.
    """
    array = np.asarray(rows)
    n, d = array.shape
    shift = array[:BLOCK].mean(axis=0, dtype=np.float64).astype(array.dtype)
    total, products = np.zeros(d), np.zeros((d, d))
    for first in range(0, n, BLOCK):
        part = array[first : first + BLOCK] - shift
        total += part.sum(axis=0)
        products += part.T @ part
        _let_go(array)
    offset = total / n
    return shift + offset, (products - n * np.outer(offset, offset)) / max(n - 1, 1)


def components(matrix: Array, keep: int) -> tuple[Array, Array]:
    """Return the principal components of a covariance.

    Args:
        matrix: (d, d) symmetric.
        keep: number of axes to return.

    Returns:
        (d,) variances, falling, none below 0; and (d, K) unit columns, see `signed`.
    """
    values, vectors = np.linalg.eigh(matrix)
    return np.maximum(values[::-1], 0.0), signed(vectors[:, ::-1][:, :keep])


def signed(axes: Array) -> Array:
    """Return the columns with their signs fixed: the entry of largest size is positive."""
    largest = np.argmax(np.abs(axes), axis=0)
    return axes * np.sign(axes[largest, np.arange(axes.shape[1])])


def noise_band(n: int, d: int, variance: float = 1.0) -> tuple[float, float]:
    """Return the edges between which the variances of white noise lie (Marchenko and Pastur 1967).

    Args:
        n: rows.
        d: columns.
        variance: of every number.

    Returns:
        The lower and the upper edge: 0.706 and 1.346 at n = 20,000 and d = 512.
    """
    ratio = math.sqrt(d / n)
    return variance * max(1 - ratio, 0.0) ** 2, variance * (1 + ratio) ** 2


def permuted_spectra(rows: ArrayLike, times: int, seed: int = 0) -> tuple[Array, Array]:
    """Return the spectra of rows whose columns are shuffled independently (parallel analysis: Horn 1965; Buja, Eyuboglu
    1992).

    Args:
        rows: (n, d).
        times: number of shuffled samples.
        seed: of the shuffling.

    Returns:
        (d,) 5 % and (d,) 95 % quantile of each component's variance over those samples: of the component of the same
        number, whatever the ones before it do.
    """
    random = np.random.default_rng(seed)
    # Columns as rows in memory, so that each is shuffled in place.
    columns = np.ascontiguousarray(np.asarray(rows).T)
    found = []
    for _ in range(times):
        shuffled = random.permuted(columns, axis=1)
        found.append(np.maximum(np.linalg.eigvalsh(covariance(shuffled.T)[1])[::-1], 0.0))
    return permuted_levels(found)


def permuted_levels(spectra: Sequence[ArrayLike]) -> tuple[Array, Array]:
    """Return the 5 % and the 95 % quantile (d,) of each component's variance over spectra of shuffled samples."""
    low, high = np.quantile(np.asarray(spectra, np.float64), (0.05, 0.95), axis=0)
    return low, high


def _let_go(array: NDArray) -> None:
    """Tell the system that rows of a file have been read: it would count their pages as memory of this process."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    # Only what cannot be written to: pages that were changed in memory alone would be lost.
    if isinstance(base, mmap.mmap) and hasattr(base, "madvise") and memoryview(base).readonly:
        base.madvise(mmap.MADV_DONTNEED)
