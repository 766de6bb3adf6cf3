"""Measured scores on their sliders, and whether a pinned face has the expected score.

A tick is at the coordinate whose expected score is the measured one (`dashboard.synthesis.curves`). Only a pinned row
can have a warning, if the score is outside the band of faces pinned there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dashboard.faces.bases import coordinates_of
from dashboard.faces.face import Face
from dashboard.synthesis.curves import Curves
from dashboard.synthesis.model import Model

OUTSIDE = 0.05
"""Share of faces pinned in their ranges that get any warning; of unpinned rows, the share outside their bar."""


LAST = 3.25
"""Largest coordinate at which the end of a curve is reported."""


def level_of(pins: int) -> float:
    """Return the share of faces outside the band of one pinned row, so that 5 % are outside any (Šidák 1967)."""
    return 1.0 - (1.0 - OUTSIDE) ** (1.0 / max(pins, 1))


def ticks(face: Face, model: Model, curves: Curves, scores: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """Place the measured scores on the sliders.

    Args:
        face: the face.
        model: its model.
        curves: the model's.
        scores: raw, by name.

    Returns:
        By name: `at`, the tick's coordinate; `low` and `high`, the coordinates of the band of faces at this position
        (95 %; for a pinned row adjusted for the number of pins); `score`, `least` and `most`, the same as raw scores;
        `outside`, whether a pinned row's score is outside its band. Where the curve is level, a score corresponds to an
        interval of
        coordinates: the tick is at the point nearest to the face, the band covers all of it.
    """
    stands = dict(zip(model.names, coordinates_of(face, model), strict=True))
    layered = {name for name, _ in face.layers}
    pinned = {name: value for name, value in face.pins if name in curves.names}
    found = {}
    for name in curves.names:
        if name not in scores or name in layered:  # the curves are of pins in all layers
            continue
        score, at, level = scores[name], float(stands[name]), OUTSIDE
        if name in pinned:
            at, level = pinned[name], level_of(len(pinned))
        least, most = (float(edge) for edge in curves.band(name, at, level))
        numbers = {
            "at": float(np.clip(at, *_stretch(curves, name, score))),
            "low": _stretch(curves, name, least)[0],
            "high": _stretch(curves, name, most)[1],
            "score": score,
            "least": least,
            "most": most,
        }
        outside = name in pinned and not least <= score <= most
        found[name] = {**{key: round(float(number), 4) for key, number in numbers.items()}, "outside": outside}
    return found


def _stretch(curves: Curves, name: str, score: float) -> tuple[float, float]:
    """Return the coordinates at which a score is expected: one, or the level end of the curve."""
    low, high = (float(end) for end in curves.ends[0, curves.names.index(name)])
    bottom, top = (float(value) for value in curves.expected_at(name, [low, high]))
    if score >= top:
        return high, float(curves.grid[-1])
    if score <= bottom:
        return float(curves.grid[0]), low
    coordinate = float(np.clip(curves.coordinate_of(name, score), low, high))
    return coordinate, coordinate


def ends_of(model: Model) -> dict[str, tuple[float, float]]:
    """Return the coordinates outside which an attribute's expected score is constant, by name; -4 and 4 if none."""
    if not model.has_curves:
        return {}
    curves = model.curves()
    found = {}
    for name, (low, high) in zip(curves.names, curves.ends[0], strict=True):
        # The last part of a rising curve can be level by chance: no end is reported for it.
        found[name] = (float(low) if low > -LAST else -4.0, float(high) if high < LAST else 4.0)
    return found
