import logging
import os
import pickle
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import diskcache
import pytest

from dashboard.stores.picture_cache import BytesDisk, Cache, Entry

ENTRY = Entry.of(b"a picture" * 100)
LARGE = Entry.of(bytes(range(256)) * 400)  # 100 KiB: lies in a file of its own


@pytest.fixture
def cache(tmp_path):
    cache = Cache(tmp_path / "pictures", 10)
    yield cache
    cache.close()


def warnings(caplog):
    return [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("entry", [ENTRY, LARGE], ids=["small", "large"])
def test_what_was_put_is_found_again_also_later(cache, tmp_path, entry):
    cache.put("a face", entry)
    assert cache.get("a face") == entry
    assert cache.get("another face") is None
    cache.close()
    later = Cache(tmp_path / "pictures", 10)
    assert later.get("a face") == entry
    later.close()


def test_the_folder_is_for_its_owner_only(cache, tmp_path):
    assert (tmp_path / "pictures").stat().st_mode & 0o777 == 0o700


def test_it_is_bounded(tmp_path):
    cache = Cache(tmp_path / "pictures", 1)
    for number in range(200):
        cache.put(f"face {number}", Entry.of(number.to_bytes(2) * 10_000))
    assert cache.get("face 199") is not None
    assert cache.get("face 0") is None
    assert sum(file.stat().st_size for file in (tmp_path / "pictures").rglob("*.val")) < 1.2 * 2**20
    cache.close()


def test_the_same_bytes_have_the_same_digest_and_others_another():
    assert Entry.of(b"a").digest == Entry.of(b"a").digest
    assert Entry.of(b"a").digest != Entry.of(b"b").digest
    assert len(Entry.of(b"").digest) == 32


class Boom:
    def __reduce__(self):
        return (os.mkdir, ("unpickled",))


def poison(folder, column_values):
    with sqlite3.connect(folder / "cache.db") as database:
        database.execute(f"UPDATE Cache SET {column_values[0]}", column_values[1])


@pytest.mark.parametrize(
    "column_values",
    [
        ("mode = 4, value = ?", (pickle.dumps(Boom()),)),
        ("mode = 4, value = NULL, filename = ?", ("boom.val",)),
        ("mode = 3, filename = ?", ("boom.val",)),
        ("value = ?", ("text",)),
        ("value = ?", (7,)),
        ("mode = 9, value = ?", (b"x" * 100,)),
    ],
    ids=["pickle", "pickle in a file", "text in a file", "text", "number", "unknown mode"],
)
def test_nothing_but_bytes_is_ever_read(tmp_path, monkeypatch, caplog, column_values):
    monkeypatch.chdir(tmp_path)
    cache = Cache(tmp_path / "pictures", 10)
    cache.put("a face", ENTRY)
    (tmp_path / "pictures" / "boom.val").write_bytes(pickle.dumps(Boom()))
    poison(tmp_path / "pictures", column_values)
    assert cache.get("a face") is None
    assert cache.get("a face") is None
    assert not (tmp_path / "unpickled").exists()
    assert len(warnings(caplog)) == 1
    cache.put("a face", ENTRY)
    assert cache.get("a face") == ENTRY
    cache.close()


def test_a_pickled_key_is_refused(tmp_path):
    store = diskcache.Cache(str(tmp_path), disk=BytesDisk)
    store["a"] = b"b"
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE Cache SET key = ?, raw = 0", (pickle.dumps(Boom()),))
    with pytest.raises(ValueError, match="string as key"):
        list(store)
    store.close()


@pytest.mark.parametrize(("key", "value"), [("key", "text"), ("key", {"a": 1}), (("tuple",), b"bytes"), (7, b"bytes")])
def test_nothing_but_strings_and_bytes_is_ever_written(tmp_path, key, value):
    store = diskcache.Cache(str(tmp_path), disk=BytesDisk)
    with pytest.raises(TypeError, match="Expected"):
        store.set(key, value)
    store.close()


@pytest.mark.parametrize("entry", [ENTRY, LARGE], ids=["small", "large"])
def test_damaged_bytes_are_a_miss(tmp_path, entry):
    folder = tmp_path / "pictures"
    cache = Cache(folder, 10)
    cache.put("a face", entry)
    files = list(folder.rglob("*.val"))
    for file in files:
        file.write_bytes(file.read_bytes()[:-100])
    if not files:
        poison(folder, ("value = ?", (bytes(16) + entry.payload,)))
    assert cache.get("a face") is None
    cache.close()


def test_a_missing_file_is_a_miss(tmp_path):
    folder = tmp_path / "pictures"
    cache = Cache(folder, 10)
    cache.put("a face", LARGE)
    for file in folder.rglob("*.val"):
        file.unlink()
    assert cache.get("a face") is None
    cache.put("a face", LARGE)
    assert cache.get("a face") == LARGE
    cache.close()


def begins_anew(tmp_path, caplog):
    cache = Cache(tmp_path / "pictures", 10)
    assert cache.get("a face") is None
    cache.put("a face", ENTRY)
    assert cache.get("a face") == ENTRY
    assert (tmp_path / "pictures.damaged.1" / "cache.db").exists()
    assert "set aside" in caplog.text or "kept as pictures.damaged.1" in caplog.text
    cache.close()


def works_without(cache, caplog):
    for _ in range(3):
        assert cache.get("a face") is None
        cache.put("a face", ENTRY)
    assert not cache.in_use
    assert len(warnings(caplog)) == 1
    assert "remove the folder, or make room" in caplog.text
    cache.close()


def test_a_folder_that_is_a_file(tmp_path, caplog):
    (tmp_path / "pictures").write_text("not a folder")
    works_without(Cache(tmp_path / "pictures", 10), caplog)


def test_a_database_that_is_none(tmp_path, caplog):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "cache.db").write_bytes(b"this is no database" * 1000)
    begins_anew(tmp_path, caplog)


