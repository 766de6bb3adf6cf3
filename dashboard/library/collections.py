"""Collections: named lists of what was saved. Concurrent saves lose nothing.

What is saved is always one more row; moving counts from the neighbour, not from a number; and changing a text says
which version it changes. What is removed stays for `KEPT_DAYS`, so that Undo finds it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dashboard.errors import Conflict, InputError, NotFound
from dashboard.library.items import MAX_NAME, MAX_TITLE, Draft, checked_note, one_line
from dashboard.library.slugs import free_slug
from dashboard.library.snapshots import Picture, Still
from dashboard.library.snapshots import insert as insert_still
from dashboard.library.snapshots import read as read_still
from dashboard.stores.ports import Connection, Records

MAX_COLLECTIONS = 500
MAX_ITEMS = 500
KEPT_DAYS = 30

_ITEMS = (
    "SELECT items.*, stills.words AS still_words, stills.hash AS still_hash"
    " FROM items LEFT JOIN stills ON stills.item = items.id"
)
_TAKEN_BY = "It was changed meanwhile. Nothing was overwritten. Check its current state, and change it again."


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a collection.

    Args:
        id: its number.
        version: grows with every change of its texts.
        draft: what is kept.
        still: the picture that stands for it, if it has one.
        made_by, changed_by: users who saved it, and who changed it last; empty if users are not identified.
    """

    id: int
    version: int
    draft: Draft
    still: Still | None = None
    made_by: str = ""
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection with its items, in display order.

    Args:
        slug: its name in addresses; stays when it is renamed.
        name: its name on the screen.
        version: grows with every renaming.
        items: what is in it.
        made_by, changed_by: users who created it, and who changed it last; empty if users are not identified.
    """

    slug: str
    name: str
    version: int
    items: tuple[Item, ...]
    made_by: str = ""
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A collection in the list of all: `count` items are in it."""

    slug: str
    name: str
    count: int


class Collections:
    """The collections of one home.

    Args:
        store: the database.
        who: returns the current user's name; empty if it is unknown.
    """

    def __init__(self, store: Records, who: Callable[[], str] = lambda: "") -> None:
        self._store, self._who = store, who

    def listed(self) -> list[Listed]:
        """Return all collections, the oldest first."""
        if not self._store.exists:
            return []
        with self._store.use(changes=False) as base:
            rows = base.execute(
                "SELECT slug, name, (SELECT count(*) FROM items WHERE collection = c.id AND removed IS NULL) AS count"
                " FROM collections c WHERE removed IS NULL ORDER BY id"
            ).fetchall()
        return [Listed(row["slug"], row["name"], row["count"]) for row in rows]

    def read(self, slug: str) -> Collection:
        """Return one collection.

        Args:
            slug: its name in addresses.

        Raises:
            NotFound: there is no such name.
        """
        if not self._store.exists:
            raise _no_collection(slug)
        with self._store.use(changes=False) as base:
            return _read(base, slug)

    def make(
        self, name: str, drafts: tuple[Draft, ...] = (), pictures: Mapping[int, Picture] = MappingProxyType({})
    ) -> Collection:
        """Create a collection.

        Args:
            name: its name; another of the same name gets another address.
            drafts: its initial items.
            pictures: those of some of them, by index.

        Returns:
            The collection.

        Raises:
            InputError: the name is none, or there are too many.
        """
        kept = one_line(name, MAX_NAME, "name")
        if len(drafts) > MAX_ITEMS:
            raise InputError(f"Expected at most {MAX_ITEMS} items in a collection. Received: {len(drafts)}.")
        with self._store.use() as base:
            _forget_old(base)
            _check_room(base, "collections", "TRUE", MAX_COLLECTIONS, "collections")
            slug = free_slug(kept, {row["slug"] for row in base.execute("SELECT slug FROM collections").fetchall()})
            number = base.execute(
                "INSERT INTO collections (slug, name, made_by) VALUES (?, ?, ?) RETURNING id", (slug, kept, self._who())
            ).fetchone()["id"]
            for position, draft in enumerate(drafts):
                item = _insert(base, number, position, draft, self._who())
                if position in pictures:
                    insert_still(base, item, pictures[position])
            return _read(base, slug)

    def rename(self, slug: str, name: str, version: int) -> Collection:
        """Give a collection another name; its address stays.

        Raises:
            Conflict: it is no longer of that version.
        """
        kept = one_line(name, MAX_NAME, "name")
        with self._store.use() as base:
            changed = base.execute(
                "UPDATE collections SET name = ?, changed_by = ?, version = version + 1 WHERE id = ? AND version = ?",
                (kept, self._who(), _number(base, slug), version),
            )
            if not changed.rowcount:
                raise Conflict(_TAKEN_BY)
            return _read(base, slug)

    def remove(self, slug: str) -> None:
        """Remove a collection with all its items."""
        with self._store.use() as base:
            base.execute(
                "UPDATE collections SET removed = ?, changed_by = ? WHERE id = ?",
                (_days_ago(0), self._who(), _number(base, slug)),
            )

    def restore(self, slug: str) -> Collection:
        """Restore a removed collection."""
        with self._store.use() as base:
            base.execute("UPDATE collections SET removed = NULL, changed_by = ? WHERE slug = ?", (self._who(), slug))
            return _read(base, slug)

    def add(self, slug: str, draft: Draft) -> Item:
        """Add an item at the end of a collection.

        Raises:
            NotFound: there is no such collection.
            InputError: it is full.
        """
        with self._store.use() as base:
            number = _number(base, slug)
            _check_room(base, "items", f"collection = {number}", MAX_ITEMS, "items in a collection")
            row = base.execute("SELECT max(position) AS last FROM items WHERE collection = ?", (number,)).fetchone()
            return _item(base, number, _insert(base, number, (row["last"] or 0) + 1, draft, self._who()))

    def edit(self, slug: str, item: int, title: str, note: str, version: int) -> Item:
        """Change the texts of one item.

        Raises:
            Conflict: it is no longer of that version.
        """
        texts = one_line(title, MAX_TITLE, "title"), checked_note(note)
        with self._store.use() as base:
            number = _number(base, slug)
            _item(base, number, item)
            changed = base.execute(
                "UPDATE items SET title = ?, note = ?, changed_by = ?, version = version + 1"
                " WHERE id = ? AND version = ?",
                (*texts, self._who(), item, version),
            )
            if not changed.rowcount:
                raise Conflict(_TAKEN_BY)
            return _item(base, number, item)

    def illustrate(self, slug: str, item: int, picture: Picture) -> Item:
        """Set the picture of an item."""
        with self._store.use() as base:
            number = _number(base, slug)
            insert_still(base, _item(base, number, item).id, picture)
            return _item(base, number, item)

    def picture(self, slug: str, item: int) -> Picture:
        """Return the picture of an item.

        Raises:
            NotFound: there is no such collection or item, or it has none.
        """
        if not self._store.exists:
            raise _no_collection(slug)
        with self._store.use(changes=False) as base:
            return read_still(base, _item(base, _number(base, slug), item).id)

    def take_out(self, slug: str, item: int) -> None:
        """Remove one item."""
        with self._store.use() as base:
            _item(base, _number(base, slug), item)
            base.execute("UPDATE items SET removed = ?, changed_by = ? WHERE id = ?", (_days_ago(0), self._who(), item))

    def put_back(self, slug: str, item: int) -> Item:
        """Restore a removed item at its former position."""
        with self._store.use() as base:
            number = _number(base, slug)
            base.execute(
                "UPDATE items SET removed = NULL, changed_by = ? WHERE id = ? AND collection = ?",
                (self._who(), item, number),
            )
            return _item(base, number, item)

    def move(self, slug: str, item: int, before: int | None) -> Collection:
        """Put one item before another, or, with None, at the end."""
        with self._store.use() as base:
            number = _number(base, slug)
            _item(base, number, item)
            # Removed ones keep their position among the others, for Undo.
            rows = base.execute("SELECT id FROM items WHERE collection = ? ORDER BY position, id", (number,))
            order = [row["id"] for row in rows.fetchall() if row["id"] != item]
            order.insert(len(order) if before is None else order.index(_item(base, number, before).id), item)
            base.execute("UPDATE items SET changed_by = ? WHERE id = ?", (self._who(), item))
            base.executemany("UPDATE items SET position = ? WHERE id = ?", list(enumerate(order)))
            return _read(base, slug)


