"""Findings: the measured effects of each attribute on every score, the largest first, in words.

These are interventions on the generator: one slider is moved on the same people, with the given locks. So "raises" is a
measured effect; it says nothing about real people, nor about the generator's mechanism.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.inference import FEWEST, adjusted_p, mean_interval, means_of, p_values, select
from dashboard.analysis.people import Estimate, Share, flips, share_of
from dashboard.entanglement.bias_audit import Target, targets_of, thresholds_of
from dashboard.entanglement.rescoring_results import Measured
from dashboard.synthesis.model import Model

LEAST = 0.05
"""Smallest listed effect, even if significant, in standard deviations of the score."""

FALSE_SHARE = 0.05
"""Expected share of false finds in the list."""

ORDERS = {
    "effect": "Effect, free",
    "locked": "Effect, locked",
    "flips": "People who flip",
    "apart": "Judges differ",
}


@dataclass(frozen=True)
class Question:
    """The filters of the findings.

    Args:
        attribute: the moved slider, or the changed score; "" for any.
        on: name of the changed target; "" for any score.
        least: smallest |effect| listed, in standard deviations of the score.
        false_share: expected share of false finds among all significant cells, before filtering.
        order: one of `ORDERS`.
    """

    attribute: str = ""
    on: str = ""
    least: float = LEAST
    false_share: float = FALSE_SHARE
    order: str = "effect"


@dataclass(frozen=True)
class Finding:
    """One cell that passed the filters.

    Args:
        moved, seen: names of the slider and of the score.
        target: the audit's target of the score, if any.
        effect: standard deviations of the score per unit of the slider, mean over people.
        low, high: its interval, adjusted for selection; nan below `FEWEST` people.
        p: adjusted for multiple testing; nan likewise.
        same: number of people with the sign of the mean.
        flips: for a target: people whose reading changes between the ends of the slider.
        locked: effect with all targets locked; nan if not measured.
        locked_low, locked_high: its interval.
        locked_flips: as flips, with all targets locked.
        alone_flips: as flips, with only the target locked; None if not measured.
        other: the effect by another judge; nan without one.
        apart: effect minus other, for the same people.
    """

    moved: str
    seen: str
    target: Target | None
    effect: float
    low: float
    high: float
    p: float
    same: Share
    flips: Share | None
    locked: float
    locked_low: float
    locked_high: float
    locked_flips: Share | None
    alone_flips: Share | None = None
    other: float = float("nan")
    apart: Estimate | None = None


@dataclass(frozen=True)
class Findings:
    """The findings of a model.

    Args:
        listed: the significant cells that pass the filters, in the chosen order.
        passed: number of cells that differ significantly from 0, of any size.
        tested: number of cells.
        people: number of people; below `FEWEST` everything is listed, without an interval.
        level: of the intervals of significant cells.
        largest: the largest effect that does not pass, if nothing is listed.
    """

    listed: tuple[Finding, ...]
    passed: int
    tested: int
    people: int
    level: float
    largest: Finding | None

    @property
    def rough(self) -> bool:
        """Whether there are too few people yet for statistics."""
        return self.people < FEWEST


def findings(
    model: Model,
    free: Measured,
    locked: Measured | None,
    question: Question | None = None,
    *,
    other: Measured | None = None,
    alone: Mapping[str, Measured | None] | None = None,
) -> Findings:
    """Rank the measured effects.

    Args:
        model: the model.
        free: the run without locks.
        locked: the run with all targets of the audit locked, possibly incomplete.
        question: the filters.
        other: the free run with another judge's scores.
        alone: by target name, the run with only that target locked.

    Returns:
        The cells that differ significantly from 0 (Student's t over people; Benjamini and Hochberg over all cells off
        the diagonal) and have the requested size.
    """
    asked = question or Question()
    count = len(free.found.matrix)
    means = means_of(free.found.slopes)
    tested = np.isfinite(means.value)
    tested[np.arange(count), np.arange(count)] = False
    p = np.where(tested, p_values(means), np.nan)
    choice = select(p, asked.false_share)
    passed = choice.chosen if free.bases >= FEWEST else tested
    ends = mean_interval(means, choice.level)
    held = None if locked is None else means_of(locked.found.slopes)
    held_ends = None if held is None else mean_interval(held)
    adjusted = adjusted_p(p)
    targets = {target.name: target for target in targets_of(model)}
    apart = None if other is None else apart_of(free, other)
    runs = [run for run in (free, locked, *(alone or {}).values()) if run is not None]
    limits = {run: dict(zip(targets, thresholds_of(model, run), strict=True)) for run in runs}

    def flipped(run: Measured | None, moved: int, target: Target | None) -> Share | None:
        if run is None or target is None:
            return None
        seen = model.column(target.name)
        scores, feasible = run.run.scores[:, moved, :, seen], run.run.feasible[:, moved]
        return share_of(flips(scores, feasible, limits[run][target.name]))

    def at(moved: int, seen: int) -> Finding:
        name = model.names[seen]
        target = targets.get(name)
        sign = 1.0 if means.value[moved, seen] >= 0 else -1.0
        slopes = free.found.slopes[:, moved, seen]
        none = float("nan")
        return Finding(
            model.names[moved],
            name,
            target,
            float(means.value[moved, seen]),
            float(ends[0][moved, seen]),
            float(ends[1][moved, seen]),
            float(adjusted[moved, seen]),
            share_of(np.where(np.isfinite(slopes), slopes * sign > 0, np.nan)),
            flipped(free, moved, target),
            none if held is None else float(held.value[moved, seen]),
            none if held_ends is None else float(held_ends[0][moved, seen]),
            none if held_ends is None else float(held_ends[1][moved, seen]),
            flipped(locked, moved, target),
            flipped((alone or {}).get(name), moved, target),
            none if other is None else float(other.found.matrix[moved, seen]),
            None if apart is None else Estimate(*(float(part[moved, seen]) for part in apart)),
        )

    size = np.abs(means.value)
    wanted = _asked_for(model, asked, tested)
    some = [at(int(i), int(j)) for i, j in np.argwhere(passed & wanted & (size >= asked.least))]
    some.sort(key=lambda finding: _rank(finding, asked.order), reverse=True)
    largest = None
    rest = np.where(wanted, size, -1.0)
    if not some and wanted.any():
        i, j = np.unravel_index(int(np.argmax(rest)), rest.shape)
        largest = at(int(i), int(j))
    return Findings(tuple(some), int(passed.sum()), int(tested.sum()), free.bases, choice.level, largest)


def apart_of(first: Measured, second: Measured) -> tuple[NDArray, NDArray, NDArray]:
    """Return the difference of two judges on the same people: mean difference of their effects and its interval, (M,
    F).
    """
    count = min(first.bases, second.bases)
    means = means_of(first.found.slopes[:count] - second.found.slopes[:count])
    return means.value, *mean_interval(means)


def headline(finding: Finding) -> tuple[str, str, str, str]:
    """Describe a finding in four parts, with names as the first and third: "Beard", "raises", "Mustache", "".

    The text never claims a cause.
    """
    moved, seen = _words(finding.moved), _words(finding.seen)
    if finding.target is not None:
        end = finding.target.more if finding.effect > 0 else finding.target.less
        return moved, "makes faces read as", end + finding.target.end, ""
    return moved, "raises" if finding.effect > 0 else "lowers", seen, ""


def sentence(finding: Finding, held: Sequence[str] = ()) -> str:
    """Describe a finding in one sentence, in terms of the measurement.

    Args:
        finding: the finding.
        held: display names of the targets locked in the other run: "perceived gender", ...
    """
    what = ", ".join([*held[:-2], " and ".join(held[-2:])])
    if finding.target is not None and finding.flips is not None and finding.flips.n:
        text = (
            f"{_words(finding.moved)} from −2 to +2 flips {finding.target.changes} in "
            f"{finding.flips.of_hundred} % of people (n = {finding.flips.n:,})"
        )
        if finding.locked_flips is not None and finding.locked_flips.n:
            text += f"; with {what} held in {finding.locked_flips.of_hundred} %"
        if finding.alone_flips is not None and finding.alone_flips.n:
            text += f"; with {_words(finding.seen)} alone held in {finding.alone_flips.of_hundred} %"
        return text + "."
    verb = "raises" if finding.effect > 0 else "lowers"
    text = (
        f"One σ more {_words(finding.moved)} {verb} the score of {_words(finding.seen)} by {abs(finding.effect):.2f} σ"
    )
    if np.isfinite(finding.locked):
        text += f"; with {what} held by {finding.locked * np.sign(finding.effect):.2f} σ".replace("-", "−")
    return text + "."


def _asked_for(model: Model, asked: Question, tested: NDArray[np.bool_]) -> NDArray[np.bool_]:
    names = np.array(model.names)
    wanted = tested.copy()
    if asked.attribute:
        wanted &= (names[: len(tested), None] == asked.attribute) | (names[None, :] == asked.attribute)
    if asked.on:
        wanted &= names[None, :] == asked.on
    return wanted


def _rank(finding: Finding, order: str) -> tuple[float, float]:
    size = abs(finding.effect)
    if order == "locked":
        return (abs(finding.locked) if np.isfinite(finding.locked) else 0.0), size
    if order == "apart":
        return (abs(finding.apart.value) if finding.apart and np.isfinite(finding.apart.value) else -1.0), size
    if order == "flips":
        return (finding.flips.value if finding.flips is not None and finding.flips.n else -1.0), size
    return size, 0.0


def _words(name: str) -> str:
    return name.replace("_", " ")
