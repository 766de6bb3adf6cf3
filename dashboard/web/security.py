"""Access control: who may reach the dashboard, who may change its data, and what its pages may load."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Request, Response, current_app, redirect, request

from dashboard.errors import Forbidden, HostError, InputError
from dashboard.faces.site_path import site_path
from dashboard.settings import Settings
from dashboard.stores.secret import read_secret
from dashboard.web.guesses import MOST, guesses
from dashboard.web.session import cookie_name, session_id
from dashboard.web.visitors import RANK, SETTINGS, Role, role_of, visitor_of

P = ParamSpec("P")
R = TypeVar("R")

EXTENSION = SETTINGS

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Headers of every answer."""

STRONG = 32
"""Minimum length of a secret that cannot be guessed; a generated one has 43 characters."""

OPEN_TO_UNKNOWN = ("/healthz", "/readyz", "/metrics", "/enter")
"""Addresses open to all: two reveal no stored data, `/metrics` checks the peer, `/enter` the secret."""

OPEN_TO_ANY_HOST = ("/healthz", "/readyz")
"""Addresses open under any host name, for monitors that use an IP address; they reveal only the service's state."""


def content_security_policy(script_hashes: Sequence[str], frame_ancestors: Sequence[str] = ()) -> str:
    """Return the content security policy of every page.

    Args:
        script_hashes: `'sha256-...'` of each inline script.
        frame_ancestors: other sites whose pages may frame ours.

    Returns:
        The header's value. It allows style attributes (Mantine, Plotly) and workers from blobs (Plotly), but
        no scripts of other origins.
    """
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(("frame-ancestors 'self'", *frame_ancestors)),
        )
    )


def check_host(asked: Request, settings: Settings) -> None:
    """Refuse a request with a foreign host name, as in DNS rebinding.

    Args:
        asked: the request.
        settings: with our host names.

    Raises:
        HostError: the host name is not one of ours.
    """
    if asked.path in OPEN_TO_ANY_HOST or "*" in settings.allowed_hosts:
        return
    name = _host_name(asked.host)
    # An IP address cannot be rebound: a server that listens on all addresses accepts any of them.
    if settings.host in _WILDCARDS and _address(name) is not None:
        return
    if name not in _own_names(settings) and name not in _LOCAL_NAMES:
        raise HostError(
            f"Expected a host name of this dashboard. Received: {name[:80]}. "
            "Add it to LIKENESS_ALLOWED_HOSTS, and start again."
        )


def may_write(asked: Request, settings: Settings, needed: Role = "write") -> bool:
    """Return whether a request may change data: it is not from another site's page, and secret or user allow it."""
    return write_refusal(asked, settings, needed) is None


def write_refusal(asked: Request, settings: Settings, needed: Role = "write") -> Forbidden | None:
    """Return the reason why a request may not change data, and what to do about it.

    The peer does not count: behind a proxy on this machine every request comes from this machine.

    Args:
        asked: the request; it has the secret in a session cookie (`/enter`), or as
            `Authorization: Bearer SECRET`.
        settings: with `write`, the file of the secret, and the users' roles.
        needed: "write", or "admin" for what concerns models.

    Returns:
        The error for the answer; None if it may. Its `failed` is "setting", "origin", "secret" or "role".
    """
    if settings.write == "off":
        return Forbidden("This dashboard is read-only: LIKENESS_WRITE is off.", "setting")
    if not same_origin(asked, settings):
        return _other_origin(asked)
    visitor = visitor_of(asked, settings)
    role = role_of(visitor, settings)
    if RANK[role] >= RANK[needed]:
        return None
    refused = shown_secret(asked, settings)
    if refused and visitor.user and "Authorization" not in asked.headers:
        return Forbidden(
            f"{visitor.user} may {role} here. Ask for a group that may {needed}, or enter the secret at /enter.",
            "role",
        )
    return refused


def shown_secret(asked: Request, settings: Settings) -> Forbidden | None:
    """Return the error of a request without the secret; None if it has it, in a session or a header."""
    try:
        secret = read_secret(settings.secret_path)
    except InputError as error:
        return Forbidden(str(error), "secret")
    if not secret:
        return Forbidden(
            "Received: a request to a dashboard without a secret: its file is missing or could not be written. "
            "Restart it with a writable LIKENESS_HOME, or with LIKENESS_SECRET_FILE.",
            "secret",
        )
    if session_id(secret, asked.cookies.get(cookie_name(secret))):
        return None
    kind, _, shown = asked.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return Forbidden(
            "Received: a request without the secret of this dashboard. Enter it at /enter; "
            "python -m dashboard secret prints the sign-in address.",
            "secret",
        )
    return check_guess(shown.strip(), secret, asked.remote_addr or "")


