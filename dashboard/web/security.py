"""Who may reach the dashboard, who may change what it keeps, and what its pages may load."""

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
"""Length of a secret that guessing cannot find; a generated one has 43 characters."""

OPEN_TO_UNKNOWN = ("/healthz", "/readyz", "/metrics", "/enter")
"""Addresses open to unknown users: two reveal nothing that is kept, `/metrics` checks the peer, `/enter` the secret."""

OPEN_TO_ANY_HOST = ("/healthz", "/readyz")
"""Addresses open under any host name: monitors know an address only; they reveal only the state of the service."""


def content_security_policy(script_hashes: Sequence[str], frame_ancestors: Sequence[str] = ()) -> str:
    """Return the policy of every page.

    Args:
        script_hashes: `'sha256-...'` of each script that stands in the page itself.
        frame_ancestors: sites whose pages may show ours in a frame, besides our own.

    Returns:
        The header's value. Mantine and Plotly write style attributes, Plotly runs workers from blobs: these two are
        allowed, no script from elsewhere is.
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
    """Refuse a request that came in under a name that is not ours: what DNS rebinding looks like.

    Args:
        asked: the request.
        settings: say which names are ours.

    Raises:
        HostError: the name is another one.
    """
    if asked.path in OPEN_TO_ANY_HOST or "*" in settings.allowed_hosts:
        return
    name = _host_name(asked.host)
    # An address cannot be rebound as a name can: listening at every address means being reached under any of them.
    if settings.host in _WILDCARDS and _address(name) is not None:
        return
    if name not in _own_names(settings) and name not in _LOCAL_NAMES:
        raise HostError(
            f"Expected a host name that this dashboard knows. Received: {name[:80]}. "
            "Add it to LIKENESS_ALLOWED_HOSTS, and start again."
        )


def may_write(asked: Request, settings: Settings, needed: Role = "write") -> bool:
    """Tell whether a request may change what is kept: no other site's page sent it, and secret or name allow it."""
    return write_refusal(asked, settings, needed) is None


def write_refusal(asked: Request, settings: Settings, needed: Role = "write") -> Forbidden | None:
    """Tell why a request may not change what is kept, and what to do about it.

    Where it comes from does not count: behind a proxy on this machine every request comes from this machine.

    Args:
        asked: the request; it shows the secret by the cookie of a session (`/enter`), or as
            `Authorization: Bearer SECRET`.
        settings: say whether anything may be changed, where the secret is, and who may without it.
        needed: "write", or "admin" for what concerns models.

    Returns:
        The error that answers it; None where it may. Its `failed` is "setting", "origin", "secret" or "role".
    """
    if settings.write == "off":
        return Forbidden("This dashboard is for looking only: LIKENESS_WRITE is off.", "setting")
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
    """Tell why a request does not show the secret; None where it does, by a session or by itself."""
    try:
        secret = read_secret(settings.secret_path)
    except InputError as error:
        return Forbidden(str(error), "secret")
    if not secret:
        return Forbidden(
            "Received: a request to a dashboard that has no secret, since its file is gone or could not be written. "
            "Start it again with a LIKENESS_HOME that can be written, or with LIKENESS_SECRET_FILE.",
            "secret",
        )
    if session_id(secret, asked.cookies.get(cookie_name(secret))):
        return None
    kind, _, shown = asked.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return Forbidden(
            "Received: a request without the secret of this dashboard. Enter it at /enter; "
            "python -m dashboard secret prints the way in.",
            "secret",
        )
    return check_guess(shown.strip(), secret, asked.remote_addr or "")


def check_guess(shown: str, secret: str, visitor: str) -> Forbidden | None:
    """Compare what a visitor shows with the secret, in constant time, and at most 10 wrong ones a minute.

    The right one is let in even then, where it could not be guessed: others behind the same proxy may be guessing.

    Args:
        shown: the visitor's.
        secret: of the installation.
        visitor: address that the request came from.

    Returns:
        None where they are the same, else the error.
    """
    wait = guesses().wait(visitor)
    if wait and len(secret) < STRONG:
        return _too_many(wait)
    if hmac.compare_digest(shown.encode("utf-8", "replace"), secret.encode()):
        return None
    if wait:
        return _too_many(wait)
    guesses().note(visitor)
    return Forbidden("Received: another secret than that of this dashboard.", "secret")


def _too_many(wait: int) -> Forbidden:
    return Forbidden(f"Received: {MOST} wrong secrets within a minute. Try again in {wait} s.", "secret", wait)


def own_pages(view: Callable[P, R]) -> Callable[P, R]:
    """Limit a view that keeps the machine busy to pages of this dashboard; a page of another site is answered 403.

    Args:
        view: a Flask view that anybody who looks may call.

    Returns:
        The view, held.
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
        view: a Flask view that changes what is kept.

    Returns:
        The view, held.
    """
    return _held(view, "write")


def administers(view: Callable[P, R]) -> Callable[P, R]:
    """Protect a view that changes the installed models: only administrators and owners of the secret may call it."""
    return _held(view, "admin")


def check_read(asked: Request, settings: Settings) -> Response | None:
    """Refuse a visitor who is not known, where `LIKENESS_READ` says so.

    Args:
        asked: the request.
        settings: `read`.

    Returns:
        None where the visitor may look; for a page, the way to where the secret is entered.

    Raises:
        Forbidden: neither a trusted proxy names a user, nor does the request show the secret.
    """
    if settings.read == "anyone" or asked.path in OPEN_TO_UNKNOWN or visitor_of(asked, settings).user:
        return None
    if refused := shown_secret(asked, settings):
        if asked.method == "GET" and asked.accept_mimetypes.best == "text/html":
            if asked.headers.get("Sec-Fetch-Site") == "cross-site":  # the first step of a link leaves the session out
                return Response(_AGAIN, headers={"Cache-Control": "no-store"}, mimetype="text/html")
            return current_app.make_response(redirect(site_path("/enter"), 303))
        raise Forbidden(
            f"Expected a known user, or the secret of this dashboard (LIKENESS_READ). {refused}",
            "user",
            refused.retry_after,
        )
    return None


def _held(view: Callable[P, R], needed: Role) -> Callable[P, R]:
    @wraps(view)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        if refused := write_refusal(request, current_app.extensions[EXTENSION], needed):
            raise Forbidden(
                f"Expected a request that may change things here. {refused}", refused.failed, refused.retry_after
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
    """Return the name without port and brackets, in lower case; empty where it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _netloc(origin: str) -> str | None:
    """Return the host and port of an origin; None where it is malformed."""
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
    """Tell whether the page that sent a request is ours, as far as the browser says; what is no browser says nothing.

    What the browser itself found (`Sec-Fetch-Site`, which no page can set) counts most: a proxy that replaces Host does
    not change it. Browsers leave it out on plain http between machines: there the Origin has to be ours.

    Args:
        asked: the request.
        settings: `public_url` is an origin of the dashboard, besides the one under which the request came in.

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
