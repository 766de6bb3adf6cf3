"""The controls of the page: the space, the method, the sample."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.icon import icon
from dashboard.pages.latent_space.layout_panel import layout_fields, method_choice
from dashboard.spaces.sample import SetSpace, Space, offered
from dashboard.spaces.view import View
from dashboard.synthesis.model import Model

SETS = 3
"""Number of uploaded sets in the row; the dialog lists all."""

LONGEST = 20
"""Length limit of a set's title in the row."""


def controls(view: View, model: Model, writable: bool) -> html.Div:
    """Lay out the row above the panels.

    Args:
        view: the initial view.
        model: the model of the spaces.
        writable: whether the visitor may upload a set.

    Returns:
        The row; `space` and `method` are the switches, `sample-words` describes the sample.
    """
    return html.Div(
        [
            html.Div(
                [
                    dmc.SegmentedControl(
                        id="space",
                        data=space_choices(model, view.space),
                        value=view.space.name,
                        size="xs",
                        **{
                            "aria-label": "Space",
                            "data-help": "The space of the points: latents, features, or an uploaded set",
                        },
                    ),
                    dmc.Button(
                        "Upload latents" if writable else "Uploaded sets",
                        leftSection=icon("upload", 16),
                        variant="default",
                        size="xs",
                        **{
                            "data-action": "open-sets",
                            "data-help": "Adds your own latents, as NPY or CSV, as a space",
                        },
                    ),
                ],
                className="lk-spaces",
            ),
            method_choice(view),
            html.P(id="sample-words", className="lk-sample-words", **{"aria-live": "polite"}),
            layout_fields(view, model),
        ],
        id="latent-controls",
        className="lk-latent-controls",
        **{"data-method": view.method},
    )


def space_choices(model: Model, shown: Space) -> list[dict[str, str]]:
    """Return the spaces in the row: the model's own, the latest sets, and the current one.

    Args:
        model: the model of the spaces.
        shown: the space of the page.

    Returns:
        Value and label of each; a set's label includes its number of rows.
    """
    spaces = offered(model)
    sets = [space for space in spaces if isinstance(space, SetSpace)]
    kept = [space for space in sets if space in sets[:SETS] or space == shown]
    own = [{"value": space.name, "label": space.title} for space in spaces if space not in sets]
    return own + [{"value": space.name, "label": f"{_short(space.title)} · {space.held.n:,}"} for space in kept]


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
