"""Two quantities of many faces against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.base import Scheme, axis, colour, layout


def pair(x: np.ndarray, y: np.ndarray, titles: tuple[str, str], scheme: Scheme) -> Any:
    """Draw a small scatter on equal axes.

    Args:
        x, y: (n,) in standard deviations.
        titles: of both axes.
        scheme: "light" or "dark".

    Returns:
        A `go.Figure` from -4 to 4 on both axes, more if faces are outside.
    """
    reach = max(4.0, float(np.ceil(np.nanmax(np.abs([x, y]), initial=0.0))))
    ends = {"range": [-reach, reach], "fixedrange": True, "tickvals": [-3, 0, 3]}
    return go.Figure(
        go.Scatter(
            x=x,
            y=y,
            mode="markers",
            marker={"size": 4, "color": colour("ink-3", scheme), "opacity": 0.45},
            hovertemplate="%{x:+.2f}, %{y:+.2f}<extra></extra>",
        ),
        layout=layout(
            scheme,
            margin={"l": 46, "r": 12, "t": 8, "b": 38},
            dragmode=False,
            xaxis=axis(scheme, titles[0], **ends),
            yaxis=axis(scheme, titles[1], **ends),
        ),
    )
