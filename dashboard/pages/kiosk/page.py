"""The kiosk: one face and a few sliders, for a public screen.

See `assets/js/kiosk/kiosk.js`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, dcc, html

from dashboard.components.face_card import face_frame
from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.components.initial_state import open_face
from dashboard.components.slider_panel import default_shown
from dashboard.components.slider_row import slider_row
from dashboard.errors import InputError
from dashboard.figures.theme import mantine_theme
from dashboard.serving.runtime import current_runtime

REST_SECONDS = 60
"""Seconds without a touch after which the kiosk shows the face of a first visit again."""

KEY = ("Blue: you moved it.", "Grey: it changed as a result.")
"""Meaning of the two colours; other marks need longer explanations and are left out."""


ENDS = {
    "Smiling": ("serious", "broad smile"),
    "Mouth_Open": ("closed", "open"),
    "Mouth_Slightly_Open": ("closed", "open"),
    "Male": ("reads as female", "reads as male"),
    "Young": ("reads as older", "reads as younger"),
    "Skin_Tone": ("lighter", "darker"),
    "Big_Nose": ("small", "big"),
    "Big_Lips": ("thin", "full"),
    "Yaw": ("to the left", "to the right"),
}
"""What the two ends of a slider mean, of the attributes that strangers are shown most."""


def end_words(attribute: dict[str, Any]) -> tuple[str, str]:
    """Say what the two ends of an attribute's slider mean, low first."""
    plain = ("without", "with") if attribute.get("kind") == "binary" else ("less", "more")
    return ENDS.get(attribute["name"], plain)


def kiosk_sliders(names: Sequence[str], attributes: Sequence[dict[str, Any]]) -> list[str]:
    """Choose the attributes that have a slider.

    Args:
        names: from `LIKENESS_KIOSK_SLIDERS`; empty for the first of each group.
        attributes: of the model, in its order.

    Returns:
        Their names, in the given order.

    Raises:
        InputError: one is not an attribute of the model.
    """
    available = [attribute["name"] for attribute in attributes]
    if unknown := [name for name in names if name not in available]:
        raise InputError(
            f"LIKENESS_KIOSK_SLIDERS: Expected attributes of the model ({', '.join(available) or 'it has none'}). "
            f"Received: {', '.join(unknown)}. Correct the names."
        )
    return list(dict.fromkeys(names)) or default_shown(attributes, a_group=1)


def kiosk() -> dmc.MantineProvider:
    """Lay out the whole application, which is this page."""
    begin = open_face(None, None)
    attributes = begin.description["attributes"]
    indices = {attribute["name"]: index for index, attribute in enumerate(attributes)}
    chosen = kiosk_sliders(current_runtime().settings.kiosk_sliders, attributes)
    rows = [_row(attributes[indices[name]], indices[name]) for name in chosen]
    return dmc.MantineProvider(
        [
            dcc.Store(id="face"),
            begin.store,
            dmc.NotificationContainer(id="notifications", position="bottom-right", autoClose=4000, limit=1),
            html.Main(
                [
                    html.Header(
                        [
                            html.H1("Nobody's face", className="lk-kiosk-title"),
                            html.P("Move a slider, and see what else changes."),
                        ],
                        className="lk-kiosk-head",
                    ),
                    html.Section(face_frame(), className="lk-face-card", **{"aria-label": "Face"}),
                    html.Section(
                        [
                            html.Div(rows, className="lk-list"),
                            html.Div(
                                [
                                    *_buttons(),
                                    html.P([html.Span(words) for words in KEY], className="lk-kiosk-key"),
                                ],
                                className="lk-kiosk-foot",
                            ),
                        ],
                        id="panel",
                        className="lk-panel",
                        **{"aria-label": "Attributes"},
                    ),
                ],
                id="kiosk",
                className="lk-generator lk-kiosk",
                **{"data-rest": str(REST_SECONDS)},
            ),
        ],
        theme=mantine_theme(),
        defaultColorScheme="auto",
    )


def register_kiosk(app: dash.Dash) -> None:
    """Register the page's one callback, with this application only."""
    app.clientside_callback(
        ClientsideFunction("likeness_kiosk", "open"), Output("kiosk", "data-open"), Input("opening", "data")
    )


def _row(attribute: dict[str, Any], index: int) -> html.Div:
    row = slider_row(attribute, index)
    ends = html.Div([html.Span(words) for words in end_words(attribute)], className="lk-kiosk-ends")
    row.children = [*(row.children or []), ends]
    return row


def _buttons() -> list[dmc.Button]:
    return [
        with_help(
            dmc.Button(name, leftSection=icon(picture, 18), variant="default", size="md", **{"data-action": action}),
            words,
        )
        for name, picture, action, words in (
            ("Random face", "dice", "random", "Another person; sliders that you moved stay"),
            ("Reset all", "release", "reset", "Resets all sliders; the person stays"),
        )
    ]
