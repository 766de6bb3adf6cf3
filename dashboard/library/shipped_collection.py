"""The collection that comes with a model: `tour.json` in its folder, in the form of an exported collection.

It is read-only and has no owner: it is shown after those that people keep, and copied into theirs with one click.
`python -m dashboard results` makes it from the model and its results.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.errors import LikenessError, NotFound
from dashboard.library.collection_files import read_carried
from dashboard.library.collections import Collection, Collections, Item, Listed
from dashboard.library.snapshots import Picture, Still
from dashboard.synthesis.model import Model

FILE = "tour.json"
SLUG = "tour"
"""Its name in addresses, reserved for it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShippedCollection:
    """The collection of a model.

    Args:
        collection: its items, numbered from 1.
        pictures: of some of them, by number.
    """

    collection: Collection
    pictures: Mapping[int, Picture]


def shipped_collection(model: Model) -> ShippedCollection | None:
    """Read a model's collection; None where it has none that can be read."""
    file = model.path / FILE
    try:
        status = file.stat()
    except OSError:
        return None
    return _read(file, status.st_mtime_ns, status.st_size)


def shipped_picture(model: Model, item: int) -> Picture:
    """Return the picture of an item.

    Raises:
        NotFound: there is none.
    """
    shipped = shipped_collection(model)
    if shipped is None or item not in shipped.pictures:
        raise NotFound("Expected a picture of this collection. Received: another number. Open the collection again.")
    return shipped.pictures[item]


def read_collection(slug: str, kept: Collections, model: Model) -> Collection:
    """Read a collection that people keep, or the one that comes with the default model.

    Raises:
        NotFound: there is no such name.
    """
    shipped = shipped_collection(model) if slug == SLUG else None
    return kept.read(slug) if shipped is None else shipped.collection


def all_listed(kept: Collections, model: Model) -> list[Listed]:
    """List what people keep, and after it what comes with the default model."""
    shipped = shipped_collection(model)
    tour = [Listed(SLUG, shipped.collection.name, len(shipped.collection.items))] if shipped else []
    return [*kept.listed(), *tour]


@functools.lru_cache(maxsize=4)
def _read(file: Path, _changed: int, _size: int) -> ShippedCollection | None:
    try:
        carried = read_carried(file.read_bytes())
    except (LikenessError, OSError) as error:
        log.warning("%s cannot be shown: %s", file, error)
        return None
    pictures = {index + 1: picture for index, picture in carried.pictures.items()}
    items = tuple(
        Item(index, 1, draft, _still(pictures[index]) if index in pictures else None)
        for index, draft in enumerate(carried.drafts, 1)
    )
    return ShippedCollection(Collection(SLUG, carried.name, 1, items), pictures)


def _still(picture: Picture) -> Still:
    return Still(picture.words, hashlib.sha256(picture.content).hexdigest()[:16])
