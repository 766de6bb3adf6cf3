"""Measurements of re-scoring, as computed by the job "rescoring"."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.inference import mean_interval, means_of
from dashboard.analysis.reliability import Dependency, Leakage, attribute_dependency, leakage
from dashboard.analysis.rescoring import Effects, Traversal, effects_of_slopes, slopes_of
from dashboard.spaces.sample import scored_only
from dashboard.synthesis.model import Model

KIND = "rescoring"
BASES, SEED = 500, 0
"""People and seed of the pages' run."""

JUDGE, OTHERS = "judge", "scores~"
"""Judges other than the scorer, as parameters name them: the model's judge, or `scores~HASH`, imported scores."""

MIDDLE = (0.16, 0.84)
"""The band of a curve: the middle 68 % of bases."""


def rescoring_params(locked: Sequence[str], moved: str | None = None, by: str = "") -> dict:
    """Return the parameters of the run with some directions locked, in the model's order.

    Args:
        locked: their names.
        moved: the only moved direction; None for all attributes.
        by: JUDGE for the model's judge; empty for its scorer.
    """
    params = {"bases": BASES, "locked": list(locked), "seed": SEED, **({"by": by} if by else {})}
    return params if moved is None else {**params, "moved": moved}


@dataclass(frozen=True, eq=False)
class Measured:
    """A run, for the F directions of a model.

    Args:
        run: scores of the generated faces, (B, M, T, F), with M all attributes, or 1 for an extra direction; nan
            columns for directions without a score.
        deviations: (F,) standard deviations of the scores over the bank.
        found: R of :mod:`dashboard.analysis.rescoring`, (M, F), columns in the order of the model's directions.
        by: the judge: empty for the model's scorer, JUDGE, or `scores~HASH`.
        thresholds: (F,) raw scores at which the reading changes; None for those of the scorer's bank.
    """

    run: Traversal
    deviations: NDArray[np.float64]
    found: Effects
    by: str = ""
    thresholds: NDArray[np.float64] | None = None

    @functools.cached_property
    def leaks(self) -> Leakage:
        """Leakage of each direction; computed once, since its bootstrap intervals take a second."""
        return leakage(self.found.slopes)

    @functools.cached_property
    def depends(self) -> Dependency:
        """Attribute dependency of each direction at a matched change of its own score; computed once."""
        return attribute_dependency(self.run, self.deviations)

    @property
    def bases(self) -> int:
        """Number of people measured so far."""
        return len(self.run.scores)

    def curve(self, moved: int, seen: int) -> tuple[NDArray, NDArray, NDArray]:
        """Return the curve of a score over a moved attribute: mean (T,) over bases, and the ends of their middle 68 %.

        Args:
            moved: row of the direction pinned at `run.steps`.
            seen: column of the observed score.

        Returns:
            In standard deviations of the score, centred per base over its steps, and shifted to 0 at the step nearest
            to 0; nan at steps that no base reaches.
        """
        there = self.run.feasible[:, moved]
        scores = np.where(there, self.run.scores[:, moved, :, seen] / self.deviations[seen], np.nan)
        whole = scores[there.all(axis=1)]
        if not len(whole):
            nothing = np.full(len(self.run.steps), np.nan)
            return nothing, nothing, nothing
        steps = np.abs(self.run.steps)
        # With the two ends only, their mean replaces the step at 0.
        middle = whole[:, [int(np.argmin(steps))]] if steps.min() < steps.max() else whole.mean(axis=1, keepdims=True)
        change = whole - middle
        return change.mean(axis=0), *np.quantile(change, MIDDLE, axis=0)

    def presence(self, moved: int, seen: int) -> tuple[NDArray, NDArray, NDArray]:
        """Compute P(present) of a binary attribute at each step of a moved one: mean (T,) over people, and its
        interval.

        Args:
            moved: row of the direction pinned at `run.steps`.
            seen: column of the observed logit.

        Returns:
            Shares, 0 to 1; ends nan below 50 people.
        """
        there = self.run.feasible[:, moved]
        logits = np.where(there, self.run.scores[:, moved, :, seen], np.nan)
        means = means_of(1 / (1 + np.exp(-np.clip(logits, -60, 60))))
        low, high = mean_interval(means)
        return means.value, np.maximum(low, 0.0), np.minimum(high, 1.0)

    def half_slopes(self, moved: int, seen: int) -> tuple[float, float]:
        """Return the slopes below and above 0, in standard deviations of the score, means over people; nan without two
        steps.

        Args:
            moved: row of the direction pinned at `run.steps`.
            seen: column of the observed score.
        """
        found = []
        for side in (self.run.steps <= 0, self.run.steps >= 0):
            steps = self.run.steps[side]
            if len(steps) < 2:
                found.append(float("nan"))
                continue
            scores = self.run.scores[:, [moved]][:, :, side][..., [seen]] / self.deviations[seen]
            slopes = slopes_of(steps, scores, self.run.feasible[:, [moved]][:, :, side])
            found.append(float(means_of(slopes[:, 0, 0]).value))
        return found[0], found[1]


