"""Quality of scores: R2 or AUC against the labels, and correlations of two sets of scores."""

from __future__ import annotations

import numpy as np


def r2(truth: np.ndarray, scores: np.ndarray) -> float:
    """Return the coefficient of determination of ``scores`` (n,) for ``truth`` (n,); 1 is perfect, 0 no better than the
    mean.
    """
    left = float(np.sum((truth - scores) ** 2, dtype=np.float64))
    all_of_it = float(np.sum((truth - truth.mean(dtype=np.float64)) ** 2, dtype=np.float64))
    return 1.0 - left / all_of_it if all_of_it > 0 else float("nan")


def auc(truth: np.ndarray, scores: np.ndarray) -> float:
    """Return the probability that a face with the attribute scores higher than one without; ties count half (AUC).

    Args:
        truth: (n,) of 0 and 1.
        scores: (n,), any scale.

    Returns:
        0.5 for a guess, 1 for a perfect ranking, nan if all faces are of one kind.
    """
    positive = truth > 0.5
    n1, n0 = int(positive.sum()), int((~positive).sum())
    if not n1 or not n0:
        return float("nan")
    _, rank, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(count) - (count - 1) / 2
    return float((ranks[rank][positive].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def correlations(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return Pearson correlation of each column of ``ours`` (n, F) with the same column of ``theirs``; nan for a
    constant.
    """
    a, b = (np.asarray(x, np.float64) - np.mean(x, axis=0, dtype=np.float64) for x in (ours, theirs))
    sizes = np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    return np.divide((a * b).sum(axis=0), sizes, out=np.full(sizes.shape, np.nan), where=sizes > 0)
