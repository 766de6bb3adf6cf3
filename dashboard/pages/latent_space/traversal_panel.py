"""A component as a row of faces and as an animation of the face on the page."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.components.static_html import static
from dashboard.spaces.projection import SHOWN_COMPONENTS

STEPS = range(-4, 5)


def traverse_panel(component: int) -> html.Section:
    """Lay out the traversal; `assets/js/latent_space/traversal.js` gives the pictures their addresses, and plays them.

    Args:
        component: the initial component, from 1.

    Returns:
        The card; `traverse` is the select's id, `traverse-words` describes the component.
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
                                **{
                                    "aria-label": "Component to traverse",
                                    "data-help": "The component that changes the face",
                                },
                            ),
                        ],
                        className="lk-traverse-head",
                    ),
                    html.P(id="traverse-words", className="lk-figure-caption", **{"aria-live": "polite"}),
                    html.P(id="traverse-stands", className="lk-figure-caption"),
                    html.Div(
                        [
                            with_help(_play(), "Plays back and forth. Arrow keys move by one step, Escape stops."),
                            dmc.Button(
                                "Add as slider",
                                leftSection=icon("sliders", 16),
                                variant="default",
                                size="xs",
                                id="add-slider",
                                **{
                                    "data-action": "add-slider",
                                    "data-help": "A slider for this component, on every page with a face",
                                },
                            ),
                        ],
                        className="lk-traverse-tools",
                    ),
                ],
                className="lk-traverse-side",
            ),
            static(
                html.Figure(
                    [html.Img(id="traverse-player", alt="", width=120, height=120), html.Figcaption(id="traverse-at")],
                    className="lk-traverse-player",
                )
            ),
            static(
                html.Ol(
                    [_step(step) for step in STEPS],
                    className="lk-traversal-frames",
                    id="traversal-frames",
                    tabIndex=0,
                    **{"aria-label": "Faces of the component"},
                )
            ),
        ],
        className="lk-figure-card lk-traverse-card",
        **{"aria-labelledby": "traverse-title"},
    )


def _play() -> html.Button:
    """Lay out the button, with one label for playing and one for stopping."""
    return static(
        html.Button(
            [html.Span([icon("play", 16), "Play"]), html.Span([icon("stop", 16), "Stop"])],
            type="button",
            id="play-component",
            className="lk-button lk-play",
            **{"data-action": "play-component"},
        )
    )


def _step(step: int) -> html.Li:
    words = f"{step:+d} σ".replace("-", "−") if step else "this face"
    return html.Li(
        [html.Img(alt="", width=64, height=64, **{"data-step": str(step)}), html.Span(words)],
    )
