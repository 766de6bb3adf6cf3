"""Random within...: a face whose attributes lie in chosen ranges.

`assets/js/generator/attribute_ranges.js` fills and works it.
"""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, clientside_callback, html

from dashboard.components.help_text import with_help
from dashboard.components.slider_row import display_name
from dashboard.spaces.attribute_ranges import measured_names
from dashboard.synthesis.model import Model


def random_within_button(model: Model) -> dmc.Button | None:
    """Lay out what opens the ranges; None where the model has no attributes."""
    if not measured_names(model):
        return None
    return with_help(
        dmc.Button("Random within…", variant="default", size="xs", id="open-within", **{"data-action": "open-within"}),
        "A face whose attributes lie in ranges that you choose",
    )


def random_within(model: Model) -> dmc.Drawer | None:
    """Lay out the ranges: at the right, so that the face stays in sight and the page can be used.

    Args:
        model: the model on the page; no file of it is read.

    Returns:
        The drawer; None where the model has no attributes.
    """
    names = measured_names(model)
    if not names:
        return None
    return dmc.Drawer(
        html.Div(_form(model, names), className="lk-within"),
        id="within",
        title="Random within ranges",
        position="right",
        size=360,
        withOverlay=False,
        lockScroll=False,
        closeOnClickOutside=False,
        withinPortal=False,  # within the page: a landmark holds its head
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
        classNames={"content": "lk-drawer", "title": "lk-drawer-title"},
    )


def _form(model: Model, names: tuple[str, ...]) -> list:
    measure = "scores over the model's bank" if model.has_bank else "coordinates over random faces"
    return [
        dmc.MultiSelect(
            id="within-names",
            label="Attributes",
            description=f"Ranges are standard deviations of {measure}. The ends are open.",
            placeholder="Young, Smiling ...",
            data=[{"value": name, "label": display_name(name)} for name in names],
            value=[],
            searchable=True,
            size="xs",
            nothingFoundMessage="No attribute has this name.",
            maxDropdownHeight=220,
            comboboxProps={"withinPortal": False},
        ),
        html.Div(id="within-rows", className="lk-within-rows"),
        html.P(id="within-count", className="lk-within-count", role="status"),
        html.Div(
            [
                dmc.Button(
                    "Draw a face",
                    size="xs",
                    className="lk-filled",
                    id="within-draw",
                    **{"data-action": "draw-within", "data-help": "A face of the bank whose scores lie in all ranges"},
                ),
                dmc.Button(
                    "Clear",
                    size="xs",
                    variant="default",
                    **{"data-action": "clear-within", "data-help": "No range is left"},
                ),
            ],
            className="lk-within-buttons",
        ),
        html.P(
            "Pins are left out: they would move the face out of its ranges.",
            className="lk-within-note",
        ),
    ]


def register_random_within() -> None:
    """Register the callbacks: the chosen attributes become rows, the rows' values ranges. Call it once."""
    clientside_callback(
        ClientsideFunction("likeness", "chooseWithin"),
        Output("within-rows", "children"),
        Input("within-names", "value"),
        prevent_initial_call=True,  # the address's own ranges come first
    )
    clientside_callback(
        ClientsideFunction("likeness", "moveWithin"),
        Output("within-count", "data-moved"),
        Input({"type": "within", "name": ALL}, "value"),
        prevent_initial_call=True,
    )
