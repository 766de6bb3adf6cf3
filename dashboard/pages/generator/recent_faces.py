"""The foot of the face card: the face without pins, the star, recent faces (`assets/js/recent_faces.js`) and
neighbours.
"""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, clientside_callback, html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.pages.generator.mixing_tab import mix_tab, register_mix_tab
from dashboard.spaces.neighbours import ANGLES

TABS = (("last", "Last faces"), ("neighbours", "More like this"), ("mix", "Mix"))
"""Value and name of each tab."""


def recent_faces(distances: bool) -> html.Div:
    """Lay out the foot of the generator's face card.

    Args:
        distances: whether the neighbours' distance can be chosen: without a scorer to find the nearest.
    """
    hold = html.Button(
        [icon("eye", 18), "Hold to see without pins", html.Kbd("B", className="lk-kbd", **{"aria-hidden": "true"})],
        id="hold",
        type="button",
        className="lk-hold",
        **{"aria-pressed": "false"},
    )
    star = with_help(
        dmc.ActionIcon(
            icon("star", 18),
            id="favourite",
            variant="subtle",
            size=30,
            className="lk-favourite",
            **{"aria-label": "Favourite", "aria-pressed": "false", "data-action": "favourite"},
        ),
        "Adds the face to the favourites of this browser",
    )
    average = html.Button(
        id="average",
        type="button",
        className="lk-link",
        hidden=True,
        **{"data-help": "Opens the average of the favourites' bases, without pins", "data-action": "average"},
    )
    return html.Div(
        [
            html.Div(
                [with_help(hold, "Hold to see the face without its pins"), star],
                className="lk-recent-head",
            ),
            dmc.Tabs(
                [
                    html.Div(
                        [
                            dmc.TabsList(
                                [dmc.TabsTab(name, value=value, className="lk-recent-tab") for value, name in TABS],
                                **{"aria-label": "Other faces"},
                            ),
                            average,
                            _neighbour_tools(distances),
                        ],
                        className="lk-recent-head",
                    ),
                    dmc.TabsPanel(
                        html.Div(
                            id="recent-list", className="lk-recent-list", role="group", **{"aria-label": "Last faces"}
                        ),
                        value="last",
                    ),
                    dmc.TabsPanel(
                        html.Div(
                            id="neighbours",
                            className="lk-recent-list",
                            role="group",
                            **{"aria-label": "More like this"},
                        ),
                        value="neighbours",
                    ),
                    dmc.TabsPanel(mix_tab(), value="mix"),
                ],
                id="recent-tab",
                value="last",
                variant="none",
            ),
        ],
        id="recent-faces",
        className="lk-recent-faces",
        **{"data-tab": "last"},
    )


def _neighbour_tools(distances: bool) -> html.Div:
    """Lay out the measure of the neighbours, a button that searches again from the face on the page, and their
    angle.
    """
    again = html.Button(
        "Like this face",
        id="neighbours-again",
        type="button",
        className="lk-link",
        hidden=True,
        **{"data-help": "Neighbours of the face that is shown now", "data-action": "neighbours"},
    )
    choice = dmc.SegmentedControl(
        id="neighbours-angle",
        data=[{"value": str(each), "label": f"{each}°"} for each in ANGLES],
        value="20",
        size="xs",
        **{"aria-label": "Distance, in degrees between latents"},
    )
    return html.Div(
        [
            html.Span(id="neighbours-note", className="lk-neighbours-note", role="status"),
            again,
            with_help(choice, "Distance from the face, in degrees between latents") if distances else None,
        ],
        className="lk-neighbours-tools",
    )


def register_recent_faces() -> None:
    """Register the callbacks: the chosen tab and distance are passed to the script. Call it once."""
    register_mix_tab()
    clientside_callback(
        ClientsideFunction("likeness", "chooseFaceList"),
        Output("recent-faces", "data-tab"),
        Input("recent-tab", "value"),
        prevent_initial_call=True,
    )
    clientside_callback(
        ClientsideFunction("likeness", "chooseAngle"),
        Output("neighbours", "data-angle"),
        Input("neighbours-angle", "value"),
        prevent_initial_call=True,
    )
