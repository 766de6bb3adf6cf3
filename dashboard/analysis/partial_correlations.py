"""Partial correlations of normal scores: which scores correlate when all others are held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.inference import FEWEST, Selection, correlation_interval, correlation_p, select
from dashboard.analysis.lazy_scipy import scipy_part

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Partial:
    """Partial correlations of F scores, each pair given all the others.

    Args:
        values: (F, F), 1 on the diagonal; nan for a score that does not vary.
        low, high: ends of the intervals; of those that were selected, of the level of `choice`.
        choice: the pairs that differ significantly from 0; None of too few faces.
        faces: n.
    """

    values: Array
    low: Array
    high: Array
    choice: Selection | None
    faces: int


def normal_scores(columns: ArrayLike) -> Array:
    """Give each number of columns (n, F) the quantile of a normal distribution that its rank has (van der Waerden)."""
    ndtri = scipy_part("special").ndtri

    x = np.asarray(columns, np.float64)
    ranks = np.argsort(np.argsort(x, axis=0, kind="stable"), axis=0, kind="stable")
    return ndtri((ranks + 0.5) / len(x))


def partial_correlations(columns: ArrayLike, false_share: float = 0.05) -> Partial:
    """Measure how two scores go together at given values of all others, by the inverse of their correlations.

    Args:
        columns: (n, F) scores of n faces, of any distribution; ranks alone count.
        false_share: expected share of false finds among the pairs that differ from 0 (Benjamini and Hochberg).

    Returns:
        Partial correlations of the normal scores, with Fisher's intervals at n - (F - 2) - 3, which hold for these.
    """
    x = np.asarray(columns, np.float64)
    varying = np.ptp(x, axis=0) > 0
    count, n = x.shape[1], len(x)
    values = np.full((count, count), np.nan)
    error = np.full((count, count), np.nan)
    if varying.sum() > 1 and n > varying.sum() + 3:
        inverse = np.linalg.pinv(np.corrcoef(normal_scores(x[:, varying]), rowvar=False))
        scale = np.sqrt(np.diag(inverse))
        part = -inverse / np.outer(scale, scale)
        np.fill_diagonal(part, 1.0)
        values[np.ix_(varying, varying)] = part
        if n >= FEWEST:
            error[np.ix_(varying, varying)] = 1 / np.sqrt(n - (varying.sum() - 2) - 3)
    p = correlation_p(values, error)
    p[np.tril_indices(count)] = np.nan
    choice = select(p, false_share) if np.isfinite(p).any() else None
    low, high = correlation_interval(values, error)
    if choice is not None:
        chosen = choice.chosen | choice.chosen.T
        wide = correlation_interval(values, error, choice.level)
        low, high = np.where(chosen, wide[0], low), np.where(chosen, wide[1], high)
    return Partial(values, low, high, choice, n)
