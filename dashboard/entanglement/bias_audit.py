"""The bias audit: what each slider does to perceived gender, perceived age and skin tone, free and locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.entanglement.rescoring_results import Measured
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model import Model

LARGE = 0.25
"""Effect above which a slider is said to change who the face seems to be, in standard deviations of the score."""

SMALL = 0.05
"""Effect that is not worth a word."""


@dataclass(frozen=True)
class Target:
    """What is audited.

    Args:
        name: of the attribute.
        title: what its score is about.
        less, more: what a face reads as with less and with more of it, as words of the axis.
        end: what these words end in within a sentence.
    """

    name: str
    title: str
    less: str
    more: str
    end: str = ""


TARGETS = (
    Target("Male", "Perceived gender", "female", "male"),
    Target("Young", "Perceived age", "older", "younger"),
    Target("Skin_Tone", "Skin tone", "lighter", "darker", "-skinned"),
)


@dataclass(frozen=True)
class Bar:
    """One effect with its 95 % interval; nan where it was not measured."""

    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether it is told from 0."""
        return bool(self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Row:
    """One slider: its effect on each target, free and locked (None until that run is there)."""

    name: str
    free: tuple[Bar, ...]
    locked: tuple[Bar, ...] | None

    @property
    def size(self) -> float:
        """Its largest effect on any of the targets."""
        return float(np.nanmax([abs(bar.value) for bar in self.free]))


@dataclass(frozen=True)
class Finding:
    """What the audit comes to.

    Args:
        large: sliders with a sure effect above `LARGE`.
        sliders: how many there are.
        gone: share of these large effects that locking takes away, 0 to 1; None until that was measured, or where
            there are none.
    """

    large: int
    sliders: int
    gone: float | None


def targets_of(model: Model) -> tuple[Target, ...]:
    """The targets that a model can be audited for: it has a direction and a score of them."""
    scored = model.scorer.attributes if model.scorer else ()
    return tuple(target for target in TARGETS if target.name in model.names and target.name in scored)


def audit(model: Model, free: Measured, locked: Measured | None) -> list[Row]:
    """Read the audit off two runs.

    Args:
        model: the model.
        free: the run with nothing locked.
        locked: the one with all targets locked, as far as it has come.

    Returns:
        A row for each slider that is no target itself, the largest effect first.
    """
    targets = targets_of(model)
    columns = [model.column(target.name) for target in targets]
    rows = [
        Row(name, _bars(free, k, columns), None if locked is None else _bars(locked, k, columns))
        for k, name in enumerate(model.names)
        if k not in columns and np.isfinite(free.found.matrix[k, columns]).any()
    ]
    return sorted(rows, key=lambda row: -row.size)


def found(rows: Sequence[Row]) -> Finding:
    """Sum up an audit."""
    large = [
        (abs(bar.value), None if row.locked is None else abs(row.locked[place].value))
        for row in rows
        for place, bar in enumerate(row.free)
        if bar.sure and abs(bar.value) > LARGE
    ]
    sliders = sum(any(bar.sure and abs(bar.value) > LARGE for bar in row.free) for row in rows)
    left = [after for _, after in large if after is not None and np.isfinite(after)]
    whole = sum(size for size, _ in large)
    gone = max(0.0, 1 - sum(left) / whole) if large and len(left) == len(large) else None
    return Finding(sliders, len(rows), gone)


def held_out_error(attribute: Attribute) -> str:
    """How well the scorer reads an attribute off faces it has not seen, as the model says: "AUC 0.99"; or nothing."""
    for measure, words in (("auc", "AUC"), ("r2", "R²")):
        if measure in attribute.reliability:
            return f"{words} {attribute.reliability[measure]:.2f}"
    return ""


def _bars(run: Measured, moved: int, columns: Sequence[int]) -> tuple[Bar, ...]:
    def at(part: NDArray) -> list[float]:
        return [float(part[moved, column]) for column in columns]

    return tuple(
        Bar(*numbers) for numbers in zip(at(run.found.matrix), at(run.found.low), at(run.found.high), strict=True)
    )
