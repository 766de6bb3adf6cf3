"""The tab Mix: a slider from the face on the page to another one (`assets/js/generator/mixing.js`)."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, clientside_callback, html


def mix_tab() -> html.Div:
    """Lay out the tab: first a choice of the other face, then the slider between both."""
    return html.Div(
        [
            html.Div(
                [
                    html.Span("Mix this face with", className="lk-mix-lead"),
                    html.Div(id="mix-faces", className="lk-recent-list", role="group", **{"aria-label": "Mix with"}),
                    dmc.TextInput(
                        id="mix-with",
                        size="xs",
                        placeholder="a seed, then Enter",
                        className="lk-mix-with",
                        autoComplete="off",
                        inputProps={"spellCheck": False},
                        **{
                            "aria-label": "Mix with a seed, or any face",
                            "data-help": "Half way to this face, by slerp",
                        },
                    ),
                ],
                className="lk-mix-choice",
            ),
            html.Div(_slider(), className="lk-mix-slider"),
        ],
        id="mix",
        className="lk-mix",
    )


def _slider() -> list[Any]:
    return [
        html.Span(id="mix-first"),
        dmc.Slider(
            id="mix-share",
            min=0,
            max=1,
            step=0.01,
            value=0.5,
            label=None,
            size=4,
            thumbSize=14,
            updatemode="drag",
            thumbLabel="Share of the second face",
            className="lk-mix-share",
            **{"data-help": "Share of the second face: 0 is the first, 1 the second"},
        ),
        html.Span(id="mix-second"),
        html.Span(id="mix-number", className="lk-mix-number", **{"aria-hidden": "true"}),
        html.Button(
            "Another pair",
            type="button",
            className="lk-link",
            **{
                "data-action": "mix-other",
                "data-help": "Choose another face to mix with; this face stays",
            },
        ),
    ]


def register_mix_tab() -> None:
    """Register the callback: the slider's value is passed to the script. Call it once."""
    clientside_callback(
        ClientsideFunction("likeness", "moveMix"),
        Output("mix", "data-share"),
        Input("mix-share", "value"),
        prevent_initial_call=True,
    )
