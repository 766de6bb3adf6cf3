"""Who may reach the dashboard, who may change what it keeps, and what its pages may load."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Request, current_app, request

from dashboard.errors import Forbidden, InputError
from dashboard.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

EXTENSION = "likeness-settings"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Sent with every answer."""

OPEN_TO_ANY_HOST = ("/healthz", "/readyz")
"""Asked for by machines that know an address only; they tell nothing but how the service is."""


def content_security_policy(script_hashes: Sequence[str]) -> str:
    """The policy of every page.

    Args:
        script_hashes: `'sha256-...'` of each script that stands in the page itself.

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
            "frame-ancestors 'self'",
        )
    )


def check_host(asked: Request, settings: Settings) -> None:
    """Refuse a request that came in under a name that is not ours: what DNS rebinding looks like.

    Args:
        asked: the request.
        settings: say which names are ours.

    Raises:
        InputError: the name is another one.
    """
    if asked.path in OPEN_TO_ANY_HOST or "*" in settings.allowed_hosts:
        return
    name = _host_name(asked.host)
    # An address cannot be rebound as a name can: listening at every address means being reached under any of them.
    if settings.host in _WILDCARDS and _address(name) is not None:
        return
    if name not in _own_names(settings) and name not in _LOCAL_NAMES:
        raise InputError(
            f"Expected a host name that this dashboard knows. Received: {name[:80]}. "
            "Add it to LIKENESS_ALLOWED_HOSTS, and start again."
        )


def may_write(asked: Request, settings: Settings) -> bool:
    """Whether a request may change what is kept.

    Args:
        asked: the request.
        settings: `write` says who may; with `token`, the request carries `Authorization: Bearer TOKEN`.

    Returns:
        True if it may. A request that another site's page sent never may, whoever's browser it came from.
    """
    if settings.write == "off" or not same_origin(asked):
        return False
    if settings.write == "token":
        kind, _, token = asked.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), settings.token.encode())
    # Behind a proxy on this machine every request comes from this machine: what a proxy adds gives it away.
    forwarded = any(name in asked.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"))
    return not forwarded and _is_loopback(asked.remote_addr or "") and _host_name(asked.host) in _LOCAL_NAMES


def own_pages(view: Callable[P, R]) -> Callable[P, R]:
    """Hold a view that keeps the machine busy to pages of this dashboard: another site's page is answered 403.

    Args:
        view: a Flask view that anybody who looks may call.

    Returns:
        The view, held.
    """

    @wraps(view)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        if not same_origin(request):
            raise Forbidden("Expected a request of this dashboard's own pages. Received: one from another site.")
        return view(*args, **kwargs)

    return held


def writes(view: Callable[P, R]) -> Callable[P, R]:
    """Hold a view to `LIKENESS_WRITE`: whoever may not write is answered 403, and the view is not called.

    Args:
        view: a Flask view that changes what is kept.

    Returns:
        The view, held.
    """

    @wraps(view)
    def held(*args: P.args, **kwargs: P.kwargs) -> R:
        settings: Settings = current_app.extensions[EXTENSION]
        if not may_write(request, settings):
            raise Forbidden(f"Expected a request that may change things here. {refusal(settings)}")
        return view(*args, **kwargs)

    return held


def refusal(settings: Settings) -> str:
    """Why a request may not change anything, and what to do about it."""
    return _REFUSALS[settings.write]


_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS = frozenset({"0.0.0.0", "::"})

_REFUSALS = {
    "off": "This dashboard is for looking only: LIKENESS_WRITE is off.",
    "local": "Received: one from another machine or page. Use the dashboard on the machine that it runs on, "
    "or set LIKENESS_WRITE to token.",
    "token": "Received: one without the token. Send it as Authorization: Bearer TOKEN.",
}


def _own_names(settings: Settings) -> set[str]:
    names = {_host_name(name) for name in settings.allowed_hosts}
    return (names | {settings.host.lower(), urlsplit(settings.public_url).hostname or ""}) - {"", *_WILDCARDS}


def _host_name(host: str) -> str:
    """The name without port and brackets, in lower case; empty where it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _netloc(origin: str) -> str | None:
    """Host and port of an origin; None where it is malformed."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _is_loopback(text: str) -> bool:
    address = _address(text)
    return address is not None and (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def same_origin(asked: Request) -> bool:
    """Whether the page that sent this is ours, as far as the browser says; what is no browser says nothing."""
    if asked.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = asked.headers.get("Origin")
    return origin is None or _netloc(origin) == asked.host.lower()
