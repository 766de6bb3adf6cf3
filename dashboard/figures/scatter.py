"""The scatter of a sample: one point a face, in two or three dimensions, coloured by a quantity."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.arrows import arrow_annotations, names_in_space
from dashboard.figures.base import IN_TASKS, Scheme, axis, colour, layout, ordered_scale, scale_bar, series
from dashboard.spaces.biplot import Arrow
from dashboard.spaces.colours import Colour

GRID = 48
"""Cells of the density grid in each axis."""

EYE = (1.5, 1.5, 1.05)
"""Initial camera position in three dimensions."""

FEW = 500
"""Number of points below which each is fully opaque."""

PALE = (0.22, 0.72)
"""Opacity of a point in the densest region, and of an isolated one."""

SMALL = 30_000
"""Number of points above which each is smaller and paler, so that dense regions can be seen."""


GREY_STEP = 0.06
"""Share of a scale for points without a number."""


def scatter(
    points: np.ndarray, titles: Sequence[str], ink: Colour, scheme: Scheme, arrows: Sequence[Arrow] = ()
) -> Any:
    """Draw a sample.

    Args:
        points: (n, 2) or (n, 3).
        titles: of the axes, with units.
        ink: the colouring of the points.
        scheme: "light" or "dark".
        arrows: of directions, over the points.

    Returns:
        A `go.Figure`; its first trace is the sample, one point per row, in order.
    """
    draw = _flat if points.shape[1] == 2 else _deep
    return draw(points, titles, ink, scheme, arrows)


def opacities(points: np.ndarray, small: bool = False) -> np.ndarray:
    """Compute the opacity of each point: 0.72 in sparse regions, down to 0.22 in the densest.

    Args:
        points: (n, 2) finite numbers.
        small: whether there are so many that all of them are paler.

    Returns:
        (n,) float32 from 0 to 1.
    """
    if len(points) < FEW:
        return np.full(len(points), PALE[1], np.float32)
    low, high = np.array(axis_limits(points)).T
    cells = np.minimum(((points - low) / (high - low) * GRID).astype(np.int64), GRID - 1)
    counts = np.zeros((GRID, GRID))
    np.add.at(counts, (cells[:, 0], cells[:, 1]), 1.0)
    padded = np.pad(counts, 1, mode="edge")
    smooth = np.mean([padded[a : a + GRID, b : b + GRID] for a in range(3) for b in range(3)], axis=0)
    share = smooth[cells[:, 0], cells[:, 1]] / max(smooth.max(), 1.0)
    shown = PALE[1] - (PALE[1] - PALE[0]) * np.sqrt(share)
    return np.round(shown * (0.7 if small else 1.0), 2).astype(np.float32)


def axis_limits(points: np.ndarray) -> list[tuple[float, float]]:
    """Return the range of each axis that shows every point, with 4 % around them.

    Args:
        points: (n, k) finite numbers.

    Returns:
        k pairs, low and high.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.where(high > low, 0.04 * (high - low), 1.0)
    return [(float(a), float(b)) for a, b in zip(low - room, high + room, strict=True)]


def _flat(points: np.ndarray, titles: Sequence[str], ink: Colour, scheme: Scheme, arrows: Sequence[Arrow]) -> Any:
    (low_x, high_x), (low_y, high_y) = axis_limits(points)
    marker = marker_of(ink, scheme, len(points))
    figure = go.Figure(
        go.Scattergl(
            x=np.asarray(points[:, 0], np.float32),
            y=np.asarray(points[:, 1], np.float32),
            mode="markers",
            marker=marker,
            hoverinfo="none",
            # What is not selected steps back, and keeps its colour: it is the population that the selection is
            # compared to.
            selected={"marker": {"opacity": 1.0}},
            unselected={"marker": {"opacity": 0.14}},
        ),
        layout=layout(
            scheme,
            meta=IN_TASKS,
            dragmode="pan",
            # The legend is inside the plot: without this, Plotly draws everything a second time to make room for it.
            margin={"l": 52, "r": 16, "t": 8, "b": 44, "autoexpand": False},
            xaxis=axis(scheme, titles[0], range=[low_x, high_x], ticklabeloverflow="allow"),
            yaxis=axis(scheme, titles[1], range=[low_y, high_y], ticklabeloverflow="allow"),
            newselection={"line": {"color": colour("ink", scheme), "width": 1.5, "dash": "dot"}, "mode": "immediate"},
            activeselection={"opacity": 0.0},
        ),
    )
    marker["opacity"] = opacities(points, len(points) > SMALL)
    limits = (low_x, high_x), (low_y, high_y)
    figure.update_traces(marker=marker)
    figure.update_layout(annotations=arrow_annotations(arrows, limits, scheme))
    _add_legend(figure, ink, scheme)
    return figure


