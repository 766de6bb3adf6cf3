"""Common parts of figures: the graph's configuration, the colours of both schemes, the scales, the axes.

plotly is imported by the modules that draw, not here: a process that has not drawn a figure has not loaded it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from dashboard.figures.theme import TOKENS

Scheme = Literal["light", "dark"]
Stops = list[tuple[float, str]]

GRAPH_CONFIG: dict[str, Any] = {
    # Plotly's own buttons cover the data, and one of them sends the figure to a cloud: ours are in the card.
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "doubleClick": "reset",
}
"""Configuration of every `dcc.Graph`."""

IN_TASKS = {"tasks": True}
"""`layout.meta` of a figure that `assets/js/plotly.js` first draws in several tasks, because its page opens with it."""

AFTERWARDS = {"tasks": True, "afterwards": True}
"""`layout.meta` of a figure that is first drawn so once the others of its page are, and the page has nothing to do."""

FONT = "-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
"""Mantine's own stack, as far as a downloaded SVG can use it."""

VIRIDIS = "440154 482878 3E4989 31688E 26828E 1F9E89 35B779 6DCD59 B4DE2C FDE725"
"""Ten stops of matplotlib's viridis (Smith and van der Walt, 2015): perceptually uniform, also in grey and
colour-blind.
"""

SIGNED = {
    "light": "40004B 762A83 9970AB C2A5CF F7F7F7 A6DBA0 5AAE61 1B7837 00441B",
    "dark": "D9BCEF B98FDB 8F63B3 5F4478 242B34 2F6A45 4E9E62 7CC888 B9EABB",
}
"""Purple to green (ColorBrewer's PRGn) with the background's tone in the middle."""

SERIES = {
    "light": "0072B2 A84A00 00795C AA4C84 6B5B00 465161",
    "dark": "5CB3EA F0904A 3FC6A0 E29BC4 D8C14A B0BAC6",
}
"""Colours of series and groups: after Okabe and Ito (2008), dark enough for text on a light background."""

_SLASHED = re.compile(r"rgb\((\d+) (\d+) (\d+) / ([\d.]+)%\)")


def colour(token: str, scheme: Scheme) -> str:
    """Return a colour of the table, as plotly writes it.

    Args:
        token: a name in `dashboard.figures.theme.TOKENS`, such as "ink-2".
        scheme: "light" or "dark".

    Returns:
        `#RRGGBB`, or `rgba(...)` where it is translucent.
    """
    text = TOKENS[token][0 if scheme == "light" else 1]
    found = _SLASHED.fullmatch(text)
    return f"rgba({found[1]},{found[2]},{found[3]},{float(found[4]) / 100:g})" if found else text


def ordered_scale(scheme: Scheme, filled: bool = False) -> Stops:
    """Return the sequential colour scale.

    Args:
        scheme: "light" or "dark".
        filled: whether areas are filled: these use the whole of viridis; points omit the end close to the background.

    Returns:
        (position, colour) from 0 to 1.
    """
    low, high = (0.0, 1.0) if filled else {"light": (0.0, 0.85), "dark": (0.2, 1.0)}[scheme]
    stops = VIRIDIS.split()
    return [(k / 20, _between(stops, low + (high - low) * k / 20)) for k in range(21)]


def signed_scale(scheme: Scheme) -> Stops:
    """Return the diverging colour scale: 0 is in the middle, in the background's tone."""
    stops = SIGNED[scheme].split()
    return [(k / (len(stops) - 1), f"#{stop}") for k, stop in enumerate(stops)]


def series(scheme: Scheme) -> list[str]:
    """Return the colours of series and groups, in order; after six they repeat, so that each needs a label."""
    return [f"#{stop}" for stop in SERIES[scheme].split()]


def layout(scheme: Scheme, **changes: Any) -> dict[str, Any]:
    """Return the base layout of every figure: transparent background, hairline grid, small grey ticks.

    Args:
        scheme: "light" or "dark".
        changes: keywords of plotly's layout that override these.

    Returns:
        Keywords for `go.Layout`. Legends are off: lines are labelled directly.
    """
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": colour("ink-2", scheme)},
        "margin": {"l": 52, "r": 16, "t": 8, "b": 44},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": colour("raised", scheme),
            "bordercolor": colour("line-2", scheme),
            "font": {"family": FONT, "size": 12, "color": colour("ink", scheme)},
        },
        "uirevision": "kept",
        "xaxis": axis(scheme),
        "yaxis": axis(scheme),
        **changes,
    }


def axis(scheme: Scheme, title: str = "", **changes: Any) -> dict[str, Any]:
    """Return one axis.

    Args:
        scheme: "light" or "dark".
        title: what it measures, with its unit.
        changes: keywords of plotly's axis that override these.

    Returns:
        Keywords for `go.layout.XAxis`, `YAxis`, or an axis of a scene.
    """
    return {
        "title": {"text": title, "font": {"size": 12, "color": colour("ink-2", scheme)}},
        "tickfont": {"size": 11, "color": colour("ink-3", scheme)},
        "gridcolor": colour("grid", scheme),
        "zerolinecolor": colour("zero", scheme),
        "zerolinewidth": 1,
        "linecolor": colour("line-2", scheme),
        **changes,
    }


def scale_bar(scheme: Scheme, title: str, **changes: Any) -> dict[str, Any]:
    """Return the legend of a scale: a short bar lying in the lower left of the plot.

    Args:
        scheme: "light" or "dark".
        title: what the colours mean, with the unit.
        changes: keywords of plotly's colour bar that override these.

    Returns:
        Keywords for a `colorbar`.
    """
    return {
        "title": {"text": title, "side": "top", "font": {"size": 11, "color": colour("ink-2", scheme)}},
        "orientation": "h",
        "thickness": 8,
        "len": 0.3,
        "x": 0.02,
        "xanchor": "left",
        "y": 0.03,
        "yanchor": "bottom",
        "outlinewidth": 0,
        "nticks": 3,
        "tickfont": {"size": 11, "color": colour("ink-2", scheme)},
        "bgcolor": _veiled(colour("surface", scheme)),
        **changes,
    }


def _veiled(hexadecimal: str) -> str:
    red, green, blue = (int(hexadecimal[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.82)"


def _between(stops: Sequence[str], fraction: float) -> str:
    """Return the colour at a position from 0 to 1 on evenly spaced stops."""
    at = fraction * (len(stops) - 1)
    first = min(int(at), len(stops) - 2)
    share = at - first
    pairs = ((int(stops[first][k : k + 2], 16), int(stops[first + 1][k : k + 2], 16)) for k in (0, 2, 4))
    return "#" + "".join(f"{round(low + (high - low) * share):02X}" for low, high in pairs)
