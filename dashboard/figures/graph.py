"""A graph: names on a circle, and lines between correlated ones, with the strength as width."""

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
    hidden = {"visible": False, "range": [-1.55, 1.55], "fixedrange": True}
    figure = go.Figure(
        layout=layout(
            scheme,
            margin={"l": 4, "r": 4, "t": 4, "b": 4},
            dragmode=False,
            xaxis=hidden,
            yaxis={**hidden, "range": [-1.5, 1.5], "scaleanchor": "x"},
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
    for k, name in enumerate(names):
        turn = -np.degrees(angles[k])
        left = np.cos(angles[k]) < -1e-9
        figure.add_annotation(
            x=x[k] * 1.05,
            y=y[k] * 1.05,
            text=name,
            showarrow=False,
            textangle=turn + 180 if left else turn,
            xanchor="center",
            yanchor="middle",
            xshift=float(np.cos(angles[k])) * 3.4 * len(name),
            yshift=float(np.sin(angles[k])) * 3.4 * len(name),
            font={"size": 12, "color": colour("ink-2", scheme)},
        )
    return figure
