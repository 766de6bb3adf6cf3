"""A note on what a visitor may change, and how to sign in, for every page with controls that change something."""

from __future__ import annotations

from dash import html
from flask import request

from dashboard.components.icon import icon
from dashboard.faces.site_path import site_path
from dashboard.settings import Settings
from dashboard.web.security import write_refusal
from dashboard.web.visitors import Role


def write_access(settings: Settings, needed: Role = "write") -> tuple[bool, html.Div]:
    """Return whether the visitor of this request may make changes.

    Args:
        settings: with the permissions.
        needed: "write", or "admin" for what concerns models.

    Returns:
        Whether the visitor may make changes, and the note above the controls: nothing, or the reason, with a link
        to the sign-in page.
    """
    refused = write_refusal(request, settings, needed)
    if refused is None:
        return True, html.Div()
    if refused.failed in ("setting", "role"):
        said = [html.Span(str(refused))]
    else:
        sign_in = html.A("enter the secret", href=site_path("/enter"))
        said = [html.Span(["Viewing needs no secret. To make changes, ", sign_in, " of this dashboard."])]
    return False, html.Div([icon("lock", 16), *said], className="lk-write-access lk-write-closed", role="note")
