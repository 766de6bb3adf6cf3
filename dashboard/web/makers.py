"""Who may delete an upload or a result: its author, an administrator, and the holder of the secret."""

from __future__ import annotations

from flask import current_app, request

from dashboard.errors import Forbidden
from dashboard.settings import Settings
from dashboard.web.security import write_refusal
from dashboard.web.visitors import SETTINGS, current_user


def may_delete(made_by: str) -> bool:
    """Return whether the visitor may delete what a user made.

    Without user names, everybody who may write may delete.

    Args:
        made_by: the user who made it; if empty, an administrator may delete it.
    """
    settings: Settings = current_app.extensions[SETTINGS]
    user = current_user()
    return not settings.user_header or (user != "" and user == made_by) or is_admin()


def check_maker(made_by: str) -> None:
    """Refuse a request that deletes what another user made.

    Args:
        made_by: as for :func:`may_delete`.

    Raises:
        Forbidden: the visitor did not make it, and is no administrator.
    """
    if not may_delete(made_by):
        who = made_by or "an unnamed user"
        raise Forbidden(
            f"Expected the user who made this, or an administrator. Received: {current_user() or 'a visitor'}; "
            f"{who} made it. Ask them, or enter the secret at /enter.",
            "role",
        )


def is_admin() -> bool:
    """Return whether the visitor is an administrator, or has sent the secret."""
    return write_refusal(request, current_app.extensions[SETTINGS], "admin") is None
