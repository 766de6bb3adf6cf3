"""Leakage: effects of moving one attribute on all others, with nothing locked and with everything else locked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Leakage:
    """Mean absolute effects on other attributes, in bank standard deviations per unit of the moved coordinate."""

    free: float
    """With nothing locked."""
    locked: float
    """With all other attributes locked."""
    ratio: float
    """locked / free."""
    low: float
    """Lower end of the ratio's 95 % interval, by the bootstrap over bases."""
    high: float
    """Upper end."""


def mean_leakage(matrix: Array) -> float:
    """Return the mean of |R_ij| over i != j of a re-scoring matrix (F, F), of its finite entries; nan of none."""
    others = np.abs(matrix[~np.eye(len(matrix), dtype=bool)])
    return float(np.nanmean(others)) if np.isfinite(others).any() else float("nan")


def leakage(free: Array, locked: Array, resamples: int = 200, seed: int = 0) -> Leakage:
    """Compare leakage with and without locks.

    Args:
        free, locked: slopes (B, F, F) of the same bases, as `dashboard.analysis.rescoring` gives them: attribute i
            moved, score j read, in bank standard deviations per unit.
        resamples: bootstrap resamples of the bases.
        seed: of the resampling.
    """
    weights = np.random.default_rng(seed).multinomial(len(free), np.full(len(free), 1 / len(free)), resamples)
    ratios = [
        mean_leakage(_mean(locked, count)) / mean_leakage(_mean(free, count)) for count in weights.astype(np.float64)
    ]
    even = np.ones(len(free))
    without, with_locks = mean_leakage(_mean(free, even)), mean_leakage(_mean(locked, even))
    low, high = np.quantile(ratios, (0.025, 0.975))
    return Leakage(without, with_locks, with_locks / without, float(low), float(high))


def _mean(slopes: Array, weights: Array) -> Array:
    """Return the weighted mean over bases (F, F) of the finite slopes."""
    there = np.isfinite(slopes)
    counts = np.tensordot(weights, there, 1)
    sums = np.tensordot(weights, np.where(there, slopes, 0.0), 1)
    return np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
