"""Arrows of directions over a scatter, with names that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dashboard.figures.base import Scheme, colour, scale_bar
from dashboard.spaces.biplot import Arrow

NOMINAL = (470.0, 330.0)
"""Smallest plot area in pixels; on a larger one tips and their names only move apart."""

APART = 20.0
"""Pixels from one name to the next on the same side."""

AWAY = 16.0
"""Pixels from a tip to its name."""

Limits = tuple[tuple[float, float], tuple[float, float]]


def arrow_annotations(arrows: Sequence[Arrow], limits: Limits, scheme: Scheme) -> list[dict[str, Any]]:
    """Draw arrows as Plotly's annotations, above all points.

    Args:
        arrows: of directions, in two dimensions.
        limits: low and high of either axis.
        scheme: "light" or "dark".

    Returns:
        The arrows, each with a light edge, then their names, each with a thin line to the tip.
    """
    positions = label_offsets([arrow.tip for arrow in arrows], limits)
    shafts = [part for arrow in arrows for part in _shaft(arrow, scheme)]
    return shafts + [_name(arrow, offset, scheme) for arrow, offset in zip(arrows, positions, strict=True)]


def names_in_space(
    arrows: Sequence[Arrow], limits: Sequence[tuple[float, float]], eye: Sequence[float], scheme: Scheme
) -> list[dict[str, Any]]:
    """Write the names of arrows over a scatter in three dimensions, as annotations of its scene, above the points.

    Args:
        arrows: of directions, in three dimensions.
        limits: low and high of each axis.
        eye: initial camera position relative to the centre; names do not overlap from there.
        scheme: "light" or "dark".
    """
    ahead = np.asarray(eye, np.float64) / np.linalg.norm(eye)
    right = np.cross([0.0, 0.0, 1.0], ahead)
    right /= np.linalg.norm(right)
    sizes = np.array([high - low for low, high in limits])
    seen = [(float(tip @ right), float(tip @ np.cross(ahead, right))) for tip in (a.tip / sizes for a in arrows)]
    offsets = label_offsets(seen, ((-0.7, 0.7), (-0.7, 0.7)))
    flat = [_name(arrow, offset, scheme) for arrow, offset in zip(arrows, offsets, strict=True)]
    there = ("x", "y", "xref", "yref", "axref", "ayref")
    return [
        {**{key: value for key, value in name.items() if key not in there}, **dict(zip("xyz", arrow.tip, strict=True))}
        for name, arrow in zip(flat, arrows, strict=True)
    ]


def label_offsets(tips: Sequence[Sequence[float]], limits: Limits) -> list[tuple[float, float]]:
    """Place a name beside each tip: on the side that the arrow points to, in the tips' own order, a line apart.

    Args:
        tips: (x, y) on the axes.
        limits: low and high of either axis.

    Returns:
        (right, down) in pixels from the tip to the closer edge of its name.
    """
    scale = [size / (high - low) for size, (low, high) in zip(NOMINAL, limits, strict=True)]
    pixels = [(x * scale[0], -y * scale[1]) for x, y, *_ in tips]
    found: list[tuple[float, float]] = [(0.0, 0.0)] * len(pixels)
    for side in (1, -1):
        of_side = sorted((k for k, (x, _) in enumerate(pixels) if (x >= 0) == (side > 0)), key=lambda k: pixels[k][1])
        for k, y in zip(of_side, _spread([pixels[k][1] for k in of_side]), strict=True):
            # A moved name is farther out, so that its line crosses no other name.
            pushed = abs(y - pixels[k][1])
            found[k] = (side * (AWAY + min(pushed, 40.0)), y - pixels[k][1])
    return found


def _spread(heights: list[float]) -> list[float]:
    """Return the heights in ascending order, moved as little as possible to be `APART` from one another."""
    groups: list[tuple[list[float], float]] = []  # heights of names that touch, and the position of the first
    for height in heights:
        members, first = [height], height
        while groups and groups[-1][1] + APART * len(groups[-1][0]) > first:
            members = groups.pop()[0] + members
            middle = sum(members) / len(members)
            first = middle - APART * (len(members) - 1) / 2
        groups.append((members, first))
    return [first + APART * k for members, first in groups for k in range(len(members))]


def _shaft(arrow: Arrow, scheme: Scheme) -> list[dict[str, Any]]:
    at = {
        "x": arrow.tip[0], "y": arrow.tip[1], "xref": "x", "yref": "y", "ax": 0.0, "ay": 0.0,
        "axref": "x", "ayref": "y", "showarrow": True, "text": "",
    }  # fmt: skip
    edge = {**at, "arrowhead": 0, "arrowwidth": 5, "arrowcolor": colour("surface", scheme), "opacity": 0.85}
    return [edge, {**at, "arrowhead": 2, "arrowwidth": 1.7, "arrowcolor": colour("ink", scheme)}]


def _name(arrow: Arrow, offset: tuple[float, float], scheme: Scheme) -> dict[str, Any]:
    right, down = offset
    return {
        "x": arrow.tip[0], "y": arrow.tip[1], "xref": "x", "yref": "y",
        "ax": right, "ay": down, "axref": "pixel", "ayref": "pixel",
        "showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": colour("ink-2", scheme), "standoff": 3,
        "text": arrow.name,
        "xanchor": "left" if right > 0 else "right",
        "yanchor": "middle",
        "font": {"size": 12, "color": colour("ink", scheme)},
        "bgcolor": scale_bar(scheme, "")["bgcolor"],
        "borderpad": 2,
    }  # fmt: skip
