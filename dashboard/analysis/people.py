"""Effects of a slider on single people: size, sign, and flips of a perceived attribute.

A mean over people hides effects of opposite signs; these figures do not. All are computed from the slopes and scores of
every base, without new faces.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.inference import FEWEST, LEVEL, drawn_counts, mean_interval, means_of, wilson
from dashboard.analysis.lazy_scipy import scipy_part

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
RESAMPLES = 1000

DOTS = 125
"""Dots of a figure of all people."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; ends nan where there are too few people for one."""

    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether it differs significantly from 0."""
        return bool(self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Share:
    """How many of n people, with Wilson's interval; nan below `FEWEST` people."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, 0 to 1; nan without people."""
        return self.hits / self.n if self.n else float("nan")

    @property
    def of_hundred(self) -> int:
        """The share in 100 people, halves up."""
        return int(100 * self.value + 0.5) if self.n else 0


@dataclass(frozen=True)
class Spread:
    """Effects on n people.

    Args:
        mean: signed: effects of opposite signs cancel.
        size: mean absolute effect per person: they do not cancel.
        quantiles: 5, 25, 50, 75 and 95 % of the people.
        same: number of people with the sign of the mean.
    """

    mean: Estimate
    size: Estimate
    quantiles: tuple[float, ...]
    same: Share


@dataclass(frozen=True, eq=False)
class DotStack:
    """People as stacked dots, one for `each` of them.

    Args:
        at: (m,) position of each dot: the middle of its bin.
        height: (m,) its rank in its stack, from 1.
        mean: (m,) mean effect on its people.
        each: people for a dot; the last dot has the rest.
    """

    at: Array
    height: Array
    mean: Array
    each: int

    @property
    def words(self) -> str:
        """The people of a dot."""
        return "1 person" if self.each == 1 else f"{self.each} people"


def people_a_dot(count: int) -> int:
    """Return how many people a dot stands for, such that there are about `DOTS` dots."""
    return max(1, round(count / DOTS))


def stacked_dots(effects: ArrayLike, each: int, width: float) -> DotStack:
    """Return people with similar effects as stacked dots (Wilkinson 1999).

    Args:
        effects: (B,) of every person; nan where one is not known.
        each: people for a dot: those with the next larger effects share one.
        width: of a bin; bins are centred on its multiples.
    """
    values = np.asarray(effects, np.float64)
    finite = np.sort(values[np.isfinite(values)])
    firsts = np.arange(0, len(finite), each)
    sums = np.add.reduceat(finite, firsts) if len(finite) else finite
    mean = np.asarray(sums / np.diff(np.append(firsts, len(finite))), np.float64)
    bins = np.round(mean / width)
    # Means are sorted, so that the dots of a bin are next to one another.
    height = np.asarray(np.arange(len(bins)) - np.searchsorted(bins, bins) + 1, np.float64)
    return DotStack(np.asarray(bins * width, np.float64), height, mean, each)


def share_of(flags: ArrayLike) -> Share:
    """Count people: flags (B,), nan where one is not known."""
    finite = np.asarray(flags, np.float64)
    finite = finite[np.isfinite(finite)]
    hits, n = int(finite.sum()), len(finite)
    return Share(hits, n, *(wilson(hits, n) if n >= FEWEST else (float("nan"),) * 2))


def spread_of(effects: ArrayLike) -> Spread:
    """Sum up the effects (B,) on every person; nan where one is not known.

    The mean absolute effect is that of single faces, so noise of the score is in it: it is never 0.
    """
    finite = np.asarray(effects, np.float64)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        nothing = Estimate(float("nan"), float("nan"), float("nan"))
        return Spread(nothing, nothing, (float("nan"),) * len(QUANTILES), Share(0, 0, float("nan"), float("nan")))
    sign = 1.0 if finite.mean() >= 0 else -1.0
    quantiles = tuple(float(value) for value in np.quantile(finite, QUANTILES))
    return Spread(_mean(finite), _mean(np.abs(finite)), quantiles, share_of(finite * sign > 0))


