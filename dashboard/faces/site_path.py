"""Public addresses of this dashboard, below the path prefix of the proxy."""

from __future__ import annotations

from flask import has_request_context, request


def site_path(path: str) -> str:
    """Return the address of a path of the dashboard, for a link or a script.

    Args:
        path: inside the application, such as `/models?model=tiny`.

    Returns:
        The path with the prefix of the current request before it (see `dashboard.web.prefix`); without a request, the
        path itself.
    """
    return (request.script_root if has_request_context() else "") + path
