"""Re-scoring: what moving one attribute does to all scores, measured on faces.

R_ij is the slope, by least squares for each base over the coordinate s_i in {-2, -1, 0, 1, 2}, of score_j (logit where
binary) per unit of s_i, in that model's bank standard deviations of score_j, averaged over bases. It is not symmetric,
and needs not agree with the cosine of the two directions: directions determine how coordinates drift, scores show what
    a
judge sees in the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.inference import drawn_counts, quantiles
from dashboard.analysis.pins import apply_pins, on_sphere
from dashboard.errors import PinError

Array = NDArray[np.float64]
Score = Callable[[NDArray[np.float32]], NDArray]
"""Function from latents (n, L) float32 to scores (n, K), logits where binary: it generates and scores the faces."""

STEPS = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Coordinates that a moved attribute is pinned at, in standard deviations."""

TOGETHER = 8
"""Bases whose faces are scored together, so that they fill an engine's batches of up to eight, with any directions."""

LEVEL = 0.95
"""Confidence level of intervals."""


@dataclass(frozen=True)
class Infeasible:
    """A step for which no face exists; it is excluded from slopes."""

    base: int
    """Row of the base."""
    attribute: int
    """Column of the moved direction."""
    value: float
    """The coordinate of the step."""
    reason: str
    """The message of the PinError."""


@dataclass(frozen=True)
class Traversal:
    """Scores of B bases while each of F attributes is pinned at T steps."""

    steps: Array
    """(T,) coordinates, in standard deviations."""
    scores: Array
    """(B, F, T, K) raw scores; for an infeasible step those of the base itself, which are ignored."""
    feasible: NDArray[np.bool_]
    """(B, F, T) whether each face exists."""
    infeasible: tuple[Infeasible, ...]
    """Every infeasible step, with its reason."""


@dataclass(frozen=True)
class Effects:
    """Effects of moving F attributes on K scores."""

    matrix: Array
    """(F, K) R_ij: attribute i moved, score j read; nan where no base had two feasible steps."""
    slopes: Array
    """(B, F, K) of every single base; nan where it had fewer than two feasible steps."""


@dataclass(frozen=True)
class Rescoring(Effects):
    """Effects with their bootstrap."""

    low: Array
    """(F, K) lower end of the 95 % interval of R_ij, by the bootstrap over bases."""
    high: Array
    """(F, K) upper end."""
    infeasible: tuple[Infeasible, ...]
    """All steps missing from the slopes."""


