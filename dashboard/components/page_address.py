"""Addresses of pages with a face in them, as `assets/js/history.js` writes them."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from dashboard.faces.site_path import site_path
from dashboard.serving.runtime import current_runtime

PLAIN = ":;=,!*~()"
"""Characters that need no escaping in a query, and that faces are full of."""


def page_address(path: str, face: str, model: str, **words: str | None) -> str:
    """Return the address of a page with a face and further query parameters.

    Args:
        path: of the page, without prefix.
        face: the face string.
        model: the name of its model, included unless it is the default one.
        words: further query parameters; empty ones are left out.

    Returns:
        The address.
    """
    other = None if model == current_runtime().model.name else model
    query = {name: word for name, word in {"face": face, "model": other, **words}.items() if word}
    return site_path(f"{path}?{urlencode(query, safe=PLAIN, quote_via=quote)}")
