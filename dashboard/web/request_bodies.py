"""Bodies of requests: JSON objects, validated before use."""

from __future__ import annotations

from typing import Any

from flask import request

from dashboard.errors import InputError
from dashboard.web.json_values import loads

MAX_TEXT = 4000


def json_object(example: str) -> dict[str, Any]:
    """Return the object in the body of the current request.

    Args:
        example: a valid body, for the error.

    Raises:
        InputError: the body is no JSON object.
    """
    try:
        body = loads(request.get_data())
    except ValueError as error:
        raise InputError(f"Expected JSON such as {example}.") from error
    if not isinstance(body, dict):
        raise InputError("Expected a JSON object. Received: another value.")
    return body


def text(body: dict[str, Any], key: str) -> str:
    """Return a text of an object; empty if it is missing.

    Raises:
        InputError: the value is no text.
    """
    value = body.get(key) or ""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise InputError(f"Expected {key} to be a text. Received: another value.")
    return value
