"""The demo: Streamlit's Face-GAN demo as a page, for a visitor or a stage.

On TL-GAN's own directions its formula is literal; elsewhere the sliders pin a base face. See `dashboard/faces/demo.py`.
"""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html
from dash.dependencies import ALL

from dashboard.components.face_card import face_frame
from dashboard.components.method_notes import method_note
from dashboard.components.shell import model_chip, page
from dashboard.faces.demo import allowed, controlled_features, demo_face
from dashboard.faces.describe import describe_model
from dashboard.faces.face import Demo, parse
from dashboard.faces.initial_face import opening
from dashboard.faces.site_path import site_path
from dashboard.pages.demo.controls import demo_actions, demo_controls, slider_id
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.imports import has_tlgan_directions

AUDIT = "/directions/bias-audit"

dash.register_page(
    __name__,
    path="/demo",
    name="Demo",
    title="Demo · Likeness",
    description="Move three sliders and see a face change.",
)


def layout(face: Any = None, model: Any = None, **_: Any) -> html.Div:
    """Lay out the page for the face in the address.

    Args:
        face: a face string; a base of the demo's own sets its features, any other face its pins.
        model: the name of the model that the link was made with; None for the default one.

    Returns:
        The page. If the address is invalid, it shows a message and the demo's first face.
    """
    runtime = current_runtime()
    open_model, open_error = runtime.open_model_or_default(model)
    names = allowed(open_model.model.names)
    default = demo_face(open_model.model.names, has_tlgan_directions(open_model.model), open_model.default_face)
    start = opening(face, default, open_model.model, open_error)
    description = describe_model(open_model.model, start["extras"])
    shown = parse(start["asked"])
    data = {
        "model": description,
        "default": str(default),
        "default_model": runtime.model.name,
        "names": names,
        "controlled": (controlled := controlled_features(shown, names)),
        **start,
    }
    literal = isinstance(shown.base, Demo)
    return page(
        "Demo",
        html.Div(
            [
                dcc.Store(id="demo-opening", data=data),
                demo_controls(names, controlled, literal, site_path(AUDIT)),
                html.Section(face_frame(), className="lk-demo-face", **{"aria-label": "Face"}),
            ],
            id="demo",
            className="lk-demo",
        ),
        chip=model_chip(description["name"], description["resolution"], len(open_model.model.attributes)),
        actions=demo_actions(literal),
        note=method_note("demo", open_model.model),
    )


clientside_callback(
    ClientsideFunction("likeness_demo", "open"), Output("demo", "data-open"), Input("demo-opening", "data")
)
clientside_callback(
    ClientsideFunction("likeness_demo", "moved"),
    Output("demo-sliders", "data-moved"),
    Input(slider_id(ALL), "value"),  # type: ignore[arg-type]
)
clientside_callback(
    ClientsideFunction("likeness_demo", "chosen"),
    Output("demo-sliders", "data-chosen"),
    Input("demo-controlled", "value"),
)
