"""Collections as JSON, to carry elsewhere. The schema stands in docs/guide/collections.md.

What comes from outside is bounded and checked before anything of it is kept, and never overwrites: an import begins a
collection of its own.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.errors import InputError
from dashboard.library.collections import MAX_ITEMS, Collection
from dashboard.library.items import MAX_NAME, Draft, one_line

FORMAT, SCHEMA = "likeness-collection", 1
MAX_BYTES = 16 << 20
"""Of a file: as many items as a collection may have, each with the latents that it names."""

_ADVICE = "Nothing was kept. Export the collection anew where it comes from."


@dataclass(frozen=True)
class Carried:
    """What a file carries.

    Args:
        name: of the collection.
        drafts: what is in it.
        rest: the file's other parts, to be checked by those who know them.
    """

    name: str
    drafts: tuple[Draft, ...]
    rest: dict[str, Any]


def exported(collection: Collection) -> dict[str, Any]:
    """A collection as plain values, ready for JSON."""
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "name": collection.name,
        "items": [asdict(item.draft) for item in collection.items],
    }


def read_carried(content: bytes) -> Carried:
    """Read an exported file.

    Args:
        content: the bytes, from wherever they come.

    Returns:
        What it carries, every item checked.

    Raises:
        InputError: it is too large, no such file, of another version, or an item is none.
    """
    if len(content) > MAX_BYTES:
        raise InputError(
            f"Expected a file of at most {MAX_BYTES >> 20} MB. Received: {len(content) >> 20} MB. {_ADVICE}"
        )
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise InputError(
            f"Expected a collection that Likeness exported, a JSON file. Received: another file. {_ADVICE}"
        )
    if value.get("schema") != SCHEMA:
        received = value.get("schema")
        shown = received if isinstance(received, int) else "something else"
        raise InputError(f"Expected a collection of schema {SCHEMA}. Received: {shown}. {_ADVICE}")
    items = value.get("items")
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise InputError(f"Expected a list of at most {MAX_ITEMS} items. Received: another. {_ADVICE}")
    name = one_line(value.get("name"), MAX_NAME, "name")
    rest = {key: part for key, part in value.items() if key not in ("format", "schema", "name", "items")}
    return Carried(name, tuple(_draft(item) for item in items), rest)


def _draft(item: Any) -> Draft:
    if not isinstance(item, dict):
        raise InputError(f"Expected items with kind, address, title and note. Received: another value. {_ADVICE}")
    return Draft(*(item.get(key, "") for key in ("kind", "address", "title", "note")))
