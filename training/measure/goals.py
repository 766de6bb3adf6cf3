"""What a model should reach, beside what it reached: a miss is reported like a hit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.synthesis.manifest import Attribute
from training.measure.result import Measured

ATTRIBUTES, OF_THE_CAMERA, STRONG = 24, 6, 20
"""Attributes at least; of camera, light and background at most; with a response of 1.5 deviations at least."""

CAMERA = "Camera and light"
"""Group of the attributes that are no property of the person."""


@dataclass(frozen=True)
class Goal:
    """One line: what was wanted, what came, and whether that is enough."""

    name: str
    wanted: str
    received: str
    met: bool


def goals(attributes: tuple[Attribute, ...], measured: Measured) -> list[Goal]:
    """Every goal, met or missed.

    Args:
        attributes: that go into the model.
        measured: their figures, and those of the whole model.
    """
    told = [measured.attributes[a.name] for a in attributes]
    r2 = min((a.reliability["r2"] for a in attributes if a.kind == "continuous"), default=float("nan"))
    auc = min((a.reliability["auc"] for a in attributes if a.kind == "binary"), default=float("nan"))
    camera = sum(a.group == CAMERA for a in attributes)
    strong = sum(figures["response"] >= 1.5 for figures in told)
    steps, missing = (sum(measured.leakage[name].values()) for name in ("steps", "infeasible"))
    rising = sum(bool(figures["rises"]) for figures in told)
    agreement, halves = (np.array([figures[name] for figures in told]) for name in ("agreement", "halves"))
    truth = np.array([figures["truth"] for figures in told])
    precision, recall = (measured.realism[name]["samples"] for name in ("precision", "recall"))
    return [
        _least("Attributes", ATTRIBUTES, len(attributes), "d"),
        _most(f'Of these in "{CAMERA}"', OF_THE_CAMERA, camera, "d"),
        _least("Scorer's R2 on held-out renders, the least", 0.8, r2),
        _least("Scorer's AUC on held-out renders, the least", 0.97, auc),
        _least("Correlation of the two scorers on samples, the least", 0.8, agreement.min()),
        _least("Precision", 0.5, precision),
        _least("Recall", 0.3, recall),
        _least("Attributes with a response of 1.5 from -2 to 2", STRONG, strong, "d"),
        _least("Attributes whose response rises over the calibrated range", len(attributes), rising, "d"),
        _least("Feasible steps, share", 0.95, 1.0 - missing / steps),
        _most("Leakage with all others locked, share of that without locks", 0.5, measured.leakage["ratio"]),
        _least("Absolute cosine of two halves' directions, mean", 0.9, halves.mean()),
        _most("Absolute cosine of two directions, the largest", 0.9, measured.alike),
        _least("Cosine of known and recovered directions, mean", 0.9, truth.mean()),
    ]


def _least(name: str, wanted: float, received: float, form: str = ".3g") -> Goal:
    return Goal(name, f"at least {wanted:g}", format(received, form), bool(received >= wanted))


def _most(name: str, wanted: float, received: float, form: str = ".3g") -> Goal:
    return Goal(name, f"at most {wanted:g}", format(received, form), bool(received <= wanted))
