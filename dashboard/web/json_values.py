"""Strict reading of JSON from outside: finite numbers, text that can be encoded, limited nesting."""

from __future__ import annotations

import json
import re
from typing import Any

from flask.json.provider import DefaultJSONProvider

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def loads(content: str | bytes) -> Any:
    """Read a JSON text.

    Args:
        content: UTF-8 text.

    Returns:
        Its value.

    Raises:
        ValueError: it is not JSON, or contains NaN, an infinity, a lone surrogate, or thousands of nested values.
    """
    text = content.decode("utf-8") if isinstance(content, bytes) else content
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if _SURROGATE.search(text):
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate raises UnicodeEncodeError
    return value


class StrictJSON(DefaultJSONProvider):
    """Flask's JSON provider, reading with `loads`."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a JSON text; see `loads` of this module."""
        return loads(s)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:20]} is out of range")
    return value
