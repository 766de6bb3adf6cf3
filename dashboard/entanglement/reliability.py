"""The Reliability table: what is known of each direction, from the model, its bank and two runs of re-scoring."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dashboard.analysis.reliability import Dependency, Leakage, attribute_dependency, leakage
from dashboard.entanglement.angles import Angles
from dashboard.entanglement.rescoring_results import Measured
from dashboard.synthesis.model import Model

WIDE = 20.0
"""Angle in degrees above which a direction is marked as unsure: its cosine with the true one may be under 0.94."""

MEASURES = {"auc": "AUC", "r2": "R²"}

Number = float | None


@dataclass(frozen=True)
class Trust:
    """One direction; None where something is not known, or not measured yet.

    Args:
        name, group: of the attribute.
        measure: "R²" or "AUC": of the scorer, on faces that it had not seen.
        scorer: that figure.
        r2: share of the score that the direction explains on faces it was not found from.
        angle_low, angle_high: 95 % interval of the bootstrap, in degrees.
        low, high: the calibrated range, in standard deviations.
        response, response_low, response_high: R_ii, the own score's change per unit, with its 95 % interval.
        leakage, leakage_low, leakage_high: with everything free, with its 95 % interval.
        locked, locked_low, locked_high: with all others locked.
        left: share of the free leakage that is left with all others locked.
        dependency: at a matched change of the own score, everything free.
        reached: share of traversals on which the own score changed so much.
        partner: the other attribute that it goes along with most: by measured effect, or by cosine.
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
    locked: Number
    locked_low: Number
    locked_high: Number
    left: Number
    dependency: Number
    reached: Number
    partner: str

    @property
    def unsure(self) -> bool:
        """Whether its angle may be wide."""
        return self.angle_high is not None and self.angle_high > WIDE


def reliability(model: Model, angles: Angles | None, free: Measured | None, locked: Measured | None) -> list[Trust]:
    """Compute the rows of the reliability table.

    Args:
        model: the model.
        angles: of the bootstrap, or None.
        free: the run with nothing locked, as far as it has come.
        locked: the one in which all attributes but the moved one are locked.

    Returns:
        A row for each direction, in the model's order.
    """
    leaks = [_leaks(run) for run in (free, locked)]
    depends = None if free is None else attribute_dependency(free.run, free.deviations)
    return [_row(model, k, angles, free, leaks, depends) for k in range(len(model.names))]


def columns(rows: Sequence[Trust]) -> dict[str, np.ndarray]:
    """Return the table as columns by name: text as it is, numbers with nan for what is not known."""
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
    leaks: Sequence[Leakage | None],
    depends: Dependency | None,
) -> Trust:
    attribute = model.attributes[k]
    quality = attribute.reliability
    measure = next((name for name in ("auc", "r2") if name in quality), None)
    whole, part = ((None,) * 3 if leak is None else _at(k, leak.value, leak.low, leak.high) for leak in leaks)
    own = (None,) * 3 if free is None else _at((k, k), free.found.matrix, free.found.low, free.found.high)
    return Trust(
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
        **dict(zip(("leakage", "leakage_low", "leakage_high"), whole, strict=True)),
        **dict(zip(("locked", "locked_low", "locked_high"), part, strict=True)),
        left=part[0] / whole[0] if whole[0] and part[0] is not None else None,
        dependency=_of(depends and depends.value, k),
        reached=_of(depends and depends.reached, k),
        partner=_partner(model, k, free),
    )


def _leaks(run: Measured | None) -> Leakage | None:
    return None if run is None else leakage(run.found.slopes)


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
