"""The reliability table: figures of each direction, from the model, its bank and two re-scoring runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dashboard.analysis.inference import mean_interval, means_of
from dashboard.analysis.reliability import Dependency, Leakage
from dashboard.entanglement.angles import Angles
from dashboard.entanglement.findings import apart_of
from dashboard.entanglement.rescoring_results import Measured
from dashboard.synthesis.model import Model

WIDE = 20.0
"""Angle in degrees above which a direction is marked as uncertain: its cosine with the true one may be below 0.94."""

MEASURES = {"auc": "AUC", "r2": "R²"}

Number = float | None


@dataclass(frozen=True)
class DirectionReliability:
    """The reliability of one direction; None for unknown or missing values.

    Args:
        name, group: of the attribute.
        measure: "R²" or "AUC": of the scorer, on held-out faces.
        scorer: its value.
        r2: share of the score that the direction explains on held-out faces.
        angle_low, angle_high: 95 % interval of the bootstrap, in degrees.
        low, high: the calibrated range, in standard deviations.
        response, response_low, response_high: R_ii, the own score's change per unit, with its 95 % interval.
        leakage, leakage_low, leakage_high: of mean effects, without locks, with its 95 % interval (none below 50).
        size, size_low, size_high: leakage of absolute effects per person, likewise.
        locked, locked_low, locked_high: of mean effects, all others locked.
        locked_size, locked_size_low, locked_size_high: of absolute effects, likewise.
        left: share of the free leakage of absolute effects that remains with all others locked.
        dependency: at a matched change of the own score, without locks.
        reached: share of traversals that reach this change.
        other: the own score's change per unit by another judge.
        apart, apart_low, apart_high: response minus other, for the same people, with its interval.
        partner: the other attribute that it is most entangled with: by measured effect, or by cosine.
    """

    name: str
    group: str
    measure: str | None
    scorer: Number
    r2: Number
    angle_low: Number
    angle_high: Number
    low: float
    high: float
    response: Number
    response_low: Number
    response_high: Number
    leakage: Number
    leakage_low: Number
    leakage_high: Number
    size: Number
    size_low: Number
    size_high: Number
    locked: Number
    locked_low: Number
    locked_high: Number
    locked_size: Number
    locked_size_low: Number
    locked_size_high: Number
    left: Number
    dependency: Number
    reached: Number
    other: Number
    apart: Number
    apart_low: Number
    apart_high: Number
    partner: str

    @property
    def unsure(self) -> bool:
        """Whether its angle is uncertain."""
        return self.angle_high is not None and self.angle_high > WIDE


def reliability(
    model: Model,
    angles: Angles | None,
    free: Measured | None,
    locked: Measured | None,
    other: Measured | None = None,
) -> list[DirectionReliability]:
    """Compute the rows of the reliability table.

    Args:
        model: the model.
        angles: of the bootstrap, or None.
        free: the run without locks, possibly incomplete.
        locked: the run with all attributes but the moved one locked.
        other: the free run with another judge's scores.

    Returns:
        A row for each direction, in the model's order.
    """
    leaks = [None if run is None else run.leaks for run in (free, locked)]
    depends = None if free is None else free.depends
    apart = None if free is None or other is None else (other.found.matrix, *apart_of(free, other))
    responses = None if free is None else (free.found.matrix, *mean_interval(means_of(free.found.slopes)))
    return [_row(model, k, angles, free, responses, leaks, depends, apart) for k in range(len(model.names))]


def columns(rows: Sequence[DirectionReliability]) -> dict[str, np.ndarray]:
    """Return the table as columns by name: text unchanged, numbers with nan if unknown."""
    lists = {name: [asdict(row)[name] for row in rows] for name in asdict(rows[0])} if rows else {}
    texts = ("name", "group", "measure", "partner")
    return {
        name: np.array([value or "" for value in values] if name in texts else values, None if name in texts else float)
        for name, values in lists.items()
    }


def _row(
    model: Model,
    k: int,
    angles: Angles | None,
    free: Measured | None,
    responses: tuple[np.ndarray, ...] | None,
    leaks: Sequence[Leakage | None],
    depends: Dependency | None,
    apart: tuple[np.ndarray, ...] | None,
) -> DirectionReliability:
    attribute = model.attributes[k]
    quality = attribute.reliability
    measure = next((name for name in ("auc", "r2") if name in quality), None)
    kinds = ("leakage", "leakage_low", "leakage_high", "size", "size_low", "size_high")
    ends = ("locked", "locked_low", "locked_high", "locked_size", "locked_size_low", "locked_size_high")
    whole, part = (_leaked(k, leak, names) for leak, names in zip(leaks, (kinds, ends), strict=True))
    own = (None,) * 3 if responses is None else _at((k, k), *responses)
    judged = (None,) * 4 if apart is None else _at((k, k), *apart)
    return DirectionReliability(
        name=attribute.name,
        group=attribute.group,
        measure=MEASURES[measure] if measure else None,
        scorer=_number(quality[measure]) if measure else None,
        r2=_number(quality["linear_r2"]) if "linear_r2" in quality else _of(angles and angles.r2, k),
        angle_low=_of(angles and angles.low, k),
        angle_high=_of(angles and angles.high, k),
        low=float(attribute.range[0]),
        high=float(attribute.range[1]),
        **dict(zip(("response", "response_low", "response_high"), own, strict=True)),
        **whole,
        **part,
        left=part["locked_size"] / whole["size"] if whole["size"] and part["locked_size"] is not None else None,
        dependency=_of(depends and depends.value, k),
        reached=_of(depends and depends.reached, k),
        **dict(zip(("other", "apart", "apart_low", "apart_high"), judged, strict=True)),
        partner=_partner(model, k, free),
    )


def _leaked(k: int, leak: Leakage | None, names: Sequence[str]) -> dict[str, Number]:
    if leak is None:
        return dict.fromkeys(names)
    parts = (leak.value, leak.low, leak.high, leak.size, leak.size_low, leak.size_high)
    return dict(zip(names, _at(k, *parts), strict=True))


def _at(index: Any, *parts: np.ndarray) -> tuple[Number, ...]:
    return tuple(_number(float(part[index])) for part in parts)


def _partner(model: Model, k: int, free: Measured | None) -> str:
    sizes = np.abs(model.gram[k] if free is None else free.found.matrix[k])
    sizes = np.where(np.isfinite(sizes), sizes, -1.0)
    sizes[k] = -2.0
    return model.names[int(np.argmax(sizes))]


def _of(values: np.ndarray | None, k: int) -> Number:
    return None if values is None else _number(values[k])


def _number(value: float) -> Number:
    return float(value) if math.isfinite(value) else None