def check_guess(shown: str, secret: str, visitor: str) -> Forbidden | None:
    """Compare a visitor's secret with ours in constant time, with at most 10 wrong ones a minute.

    An unguessable correct secret is accepted even then: others behind the same proxy may be guessing.

    Args:
        shown: the visitor's secret.
        secret: of the installation.
        visitor: address of the request.

    Returns:
        None if they are equal, else the error.
    """
    wait = guesses().wait(visitor)
    if wait and len(secret) < STRONG:
        return _too_many(wait)
    if hmac.compare_digest(shown.encode("utf-8", "replace"), secret.encode()):
        return None
    if wait:
        return _too_many(wait)
    guesses().note(visitor)
    return Forbidden("Received: a wrong secret.", "secret")


def _too_many(wait: int) -> Forbidden:
    return Forbidden(f"Received: {MOST} wrong secrets in a minute. Try again in {wait} s.", "secret", wait)


def own_pages(view: Callable[P, R]) -> Callable[P, R]:
    """Protect an expensive view from other sites: a request of another site's page is answered 403.

    Args:
        view: a Flask view open to every visitor.

    Returns:
        The protected view.
    """

    @wraps(view)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        if not same_origin(request, current_app.extensions[EXTENSION]):
            raise _other_origin(request)
        return view(*args, **kwargs)

    return held


def writes(view: Callable[P, R]) -> Callable[P, R]:
    """Protect a view by `LIKENESS_WRITE`: a user who may not write is answered 403, and the view is not called.

    Args:
        view: a Flask view that changes data.

    Returns:
        The protected view.
    """
    return _held(view, "write")


def administers(view: Callable[P, R]) -> Callable[P, R]:
    """Protect a view that changes the installed models: only administrators and owners of the secret may call it."""
    return _held(view, "admin")


def check_read(asked: Request, settings: Settings) -> Response | None:
    """Refuse an unidentified visitor if `LIKENESS_READ` requires a user or the secret.

    Args:
        asked: the request.
        settings: `read`.

    Returns:
        None if the visitor may view the page; for a page, a redirect to the sign-in page.

    Raises:
        Forbidden: the request has neither a trusted proxy's user nor the secret.
    """
    if settings.read == "anyone" or asked.path in OPEN_TO_UNKNOWN or visitor_of(asked, settings).user:
        return None
    if refused := shown_secret(asked, settings):
        if asked.method == "GET" and asked.accept_mimetypes.best == "text/html":
            if asked.headers.get("Sec-Fetch-Site") == "cross-site":  # links omit the cookie
                return Response(_AGAIN, headers={"Cache-Control": "no-store"}, mimetype="text/html")
            return current_app.make_response(redirect(site_path("/enter"), 303))
        raise Forbidden(
            f"Expected a user name from the proxy, or the secret of this dashboard (LIKENESS_READ). {refused}",
            "user",
            refused.retry_after,
        )
    return None


def _held(view: Callable[P, R], needed: Role) -> Callable[P, R]:
    @wraps(view)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        if refused := write_refusal(request, current_app.extensions[EXTENSION], needed):
            raise Forbidden(
                f"Expected a request with permission to make changes. {refused}", refused.failed, refused.retry_after
            )
        return view(*args, **kwargs)

    return held


_AGAIN = '<!DOCTYPE html><html lang="en"><title>Likeness</title><meta http-equiv="refresh" content="0"></html>'

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS = frozenset({"0.0.0.0", "::"})


def _own_names(settings: Settings) -> set[str]:
    names = {_host_name(name) for name in settings.allowed_hosts}
    return (names | {settings.host.lower(), urlsplit(settings.public_url).hostname or ""}) - {"", *_WILDCARDS}


def _host_name(host: str) -> str:
    """Return the name without port and brackets, in lower case; empty if it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _netloc(origin: str) -> str | None:
    """Return the host and port of an origin; None if it is malformed."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def same_origin(asked: Request, settings: Settings) -> bool:
    """Return whether a request is from our own page, by browser headers; clients that send none are accepted.

    `Sec-Fetch-Site`, which no page can set, comes first: it is correct even behind a proxy that replaces Host.
    Browsers omit it on plain http between machines: then the Origin has to be ours.

    Args:
        asked: the request.
        settings: `public_url` is a further origin of the dashboard, besides that of the request.

    Returns:
        False for a request of another site's page.
    """
    if site := asked.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    origin = asked.headers.get("Origin")
    if origin is None:
        return True
    return _netloc(origin) == asked.host.lower() or origin.lower() == settings.public_origin


def _other_origin(asked: Request) -> Forbidden:
    site = asked.headers.get("Origin") or f"one that is {asked.headers.get('Sec-Fetch-Site')}"
    return Forbidden(
        f"Expected a request of this dashboard's own pages, at {asked.host}. Received: one of another site's page: "
        f"{site[:200]}. Behind a proxy set LIKENESS_PUBLIC_URL to the address that visitors see.",
        "origin",
    )
