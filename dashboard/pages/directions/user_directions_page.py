"""The Directions page, tab Make your own: mark faces, and make a direction that separates them.

The script (`assets/js/directions/user_directions.js`) handles the marks and sends them to
`dashboard/pages/directions/user_directions_routes.py`.
"""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, State, callback, dcc, html
from flask import request

from dashboard.components.dock import register_dock
from dashboard.components.write_access import write_access
from dashboard.library.direction_spaces import SPACES
from dashboard.library.extra_directions import current_library
from dashboard.pages.directions.direction_from_selection import selected_examples
from dashboard.pages.directions.frame import directions_tab
from dashboard.pages.directions.imported_scores_panel import face_scores_card
from dashboard.pages.directions.user_directions_panel import made_list, making_card, marking_card
from dashboard.serving.runtime import current_runtime
from dashboard.spaces.sample import sample_seed, scored_only
from dashboard.synthesis.model import Model
from dashboard.web.security import may_write

NAME = "user-directions"

dash.register_page(
    __name__,
    path="/directions/own",
    name="Make your own",
    title="Make your own · Directions · Likeness",
    description="Mark faces, and compute a direction that separates them.",
)
register_dock(NAME)


def layout(face: Any = None, model: Any = None, sel: Any = None, **_: Any) -> html.Div:
    """Lay out the tab.

    Args:
        face, model: the face and the model of the address, or None.
        sel: a selection of the Latent space page, or None.
    """
    return directions_tab(NAME, face, model, lambda shown: _body(shown, sel if isinstance(sel, str) else None))


def _body(shown: Model, selection: str | None) -> list[Any]:
    may, note = write_access(current_runtime().settings)
    made = html.Section(
        [
            html.H2("User directions", className="lk-figure-title", id="user-direction-made-title"),
            html.Div(id="user-direction-made"),
        ],
        className="lk-figure-card lk-user-direction-making",
        **{"aria-labelledby": "user-direction-made-title"},
    )
    return [
        dcc.Store(id="user-direction-model", data=shown.name),
        dcc.Store(id="user-direction-changed"),
        note,
        html.Div(
            [
                marking_card(shown, sample_seed(shown), 0),
                html.Div(
                    [
                        making_card(
                            may,
                            selected_examples(shown, selection) if selection else None,
                            scored_only(shown)[1] if shown.has_bank and shown.has_scorer else (),
                        ),
                        made,
                        face_scores_card(shown, may),
                    ],
                    className="lk-user-direction-side",
                ),
            ],
            className="lk-user-direction-panels",
        ),
    ]


@callback(
    Output("user-direction-made", "children"),
    Input("user-direction-changed", "data"),
    State("user-direction-model", "data"),
)
def list_made(_: Any, name: str) -> Any:
    """List the user directions of this model."""
    runtime = current_runtime()
    model = runtime.open_model(name).model
    may = may_write(request, runtime.settings)
    kept = current_library().user_directions
    return made_list(model, [one for space in SPACES for one in kept.listed(model, space)], may)
