"""The matrix of attributes against attributes, with the tree of their clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.analysis.matrices import Tree
from dashboard.figures.base import Scheme, axis, colour, layout, scale_bar, signed_scale

LETTER = 7.0
"""Approximate width of a letter of a name in pixels."""

SLANTED = 0.62 * LETTER
"""Approximate width of a letter of a slanted name."""

NARROW = 560
"""Width in pixels that names and tree are scaled to."""

LEAST = 16.2
"""Least side of a cell in pixels: slightly more than what can be read and hit."""


def matrix(
    values: np.ndarray,
    doubtful: np.ndarray,
    words: Sequence[Sequence[str]],
    names: Sequence[str],
    tree: Tree,
    scheme: Scheme,
    keys: Sequence[str] = (),
) -> Any:
    """Draw a matrix.

    Args:
        values: (F, F) in the order of `names`; row moved, column looked at; nan stays empty.
        doubtful: (F, F) cells drawn in the middle colour of the scale.
        words: F x F sentences for the tooltip.
        names: F display names.
        tree: the order on both axes, and the joins that are drawn at the left.
        scheme: "light" or "dark".
        keys: F names for scripts.

    Returns:
        A `go.Figure` with square cells; `layout.meta` holds the order, the keys in that order, and the least width and
        height in pixels.
    """
    order = tree.order
    count = len(order)
    shown = np.where(doubtful, 0.0, values)[np.ix_(order, order)]
    limit = _limit(shown)
    longest = max((len(name) for name in names), default=0)
    forest, wide = len(tree.links) > 0, LETTER * longest + 10
    start = ((0.11 * NARROW if forest else 0) + wide) / NARROW
    ticks = {
        "tickvals": list(range(count)),
        "ticktext": [names[k] for k in order],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "",
        "tickfont": {"size": 12 if count <= 34 else 10, "color": colour("ink-2", scheme)},
        "constrain": "domain",
    }
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            x=list(range(count)),
            y=list(range(count)),
            text=[[words[i][j] for j in order] for i in order],
            hovertemplate="%{text}<extra></extra>",
            hoverongaps=False,
            xgap=1,
            ygap=1,
            zmin=-limit,
            zmax=limit,
            colorscale=signed_scale(scheme),
            colorbar=scale_bar(
                scheme,
                "",
                x=start + (1 - start) / 2,
                xanchor="center",
                y=0,
                yanchor="top",
                ypad=14,
                ticklabeloverflow="allow",
                len=0.42,
                # Slightly inside: plotly hides a tick whose position rounds to a value outside the axis.
                tickvals=[share * limit for share in (-0.99, -0.5, 0, 0.5, 0.99)],
                ticktext=[_signed(value) for value in np.linspace(-limit, limit, 5)],
            ),
        ),
        layout=layout(
            scheme,
            margin={"l": 6, "r": _overhang([names[k] for k in order]), "t": 0.79 * wide, "b": 50},
            dragmode=False,
            xaxis=axis(
                scheme,
                **{**ticks, "tickfont": {**ticks["tickfont"], "size": 11 if count <= 34 else 9}},
                domain=[start, 1],
                range=[-0.5, count - 0.5],
                side="top",
                tickangle=-52,
                constraintoward="left",
            ),
            yaxis=axis(
                scheme,
                **ticks,
                range=[count - 0.5, -0.5],
                scaleanchor="x",
                constraintoward="top",
            ),
            meta={
                "order": [int(k) for k in order],
                "keys": [keys[k] for k in order] if keys else [],
                # With what plotly adds for slanted names and the scale: 8 px across and 54 px down, measured.
                "least": [
                    round(LEAST * count / (1 - start) + 6 + SLANTED * longest + 8),
                    round(LEAST * count + 0.79 * wide + 50 + 54),
                ],
            },
        ),
    )
    if forest:
        _draw_tree(figure, tree, scheme)
    return figure


def _draw_tree(figure: Any, tree: Tree, scheme: Scheme) -> None:
    """Draw the joins, the root at the left."""
    corners = [np.vstack([link, [np.nan, np.nan]]) for link in tree.links]
    line = np.concatenate(corners)
    figure.add_trace(
        go.Scatter(
            x=line[:, 1],
            y=line[:, 0],
            xaxis="x2",
            mode="lines",
            line={"color": colour("ink-3", scheme), "width": 1, "shape": "linear"},
            hoverinfo="skip",
        )
    )
    top = float(np.nanmax(line[:, 1])) or 1.0
    figure.update_layout(
        xaxis2={
            "domain": [0, 0.11],
            "range": [top * 1.03, 0],
            "anchor": "y",
            "visible": False,
            "fixedrange": True,
        }
    )


def _overhang(names: Sequence[str]) -> float:
    """Return the pixels by which slanted column names extend past the last column, at its minimum width."""
    narrowest = 0.6 * NARROW / max(len(names), 1)
    past = [SLANTED * len(name) - narrowest * (len(names) - 1 - index) for index, name in enumerate(names)]
    return max([8.0, *past])


def _limit(values: np.ndarray) -> float:
    """Return the end of the scale: 1, or the next tenth above the largest cell."""
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    return max(1.0, float(np.ceil(largest * 10) / 10))


def _signed(value: float) -> str:
    return f"{value:+.2g}".replace("-", "−") if value else "0"
