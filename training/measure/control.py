"""Control: whether, and how far, an attribute's score follows its pin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.calibration import calibrated_range
from dashboard.analysis.rescoring import Traversal

STEPS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
"""Coordinates that every attribute is pinned at, in standard deviations."""

FROM, TO = -2.0, 2.0
"""The range of coordinates over which the response is reported."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Control:
    """The response of F attributes to being pinned, in standard deviations of the score over the bank."""

    steps: Array
    """(T,) coordinates."""
    mean: Array
    """(F, T) mean over bases of the score less that at coordinate 0; nan if no base was feasible."""
    spread: Array
    """(F, T) its standard deviation over bases."""
    feasible: NDArray[np.int64]
    """(F, T) bases for which such a face exists."""
    bases: int
    """Number of bases."""
    response: Array
    """(F,) mean change from coordinate -2 to 2."""
    low: Array
    """(F,) lower end of its 95 % interval, by the bootstrap over bases."""
    high: Array
    """(F,) upper end."""


def control(run: Traversal, deviations: ArrayLike, resamples: int = 1000, seed: int = 0) -> Control:
    """Measure how each attribute's own score follows it in a traversal.

    Args:
        run: of F attributes, with their scores in the same sequence; its steps include -2, 0 and 2.
        deviations: (F,) standard deviations of the scores over the bank.
        resamples: bootstrap resamples of the bases.
        seed: of the resampling.
    """
    own = np.diagonal(run.scores, axis1=1, axis2=3).transpose(0, 2, 1) / np.asarray(deviations, np.float64)[:, None]
    own = np.where(run.feasible, own, np.nan)
    indices = {float(step): t for t, step in enumerate(run.steps)}
    moved = own - own[:, :, [indices[0.0]]]
    mean = _mean(moved)
    change = own[:, :, indices[TO]] - own[:, :, indices[FROM]]
    weights = np.random.default_rng(seed).multinomial(len(own), np.full(len(own), 1 / len(own)), resamples)
    there = np.isfinite(change)
    low, high = np.quantile(_ratio(weights @ np.where(there, change, 0.0), weights @ there), (0.025, 0.975), axis=0)
    return Control(
        steps=run.steps,
        mean=mean,
        spread=np.sqrt(_mean((moved - mean) ** 2)),
        feasible=run.feasible.sum(axis=0),
        bases=len(own),
        response=_mean(change),
        low=low,
        high=high,
    )


def narrowed(given: tuple[float, float], steps: Array, mean: Array) -> tuple[float, float] | None:
    """Return the part of a calibrated range over which the measured response rises too.

    Args:
        given: smallest and largest coordinate, as the fit found them.
        steps: (T,) coordinates that were measured; outside them the fit is extrapolated.
        mean: (T,) the response at each.

    Returns:
        The range that is stored with the model; None if nothing is left of it.
    """
    there = np.isfinite(mean)
    found = calibrated_range(steps[there], mean[there])
    if found is None:
        return None
    low = given[0] if found[0] <= steps[there][0] else max(given[0], found[0])
    high = given[1] if found[1] >= steps[there][-1] else min(given[1], found[1])
    return (low, high) if low < high else None


def _mean(values: Array) -> Array:
    """Return the mean over the first axis of what is finite; nan if nothing is."""
    there = np.isfinite(values)
    return _ratio(np.where(there, values, 0.0).sum(axis=0), there.sum(axis=0))


def _ratio(sums: NDArray, counts: NDArray) -> Array:
    return np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
