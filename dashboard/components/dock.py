"""The dock: the face and its sliders beside an analysis, synchronised with the page.

A page lays the dock out beside its own content (`docked`), and calls `register_dock` once; everything else is the
browser's (`assets/js/face_page.js`, `dock.js`), as on the generator page. What the page draws listens to
`likeness:change`.
"""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html

from dashboard.components.face_card import face_card
from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.components.initial_state import FaceOpening
from dashboard.components.slider_panel import slider_panel


def docked(name: str, begin: FaceOpening, children: Any) -> html.Div:
    """Lay out a page of analysis with the dock on the left.

    Args:
        name: the page's name, such as "latent-space": the id of the whole.
        begin: from `open_face`.
        children: the page's own content.

    Returns:
        The content below the page's header. It contains the stores "opening" and "scheme-now" ("light" or "dark" once
        the script has run).
    """
    return html.Div(
        [
            begin.store,
            dcc.Store(id="scheme-now"),
            html.Aside(
                [
                    html.Div(
                        [
                            html.H2("This face", className="lk-figure-title"),
                            with_help(
                                dmc.ActionIcon(
                                    icon("fold", 18),
                                    variant="subtle",
                                    size=30,
                                    id="dock-fold",
                                    **{"aria-label": "Fold the face away", "data-action": "fold"},
                                ),
                                "Fold or unfold",
                            ),
                        ],
                        className="lk-dock-head",
                    ),
                    _folded(),
                    html.Div([face_card(begin.base), slider_panel(begin.description["attributes"])], id="dock-body"),
                ],
                id="dock",
                className="lk-dock",
                **{"aria-label": "This face"},
            ),
            html.Div(children, className="lk-beside"),
        ],
        id=name,
        className="lk-docked",
    )


def register_dock(name: str) -> None:
    """Register the callbacks of a page's dock: call it once in the page's module.

    Args:
        name: the page's name, as for `docked`.
    """
    for function, source in (("open", Input("opening", "data")), ("show", Input("shown", "value"))):
        clientside_callback(ClientsideFunction("likeness", function), Output(name, f"data-{function}"), source)
    clientside_callback(ClientsideFunction("likeness", "scheme"), Output(name, "data-scheme"), Input("opening", "data"))


def _folded() -> html.Div:
    """Lay out the folded dock: a small face, its seed, and the actions without a row."""
    actions = (
        ("Random face", "dice", "random", "Another person; pins are kept"),
        ("Undo", "undo", "undo", "The step before"),
        ("Redo", "redo", "redo", "The step after"),
    )
    return html.Div(
        [
            html.Canvas(id="dock-face", width=88, height=88, **{"aria-hidden": "true"}),
            html.Span(id="dock-base", className="lk-dock-base"),
            *(
                dmc.ActionIcon(
                    icon(picture, 18),
                    variant="subtle",
                    size=34,
                    className=f"lk-dock-{action}",
                    **{"aria-label": words, "data-action": action, "data-help": help_text},
                )
                for words, picture, action, help_text in actions
            ),
            html.Button(
                [icon("sliders", 18), html.Span("Sliders", className="lk-dock-word"), html.Span(id="dock-pins")],
                type="button",
                id="dock-sliders",
                className="lk-dock-sliders",
                **{"data-action": "fold", "data-help": "The face and its sliders"},
            ),
        ],
        id="dock-mini",
        className="lk-dock-mini",
    )
