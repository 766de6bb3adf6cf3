"""Statistical inference: p values of means, false discovery rates, and intervals of shares, means and correlations.

Below `FEWEST` people no interval is given: bootstrap and t intervals are then too narrow. `benchmarks/coverage.py`
measures how often the intervals hold the truth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.lazy_scipy import scipy_part

Array = NDArray[np.float64]

FEWEST = 50
"""People below which no interval is shown."""

LEVEL = 0.95
"""Confidence level of an interval that was not selected from many."""

EXACT = 2000
"""Number of faces up to which correlations are jackknifed; above, the limit is the same."""


@dataclass(frozen=True)
class Means:
    """Means over people, cell by cell; nan where nothing was measured.

    Args:
        value: means.
        error: standard errors.
        count: people in each.
    """

    value: Array
    error: Array
    count: Array


@dataclass(frozen=True)
class Selection:
    """A selection of cells that differ significantly from 0.

    Args:
        chosen: mask of the selected cells.
        level: of the intervals of selected cells, with at most the share of false finds as the false coverage rate.
        tested: number of tested cells.
    """

    chosen: NDArray[np.bool_]
    level: float
    tested: int


def wilson(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Give the interval of a share (Wilson 1927).

    Args:
        hits: how many of them.
        n: of how many.
        level: of the interval.

    Returns:
        Its ends, 0 to 1; nan where n is 0.
    """
    if not n:
        return float("nan"), float("nan")
    # SciPy's binomtest gives the same, with a p value that takes a thousand times as long.
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, widened = hits / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / widened
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / widened
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == n else middle + half)


def means_of(values: ArrayLike) -> Means:
    """Average over people.

    Args:
        values: (B, ...) of B people; nan if unknown.

    Returns:
        Means, their standard errors and counts, (...); the error nan below two people.
    """
    x = np.asarray(values, np.float64)
    there = np.isfinite(x)
    count = there.sum(axis=0)
    mean = np.divide(np.where(there, x, 0.0).sum(axis=0), count, out=np.full(x.shape[1:], np.nan), where=count > 0)
    squares = (np.where(there, x - np.where(np.isfinite(mean), mean, 0.0), 0.0) ** 2).sum(axis=0)
    error = np.full(x.shape[1:], np.nan)
    np.divide(squares, count * (count - 1.0), out=error, where=count > 1)
    return Means(mean, np.sqrt(error), count)


@lru_cache(8)
def drawn_counts(people: int, resamples: int, seed: int) -> Array:
    """Return how often each of n people is drawn in a bootstrap, n of n, (resamples, n): the same for all figures, so
    that they are compared alike.
    """
    counts = np.random.default_rng(seed).multinomial(people, np.full(people, 1 / people), resamples).astype(np.float64)
    counts.flags.writeable = False
    return counts


def quantiles(values: Array, shares: Sequence[float]) -> Array:
    """Return quantiles over the first axis, without its nan: (n, ...) to (len(shares), ...)."""
    # NumPy's nanquantile goes through the columns one by one, where none has a nan too.
    whole = np.isfinite(values).all()
    return np.quantile(values, shares, axis=0) if whole else np.nanquantile(values, shares, axis=0)


def p_values(means: Means) -> Array:
    """Give the two-sided p of each mean being 0 by Student's t; nan below `FEWEST` people or without any spread."""
    stdtr = scipy_part("special").stdtr

    tested = (means.count >= FEWEST) & (means.error > 0)
    size = np.abs(np.divide(means.value, means.error, out=np.zeros_like(means.value), where=tested))
    return np.where(tested, 2 * stdtr(np.maximum(means.count - 1, 1), -size), np.nan)


def mean_interval(means: Means, level: float = LEVEL) -> tuple[Array, Array]:
    """Give the interval of each mean by Student's t, nan below `FEWEST` people.

    It contains 0 exactly if p is above 1 - level, so that a cell and its interval agree.
    """
    stdtrit = scipy_part("special").stdtrit

    half = stdtrit(np.maximum(means.count - 1, 1), (1 + level) / 2) * means.error
    half = np.where(means.count >= FEWEST, half, np.nan)
    return means.value - half, means.value + half