def _read(base: Connection, slug: str) -> Collection:
    found = base.execute("SELECT * FROM collections WHERE slug = ? AND removed IS NULL", (slug,)).fetchone()
    if found is None:
        raise _no_collection(slug)
    rows = base.execute(
        f"{_ITEMS} WHERE collection = ? AND removed IS NULL ORDER BY position, id", (found["id"],)
    ).fetchall()
    items = tuple(_as_item(row) for row in rows)
    return Collection(found["slug"], found["name"], found["version"], items, found["made_by"], found["changed_by"])


def _number(base: Connection, slug: str) -> int:
    found = base.execute("SELECT id FROM collections WHERE slug = ? AND removed IS NULL", (slug,)).fetchone()
    if found is None:
        raise _no_collection(slug)
    return found["id"]


def _item(base: Connection, number: int, item: int) -> Item:
    row = base.execute(f"{_ITEMS} WHERE id = ? AND collection = ? AND removed IS NULL", (item, number)).fetchone()
    if row is None:
        raise NotFound(
            f"Expected an item of this collection. Received: number {item}, which was removed. Nothing was changed."
        )
    return _as_item(row)


def _as_item(row: Any) -> Item:
    still = None if row["still_hash"] is None else Still(row["still_words"], row["still_hash"])
    draft = Draft(row["kind"], row["address"], row["title"], row["note"])
    return Item(row["id"], row["version"], draft, still, row["made_by"], row["changed_by"])


def _insert(base: Connection, number: int, position: int, draft: Draft, who: str) -> int:
    done = base.execute(
        "INSERT INTO items (collection, position, kind, address, title, note, made_by) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        (number, position, draft.kind, draft.address, draft.title, draft.note, who),
    )
    return done.fetchone()["id"]


def _check_room(base: Connection, table: str, where: str, limit: int, what: str) -> None:
    row = base.execute(f"SELECT count(*) AS count FROM {table} WHERE {where} AND removed IS NULL").fetchone()
    if row["count"] >= limit:
        raise InputError(f"Expected at most {limit} {what}. Received: one more. Remove one first.")


def _forget_old(base: Connection) -> None:
    for table in ("items", "collections"):
        base.execute(f"DELETE FROM {table} WHERE removed < ?", (_days_ago(KEPT_DAYS),))


def _days_ago(days: int) -> str:
    """Return a time in UTC as the tables store it."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - days * 24 * 3600))


def _no_collection(slug: str) -> NotFound:
    shown = slug[:60] if slug.isprintable() else "a name that cannot be shown"
    return NotFound(f"Expected a collection that is here. Received: {shown}. Choose one on the Collections page.")
