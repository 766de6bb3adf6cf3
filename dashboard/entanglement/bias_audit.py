"""The bias audit: the effect of each slider on perceived gender, perceived age and skin tone, per person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.inference import adjusted_p
from dashboard.analysis.people import (
    Estimate,
    Share,
    Spread,
    flips,
    group_difference,
    group_p,
    paired_difference,
    remaining,
    share_of,
    spread_of,
)
from dashboard.entanglement.rescoring_results import Measured
from dashboard.spaces.sample import scored_only
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model import Model

Array = NDArray[np.float64]

LARGE = 0.25
"""Mean absolute effect per person above which a slider counts as changing a target, in standard deviations of the
score."""

SMALL = 0.05
"""Smallest reported effect."""

FEW = 30
"""Smallest number of people in a shown group."""


@dataclass(frozen=True)
class Target:
    """A target of the audit.

    Args:
        name: of the attribute.
        title: the meaning of its score.
        changes: what changes when a face reads differently, for counts.
        less, more: how a face reads with less and with more of it, as labels of the axis.
        end: suffix of these words in a sentence.
    """

    name: str
    title: str
    changes: str
    less: str
    more: str
    end: str = ""


TARGETS = (
    Target("Male", "Perceived gender", "perceived gender", "female", "male"),
    Target("Young", "Perceived age", "perceived age group", "older", "younger"),
    Target("Skin_Tone", "Skin tone", "skin tone group", "lighter", "darker", "-skinned"),
)


@dataclass(frozen=True)
class Effect:
    """The effect of one slider on one target.

    Args:
        spread: the slope of each person, in standard deviations of the score per unit of the slider.
        flips: people whose score is on different sides of the target's threshold at the start and end of the slider.
    """

    spread: Spread
    flips: Share


@dataclass(frozen=True)
class Row:
    """One slider: its effect on each target, free and locked (None until measured).

    Args:
        name: of the direction.
        free, locked: one effect per target.
        spared: share of people who flip when free minus the share when locked, for the same people; None until the
            locked run is measured.
        kept: mean absolute effect per person when locked, divided by that when free; nan if unknown.
        other: people who flip by another judge, of those that it has scored; None without one.
        apart: the difference of the two shares, for these people.
    """

    name: str
    free: tuple[Effect, ...]
    locked: tuple[Effect, ...] | None
    spared: tuple[Estimate, ...] | None
    kept: tuple[float, ...]
    other: tuple[Share, ...] | None = None
    apart: tuple[Estimate, ...] | None = None

    @property
    def leading(self) -> int:
        """The target on which it flips most people; if it flips none, the one that it changes most."""
        return max(range(len(self.free)), key=lambda k: (_or_0(self.free[k].flips.value), self.size_on(k)))

    def size_on(self, target: int) -> float:
        """Return the mean absolute effect per person on a target; 0 if unknown."""
        return _or_0(self.free[target].spread.size.value)


@dataclass(frozen=True)
class Finding:
    """The summary of the audit.

    Args:
        large: sliders with a mean absolute effect above `LARGE` on any target.
        sliders: number of sliders.
        kept: share of these effects that remains with locks, 0 to 1; None until measured, or if there are none.
    """

    large: int
    sliders: int
    kept: float | None


@dataclass(frozen=True)
class Groups:
    """Groups of people by how their own faces are scored.

    Args:
        people: by target name, (B,) whether each reads as more of it; empty without a score.
    """

    people: Mapping[str, NDArray[np.bool_]]

    def chosen(self, wanted: Mapping[str, str]) -> NDArray[np.bool_] | None:
        """Return the mask (B,) of the people of a choice: "more" or "less" by target name; None for all."""
        found = None
        for name, side in wanted.items():
            if name in self.people and side in ("more", "less"):
                flags = self.people[name] if side == "more" else ~self.people[name]
                found = flags if found is None else found & flags
        return found


@dataclass(frozen=True)
class Contrast:
    """A slider with a larger effect on one group than on the other.

    Args:
        name: of the slider.
        target: index of the target that flips.
        shares: of people who read as more, and as less, of the grouping attribute.
        difference: of the two shares.
        p: adjusted for all compared sliders (Benjamini and Hochberg); nan if a group is too small.
    """

    name: str
    target: int
    shares: tuple[Share, Share]
    difference: Estimate
    p: float


def targets_of(model: Model) -> tuple[Target, ...]:
    """Return the targets that a model can be audited for: it has a direction and a score of them."""
    scored = model.scorer.attributes if model.scorer else ()
    return tuple(target for target in TARGETS if target.name in model.names and target.name in scored)


def thresholds_of(model: Model, run: Measured | None = None) -> tuple[float, ...]:
    """Return the threshold between readings: probability 0.5 if binary, else the bank's median.

    Args:
        model: the model.
        run: a run with any judge's scores; None for the model's scorer.
    """
    assert model.scorer is not None
    if run is not None and run.thresholds is not None:
        return tuple(float(run.thresholds[model.column(target.name)]) for target in targets_of(model))
    kinds = dict(zip(model.scorer.attributes, model.scorer.kinds, strict=True))
    return tuple(0.0 if kinds[t.name] == "binary" else _median(model, t.name) for t in targets_of(model))


def groups_of(model: Model, free: Measured) -> Groups:
    """Group the people of a free run by the reading of their own face.

    A person's own score is the median of the scores with each other slider at 0: the face itself is not in the run.
    """
    targets, found = targets_of(model), {}
    zero = int(np.argmin(np.abs(free.run.steps)))
    for target, threshold in zip(targets, thresholds_of(model, free), strict=True):
        column = model.column(target.name)
        others = [k for k in range(free.run.scores.shape[1]) if k != column]
        at = free.run.scores[:, others, zero, column]
        read = np.where(free.run.feasible[:, others, zero], at, np.nan)
        with np.errstate(all="ignore"):
            own = np.array([np.nanmedian(row) if np.isfinite(row).any() else np.nan for row in read])
        found[target.name] = own > threshold
    return Groups(found)


def audit(
    model: Model,
    free: Measured,
    locked: Measured | None,
    people: NDArray[np.bool_] | None = None,
    other: Measured | None = None,
) -> list[Row]:
    """Compute the audit from two runs on the same bases.

    Args:
        model: the model.
        free: the run without locks.
        locked: the run with all targets locked, possibly incomplete.
        people: (B,) mask of the included people; None for all.
        other: the free run with another judge's scores; compared on the people scored by both.

    Returns:
        A row for each slider that is no target itself, the one that flips most people first.
    """
    columns = [model.column(target.name) for target in targets_of(model)]
    # Computed once: a threshold may be the median over the bank.
    limits = {run: thresholds_of(model, run) for run in (free, locked, other) if run is not None}
    rows = [
        _row(name, k, columns, limits, free, locked, people, other)
        for k, name in enumerate(model.names[: free.run.scores.shape[1]])
        if k not in columns and np.isfinite(free.found.matrix[k, columns]).any()
    ]
    return sorted(rows, key=lambda row: (-row.free[row.leading].flips.hits, -row.size_on(row.leading), row.name))


def found(rows: Sequence[Row]) -> Finding:
    """Summarise an audit."""
    large = [(row.size_on(k), row.kept[k]) for row in rows for k in range(len(row.free)) if row.size_on(k) > LARGE]
    sliders = sum(any(row.size_on(k) > LARGE for k in range(len(row.free))) for row in rows)
    complete = large and all(np.isfinite(kept) for _, kept in large)
    kept = sum(size * kept for size, kept in large) / sum(size for size, _ in large) if complete else None
    return Finding(sliders, len(rows), kept)


def contrasts(
    model: Model, free: Measured, groups: Groups, name: str, rows: Sequence[Row] | None = None
) -> list[Contrast]:
    """Compare the people a slider flips between those who read as more and as less of an attribute.

    Args:
        model: the model.
        free: the run without locks.
        groups: of :func:`groups_of`.
        name: of the target that groups the people.
        rows: the audit of all people, if already computed.

    Returns:
        A contrast for each slider, on the target that it flips most, the largest first; empty if a group is too small.
    """
    flags = groups.people.get(name)
    if flags is None or min(flags.sum(), (~flags).sum()) < FEW:
        return []
    columns = [model.column(target.name) for target in targets_of(model)]
    compared = []
    thresholds = thresholds_of(model, free)
    for row in audit(model, free, None) if rows is None else rows:
        changed = _flips(free, model.column(row.name), columns[row.leading], thresholds[row.leading])
        compared.append((row, changed[flags], changed[~flags]))
    adjusted = adjusted_p([group_p(more, less) for _, more, less in compared])
    contrasts_found = [
        Contrast(row.name, row.leading, (share_of(more), share_of(less)), group_difference(more, less), float(p))
        for (row, more, less), p in zip(compared, adjusted, strict=True)
    ]
    return sorted(contrasts_found, key=lambda contrast: -abs(_or_0(contrast.difference.value)))


def held_out_error(attribute: Attribute) -> str:
    """Return the scorer's quality for an attribute on held-out faces, from the model: "AUC 0.99"; or empty."""
    for measure, words in (("auc", "AUC"), ("r2", "R²")):
        if measure in attribute.reliability:
            return f"{words} {attribute.reliability[measure]:.2f}"
    return ""


