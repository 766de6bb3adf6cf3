"""The path prefix of the dashboard, such as `/likeness`, and the proxies that set it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import dash
from dash._utils import AttributeDict
from flask import has_request_context, request
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard.errors import InputError
from dashboard.settings import Settings

FORWARDED_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")
"""Valid prefixes from a trusted proxy; others are ignored."""


class PrefixConfig(AttributeDict):
    """Dash's configuration, with the prefix of the current request.

    Dash has one prefix for all requests; a proxy may send a different one with each (X-Forwarded-Prefix).
    """

    def __getitem__(self, key: str) -> Any:
        if key == "requests_pathname_prefix" and has_request_context():
            return f"{request.script_root}/"
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default."""
        try:
            return self[key]
        except KeyError:
            return default


class PrefixMiddleware:
    """Remove the prefix from the path of a request, if the proxy has not, and keep it as SCRIPT_NAME.

    Args:
        application: the WSGI application.
        prefix: such as `/likeness`; if empty, a trusted proxy's, or none.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], prefix: str) -> None:
        self._application, self._prefix = application, prefix

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        script_name = str(environ.get("SCRIPT_NAME", ""))
        prefix = self._prefix or (script_name.rstrip("/") if FORWARDED_PREFIX.fullmatch(script_name) else "")
        path = str(environ.get("PATH_INFO", ""))
        environ["SCRIPT_NAME"] = prefix
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return self._application(environ, start_response)


def serve_below_prefix(app: dash.Dash, settings: Settings) -> None:
    """Configure an application to trust its proxies and to answer below the prefix.

    Args:
        app: with all routes registered.
        settings: `proxies`, `prefix` and `public_url`.

    Raises:
        InputError: the prefix begins like an address of the dashboard, so that it would be ambiguous whether a proxy
            has removed it.
    """
    server: Any = app.server
    object.__setattr__(app.config, "__class__", PrefixConfig)  # Dash and its pages share this object
    prefix = settings.path_prefix
    first = prefix.split("/")[1] if prefix else ""
    ours = {rule.rule.split("/")[1].split(".")[0] for rule in server.url_map.iter_rules()}
    if first and first in ours:
        raise InputError(
            f"Expected a prefix unlike the dashboard's own addresses. Received: {prefix}. "
            "Choose another for LIKENESS_PREFIX, such as /likeness."
        )
    server.wsgi_app = PrefixMiddleware(server.wsgi_app, prefix)
    if n := settings.proxies:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=n, x_proto=n, x_host=n, x_port=n, x_prefix=n)
