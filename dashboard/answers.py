"""Errors as answers: the sentence as JSON, with the status that the tree of errors gives it."""

from __future__ import annotations

import logging
import math

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from dashboard.errors import Busy, LikenessError

log = logging.getLogger(__name__)


def answer_errors(server: Flask) -> None:
    """Register what answers for errors that a view raises.

    Args:
        server: the application.
    """

    @server.errorhandler(LikenessError)
    def _ours(error: LikenessError) -> Response:
        if error.status == 500:
            log.error("%s: %s", type(error).__name__, error)
        response = error_response(str(error), error.status)
        if isinstance(error, Busy):
            response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
        return response

    @server.errorhandler(HTTPException)
    def _flasks(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error  # a redirect
        response = error_response(error.description or error.name, error.code)
        if allowed := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response


def error_response(sentence: str, status: int) -> Response:
    """An error as an answer that nobody keeps.

    Args:
        sentence: what is wrong, and what to do.
        status: the HTTP status.

    Returns:
        JSON {"error": sentence}.
    """
    response = jsonify({"error": sentence})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