def _deep(points: np.ndarray, titles: Sequence[str], ink: Colour, scheme: Scheme, arrows: Sequence[Arrow]) -> Any:
    limits = axis_limits(points)
    marker = marker_of(ink, scheme, len(points))
    marker["size"] = max(1.5, marker["size"] - 2.5)
    marker["opacity"] = (
        0.06 if len(points) >= FEW else 0.5
    )  # opaque marks are then visible through them: this face, its path and the arrows
    axes = [
        axis(
            scheme,
            title,
            range=list(limit),
            backgroundcolor="rgba(0,0,0,0)",
            showspikes=False,
            # 3-D lines do not support opacity.
            gridcolor=colour("line", scheme),
            zerolinecolor=colour("line-2", scheme),
        )
        for title, limit in zip(titles, limits, strict=True)
    ]
    figure = go.Figure(
        go.Scatter3d(
            **{name: np.asarray(points[:, k], np.float32) for k, name in enumerate("xyz")},
            mode="markers",
            marker=marker,
            hoverinfo="none",
        ),
        layout=layout(
            scheme,
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            scene={
                **dict(zip(("xaxis", "yaxis", "zaxis"), axes, strict=True)),
                "bgcolor": "rgba(0,0,0,0)",
                "aspectmode": "cube",
                "dragmode": "orbit",
                # Far enough to show the axes' ends and titles.
                "annotations": names_in_space(arrows, limits, EYE, scheme),
                "camera": {"eye": dict(zip("xyz", EYE, strict=True)), "center": {"x": 0, "y": 0, "z": -0.12}},
            },
        ),
    )
    for arrow in arrows:
        figure.add_trace(
            go.Scatter3d(
                **{name: [0.0, arrow.tip[k]] for k, name in enumerate("xyz")},
                mode="lines",
                line={"color": colour("ink", scheme), "width": 5},
                hoverinfo="skip",
            )
        )
    _add_legend(figure, ink, scheme)
    if not ink.groups:  # only a legend of the selection above: the scale is below
        figure.update_traces(showlegend=False)
        figure.update_layout(showlegend=True, legend={**_legend(scheme), "y": 0.98, "yanchor": "top"})
    for trace in _moving(scheme):
        figure.add_trace(trace)
    return figure


def _moving(scheme: Scheme) -> list[Any]:
    """Return the changing traces of three dimensions, initially empty: the selection, the path and this face, in this
    order.
    """
    empty: dict[str, Any] = {"x": [], "y": [], "z": [], "hoverinfo": "skip", "showlegend": False}
    accent = colour("accent", scheme)
    return [
        go.Scatter3d(**empty, name="selected", mode="markers", marker={"size": 3, "color": series(scheme)[1]}),
        go.Scatter3d(**empty, mode="lines", line={"color": accent, "width": 7}),
        go.Scatter3d(
            **empty,
            mode="markers",
            marker={"size": 9, "color": accent, "line": {"color": colour("surface", scheme), "width": 2}},
        ),
    ]


def marker_of(ink: Colour, scheme: Scheme, count: int) -> dict[str, Any]:
    """Return how points are drawn: size in pixels, opacity, colour; with values its scale, `cmin`, `cmax` and legend.

    Args:
        ink: the colouring.
        scheme: "light" or "dark".
        count: how many there are.
    """
    marker: dict[str, Any] = {"size": 5 if count <= SMALL else 3, "opacity": 0.75 if count <= SMALL else 0.5}
    if ink.groups:
        colours = series(scheme)
        steps = len(ink.groups)
        # A stepped scale and a group number per point: three bytes of JSON instead of nine for a colour.
        scale = [(edge, colours[k % len(colours)]) for k in range(steps) for edge in (k / steps, (k + 1) / steps)]
        groups = np.asarray(ink.values, np.float32)
        return {**marker, "color": groups, "colorscale": scale, "cmin": -0.5, "cmax": steps - 0.5}
    values = np.asarray(ink.values, np.float32)
    gone = np.isnan(values)
    low, high = (
        ink.limits or (float(np.min(values[~gone])), float(np.max(values[~gone]))) if not gone.all() else (0.0, 1.0)
    )
    high = high if high > low else low + 1.0
    stops = ordered_scale(scheme)
    if gone.any():  # grey, as a separate step below the scale: a missing number is not the smallest one
        step = GREY_STEP * (high - low)
        values = np.where(gone, low - step / 2, values)
        share = step / (high - low + step)
        grey = colour("line-2", scheme)
        stops = [
            (0.0, grey),
            (share * 0.98, grey),
            *((share + (1 - share) * position, stop) for position, stop in stops),
        ]
        low -= step
    return {
        **marker,
        "color": values,
        "colorscale": stops,
        "cmin": low,
        "cmax": high,
        "colorbar": scale_bar(scheme, ink.title),
        "showscale": True,
    }


def _add_legend(figure: Any, ink: Colour, scheme: Scheme) -> None:
    """Name the groups, with an empty trace each, since all points are in one trace."""
    if not ink.groups:
        return
    colours = series(scheme)
    # Plotly reads a few HTML tags in names, and labels come from uploads.
    for k, name in enumerate(escape(group, quote=False) for group in ink.groups):
        figure.add_trace(
            go.Scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=name,
                marker={"color": colours[k % len(colours)], "size": 8},
                hoverinfo="skip",
            )
            if figure.data[0].type == "scattergl"
            else go.Scatter3d(
                x=[None],
                y=[None],
                z=[None],
                mode="markers",
                name=name,
                marker={"color": colours[k % len(colours)], "size": 6},
                hoverinfo="skip",
            )
        )
    figure.data[0].showlegend = False
    for trace in figure.data[1 : len(figure.data) - len(ink.groups)]:
        trace.showlegend = False
    title = {"text": ink.title, "font": {"size": 11}}
    figure.update_layout(showlegend=True, legend={**_legend(scheme), "title": title, "y": 0.03, "yanchor": "bottom"})


def _legend(scheme: Scheme) -> dict[str, Any]:
    return {
        "x": 0.02,
        "xanchor": "left",
        "font": {"size": 11, "color": colour("ink-2", scheme)},
        "bgcolor": scale_bar(scheme, "")["bgcolor"],
        "itemsizing": "constant",
        "itemclick": False,
        "itemdoubleclick": False,
    }
