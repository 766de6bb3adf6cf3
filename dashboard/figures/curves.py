"""Curves of two scores over one attribute, with bands of the middle of the bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.base import Scheme, axis, layout, series


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve with its band.

    Args:
        name: the label at its end.
        mean, low, high: (T,) of T steps.
    """

    name: str
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def curves(steps: np.ndarray, drawn: Sequence[Curve], title: str, scheme: Scheme, share: bool = False) -> Any:
    """Draw curves over the same steps.

    Args:
        steps: (T,) coordinates, in standard deviations.
        drawn: the curves, the first on top.
        title: of the horizontal axis.
        scheme: "light" or "dark".
        share: whether they are shares of people, 0 to 1, not changes of a score.

    Returns:
        A `go.Figure` with labelled lines.
    """
    figure = go.Figure(
        layout=layout(
            scheme,
            margin={"l": 46, "r": 12, "t": 8, "b": 38},
            dragmode=False,
            hovermode="x",
            xaxis=axis(scheme, title, fixedrange=True, tickvals=[float(step) for step in steps]),
            yaxis=axis(scheme, "P(present)", fixedrange=True, range=[-0.03, 1.03], tickformat=".0%")
            if share
            else axis(scheme, "change of score, σ", fixedrange=True),
        )
    )
    ends = [curve.mean[-1] for curve in drawn]
    for index, curve in reversed(list(enumerate(drawn))):
        ink = series(scheme)[index]
        figure.add_trace(
            go.Scatter(
                x=np.concatenate([steps, steps[::-1]]),
                y=np.concatenate([curve.high, curve.low[::-1]]),
                mode="lines",
                fill="toself",
                fillcolor=_faint(ink),
                line={"width": 0},
                hoverinfo="skip",
            )
        )
        figure.add_trace(
            go.Scatter(
                x=steps,
                y=curve.mean,
                mode="lines",
                line={"color": ink, "width": 2},
                name=curve.name,
                hovertemplate=f"{curve.name} %{{y:{'.0%' if share else '+.2f'}}}{'' if share else ' σ'}<extra></extra>",
            )
        )
        above = ends[index] >= max(ends)
        figure.add_annotation(
            x=steps[-1],
            y=curve.mean[-1],
            text=curve.name,
            showarrow=False,
            xanchor="right",
            yanchor="bottom" if above else "top",
            yshift=6 if above else -6,
            font={"size": 12, "color": ink},
        )
    return figure


def _faint(ink: str) -> str:
    red, green, blue = (int(ink[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"