def adjusted_p(p: ArrayLike) -> Array:
    """Adjust p values for multiple testing (Benjamini and Hochberg 1995).

    Args:
        p: any shape; nan where nothing was tested.

    Returns:
        The same shape, 0 to 1.
    """
    # scipy.stats.false_discovery_control is the same, behind an import that takes half a second.
    given = np.asarray(p, np.float64)
    finite = np.isfinite(given)
    flat = given[finite]
    order = np.argsort(flat)
    ranked = flat[order] * len(flat) / np.arange(1, len(flat) + 1)
    lowered = np.empty(len(flat))
    lowered[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    result = np.full(given.shape, np.nan)
    result[finite] = lowered
    return result


def select(p: ArrayLike, false_share: float = 0.05) -> Selection:
    """Choose the cells that differ significantly from 0, of which at most a share is expected to be false.

    Args:
        p: any shape; nan where nothing was tested.
        false_share: expected share of false finds, above 0 and below 1.

    Returns:
        The choice, and the level of the intervals of what was chosen, 1 - share x chosen / tested (false coverage rate,
        Benjamini and Yekutieli 2005).
    """
    adjusted = adjusted_p(p)
    tested = int(np.isfinite(adjusted).sum())
    chosen = np.nan_to_num(adjusted, nan=1.0) <= false_share
    share = max(int(chosen.sum()), 1) / max(tested, 1)
    return Selection(chosen, 1 - false_share * share, tested)


def correlation_error(columns: ArrayLike, given: int = 0) -> Array:
    """Give the standard error of Fisher's z of each correlation, whatever the distribution is.

    Up to `EXACT` faces by the jackknife; of more by its limit, from the influence of each face on r, x y - r (x^2 +
    y^2) / 2 (Efron 1982; Steiger and Hakstian 1982): the limit of the bootstrap, without resampling. Fisher's own 1 /
    sqrt(n - 3) holds for normal scores only; those of binary attributes have two peaks.

    Args:
        columns: (n, F) scores, or their residuals given others.
        given: number of scores conditioned on.

    Returns:
        (F, F); nan where a column is constant, and below `FEWEST` faces.
    """
    x = _standardised(columns)
    n = len(x)
    if n < FEWEST:
        return np.full((x.shape[1], x.shape[1]), np.nan)
    r = x.T @ x / n
    if n <= EXACT:
        return np.stack([_jackknife(x, column) for column in x.T]) * np.sqrt((n - 1) / max(n - given - 1, 1))
    squares = x**2
    both, cubes, fourth = squares.T @ squares / n, (x**3).T @ x / n, (x**4).mean(axis=0)
    variance = both - r * (cubes + cubes.T) + r**2 / 4 * (fourth[:, None] + fourth[None] + 2 * both)
    # The influence has mean 0, as columns are standardised.
    free = max(n - given - 3, 1)
    flat = np.maximum(1 - r**2, 1e-12)
    return np.sqrt(np.maximum(variance, 0.0) / free) / flat


def correlation_freedom(columns: ArrayLike) -> Array:
    """Give the degrees of freedom of each error: fewer, the more it depends on few faces (Satterthwaite 1946).

    A variance of n influences of kurtosis k is as precise as one of 2 n / (k - 1) + 1 normal numbers.

    Args:
        columns: as of :func:`correlation_error`.

    Returns:
        (F, F), 4 at least; infinite above `EXACT` faces, where it makes no difference.
    """
    x = _standardised(columns)
    n, count = x.shape
    if not FEWEST <= n <= EXACT:
        return np.full((count, count), np.inf)
    r = x.T @ x / n
    freedom = np.empty((count, count))
    for k, column in enumerate(x.T):
        influence = (column[:, None] * x - r[k] * (column[:, None] ** 2 + x**2) / 2) ** 2
        mean = influence.mean(axis=0)
        kurtosis = np.divide((influence**2).mean(axis=0), mean**2, out=np.full(count, 3.0), where=mean > 1e-20)
        freedom[k] = np.maximum(2 * n / np.maximum(kurtosis - 1, 1e-3), 4.0)
    return freedom


def correlation_interval(
    matrix: ArrayLike, error: ArrayLike, level: float = LEVEL, freedom: ArrayLike = np.inf
) -> tuple[Array, Array]:
    """Give the interval of correlations on Fisher's scale, with the error that their own distribution has.

    Args:
        matrix: correlations.
        error: of :func:`correlation_error`, of the same shape.
        level: of the intervals.
        freedom: of :func:`correlation_freedom`.

    Returns:
        Ends, -1 to 1; nan where the error is.
    """
    part = scipy_part("special")
    ndtri, stdtrit = part.ndtri, part.stdtrit

    r = np.clip(np.asarray(matrix, np.float64), -1, 1)
    df = np.asarray(freedom, np.float64)
    # SciPy's t has no limit at infinity.
    quantile = np.where(
        np.isfinite(df), stdtrit(np.where(np.isfinite(df), np.maximum(df, 1.0), 1.0), (1 + level) / 2), 0.0
    )
    half = np.where(np.isfinite(df), quantile, ndtri((1 + level) / 2)) * np.asarray(error, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.arctanh(r)
        low, high = np.tanh(z - half), np.tanh(z + half)
    whole = np.abs(r) >= 1
    return np.where(whole, r, low), np.where(whole, r, high)


def correlation_p(matrix: ArrayLike, error: ArrayLike, freedom: ArrayLike = np.inf) -> Array:
    """Give the two-sided p of each correlation being 0, as of the same interval; nan where the error is nan or 0."""
    part = scipy_part("special")
    ndtr, stdtr = part.ndtr, part.stdtr

    r = np.clip(np.asarray(matrix, np.float64), -1 + 1e-12, 1 - 1e-12)
    spread, df = np.asarray(error, np.float64), np.asarray(freedom, np.float64)
    size = np.divide(np.abs(np.arctanh(r)), spread, out=np.full_like(r, np.nan), where=spread > 0)
    return 2 * np.where(np.isfinite(df), stdtr(np.where(np.isfinite(df), np.maximum(df, 1.0), 1.0), -size), ndtr(-size))


def _standardised(columns: ArrayLike) -> Array:
    x = np.asarray(columns, np.float64)
    x = x - x.mean(axis=0)
    spread = np.sqrt((x**2).mean(axis=0))
    return np.divide(x, spread, out=np.full_like(x, np.nan), where=spread > 0)


def _jackknife(x: Array, column: Array) -> Array:
    """Return (F,) standard errors of Fisher's z of one standardised column (n,) with all of x (n, F), leaving each face
    out.

    Where a correlation is 1 without one of the faces, as a column's with itself, the error is 0.
    """
    n = len(x)
    # Sums of squares and products about the mean of the n - 1 others.
    left = n / (n - 1)
    own, others = n - left * column**2, n - left * x**2
    products = (x.T @ column)[None] - left * column[:, None] * x
    r = products / np.sqrt(own[:, None] * others)
    z = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12))
    return np.sqrt((n - 1) / n * ((z - z.mean(axis=0)) ** 2).sum(axis=0))
