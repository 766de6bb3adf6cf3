"""Principal components of rows that are too wide for a covariance, by a randomised singular value decomposition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ROUNDS = 4
"""Power iterations; Halko, Martinsson and Tropp (2011) find two or three enough where variances fall slowly."""


@dataclass(frozen=True, eq=False)
class Leading:
    """The first K components of n rows of d numbers.

    Args:
        mean: (d,) of the columns.
        axes: (d, K) unit columns; the entry of largest size is positive.
        variances: (K,) falling.
        total: the variance of all components together, exactly.
        error: how far, at most, an exact variance lies from each of these, as a share of the first.
    """

    mean: Array
    axes: Array
    variances: Array
    total: float
    error: float


def leading_components(rows: NDArray[np.float32], count: int, seed: int = 0) -> Leading:
    """Find the first components, nearly exactly (Halko, Martinsson and Tropp 2011).

    Args:
        rows: (n, d); centred in place, since a copy of them might not fit.
        count: K, below n and d.
        seed: of the random projections.

    Returns:
        The components. What is left of C v - variance v, with C the covariance, bounds how far an exact variance is.
    """
    from sklearn.utils.extmath import randomized_svd

    mean = rows.mean(axis=0, dtype=np.float64)
    rows -= mean.astype(np.float32)
    _, values, right = randomized_svd(rows, count, n_iter=ROUNDS, random_state=seed)  # pyright: ignore[reportArgumentType]
    largest = np.argmax(np.abs(right), axis=1)
    signs = np.sign(right[np.arange(len(right)), largest])
    free = max(len(rows) - 1, 1)
    total = sum(
        float(np.square(part, dtype=np.float64).sum()) for part in np.array_split(rows, max(len(rows) // 512, 1))
    )
    variances = np.square(values, dtype=np.float64) / free
    left_over = (rows.T @ (rows @ right.T)).astype(np.float64) / free - variances * right.T
    error = float(np.linalg.norm(left_over, axis=0).max() / max(float(variances[0]), 1e-300))
    return Leading(mean, (right * signs[:, None]).T.astype(np.float64), variances, total / free, error)
