"""Measured scores on their sliders, and whether a pinned face scores as pinned faces do.

A tick stands at the coordinate at which the score is what is expected (`dashboard.synthesis.curves`). A sign is for a
pinned row alone, and only where the score lies outside the band of faces pinned there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dashboard.analysis.pins import coordinates
from dashboard.faces.bases import latent_of
from dashboard.faces.face import Face
from dashboard.synthesis.curves import Curves
from dashboard.synthesis.model import Model

OUTSIDE = 0.05
"""Share of faces, pinned in their ranges, that get any sign; of unpinned rows, that lie outside their bar."""


LAST = 3.25
"""Coordinate past which the end of a curve is not reported."""


def level_of(pins: int) -> float:
    """Return the share of faces outside the band of one pinned row, so that 5 % stand outside any of so many (Šidák
    1967).
    """
    return 1.0 - (1.0 - OUTSIDE) ** (1.0 / max(pins, 1))


def ticks(face: Face, model: Model, curves: Curves, scores: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """Place what was measured on the sliders.

    Args:
        face: the face.
        model: its model.
        curves: the model's.
        scores: raw, by name, as the scorer gives them.

    Returns:
        By name: `at`, the tick's coordinate; `low` and `high`, the coordinates of the band of faces that stand there
        (95 % of them; of a pinned row as many as the number of pins asks for); `score`, `least` and `most`, the same as
        raw scores; `outside`, whether a pinned row's score lies outside its band. Where the curve has ended a score
        means a whole stretch of coordinates: the tick stands where that is nearest to the face, the band reaches over
        all of it.
    """
    stands = dict(zip(model.names, coordinates(latent_of(face, model), model.directions), strict=True))
    pinned = {name: value for name, value in face.pins if name in curves.names}
    found = {}
    for name in curves.names:
        if name not in scores:
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
    """Return the coordinates at which a score is expected: one, or all from where the curve has ended on."""
    low, high = (float(end) for end in curves.ends[0, curves.names.index(name)])
    bottom, top = (float(value) for value in curves.expected_at(name, [low, high]))
    if score >= top:
        return high, float(curves.grid[-1])
    if score <= bottom:
        return float(curves.grid[0]), low
    coordinate = float(np.clip(curves.coordinate_of(name, score), low, high))
    return coordinate, coordinate


def ends_of(model: Model) -> dict[str, tuple[float, float]]:
    """Return the coordinates outside which an attribute's expected score is constant, by name; -4 and 4 where it
    goes on.
    """
    if not model.has_curves:
        return {}
    curves = model.curves()
    found = {}
    for name, (low, high) in zip(curves.names, curves.ends[0], strict=True):
        # The last stretch of a curve that rises is level by chance now and then: no end is reported for it.
        found[name] = (float(low) if low > -LAST else -4.0, float(high) if high < LAST else 4.0)
    return found
