"""Errors as answers: the message as JSON, with the status of its class (`dashboard.errors`)."""

from __future__ import annotations

import errno
import logging
import math

from dash.exceptions import DependencyException
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from dashboard.errors import LikenessError
from dashboard.faces.answers import json_answer
from dashboard.web.answers import ErrorAnswer

DISK = frozenset({errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT, errno.ENOENT, errno.EIO})
"""Errors of a disk that is full, read-only, not permitted, or missing."""

RETRY_AFTER = 30.0
"""Default Retry-After in seconds, for errors of a disk, a network or an engine."""

log = logging.getLogger(__name__)


def answer_errors(server: Flask) -> None:
    """Register the handlers of errors raised by views.

    Args:
        server: the application.
    """

    @server.errorhandler(LikenessError)
    def _ours(error: LikenessError) -> Response:
        response = error_response(str(error), error.status, getattr(error, "failed", ""))
        if error.status in (429, 503):
            if error.status == 503 and not hasattr(error, "retry_after"):
                log.error("%s: %s", type(error).__name__, error)
            response.headers["Retry-After"] = str(max(1, math.ceil(getattr(error, "retry_after", RETRY_AFTER))))
        return response

    @server.errorhandler(OSError)
    def _disk(error: OSError) -> Response:
        if error.errno not in DISK or request.method in ("GET", "HEAD"):
            raise error
        log.exception("%s %s failed on the disk.", request.method, request.path)
        sentence = (
            f"LIKENESS_HOME cannot be written to ({error.strerror}). Nothing was changed. Check the disk, and retry."
        )
        response = error_response(sentence, 503)
        response.headers["Retry-After"] = str(math.ceil(RETRY_AFTER))
        return response

    @server.errorhandler(DependencyException)
    def _no_script(_: DependencyException) -> Response:
        return error_response("Expected a script or style of a page. Received: another address. Load the page.", 404)

    @server.errorhandler(HTTPException)
    def _flasks(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error  # a redirect
        response = error_response(error.description or error.name, error.code)
        if allowed := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response


def error_response(sentence: str, status: int, failed: str = "") -> Response:
    """Return an error as an uncached answer.

    Args:
        sentence: the message: what is wrong, and what to do.
        status: the HTTP status.
        failed: which check refused the request: "host", "origin", "secret", "setting" or "role"; empty for none.

    Returns:
        JSON {"error": sentence}, with "failed" where a check refused it.
    """
    details = {"failed": failed} if failed else {}
    return json_answer(ErrorAnswer(error=sentence, **details), status=status)
