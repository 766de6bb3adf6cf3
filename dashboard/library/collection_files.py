"""Collections as JSON files, for export and import. The schema is in docs/guide/collections.md.

What comes from outside is bounded and checked before anything of it is kept, and never overwrites: an import begins a
collection of its own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.errors import InputError
from dashboard.library.attachments import Attachments, ModelOf, encoded, packed, portable, read_attachments
from dashboard.library.collections import MAX_ITEMS, Collection
from dashboard.library.extra_directions import Library
from dashboard.library.items import MAX_NAME, Draft, one_line
from dashboard.library.snapshots import Picture, carried

FORMAT, SCHEMA = "likeness-collection", 1
MAX_BYTES = 32 << 20
"""Size limit of a file in bytes: as many items as a collection may have, with their latents and pictures of views."""

MAX_PICTURES = 100

_ADVICE = "Nothing was kept. Export the collection again where it comes from."


@dataclass(frozen=True)
class CollectionFile:
    """The content of a file.

    Args:
        name: of the collection.
        drafts: what is in it.
        pictures: those that stand for some of them, by index.
        attachments: the stored latents and user directions of the file, and their models.
    """

    name: str
    drafts: tuple[Draft, ...]
    pictures: Mapping[int, Picture]
    attachments: Attachments


def exported(
    collection: Collection, library: Library, model_of: ModelOf, picture_of: Callable[[int], Picture] | None = None
) -> bytes:
    """Return a collection as a file.

    Args:
        collection: the collection.
        library: where the latents and directions are kept that its addresses name.
        model_of: gives the models.
        picture_of: gives the picture of an item that has one, by its number; None leaves pictures out.

    Returns:
        JSON that `read_carried` reads elsewhere.

    Raises:
        InputError: it names so much that the file would be larger than one may be.
    """
    drafts, items, latents = [], [], {}
    for item in collection.items:
        draft, named = portable(item.draft, library, model_of)
        drafts.append(draft)
        still = {"still": _packed(picture_of(item.id))} if item.still and picture_of else {}
        items.append(asdict(draft) | still)
        latents.update(named)
    value = {
        "format": FORMAT,
        "schema": SCHEMA,
        "name": collection.name,
        "items": items,
        "latents": {name: encoded(latent) for name, latent in latents.items()},
        **packed(drafts, library, model_of),
    }
    content = json.dumps(value, allow_nan=False, indent=1).encode()
    if len(content) > MAX_BYTES:
        raise InputError(
            f"Expected a collection of at most {MAX_BYTES >> 20} MB with what it names. Received: "
            f"{len(content) >> 20} MB. Save half of it into another one."
        )
    return content


def read_carried(content: bytes) -> CollectionFile:
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
    drafts = tuple(_draft(item) for item in items)
    stills = {index: item["still"] for index, item in enumerate(items) if item.get("still") is not None}
    if len(stills) > MAX_PICTURES:
        raise InputError(f"Expected at most {MAX_PICTURES} pictures. Received: {len(stills)}. {_ADVICE}")
    return CollectionFile(
        name, drafts, {index: _picture(still) for index, still in stills.items()}, read_attachments(value)
    )


def _packed(picture: Picture) -> dict[str, str]:
    return {"words": picture.words, "picture": base64.b64encode(picture.content).decode("ascii")}


def _picture(still: Any) -> Picture:
    try:
        content = base64.b64decode(still["picture"], validate=True)
    except (TypeError, KeyError, ValueError) as error:
        raise InputError(f"Expected a still with words and a picture. Received: another value. {_ADVICE}") from error
    return carried(content, still.get("words"))


def _draft(item: Any) -> Draft:
    if not isinstance(item, dict):
        raise InputError(f"Expected items with kind, address, title and note. Received: another value. {_ADVICE}")
    return Draft(*(item.get(key, "") for key in ("kind", "address", "title", "note")))
