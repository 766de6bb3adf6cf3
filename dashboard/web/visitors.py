"""Visitors: their identity, from a trusted proxy, and their role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import Request, current_app, has_request_context, request

from dashboard.settings import Settings
from dashboard.web.peers import is_trusted_peer

Role = Literal["look", "write", "admin"]
"""Roles of visitors, each including those before: view; change data; change the installed models."""

RANK: dict[Role, int] = {"look": 0, "write": 1, "admin": 2}
EVERY_USER = "*"
MAX_NAME = 80
MAX_GROUPS = 200

SETTINGS = "likeness-settings"
"""Key of the settings in a Flask application."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor.

    Args:
        user: the name from a trusted proxy; empty if there is none.
        groups: from the same proxy.
    """

    user: str = ""
    groups: frozenset[str] = frozenset()


NOBODY = Visitor()


def visitor_of(asked: Request, settings: Settings) -> Visitor:
    """Return the visitor of a request.

    Args:
        asked: the request.
        settings: `user_header` and `groups_header`, accepted from `trusted_peers` only.

    Returns:
        The visitor; without a name if no header is configured, the peer is not trusted, or the
        name is invalid: a comma may separate a forged name from the proxy's.
    """
    if not settings.user_header or not is_trusted_peer(asked, settings.trusted_peers):
        return NOBODY
    user = _text(asked.headers.get(settings.user_header, ""))
    if not 1 <= len(user) <= MAX_NAME or "," in user or not user.isprintable():
        return NOBODY
    header = _text(asked.headers.get(settings.groups_header, "")) if settings.groups_header else ""
    groups = [group.strip() for group in header.split(",")[:MAX_GROUPS]]
    return Visitor(user, frozenset(group for group in groups if group))


def role_of(visitor: Visitor, settings: Settings) -> Role:
    """Return a visitor's role by name; the secret of the installation gives every role."""
    if not visitor.user:
        return "look"
    if _is_in(visitor, settings.admin_groups):
        return "admin"
    return "write" if _is_in(visitor, settings.write_groups) else "look"


def current_user() -> str:
    """Return the name of the current request's user; empty if there is no name or no request."""
    if not has_request_context():
        return ""
    return visitor_of(request, current_app.extensions[SETTINGS]).user


def _is_in(visitor: Visitor, groups: tuple[str, ...]) -> bool:
    return EVERY_USER in groups or not visitor.groups.isdisjoint(groups)


def _text(value: str) -> str:
    """Return a header's value as text: WSGI decodes bytes as Latin-1, but proxies send UTF-8."""
    try:
        return value.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return value.strip()