def measured_of(arrays: Mapping[str, np.ndarray], model: Model, by: str = "") -> Measured | None:
    """Read the result of a run.

    Args:
        arrays: steps (T,), the judge's scores (B, M, T, S), feasible (B, M, T), possibly incomplete. A run that came
            with the model may have names (S,) of the scores, if these are not all, and slopes (B, M, S) per unit, if it
            has only the scores of the first and last step. Imported scores also have deviations and thresholds (S,),
            since that judge has not scored the bank.
        model: the model.
        by: the judge, as in the parameters.

    Returns:
        The measurement; None if no base has been measured yet.
    """
    if "scores" not in arrays or not len(arrays["scores"]) or model.scorer is None:
        return None
    every = model.judge.attributes if by == JUDGE and model.judge else model.scorer.attributes
    names = tuple(map(str, arrays["names"])) if "names" in arrays else every
    spreads, middles = _population(arrays, model, by, names)
    columns = [names.index(name) if name in names else -1 for name in model.names]
    measurable = np.array([k >= 0 and spreads[k] > 0 for k in columns])
    scores = np.asarray(arrays["scores"], np.float64)
    if columns != list(range(len(names))) or not measurable.all():  # copies of a large array
        scores = np.where(measurable, scores[..., columns], np.nan)
    spread = np.where(measurable, spreads[columns], 1.0)
    run = Traversal(np.asarray(arrays["steps"], np.float64), scores, np.asarray(arrays["feasible"], bool), ())
    slopes = np.asarray(arrays["slopes"], np.float64)[..., columns] / spread if "slopes" in arrays else None
    return Measured(
        run,
        spread,
        _effects_of(run, spread, measurable, slopes),
        by,
        None if middles is None else np.where(measurable, middles[columns], 0.0),
    )


def _population(
    arrays: Mapping[str, np.ndarray], model: Model, by: str, names: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return deviations and thresholds (S,) of named scores: over the bank, or those of imported scores."""
    assert model.scorer is not None
    if "deviations" in arrays:
        return tuple(np.asarray(arrays[name], np.float64) for name in ("deviations", "thresholds"))  # type: ignore[return-value]
    score_columns = [model.scorer.attributes.index(name) for name in names]
    if by != JUDGE:
        return score_deviations(model)[score_columns], None
    binary = np.array([is_binary(model, name) for name in names])
    if not model.has_bank:
        return np.ones(len(names)), np.zeros(len(names))
    scores = model.judge_scores()[:, score_columns].astype(np.float64)
    return scores.std(axis=0), np.where(binary, 0.0, np.median(scores, axis=0))


def is_binary(model: Model, name: str) -> bool:
    """Return whether the scorer's score of an attribute is a logit."""
    scorer = model.scorer
    return scorer is not None and name in scorer.attributes and scorer.kinds[scorer.attributes.index(name)] == "binary"


def score_deviations(model: Model) -> NDArray[np.float64]:
    """Return (S,) standard deviations of the scorer's scores over the bank; ones without a bank."""
    if not model.has_bank or model.scorer is None:
        return np.ones(len(model.scorer.attributes) if model.scorer else 0)
    return np.asarray(scored_only(model)[0].std(axis=0), np.float64)


def _effects_of(
    run: Traversal, spread: NDArray, measurable: NDArray[np.bool_], slopes: NDArray[np.float64] | None
) -> Effects:
    """Compute R, from slopes if there are any; nan in the columns of attributes without a score."""
    if slopes is None:
        slopes = slopes_of(run.steps, run.scores, run.feasible) / spread
    return effects_of_slopes(np.where(measurable, slopes, np.nan))
