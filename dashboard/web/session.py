"""Sessions of browsers that signed in with the secret: one signed cookie, valid for 30 days.

The secret is the signing key, so that a new secret ends every session, and hosts with the same secret accept
one another's sessions.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from itsdangerous import BadData, URLSafeTimedSerializer

MAX_AGE = 30 * 24 * 3600
"""Lifetime of a session in seconds."""

_SALT = "likeness-session"


def cookie_name(secret: str) -> str:
    """Return the name of the session cookie of an installation.

    Cookies ignore ports: two installations on one machine would overwrite each other's cookie of the same name.

    Args:
        secret: of the installation.

    Returns:
        "likeness-" and 12 hexadecimal digits, from which the secret cannot be derived.
    """
    return "likeness-" + hmac.new(secret.encode(), b"cookie name", hashlib.sha256).hexdigest()[:12]


def new_session(secret: str) -> str:
    """Return the cookie value of a new session: a random id with the time, signed."""
    return _serializer(secret).dumps(secrets.token_hex(8))


def session_id(secret: str, value: str | None) -> str:
    """Return the session id of a cookie value; empty if it is forged, expired or of another secret."""
    if not secret or not value or len(value) > 200:
        return ""
    try:
        return str(_serializer(secret).loads(value, max_age=MAX_AGE))
    except BadData:
        return ""


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        secret, salt=_SALT, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
    )
