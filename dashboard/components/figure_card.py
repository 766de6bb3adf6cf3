"""A figure in its card: title and caption, its controls, the graph, and a download menu."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.figures.base import GRAPH_CONFIG, layout

TAKE_AWAY = "The figure as a picture or a drawing, or its data"

NOT_YET = {"data": [], "layout": layout("light", xaxis={"visible": False}, yaxis={"visible": False})}
"""An empty figure for a card that has not been drawn."""


def figure_card(
    name: str,
    title: str,
    controls: Any = None,
    before: Any = None,
    after: Any = None,
    menu: Any = None,
    behind: Any = None,
    className: str = "",
) -> html.Section:
    """Lay out a card of one figure.

    Args:
        name: prefix of the ids of its parts: `NAME-title`, `NAME-caption`, `NAME` (the `dcc.Graph`), `NAME-csv` and
            `NAME-npz` (entries of the menu; a callback gives each the `href` of its data).
        title: the heading until a callback writes another.
        controls: at the right of the heading.
        before: between heading and graph, such as a note.
        after: below the graph, such as a sentence about it.
        menu: further entries of the menu, before those of every figure.
        behind: behind the graph, in its box.
        className: further classes of the card.

    Returns:
        The card. `assets/js/figures.js` answers the entries PNG and SVG.
    """
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.H2(title, id=f"{name}-title", className="lk-figure-title"),
                            html.P(id=f"{name}-caption", className="lk-figure-caption"),
                        ],
                        className="lk-figure-names",
                    ),
                    html.Div([*_listed(controls), take_away(name, title, menu)], className="lk-figure-controls"),
                ],
                className="lk-figure-head",
            ),
            *_listed(before),
            graph(name, behind),
            *_listed(after),
        ],
        className=f"lk-figure-card {className}".strip(),
        **{"aria-labelledby": f"{name}-title"},
    )


def graph(name: str, behind: Any = None) -> html.Div:
    """Lay out a graph that fills its box; the box gives the height (CSS), and the callback the figure."""
    drawn = dcc.Graph(
        id=name, figure=NOT_YET, config=GRAPH_CONFIG, responsive=True, className="lk-graph", clear_on_unhover=True
    )
    return html.Div(
        [drawn, *_listed(behind)],
        className="lk-graph-box",
        id=f"{name}-box",
    )


def take_away(name: str, title: str, menu: Any = None) -> dmc.Menu:
    """Lay out the menu that downloads a figure: picture, drawing, and data."""
    return dmc.Menu(
        [
            opener(
                dmc.MenuTarget,
                icon("more", 18),
                name=f"{title}: take away",
                className="lk-figure-more",
                words=TAKE_AWAY,
            ),
            dmc.MenuDropdown(
                [
                    *_listed(menu),
                    _item("Picture, PNG", "picture", **{"data-action": "figure-png", "data-figure": name}),
                    _item("Drawing, SVG", "picture", **{"data-action": "figure-svg", "data-figure": name}),
                    dmc.MenuDivider(),
                    _item("Data, CSV", "download", id=f"{name}-csv", href="", refresh=True),
                    _item("Data, NPZ", "download", id=f"{name}-npz", href="", refresh=True),
                ]
            ),
        ],
        position="bottom-end",
        width=200,
        withinPortal=False,  # inside the card, because it has to be in a landmark
    )


def _item(words: str, picture: str, **given: Any) -> dmc.MenuItem:
    return dmc.MenuItem(words, leftSection=icon(picture, 16), **given)


def _listed(children: Any) -> list:
    if children is None:
        return []
    return list(children) if isinstance(children, list | tuple) else [children]