def test_a_database_with_settings_of_another_kind(tmp_path, caplog):
    (tmp_path / "pictures").mkdir()
    with sqlite3.connect(tmp_path / "pictures" / "cache.db") as database:
        database.execute("CREATE TABLE Settings (key TEXT NOT NULL UNIQUE, value)")
        database.execute("INSERT INTO Settings VALUES ('disk_unheard_of', 1)")
    begins_anew(tmp_path, caplog)


def test_a_database_that_breaks_while_in_use(tmp_path, caplog):
    cache = Cache(tmp_path / "pictures", 10)
    cache.put("a face", ENTRY)
    cache.close()
    with open(tmp_path / "pictures" / "cache.db", "r+b") as file:
        file.write(b"\xff" * 8192)
    works_without(cache, caplog)


def in_another_process(program, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_a_full_disk(tmp_path):
    # A limit on the size of files stands for the full disk: SQLite and files reach it in the same calls.
    out, err = in_another_process(
        """
        import resource, signal, sys
        from pathlib import Path
        from dashboard.stores.picture_cache import Cache, Entry
        cache = Cache(Path(sys.argv[1]), 100)
        cache.put("kept", Entry.of(b"kept"))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
        for number in range(40):
            cache.put(f"small {number}", Entry.of(bytes([number]) * 20_000))
            cache.put(f"large {number}", Entry.of(bytes([number]) * 200_000))
        print(cache.get("kept").payload, cache.in_use)
        """,
        tmp_path / "pictures",
    )
    assert out.split() == ["b'kept'", "False"]
    assert err.count("cannot be used as it should") == 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX")
def test_a_folder_that_may_only_be_read():
    # Not below tmp_path, where nobody else may look.
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        read_only(Path(scratch) / "pictures")


def read_only(folder):
    cache = Cache(folder, 10)
    cache.put("a face", ENTRY)
    cache.close()
    # Root may write anywhere, so the reader becomes nobody; it has imported all it needs by then.
    out, err = in_another_process(
        """
        import os, sys
        from pathlib import Path
        from dashboard.stores.picture_cache import Cache, Entry
        folder = Path(sys.argv[1])
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        if os.geteuid() == 0:
            os.setuid(65534)
        cache = Cache(folder, 10)
        for number in range(3):
            cache.get("a face")
            cache.put("another", Entry.of(b"bytes"))
        print(cache.in_use)
        """,
        folder,
    )
    folder.chmod(0o700)
    assert out.split() == ["False"]
    assert err.count("cannot be used as it should") == 1


@pytest.mark.parametrize(("folder", "megabytes"), [(None, 10), ("pictures", 0)])
def test_no_cache_is_no_trouble(tmp_path, caplog, folder, megabytes):
    cache = Cache(folder and tmp_path / folder, megabytes)
    cache.put("a face", ENTRY)
    assert cache.get("a face") is None
    assert not cache.in_use
    assert not warnings(caplog)
    assert not list(tmp_path.iterdir())
    cache.close()
