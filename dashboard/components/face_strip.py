"""Below the face: a look at it without its pins, the star, and the last faces. `assets/js/strip.js` fills it."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon


def face_strip() -> html.Div:
    """Lay out the foot of the generator's face card."""
    hold = html.Button(
        [icon("eye", 18), "Hold to see without pins", html.Kbd("B", className="lk-kbd", **{"aria-hidden": "true"})],
        id="hold",
        type="button",
        className="lk-hold",
        title="While it is held, the face is shown without its pins. Nothing is changed.",
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
        "Keep among the favourites of this browser (F)",
    )
    average = html.Button(
        id="average",
        type="button",
        className="lk-link",
        hidden=True,
        title="The middle of the favourites' bases, without their pins",
        **{"data-action": "average"},
    )
    return html.Div(
        [
            html.Div([hold, star], className="lk-strip-head"),
            html.Div([html.H2("Last faces", className="lk-caps"), average], className="lk-strip-head"),
            html.Div(id="strip", className="lk-strip", role="group", **{"aria-label": "Last faces"}),
        ],
        className="lk-face-strip",
    )
