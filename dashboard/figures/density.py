"""A sample as a density picture: counts of cells on a logarithmic scale, with axes and a legend around it."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dashboard.figures.base import Scheme, axis, layout, ordered_scale, scale_bar


def density_picture(counts: np.ndarray, scheme: Scheme) -> bytes:
    """Draw counts.

    Args:
        counts: (H, W), the first row at the bottom.
        scheme: "light" or "dark".

    Returns:
        A PNG of one pixel a cell: log10 of the count on the scale from 1 to the largest; cells without points are
        transparent.
    """
    from PIL import Image

    most = max(int(counts.max()), 1)
    with np.errstate(divide="ignore"):
        share = np.log10(counts) / max(math.log10(most), 1e-9)
    index = np.where(counts > 0, 1 + np.clip(share, 0, 1) * 254, 0).astype(np.uint8)
    stops = np.array([[int(text[k : k + 2], 16) for k in (1, 3, 5)] for _, text in ordered_scale(scheme)], float)
    positions = np.linspace(0, len(stops) - 1, 255)
    palette = np.stack([np.interp(positions, np.arange(len(stops)), stops[:, k]) for k in range(3)], axis=1)
    picture = Image.fromarray(index[::-1], "P")
    picture.putpalette([0, 0, 0, *np.round(palette).astype(int).ravel().tolist()])
    stream = io.BytesIO()
    picture.save(stream, "PNG", transparency=0)
    return stream.getvalue()


def density_figure(limits: Sequence[tuple[float, float]], titles: Sequence[str], most: int, scheme: Scheme) -> Any:
    """Return the axes and legend; `assets/js/latent_space/density.js` inserts the picture of the visible window.

    Args:
        limits: of both axes.
        titles: of both axes, with units.
        most: the largest count of a cell in them.
        scheme: "light" or "dark".

    Returns:
        A `go.Figure`; its only trace is the legend's.
    """
    import plotly.graph_objects as go

    ticks = list(range(math.ceil(math.log10(max(most, 2))) + 1))
    bar = scale_bar(
        scheme, "Rows in a cell, log scale", tickvals=ticks, ticktext=[f"{10**k:,}" for k in ticks], nticks=0
    )
    return go.Figure(
        go.Scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={
                "color": [0.0],
                "colorscale": ordered_scale(scheme),
                "cmin": 0.0,
                "cmax": math.log10(max(most, 2)),
                "showscale": True,
                "colorbar": bar,
            },
            hoverinfo="skip",
        ),
        layout=layout(
            scheme,
            dragmode="pan",
            xaxis=axis(scheme, titles[0], range=list(limits[0])),
            yaxis=axis(scheme, titles[1], range=list(limits[1])),
        ),
    )
