"""Goals of a model and its results; missed goals are reported too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.synthesis.manifest import Attribute
from training.measure.ages import OLD_LOOK, RANGE
from training.measure.result import Measured

ATTRIBUTES, OF_THE_CAMERA, STRONG = 27, 6, 20
"""Attributes at least; of camera, light and background at most; with a response of 1.5 deviations at least."""

SWD_BEFORE = {"128": 63.0, "64": 33.0, "32": 11.0, "16": 7.0}
"""Excess of likeness-128's sliced Wasserstein distance over the renders' own, by side; the goal is at most half."""

CAMERA = "Camera and light"
"""Group of the attributes that are not properties of the person."""


@dataclass(frozen=True)
class Goal:
    """One goal: expected value, result, whether it is met, and the result of renders compared with renders."""

    name: str
    wanted: str
    received: str
    met: bool
    renders: str = ""


def goals(attributes: tuple[Attribute, ...], measured: Measured) -> list[Goal]:
    """Return every goal, met or missed.

    Args:
        attributes: of the model.
        measured: their figures, and those of the whole model.
    """
    measures = [measured.attributes[a.name] for a in attributes]
    r2 = min((a.reliability["r2"] for a in attributes if a.kind == "continuous"), default=float("nan"))
    auc = min((a.reliability["auc"] for a in attributes if a.kind == "binary"), default=float("nan"))
    camera = sum(a.group == CAMERA for a in attributes)
    strong = sum(figures["response"] >= 1.5 for figures in measures)
    steps, missing = (sum(measured.leakage[name].values()) for name in ("steps", "infeasible"))
    rising = sum(bool(figures["rises"]) for figures in measures)
    agreement, halves = (np.array([figures[name] for figures in measures]) for name in ("agreement", "halves"))
    truth = np.array([figures["truth"] for figures in measures])
    precision, recall = (measured.realism[name]["samples"] for name in ("precision", "recall"))
    return [
        _least("Attributes", ATTRIBUTES, len(attributes), "d"),
        _most(f'Of these in "{CAMERA}"', OF_THE_CAMERA, camera, "d"),
        _least("Scorer's R2 on held-out renders, the least", 0.8, r2),
        _least("Scorer's AUC on held-out renders, the least", 0.97, auc),
        _least("Correlation of the two scorers on samples, the least", 0.8, agreement.min()),
        _least("Precision", 0.8, precision, renders=measured.realism["precision"]["renders"]),
        _least("Recall", 0.7, recall, renders=measured.realism["recall"]["renders"]),
        _least("Attributes with a response of 1.5 from -2 to 2", STRONG, strong, "d"),
        _least("Attributes whose response rises over the calibrated range", len(attributes), rising, "d"),
        _least("Feasible steps, share", 0.95, 1.0 - missing / steps),
        _most("Leakage with all others locked, share of that without locks", 0.5, measured.leakage["ratio"]),
        _least("Absolute cosine of two halves' directions, mean", 0.9, halves.mean()),
        _most("Absolute cosine of two directions, the largest", 0.9, measured.alike),
        _least("Cosine of given and recovered directions, mean", 0.9, truth.mean()),
        *_of_pictures(measured),
        *_of_own_codes(measured.own_codes),
        *_of_ages(measured.ages),
    ]


def _of_pictures(measured: Measured) -> list[Goal]:
    """Return the goals of texture, colour and the sliced Wasserstein distance; those that the resolution allows."""
    found: list[Goal] = []
    for name, pair in measured.appearance.items():
        value, other = pair["samples"], pair["renders"]
        side = name.rpartition(" ")[2]
        if name.startswith("octave 0"):
            title = f"Power of the top octave at {side} px, diagonal sector, dB against renders"
            found.append(_between(title, -3.0, 1.5, value, other))
        elif "lines" in name:
            title = f"{name.split()[0].capitalize()} line energy over diagonal, top octave at {side} px, dB"
            found.append(_between(title, other - 1.5, other + 1.5, value, other))
        elif name.startswith("peaks"):
            found.append(_most(f"Periodic peaks over the local spectrum at {side} px, dB", 0.5, value, renders=other))
        elif name == "fixed pattern":
            found.append(_most("Fixed pattern, share of high-pass energy", 0.015, value, renders=other))
        elif name == "corner chroma":
            found.append(_between("Chroma of background corners, share of the renders'", 0.7, 1.2, value / other, 1.0))
        elif name.endswith("sharpness"):
            title = f"Laplacian variance of {name.split()[0]}, share of the renders'"
            found.append(_between(title, 0.5, 1.3, value / other, 1.0))
    distances = measured.realism["swd"]
    for side, before in SWD_BEFORE.items():
        if side in distances["samples"]:
            excess = distances["samples"][side] - distances["renders"][side]
            title = f"Sliced Wasserstein distance x 1000 at {side} px, excess over the renders' own"
            found.append(_most(title, before / 2, excess, renders=0.0))
    return found


def _of_own_codes(figures: Mapping[str, float]) -> list[Goal]:
    """Return the goals of faces made from renders' own codes, on renders that were not trained on."""
    wanted = {
        "pairs 128": "Own-code PSNR at 128 px at the end of the pair stage, dB",
        "shipped 64": "Own-code PSNR of the shipped network at 64 px, dB",
    }
    return [_least(title, 24.0, figures[name]) for name, title in wanted.items() if name in figures]


def _of_ages(ages: Mapping[str, float]) -> list[Goal]:
    """Return the goals of apparent ages, as estimated by networks trained on photographs."""
    wanted = {
        "renders": ("Renders drawn at 65 to 80 look, median years", OLD_LOOK),
        "young": ("Young from -3 to +3 spans, median years", RANGE),
    }
    return [_least(title, least, ages[name]) for name, (title, least) in wanted.items() if name in ages]


def _between(name: str, low: float, high: float, received: float, renders: float) -> Goal:
    met = low <= received <= high
    return Goal(name, f"{low:.3g} to {high:.3g}", format(received, ".3g"), bool(met), format(renders, ".3g"))


def _least(name: str, wanted: float, received: float, form: str = ".3g", renders: float | None = None) -> Goal:
    return Goal(name, f"at least {wanted:g}", format(received, form), bool(received >= wanted), _formatted(renders))


def _most(name: str, wanted: float, received: float, form: str = ".3g", renders: float | None = None) -> Goal:
    return Goal(name, f"at most {wanted:g}", format(received, form), bool(received <= wanted), _formatted(renders))


def _formatted(renders: float | None) -> str:
    return "" if renders is None else format(renders, ".3g")
