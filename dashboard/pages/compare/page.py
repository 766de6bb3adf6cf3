"""The Compare page: two to six faces side by side, what differs, and sheets of faces between and around them.

The state of the faces is in the browser (`assets/js/compare*.js`): the selected one is the face of the address, as on
every page, the others are in the parameter `faces`.
"""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, clientside_callback, html
from dash.dependencies import ALL

from dashboard.components.face_actions import face_actions
from dashboard.components.face_card import face_frame
from dashboard.components.initial_state import open_face
from dashboard.components.method_notes import method_note
from dashboard.components.shell import model_chip, page
from dashboard.pages.compare.cards import compare_cards
from dashboard.pages.compare.controls import toolbar
from dashboard.pages.compare.export_panel import WORD as EXPORT_WORD
from dashboard.pages.compare.sheet_panel import sheet_panel
from dashboard.pages.compare.side_panel import QUANTITIES, compare_side
from dashboard.sheets.plan import read_plan

NAME = "compare"

MESSAGES = "compare-messages"
"""The output of callbacks that only call the script: an empty element without layout cost."""

VIEWS = ("pictures", "difference", "wipe", "blink")

dash.register_page(
    __name__,
    path="/compare",
    name="Compare",
    title="Compare · Likeness",
    description="Compare two to six faces side by side.",
)


def layout(face: Any = None, model: Any = None, **words: Any) -> html.Div:
    """Lay out the page for the faces in the address.

    Args:
        face: the selected face, or None.
        model: the name of a model, or None.
        words: faces, ref, view, what, sliders, and the sheet's (see docs/guide/compare.md).

    Returns:
        The page. Invalid parameters get their default, and a message stands in place of the sheet.
    """
    begin = open_face(face, model)
    shown = begin.open_model.model
    plan, _ = read_plan(words, shown)  # its problem is shown in place of the sheet, which the page loads
    quantity = words.get("what") if words.get("what") in dict(QUANTITIES) else "coordinates"
    view = words.get("view") if words.get("view") in VIEWS else "pictures"
    return page(
        "Compare",
        html.Div(
            [
                begin.store,
                html.Div(id=MESSAGES, hidden=True),
                toolbar(str(view), words.get("sliders") == "apart"),
                html.Div(face_frame(), className="lk-compare-message"),
                html.Div(
                    [compare_cards(), compare_side(begin.description["attributes"], begin.base, str(quantity))],
                    className="lk-compare-top",
                ),
                sheet_panel(plan, shown),
            ],
            id=NAME,
            className="lk-compare",
        ),
        chip=model_chip(shown.name, shown.config.resolution, len(shown.attributes)),
        actions=face_actions(),
        note=method_note(NAME, shown),
    )


clientside_callback(ClientsideFunction("compare", "open"), Output(MESSAGES, "data-open"), Input("opening", "data"))
clientside_callback(ClientsideFunction("likeness", "show"), Output(MESSAGES, "data-show"), Input("shown", "value"))
for function, source in (
    ("word", Input({"type": "compare-word", "name": ALL}, "value")),  # type: ignore[arg-type]
    ("together", Input({"type": "compare-switch", "name": ALL}, "checked")),  # type: ignore[arg-type]
    ("wipe", Input({"type": "wipe", "index": ALL}, "value")),  # type: ignore[arg-type]
    ("tab", Input("compare-tab", "value")),
):
    clientside_callback(ClientsideFunction("compare", function), Output(MESSAGES, f"data-{function}"), source)
clientside_callback(
    ClientsideFunction("compare", "exporting"),
    Output(MESSAGES, "data-exporting"),
    Input({"type": EXPORT_WORD, "name": ALL}, "value"),  # type: ignore[arg-type]
    Input({"type": EXPORT_WORD, "name": ALL}, "checked"),  # type: ignore[arg-type]
)
