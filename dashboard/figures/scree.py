"""The scree plot: the share of variance of each component, and of noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.base import AFTERWARDS, Scheme, axis, colour, layout, series

MANY = 24
"""Number of components from which the axis is logarithmic."""


def scree(
    variances: np.ndarray, noise_low: np.ndarray | None, noise_high: np.ndarray | None, scheme: Scheme, name: str
) -> Any:
    """Draw the spectrum of a principal component analysis.

    Args:
        variances: (d,) of the components, falling.
        noise_low: (d,) or (1,) lower bound of the noise level for this sample size, in the same unit; None if unknown.
        noise_high: the upper bound.
        scheme: "light" or "dark".
        name: of the space, the label of the line.

    Returns:
        A `go.Figure`: variances in units of their mean (logarithmic), the noise as a band, and the cumulative share of
        the variance on a second axis.
    """
    count = len(variances)
    number = np.arange(1, count + 1)
    total = float(np.sum(variances)) or 1.0
    mean = total / count
    ratio = np.maximum(variances, 0) / mean
    has_noise = noise_high is not None
    edges = (noise_low, noise_high) if has_noise else (np.zeros(1), np.zeros(1))
    low, high = (np.broadcast_to(np.asarray(edge, np.float64), (count,)) / mean for edge in edges)
    least = max(float(ratio[ratio > 1e-9].min()) if (ratio > 1e-9).any() else 1.0, 1e-3)
    most = max(float(ratio.max()), float(high.max())) * 1.3
    line, grey = series(scheme)[0], colour("ink-3", scheme)
    figure = go.Figure(
        layout=layout(
            scheme,
            meta=AFTERWARDS,
            margin={"l": 48, "r": 48, "t": 8, "b": 38},
            hovermode="x unified",
            xaxis=axis(scheme, "component", **({"type": "log", "dtick": 1} if count > MANY else {})),
            yaxis=axis(
                scheme,
                "× mean",
                type="log",
                # Plotly's own numbers between powers of ten are small and meet.
                tickvals=log_ticks(least * 0.8, most),
                ticktext=[f"{tick:g}" for tick in log_ticks(least * 0.8, most)],
                # Dependent components hold rounding errors only: the axis ends above them.
                range=[np.log10(least * 0.8), np.log10(most)],
            ),
            yaxis2=axis(
                scheme,
                overlaying="y",
                side="right",
                range=[0, 100],
                ticksuffix=" %",
                showgrid=False,
                zeroline=False,
                tickvals=[0, 50, 100],
            ),
        )
    )
    below = np.maximum(low, least / 2)
    if has_noise:
        figure.add_trace(
            go.Scatter(
                x=np.concatenate([number, number[::-1]]),
                y=np.concatenate([high, below[::-1]]),
                fill="toself",
                fillcolor=colour("zero", scheme),
                line={"width": 0},
                hoverinfo="skip",
                name="noise alone",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=number,
            y=np.cumsum(np.maximum(variances, 0)) / total * 100,
            yaxis="y2",
            mode="lines",
            line={"color": grey, "width": 1.2},
            name="cumulative",
            hovertemplate="%{y:.1f} %",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=number,
            y=np.where(ratio > 1e-9, ratio, np.nan),
            mode="lines+markers" if count <= MANY else "lines",
            line={"color": line, "width": 2},
            marker={"size": 5},
            name=name,
            hovertemplate="%{y:.3g} × mean",
        )
    )
    return figure


def log_ticks(low: float, high: float) -> list[float]:
    """Return round numbers on a logarithmic axis: powers of ten, and some between where they are few."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for steps in ((1,), (1, 3), (1, 2, 5)):
        ticks = [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high]
        if len(ticks) >= 3:
            return ticks
    return ticks
