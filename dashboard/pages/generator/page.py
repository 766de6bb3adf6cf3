"""The Generator page: one face, and a slider for each attribute.

Slider input does not pass through Dash: see `assets/js/` (gestures, state, sliders,
picture queue).
"""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, clientside_callback, html

from dashboard.components.face_actions import face_actions
from dashboard.components.face_card import face_card
from dashboard.components.initial_state import open_face
from dashboard.components.method_notes import method_note
from dashboard.components.shell import model_chip, page
from dashboard.components.slider_panel import slider_panel
from dashboard.pages.generator.attribute_ranges import (
    attribute_ranges,
    attribute_ranges_button,
    register_attribute_ranges,
)
from dashboard.pages.generator.introduction import introduction
from dashboard.pages.generator.network_options import network_options, register_network_options
from dashboard.pages.generator.recent_faces import recent_faces, register_recent_faces
from dashboard.spaces.sample import sample_size

dash.register_page(
    __name__,
    path="/",
    name="Generator",
    title="Generator · Likeness",
    description="Move sliders and see a face change.",
)


def layout(face: Any = None, model: Any = None, **_: Any) -> html.Div:
    """Lay out the page for the face in the address.

    Args:
        face: a face string, canonical or not; None for the face of a first visit.
        model: the name of the model that the link was made with; None for the default one.

    Returns:
        The page. If the address is invalid, it shows a message and the face of a first visit.
    """
    begin = open_face(face, model)
    description = begin.description
    attributes = description["attributes"]
    return page(
        "Generator",
        html.Div(
            [
                begin.store,
                introduction(sample_size(begin.open_model.model)) if begin.open_model.model.names else None,
                face_card(
                    begin.base,
                    recent_faces(not description["measurable"]),
                    attribute_ranges_button(begin.open_model.model),
                ),
                html.Div(
                    [slider_panel(attributes), network_options(begin.open_model.model)], className="lk-panel-column"
                ),
                attribute_ranges(begin.open_model.model),
                _hints(),
            ],
            id="generator",
            className="lk-generator",
        ),
        chip=model_chip(description["name"], description["resolution"], len(begin.open_model.model.attributes)),
        actions=face_actions(),
        note=method_note("generator", begin.open_model.model),
    )


def _hints() -> html.Div:
    """Lay out the container of a first visit's hints; `assets/js/generator/hints.js` fills it."""
    return html.Div(id="hints", className="lk-hints", role="region", **{"aria-label": "Hints", "aria-live": "polite"})


# Dash runs a callback on the first layout only if it has an output: these two mark that the script is running.
clientside_callback(ClientsideFunction("likeness", "open"), Output("generator", "data-open"), Input("opening", "data"))
clientside_callback(ClientsideFunction("likeness", "show"), Output("panel", "data-shown"), Input("shown", "value"))
register_attribute_ranges()
register_network_options()
register_recent_faces()
