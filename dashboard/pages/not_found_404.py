"""The page for an unknown address."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html

from dashboard.components.shell import page
from dashboard.faces.site_path import site_path

dash.register_page(__name__, path="/404", title="No such page · Likeness")


def layout(**_: Any) -> html.Div:
    """Lay out the page."""
    return page(
        "No such page",
        html.Div(
            [
                html.P("There is no page at this address. Nothing was changed."),
                dcc.Link("Open the generator", href=site_path("/")),
            ],
            className="lk-empty",
        ),
    )