def flips(scores: ArrayLike, feasible: ArrayLike, threshold: float) -> Array:
    """Test whose score is on different sides of a threshold at the start and end of a slider.

    Args:
        scores: (B, T) raw scores in the order of the steps.
        feasible: (B, T) mask of existing faces.
        threshold: a score; a logit of 0 is probability 0.5.

    Returns:
        (B,) 1 or 0; nan for a person without a face at one of the ends.
    """
    ends = np.asarray(scores, np.float64)[:, [0, -1]]
    there = np.asarray(feasible, bool)[:, [0, -1]].all(axis=1) & np.isfinite(ends).all(axis=1)
    changed = (ends[:, 0] > threshold) != (ends[:, 1] > threshold)
    return np.where(there, changed, np.nan)


def paired_difference(first: ArrayLike, second: ArrayLike, resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Subtract the means of two figures of the same people, with the bootstrap over people.

    Args:
        first, second: (B,) of the same people in the same order; people without both are excluded.
        resamples, seed: of the bootstrap.

    Returns:
        Mean of first minus second.
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    change = (a - b)[np.isfinite(a) & np.isfinite(b)]
    if not len(change):
        return Estimate(float("nan"), float("nan"), float("nan"))
    return _bootstrapped(float(change.mean()), _drawn_means(change, resamples, seed), len(change))


def group_difference(first: ArrayLike, second: ArrayLike, resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Subtract the means of two groups of people, with the bootstrap in each group.

    Args:
        first, second: of different people; nan counts in nothing.
        resamples, seed: of the bootstrap.
    """
    groups = [values[np.isfinite(values)] for values in (np.asarray(each, np.float64) for each in (first, second))]
    if not all(len(group) for group in groups):
        return Estimate(float("nan"), float("nan"), float("nan"))
    drawn = [_drawn_means(group, resamples, seed + k) for k, group in enumerate(groups)]
    value = float(groups[0].mean() - groups[1].mean())
    return _bootstrapped(value, drawn[0] - drawn[1], min(map(len, groups)))


def group_p(first: ArrayLike, second: ArrayLike) -> float:
    """Give the two-sided p of two groups having the same mean (Welch 1947); nan where either is under `FEWEST`."""
    stdtr = scipy_part("special").stdtr

    means = [means_of(each) for each in (first, second)]
    if min(mean.count for mean in means) < FEWEST:
        return float("nan")
    parts = [float(mean.error) ** 2 for mean in means]
    if sum(parts) == 0:
        return float("nan")
    freedom = sum(parts) ** 2 / sum(part**2 / (mean.count - 1) for part, mean in zip(parts, means, strict=True))
    return float(2 * stdtr(freedom, -abs(means[0].value - means[1].value) / sum(parts) ** 0.5))


def remaining(first: ArrayLike, second: ArrayLike) -> float:
    """Compute the share of absolute effects that remains with locks, over people with both.

    Args:
        first, second: (B,) effects free and held, of the same people in the same order.

    Returns:
        Sum of |second| by sum of |first|; nan where there was nothing.
    """
    a, b = np.abs(np.asarray(first, np.float64)), np.abs(np.asarray(second, np.float64))
    both = np.isfinite(a) & np.isfinite(b)
    whole = float(a[both].sum())
    return float(b[both].sum()) / whole if whole > 0 else float("nan")


def _mean(values: Array) -> Estimate:
    means = means_of(values)
    low, high = mean_interval(means)
    return Estimate(float(means.value), float(low), float(high))


def _drawn_means(values: Array, resamples: int, seed: int) -> Array:
    """Return the means (resamples,) of resampled people, n of n."""
    return drawn_counts(len(values), resamples, seed) @ values / len(values)


def _bootstrapped(value: float, drawn: Array, people: int) -> Estimate:
    if people < FEWEST:
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Estimate(value, float(low), float(high))
