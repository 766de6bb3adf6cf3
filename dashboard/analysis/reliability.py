"""Reliability of directions: how certain their angles are, and how much other scores change with them.

Three measures, all of plain arrays: the interval of the bootstrap's angles; leakage, what moving one attribute does to
all other scores per unit of what it does to its own; and StyleSpace's attribute dependency (Wu, Lischinski and
Shechtman 2021): the same at a matched change of the attribute's own score, on the curve of each base.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.inference import FEWEST, quantiles
from dashboard.analysis.rescoring import LEVEL, Traversal, resampled_means

Array = NDArray[np.float64]

MATCHED = 0.5
"""Change of the moved attribute's own score at which dependencies are compared, in its standard deviations."""


@dataclass(frozen=True)
class Leakage:
    """Effects of F directions on other scores, per unit of the effect on their own; nan if unknown."""

    value: Array
    """(F,) mean over j != i of |R_ij| / |R_ii|: of mean effects, where effects of opposite signs cancel."""
    low: Array
    """(F,) lower end of its 95 % interval, by the bootstrap over bases; nan below `FEWEST` of them."""
    high: Array
    """(F,) upper end."""
    size: Array
    """(F,) mean over j != i and over bases of |slope_ij| / |R_ii|: there they do not cancel, nor does noise."""
    size_low: Array
    """(F,) ends of its interval."""
    size_high: Array
    """(F,) upper end."""


@dataclass(frozen=True)
class Dependency:
    """Attribute dependency of F directions."""

    value: Array
    """(F,) mean absolute change of the other scores, in their standard deviations; nan where no base reached the
    change.
    """
    reached: Array
    """(F,) share of the traversals, two for each base, on which the own score reached the change."""


def angle_interval(angles: ArrayLike) -> tuple[Array, Array]:
    """Return the 95 % interval of each direction's angle.

    Args:
        angles: (repeats, F) in degrees, of `bootstrap_angles`.

    Returns:
        Its ends, (F,) each: percentiles of the resamples.
    """
    return _ends(np.asarray(angles, np.float64))


def leakage(slopes: ArrayLike, resamples: int = 1000, seed: int = 0) -> Leakage:
    """Measure the leakage of each slider into other scores.

    Noise adds to a mean of sizes, so few bases make leakage look larger than it is: below `FEWEST` it has no interval.

    Args:
        slopes: (B, F, F) of `Rescoring`: of every base, attribute i moved, score j read; nan where unknown.
        resamples: bootstrap resamples of the bases.
        seed: of the resampling.

    Returns:
        The leakage with its interval.

    Raises:
        ValueError: slopes of other shape.
    """
    there = np.asarray(slopes, np.float64)
    if there.ndim != 3 or there.shape[1] != there.shape[2] or not len(there):
        raise ValueError(f"Expected slopes (B, F, F) of one base at least. Received: an array of shape {there.shape}.")
    means = resampled_means(there, resamples, seed)
    sizes = resampled_means(np.abs(there), resamples, seed)
    own = [np.diagonal(each, axis1=-2, axis2=-1) for each in means]
    enough = len(there) >= FEWEST
    found = []
    for parts in (means, sizes):
        whole, drawn = (_leak(part, itself) for part, itself in zip(parts, own, strict=True))
        found += [whole[0], *(_ends(drawn) if enough else np.full((2, whole.shape[1]), np.nan))]
    return Leakage(*found)


def attribute_dependency(run: Traversal, deviations: ArrayLike, change: float = MATCHED) -> Dependency:
    """Measure StyleSpace's mean attribute dependency at a matched change of each direction's own score.

    From the step nearest to 0 each base is followed in both directions. Where its own score has first risen (in the
    other direction: fallen) by `change`, between two steps in proportion, the absolute changes of all other scores are
    read there, and averaged over these scores, both directions and bases.

    Args:
        run: scores (B, F, T, F), the F attributes of the directions; nan for one without a score.
        deviations: (F,) standard deviations of the scores over the population.
        change: of the own score, in standard deviations, above 0.

    Returns:
        The dependency and how many traversals came so far.

    Raises:
        ValueError: a change that is not above 0.
    """
    if not change > 0:
        raise ValueError(f"Expected a matched change above 0. Received: {change}.")
    scores = np.where(run.feasible[..., None], run.scores, np.nan) / np.asarray(deviations, np.float64)
    order = np.argsort(run.steps)
    zero = int(np.argmin(np.abs(run.steps[order])))
    moved = scores[:, :, order]
    moved = moved - moved[:, :, [zero]]
    halves = ((1, moved[:, :, zero:]), (-1, moved[:, :, zero::-1]))
    found = [
        np.concatenate([_at_change(part[:, i], i, sign, change) for sign, part in halves])
        for i in range(moved.shape[1])
    ]
    return Dependency(
        np.array([there.mean() if (there := each[np.isfinite(each)]).size else np.nan for each in found]),
        np.array([np.isfinite(each).mean() for each in found]),
    )


def _ends(drawn: Array) -> tuple[Array, Array]:
    """Return the ends of the 95 % interval of resamples (repeats, F), (F,) each; nan where there are none."""
    low, high = np.full((2, drawn.shape[1]), np.nan)
    some = np.isfinite(drawn).any(axis=0)
    low[some], high[some] = quantiles(drawn[:, some], ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return low, high


def _leak(matrices: Array, effects: Array) -> Array:
    """Return (..., F) leakage of matrices (..., F, F), in units of the own effects (..., F)."""
    own = np.abs(effects)
    others = np.where(np.eye(matrices.shape[-1], dtype=bool), np.nan, np.abs(matrices))
    counts = np.isfinite(others).sum(axis=-1)
    sums = np.nansum(others, axis=-1)
    measured = (own > 0) & (counts > 0)
    return np.divide(sums, own * counts, out=np.full(own.shape, np.nan), where=measured)


def _at_change(moved: Array, own: int, sign: int, change: float) -> Array:
    """Return the mean size (B,) of the other scores' changes (B, T, F) where the own score first moves this far; nan if
    never.
    """
    rise = sign * moved[:, :, own]
    with np.errstate(invalid="ignore"):
        come = rise >= change
    bases = np.flatnonzero(come.any(axis=1))
    after = come[bases].argmax(axis=1)  # never the first step, where nothing has changed yet
    before = after - 1
    part = (change - rise[bases, before]) / (rise[bases, after] - rise[bases, before])
    start, end = moved[bases, before], moved[bases, after]
    sizes = np.abs(np.delete(start + part[:, None] * (end - start), own, axis=1))
    found = np.full(len(moved), np.nan)
    finite = np.isfinite(sizes)
    counts = finite.sum(axis=1)
    found[bases] = np.divide(
        np.where(finite, sizes, 0.0).sum(axis=1), counts, out=np.full(len(bases), np.nan), where=counts > 0
    )
    return found
