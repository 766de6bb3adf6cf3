"""The database file: for its owner only, migrated, and set aside when it is damaged."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.errors import LibraryError
from dashboard.library.collections import Collections
from dashboard.stores import library_database
from dashboard.stores.library_database import FILE, FOLDER, Store


def collections(home: Path) -> Collections:
    return Collections(Store(home))


def test_nothing_is_made_before_it_is_used_and_then_only_its_owner_may_look(tmp_path: Path) -> None:
    assert collections(tmp_path).listed() == []
    assert list(tmp_path.iterdir()) == []
    collections(tmp_path).make("Talk")
    folder = tmp_path / FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    with closing(sqlite3.connect(folder / FILE)) as base:
        assert base.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


@pytest.mark.parametrize("damage", ["header", "middle"])
def test_a_damaged_file_is_set_aside_with_one_line_and_an_empty_one_begun(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    for number in range(40):
        collections(tmp_path).make(f"Talk {number} " + "x" * 90)
    path = tmp_path / FOLDER / FILE
    content = bytearray(path.read_bytes())
    if damage == "header":
        content[:16] = b"no database here"
    else:
        content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        if damage == "middle":
            with pytest.raises(LibraryError, match="set aside"):
                collections(tmp_path).listed()
        assert collections(tmp_path).listed() == []
    assert [record.levelname for record in caplog.records if record.name == library_database.__name__] == ["WARNING"]
    assert (tmp_path / FOLDER / f"{FILE}.damaged.1").read_bytes() == content
    collections(tmp_path).make("Anew")
    assert [each.name for each in collections(tmp_path).listed()] == ["Anew"]


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    collections(tmp_path).make("Talk")
    with closing(sqlite3.connect(tmp_path / FOLDER / FILE)) as base:
        base.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryError, match=r"version 99\. Update Likeness"):
        collections(tmp_path).listed()


def test_a_failure_half_done_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    collections(tmp_path).make("Talk")
    with pytest.raises(RuntimeError, match="half way"):
        empty_and_fail(store)
    assert [each.slug for each in collections(tmp_path).listed()] == ["talk"]


def empty_and_fail(store: Store) -> None:
    with store.use() as base:
        base.execute("DELETE FROM collections")
        raise RuntimeError("half way")
