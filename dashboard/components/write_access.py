"""What a visitor may change, and what to do who may not: stands on every page with controls that change something."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html
from flask import request

from dashboard.components.icon import icon
from dashboard.settings import Settings
from dashboard.web.security import may_write, refusal


def write_access(settings: Settings, field: str = "write-token") -> tuple[bool, html.Div]:
    """Tell whether the visitor of this request may change what is kept.

    Args:
        settings: say who may.
        field: id of the field for a token, ending in "-token"; a page may have several.

    Returns:
        Whether controls that change something are of use, and what stands above them: nothing, a reason, or, where a
        token is asked for, the field for it. `assets/js/write_request.js` sends what is in the field.
    """
    if settings.write == "token":
        return True, html.Div(
            dmc.PasswordInput(
                id=field,
                label="Token",
                description="Whoever has the token of this dashboard may change what it keeps.",
                size="xs",
                autoComplete="off",
                visibilityToggleButtonProps={"aria-label": "Show the token"},
            ),
            className="lk-write-access",
        )
    if may_write(request, settings):
        return True, html.Div()
    return False, html.Div(
        [icon("lock", 16), html.Span(refusal(settings))], className="lk-write-access lk-write-closed", role="note"
    )