def rescore(
    score: Score,
    bases: ArrayLike,
    directions: ArrayLike,
    deviations: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    locked: Sequence[int] = (),
    steps: Sequence[float] = STEPS,
    normalised: bool = True,
    resamples: int = 1000,
    seed: int = 0,
    batch: int = 64,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Rescoring:
    """Measure R on a set of bases.

    Args:
        score: generates and scores faces; called with at most `batch` latents at a time.
        bases: (B, L) base latents; put on the sphere if the model normalises latents.
        directions: (L, F) unit columns.
        deviations: (K,) standard deviations of the scores over the model's bank, all above 0.
        names: F names of the directions, for the reasons of infeasible steps.
        locked: attributes pinned at each base's own coordinate, except the moved one.
        steps: coordinates to pin the moved attribute at; two different ones or more.
        normalised: whether the generator normalises its latents.
        resamples: bootstrap resamples of the bases.
        seed: of the resampling.
        batch: most latents in one call of `score`.
        progress: called after every few bases with the number of scored faces and the total; an exception from it stops
            the work.

    Returns:
        Matrix, interval, the slopes of each base, and the infeasible steps.

    Raises:
        ValueError: no bases, a deviation that is not above 0, or fewer than two different steps.
    """
    spread = np.asarray(deviations, np.float64)
    _check(steps, spread)
    run = traverse(
        score,
        bases,
        directions,
        names=names,
        locked=locked,
        steps=steps,
        normalised=normalised,
        batch=batch,
        progress=progress,
    )
    return effects(run, spread, resamples, seed)


def traverse(
    score: Score,
    bases: ArrayLike,
    directions: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    locked: Sequence[int] = (),
    moved: Sequence[int] | None = None,
    steps: Sequence[float] = STEPS,
    normalised: bool = True,
    batch: int = 64,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Traversal:
    """Pin every attribute at every step on every base, and score the faces.

    Args:
        score, bases, directions, names, locked, steps, normalised, batch, progress: as of :func:`rescore`.
        moved: columns of the directions that are moved, in this order; None for all.

    Returns:
        The scores, from which the curve of each attribute and its effect on all others follow.

    Raises:
        ValueError: no bases.
    """
    z0, columns = np.asarray(bases, np.float64), np.asarray(directions, np.float64)
    if z0.ndim != 2 or not len(z0):
        raise ValueError(f"Expected bases (B, L), one at least. Received: an array of shape {z0.shape}.")
    if normalised:
        z0 = on_sphere(z0)
    labels = list(names) if names is not None else [f"direction {k}" for k in range(columns.shape[1])]
    wanted = list(range(columns.shape[1])) if moved is None else list(moved)
    shape = len(wanted), len(steps)
    scores, infeasible = [], []
    feasible = np.ones((len(z0), *shape), bool)
    for first in range(0, len(z0), TOGETHER):
        some = range(first, min(first + TOGETHER, len(z0)))
        made = [moved_latents(row, z0[row], columns, labels, wanted, locked, steps, normalised) for row in some]
        latents = np.concatenate([each.reshape(-1, z0.shape[1]) for each, _ in made])
        scores.append(_in_batches(score, latents, batch).reshape(len(some), *shape, -1))
        for step in (step for _, missing in made for step in missing):
            feasible[step.base, wanted.index(step.attribute), [value == step.value for value in steps]] = False
            infeasible.append(step)
        progress((some[-1] + 1) * shape[0] * shape[1], len(z0) * shape[0] * shape[1])
    return Traversal(np.asarray(steps, np.float64), np.concatenate(scores), feasible, tuple(infeasible))


def effects(run: Traversal, deviations: ArrayLike, resamples: int = 1000, seed: int = 0) -> Rescoring:
    """Compute R from measured scores.

    Args:
        run: result of :func:`traverse`.
        deviations, resamples, seed: as of :func:`rescore`.

    Raises:
        ValueError: a deviation that is not above 0, or fewer than two different steps.
    """
    spread = np.asarray(deviations, np.float64)
    _check(run.steps, spread)
    slopes = slopes_of(run.steps, run.scores, run.feasible) / spread
    mean, low, high = _mean_and_interval(slopes, resamples, seed)
    return Rescoring(mean, slopes, low, high, run.infeasible)


def effects_of_slopes(slopes: Array) -> Effects:
    """Compute R from the slopes (B, F, K) of every base, in standard deviations of the scores; without intervals."""
    return Effects(_weighted_means(np.ones((1, len(slopes))), slopes)[0], slopes)


def resampled_means(slopes: Array, resamples: int = 1000, seed: int = 0) -> tuple[Array, Array]:
    """Return the mean slopes over bases, and over resamples of the bases.

    Args:
        slopes: (B, F, K) of every base; nan ones count in no mean.
        resamples: number of bootstrap resamples of the bases.
        seed: of the drawing.

    Returns:
        (1, F, K) of all bases and (resamples, F, K); nan without bases.
    """
    every, drawn = np.ones((1, len(slopes))), drawn_counts(len(slopes), resamples, seed)
    return _weighted_means(every, slopes), _weighted_means(drawn, slopes)


def _weighted_means(weights: Array, slopes: Array) -> Array:
    """Return means (n, F, K) of slopes (B, F, K), weighted by (n, B); nan where no base of a weight has one."""
    there = np.isfinite(slopes)
    if there.all():
        return np.tensordot(weights, slopes, 1) / weights.sum(axis=1)[:, None, None]
    counts = np.tensordot(weights, there.astype(np.float64), 1)
    return _ratio(np.tensordot(weights, np.where(there, slopes, 0.0), 1), counts)


def _check(steps: Sequence[float] | Array, spread: Array) -> None:
    if not (spread > 0).all():
        raise ValueError(f"Expected standard deviations above 0. Received: {spread.min()}. Leave constant scores out.")
    if len(set(steps)) < 2:
        raise ValueError(f"Expected two different steps or more. Received: {tuple(steps)}.")


def moved_latents(
    row: int,
    base: Array,
    directions: Array,
    names: list[str],
    wanted: Sequence[int],
    locked: Sequence[int],
    steps: Sequence[float],
    normalised: bool,
) -> tuple[Array, list[Infeasible]]:
    """Return the latents of one base with each attribute pinned at each step.

    Args:
        row: of the base, for the reasons.
        base: (L,).
        directions, names: of all attributes.
        wanted: moved columns.
        locked: columns pinned at the base's own coordinate.
        steps, normalised: as of :func:`rescore`.

    Returns:
        (F, T, L), with the base itself for infeasible steps, and these steps.
    """
    shown = base @ directions
    latents = np.tile(base, (len(wanted), len(steps), 1))
    missing = []
    for index, i in enumerate(wanted):
        held = [k for k in locked if k != i]
        pinned = [i, *held]
        for t, value in enumerate(steps):
            try:
                latents[index, t] = apply_pins(
                    base, directions[:, pinned], [value, *shown[held]], normalised, [names[k] for k in pinned]
                )
            except PinError as error:
                missing.append(Infeasible(row, i, float(value), str(error)))
    return latents, missing


def _in_batches(score: Score, latents: Array, batch: int) -> Array:
    parts = [score(latents[first : first + batch].astype(np.float32)) for first in range(0, len(latents), batch)]
    return np.concatenate(parts).astype(np.float64)


def slopes_of(steps: Array, scores: Array, feasible: NDArray[np.bool_]) -> Array:
    """Compute least-squares slopes (B, F, K) of scores (B, F, T, K) on steps (T,), over the feasible ones (B, F, T)."""
    there = feasible.astype(np.float64)
    counts = there.sum(axis=-1, keepdims=True)
    centred = (steps - _ratio(there @ steps, counts[..., 0])[..., None]) * there
    squares = np.nan_to_num((centred**2).sum(axis=-1))
    weighted = np.einsum("bft,bftk->bfk", np.nan_to_num(centred), scores)
    return _ratio(weighted, np.where(squares > 1e-12, squares, 0.0)[..., None])


def _mean_and_interval(slopes: Array, resamples: int, seed: int) -> tuple[Array, Array, Array]:
    """Return mean over bases (F, K) with the ends of its percentile bootstrap interval; nan without bases."""
    mean, means = resampled_means(slopes, resamples, seed)
    low, high = np.full((2, *slopes.shape[1:]), np.nan)
    some = np.isfinite(slopes).any(axis=0)
    ends = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    low[some], high[some] = quantiles(means[:, some], ends)
    return mean[0], low, high


def _ratio(sums: NDArray, counts: NDArray) -> Array:
    return np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
