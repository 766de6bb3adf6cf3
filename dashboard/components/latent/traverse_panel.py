"""A component as a strip of faces: the face on the page, moved along it."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.icon import icon
from dashboard.spaces.projection import SHOWN_COMPONENTS

STEPS = range(-4, 5)


def traverse_panel(component: int) -> html.Section:
    """Lay out the strip; `assets/js/latent.js` gives the pictures their addresses.

    Args:
        component: the one to begin with, from 1.

    Returns:
        The card; `traverse` is the select's id, `traverse-words` says what the component does.
    """
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.H2("Traverse", className="lk-figure-title", id="traverse-title"),
                            dmc.Select(
                                id="traverse",
                                data=[{"value": str(k), "label": f"PC {k}"} for k in range(1, SHOWN_COMPONENTS + 1)],
                                value=str(component),
                                size="xs",
                                allowDeselect=False,
                                className="lk-axis-select",
                                comboboxProps={"withinPortal": False},
                                **{"aria-label": "Component to traverse"},
                            ),
                        ],
                        className="lk-traverse-head",
                    ),
                    html.P(id="traverse-words", className="lk-figure-caption", **{"aria-live": "polite"}),
                    dmc.Button(
                        "Add as slider",
                        leftSection=icon("sliders", 16),
                        variant="default",
                        size="xs",
                        id="add-slider",
                        **{"data-action": "add-slider"},
                    ),
                ],
                className="lk-traverse-side",
            ),
            html.Ol([_step(step) for step in STEPS], className="lk-traverse-strip", id="traverse-strip"),
        ],
        className="lk-figure-card lk-traverse-card",
        **{"aria-labelledby": "traverse-title"},
    )


def _step(step: int) -> html.Li:
    words = f"{step:+d} σ".replace("-", "−") if step else "0"
    return html.Li(
        [html.Img(alt="", width=64, height=64, **{"data-step": str(step)}), html.Span(words)],
    )
