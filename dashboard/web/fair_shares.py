"""Rate limits: each visitor's share of the server, so that no visitor waits for another's requests."""

from __future__ import annotations

import hashlib
import math
import secrets
from typing import Literal

from flask import Flask, Request, Response, current_app, request
from itsdangerous import BadSignature, Signer

from dashboard.errors import Busy, InputError
from dashboard.faces.site_path import site_path
from dashboard.settings import Settings
from dashboard.stores.ports import Quotas
from dashboard.stores.secret import read_secret
from dashboard.web.session import cookie_name, session_id
from dashboard.web.visitors import SETTINGS, visitor_of

EXTENSION = "likeness-fair-shares"

HOUR = 3600

Work = Literal["jobs", "exports", "uploads"]


class FairShares:
    """Jobs, exports and uploads of each visitor in the last hour.

    Args:
        settings: `jobs_per_hour`, `exports_per_hour` and `uploads_per_hour`; 0 for no limit.
        quotas: where they are counted.
    """

    def __init__(self, settings: Settings, quotas: Quotas) -> None:
        self._quotas = quotas
        self._most: dict[Work, int] = {
            "jobs": settings.jobs_per_hour,
            "exports": settings.exports_per_hour,
            "uploads": settings.uploads_per_hour,
        }

    def take(self, work: Work, visitor: str) -> None:
        """Count one more job, export or upload of a visitor.

        Args:
            work: its kind.
            visitor: from :func:`visitor_key`.

        Raises:
            Busy: the visitor has reached the limit of the last hour.
        """
        most = self._most[work]
        left = self._quotas.hit(work, visitor, most, HOUR) if most else 0.0
        if not left:
            return
        wait = max(1, math.ceil(left))
        words = f"{wait} seconds" if wait < 120 else f"{math.ceil(wait / 60)} minutes"
        raise Busy(
            f"Expected at most {most} {work} of one visitor per hour. Received: one more. Try again in {words}.",
            wait,
        )


def take_share(work: Work) -> None:
    """Count one more job, export or upload of the visitor of the current request.

    Raises:
        Busy: as for :meth:`FairShares.take`.
    """
    shares: FairShares = current_app.extensions[EXTENSION]
    shares.take(work, visitor_key(request))


def visitor_key(asked: Request) -> str:
    """Return the key of a visitor: the user, the session, the browser, or else the address.

    Browsers behind one address are counted separately; those without cookies share the limits of their address.
    """
    settings: Settings = current_app.extensions[SETTINGS]
    if user := visitor_of(asked, settings).user:
        return f"user {user}"
    try:
        secret = read_secret(settings.secret_path)
    except InputError:
        secret = ""
    if secret and (session := session_id(secret, asked.cookies.get(cookie_name(secret)))):
        return f"session {session}"
    if browser := _browser(asked):
        return f"browser {browser}"
    return f"address {asked.remote_addr or ''}"


def share_fairly(server: Flask, settings: Settings, quotas: Quotas) -> None:
    """Register the rate limits of an application, and set a browser's random name with its first page.

    The name is signed, kept until the browser is closed, and used for nothing else.

    Args:
        server: the application.
        settings: with the limits of each visitor.
        quotas: where requests are counted.
    """
    server.extensions[EXTENSION] = FairShares(settings, quotas)

    @server.after_request
    def _name(response: Response) -> Response:
        page = request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html"
        if page and not _browser(request):
            response.set_cookie(
                _cookie(),
                _signer().sign(secrets.token_hex(8)).decode(),
                path=site_path("/"),
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )
        return response


def _browser(asked: Request) -> str:
    try:
        return _signer().unsign(asked.cookies.get(_cookie(), "")[:200]).decode()
    except BadSignature:
        return ""


def _cookie() -> str:
    """Return the name of the cookie, specific to this installation because cookies ignore ports."""
    return f"likeness-browser-{hashlib.sha256(_key() + b'name').hexdigest()[:12]}"


def _signer() -> Signer:
    return Signer(_key(), salt="likeness-browser", key_derivation="hmac", digest_method=hashlib.sha256)


def _key() -> bytes:
    key = current_app.secret_key or b""
    return key if isinstance(key, bytes) else key.encode()
