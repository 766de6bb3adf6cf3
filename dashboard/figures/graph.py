"""A graph: points on a circle, and lines between correlated ones, with the strength as width.

Names stand upright in two columns beside the circle, each led to its point by a thin line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.base import Scheme, colour, layout, series

Edge = tuple[int, int, float, str]
"""Two indices, the strength (-1 to 1), and a text."""

THICK = 14.0
"""Pixels of a line of strength 1."""

COLUMN, GAP, HIGH = 1.13, 0.04, 1.12
"""Where a line ends, the space before its name, and the highest name; in radii of the circle."""

HALF, LETTER, LONGEST = 236, 6.7, 24
"""Pixels from the middle to the side of the narrowest card, pixels of a letter, and letters that always have room."""


def graph(names: Sequence[str], edges: Sequence[Edge], scheme: Scheme) -> Any:
    """Draw a graph.

    Args:
        names: in their order around the circle, from the top on.
        edges: lines, the weakest first.
        scheme: "light" or "dark".

    Returns:
        A `go.Figure`; lines above 0 have the first colour, those below 0 the second and are dashed.
    """
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / max(len(names), 1)
    x, y = np.cos(angles), np.sin(angles)
    letters = min(LONGEST, max(map(len, names), default=0))
    reach = (COLUMN + GAP) * HALF / (HALF - LETTER * letters)
    hidden = {"visible": False, "range": [-reach, reach], "fixedrange": True}
    figure = go.Figure(
        layout=layout(
            scheme,
            margin={"l": 4, "r": 4, "t": 4, "b": 4},
            dragmode=False,
            xaxis=hidden,
            yaxis={**hidden, "range": [-1.2, 1.2], "scaleanchor": "x"},
        )
    )
    for first, second, strength, words in edges:
        ink = series(scheme)[0 if strength > 0 else 1]
        figure.add_trace(
            go.Scatter(
                x=np.linspace(x[first], x[second], 9),
                y=np.linspace(y[first], y[second], 9),
                mode="lines",
                line={
                    "width": max(1.0, THICK * abs(strength)),
                    "color": ink,
                    "dash": "solid" if strength > 0 else "dot",
                },
                opacity=0.75,
                text=[words] * 9,
                hovertemplate="%{text}<extra></extra>",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=x,
            y=y,
            mode="markers",
            marker={"size": 8, "color": colour("ink-2", scheme)},
            text=list(names),
            hovertemplate="%{text}<extra></extra>",
        )
    )
    ink = colour("ink-2", scheme)
    for side in (1, -1):
        ends = _ends([k for k in range(len(names)) if (x[k] > -1e-9) == (side > 0)], y)
        figure.add_trace(
            go.Scatter(
                x=[at for k in ends for at in (x[k] * 1.03, side * COLUMN, None)],
                y=[at for k, end in ends.items() for at in (y[k] * 1.03, end, None)],
                mode="lines",
                line={"width": 1, "color": colour("line", scheme)},
                hoverinfo="skip",
            )
        )
        for k, end in ends.items():
            figure.add_annotation(
                x=side * (COLUMN + GAP),
                y=end,
                text=names[k],
                showarrow=False,
                xanchor="left" if side > 0 else "right",
                yanchor="middle",
                font={"size": 12, "color": ink},
            )
    return figure


def _ends(points: Sequence[int], y: np.ndarray) -> dict[int, float]:
    """Return the heights of the names of one side: in the order of their points, evenly apart."""
    ordered = sorted(points, key=lambda k: -y[k])
    heights = np.linspace(HIGH, -HIGH, len(ordered)) if len(ordered) > 1 else np.zeros(1)
    return dict(zip(ordered, heights.tolist(), strict=False))
