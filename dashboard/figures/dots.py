"""Effects in each person as stacked dots, everything free above and locked below, on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.analysis.people import DotStack
from dashboard.figures.base import Scheme, axis, colour, layout

INKS = ("drift", "accent")
LARGEST, SMALLEST = 6.0, 2.5
"""Diameters of a dot, in pixels."""

HIGH = 84.0
"""Height in pixels for the highest stack of each group."""


def dots(groups: Sequence[tuple[str, DotStack]], limit: float, title: str, scheme: Scheme) -> Any:
    """Draw stacked dots.

    Args:
        groups: label and dots of one or two groups, the first on top.
        limit: end of the axis on both sides of 0.
        title: of the axis.
        scheme: "light" or "dark".

    Returns:
        A `go.Figure`. Dots are the smaller, and overlap, the higher their group's highest stack.
    """
    last = "y" if len(groups) == 1 else f"y{len(groups)}"
    figure = go.Figure(
        layout=layout(
            scheme,
            margin={"l": 12, "r": 12, "t": 8, "b": 38},
            dragmode=False,
            xaxis=axis(scheme, title, fixedrange=True, range=[-limit, limit], anchor=last),
        )
    )
    share = 1 / len(groups)
    for index, (label, stack) in enumerate(groups):
        name = "yaxis" if index == 0 else f"yaxis{index + 1}"
        bottom = 1 - share * (index + 1)
        top = float(stack.height.max(initial=1))
        size, high = float(np.clip(HIGH / top, SMALLEST, LARGEST)), max(top, HIGH / LARGEST) + 1
        figure.layout[name] = axis(
            scheme, fixedrange=True, visible=False, range=[0, high], domain=[bottom, bottom + share * 0.94]
        )
        ink = colour(INKS[index], scheme)
        figure.add_trace(
            go.Scatter(
                x=stack.at,
                y=stack.height - 0.5,
                yaxis="y" if index == 0 else f"y{index + 1}",
                mode="markers",
                marker={"size": size, "color": ink},
                customdata=[f"{value:+.2f}".replace("-", "−") for value in stack.mean],
                hovertemplate=f"{stack.words}: %{{customdata}} σ, {label}<extra></extra>",
            )
        )
        figure.add_annotation(
            xref="paper",
            yref="paper",
            x=1,
            y=bottom + share * 0.94,
            text=label,
            showarrow=False,
            xanchor="right",
            yanchor="top",
            font={"size": 12, "color": ink},
        )
    return figure