def _row(
    name: str,
    moved: int,
    columns: Sequence[int],
    limits: Mapping[Measured, Sequence[float]],
    free: Measured,
    locked: Measured | None,
    people: NDArray[np.bool_] | None,
    other: Measured | None,
) -> Row:
    def kept_people(values: Array) -> Array:
        """Return the included people of a run that may be incomplete."""
        return values if people is None else values[people[: len(values)]]

    def read(run: Measured) -> list[tuple[Array, Array]]:
        return [
            (kept_people(run.found.slopes[:, moved, column]), kept_people(_flips(run, moved, column, threshold)))
            for column, threshold in zip(columns, limits[run], strict=True)
        ]

    before = read(free)
    after = None if locked is None else read(locked)
    effects = tuple(Effect(spread_of(slopes), share_of(changed)) for slopes, changed in before)
    judged = None if other is None else [changed for _, changed in read(other)]
    row = Row(name, effects, None, None, (float("nan"),) * len(columns))
    if judged is not None:
        apart = [paired_difference(f[: len(g)], g[: len(f)]) for (_, f), g in zip(before, judged, strict=True)]
        row = replace(row, other=tuple(share_of(changed) for changed in judged), apart=tuple(apart))
    if after is None:
        return row
    same = [(a[: len(b)], b[: len(a)], f[: len(g)], g[: len(f)]) for (a, f), (b, g) in zip(before, after, strict=True)]
    return replace(
        row,
        locked=tuple(Effect(spread_of(slopes), share_of(changed)) for slopes, changed in after),
        spared=tuple(paired_difference(f, g) for _, _, f, g in same),
        kept=tuple(remaining(a, b) for a, b, _, _ in same),
    )


def _flips(run: Measured, moved: int, column: int, threshold: float) -> Array:
    return flips(run.run.scores[:, moved, :, column], run.run.feasible[:, moved], threshold)


def _median(model: Model, name: str) -> float:
    if not model.has_bank:
        return 0.0  # continuous scores are standardised
    scores, names = scored_only(model)
    return float(np.median(scores[:, names.index(name)]))


def _or_0(value: float) -> float:
    return value if np.isfinite(value) else 0.0
