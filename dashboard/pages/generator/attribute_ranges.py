"""Random within...: a face whose attributes lie in chosen ranges.

`assets/js/generator/attribute_ranges.js` fills and handles it.
"""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, clientside_callback, html

from dashboard.components.help_text import with_help
from dashboard.components.slider_row import display_name
from dashboard.spaces.attribute_ranges import measured_names
from dashboard.synthesis.model import Model


def attribute_ranges_button(model: Model) -> dmc.Button | None:
    """Lay out the button that opens the ranges; None if the model has no attributes."""
    if not measured_names(model):
        return None
    return with_help(
        dmc.Button("Random within…", variant="default", size="xs", id="open-ranges", **{"data-action": "open-ranges"}),
        "Finds a face with attributes in ranges that you choose",
    )


def attribute_ranges(model: Model) -> dmc.Drawer | None:
    """Lay out the ranges in a drawer at the right, which leaves the face visible and the page usable.

    Args:
        model: the model on the page; none of its files are read.

    Returns:
        The drawer; None if the model has no attributes.
    """
    names = measured_names(model)
    if not names:
        return None
    return dmc.Drawer(
        html.Div(_form(model, names), className="lk-ranges"),
        id="ranges",
        title="Random in ranges",
        position="right",
        size=360,
        withOverlay=False,
        lockScroll=False,
        closeOnClickOutside=False,
        withinPortal=False,  # inside the page, because a landmark contains its header
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
        classNames={"content": "lk-drawer", "title": "lk-drawer-title"},
    )


def _form(model: Model, names: tuple[str, ...]) -> list:
    measure = "scores over the model's bank" if model.has_bank else "coordinates over random faces"
    return [
        dmc.MultiSelect(
            id="ranges-names",
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
        html.Div(id="ranges-rows", className="lk-ranges-rows"),
        html.P(id="ranges-count", className="lk-ranges-count", role="status"),
        html.Div(
            [
                dmc.Button(
                    "Draw a face",
                    size="xs",
                    className="lk-filled",
                    id="ranges-draw",
                    **{"data-action": "draw-ranges", "data-help": "Finds a face of the bank with scores in all ranges"},
                ),
                dmc.Button(
                    "Clear",
                    size="xs",
                    variant="default",
                    **{"data-action": "clear-ranges", "data-help": "No range is left"},
                ),
            ],
            className="lk-ranges-buttons",
        ),
        html.P(
            "Pins are removed, because they would move the face out of its ranges.",
            className="lk-ranges-note",
        ),
    ]


def register_attribute_ranges() -> None:
    """Register the callbacks: rows for the chosen attributes, ranges from the rows' values. Call it once."""
    clientside_callback(
        ClientsideFunction("likeness", "chooseRanges"),
        Output("ranges-rows", "children"),
        Input("ranges-names", "value"),
        prevent_initial_call=True,  # the ranges of the address come first
    )
    clientside_callback(
        ClientsideFunction("likeness", "moveRange"),
        Output("ranges-count", "data-moved"),
        Input({"type": "ranges", "name": ALL}, "value"),
        prevent_initial_call=True,
    )
