"""The database of the library: one SQLite file, opened for each use: no connection crosses a fork or a thread.

Two processes may write concurrently: SQLite's write-ahead log lets one wait for the other. A damaged file is renamed
    and
an empty one created, so that the dashboard continues to work and nothing is deleted.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock

from dashboard.errors import Busy, InputError, LibraryError

FOLDER, FILE = "library", "collections.sqlite3"
WAIT = 10.0
"""Seconds that a writer waits for another one."""

MIGRATIONS = (
    """
    CREATE TABLE collections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        slug TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        removed TEXT
    );
    CREATE TABLE items (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        address TEXT NOT NULL,
        title TEXT NOT NULL,
        note TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        removed TEXT
    );
    CREATE INDEX items_in_order ON items (collection, position, id);
    """,
    """
    CREATE TABLE stills (
        item INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
        words TEXT NOT NULL,
        hash TEXT NOT NULL,
        picture BLOB NOT NULL
    );
    """,
    """
    ALTER TABLE collections ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
    ALTER TABLE collections ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
    ALTER TABLE items ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
    ALTER TABLE items ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
    """,
)
"""Statement k takes a file from schema version k to k + 1; `PRAGMA user_version` has the version of a file."""

log = logging.getLogger(__name__)


class Store:
    """The database file of one home; it is created and opened on first use.

    Args:
        home: LIKENESS_HOME; None if it cannot be used: then the library is empty and read-only.
    """

    def __init__(self, home: Path | None) -> None:
        self._folder = home / FOLDER if home else None

    @property
    def exists(self) -> bool:
        """Whether anything has been saved yet."""
        return self._folder is not None and (self._folder / FILE).exists()

    @contextmanager
    def use(self, changes: bool = True) -> Iterator[sqlite3.Connection]:
        """Yield a connection in one transaction: committed at the end, rolled back on an error.

        Args:
            changes: whether it will write: then other writers wait from its start, and its reads stay valid.

        Returns:
            The connection; rows are read by the names of their columns.

        Raises:
            InputError: there is no home to store anything in.
            Busy: another process wrote for longer than the timeout.
            LibraryError: the file cannot be used.
        """
        if self._folder is None:
            raise InputError(
                "Expected a LIKENESS_HOME to keep collections in. Received: none that can be used. See the log."
            )
        try:
            with closing(self._connect() if changes else self._connect_to_read()) as connection:
                connection.execute("BEGIN IMMEDIATE" if changes else "BEGIN")
                try:
                    yield connection
                except BaseException:
                    if connection.in_transaction:  # some errors end the transaction
                        connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except (OSError, sqlite3.OperationalError) as error:
            if "locked" in str(error):
                raise Busy("Others are saving at this moment. Nothing was changed. Try again in a second.") from error
            raise LibraryError(
                f"The library in {self._folder} cannot be used ({error}). Nothing was changed."
            ) from error
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            _set_aside(self._folder / FILE)
            raise LibraryError(
                "The library was damaged. The file has been set aside (see the log), and an empty one created."
            ) from error

    def _connect_to_read(self) -> sqlite3.Connection:
        """Return a connection for reading: if nothing can be written (a full or read-only disk), to the unchanged
        file.
        """
        assert self._folder is not None
        try:
            return self._connect()
        except (OSError, sqlite3.OperationalError) as error:
            path = self._folder / FILE
            if "locked" in str(error) or not path.exists():
                raise
            connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
            connection.row_factory = sqlite3.Row
            return connection

    def _connect(self) -> sqlite3.Connection:
        assert self._folder is not None
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / FILE
        try:
            return _connected(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            _set_aside(path)
            return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    if not path.exists():
        _begin(path)
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        if _version(connection) < len(MIGRATIONS):
            with _alone(path.parent):
                connection.execute("PRAGMA journal_mode = WAL")
                _keep_copy(connection, path)
                _migrate(connection)
        if _version(connection) > len(MIGRATIONS):
            raise LibraryError(
                f"Expected a library of version {len(MIGRATIONS)} at most. Received: version {_version(connection)}. "
                "Update Likeness; nothing was changed."
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _begin(path: Path) -> None:
    """Create an empty file that only its owner may read; SQLite's auxiliary files inherit its mode.

    It is created under another name: opening and closing the file itself would release every lock that SQLite holds on
        it in
    this process (POSIX), and two writers could write concurrently.
    """
    with _alone(path.parent):
        if not path.exists():
            descriptor, name = tempfile.mkstemp(dir=path.parent)
            os.close(descriptor)
            os.rename(name, path)


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _keep_copy(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a database before it is upgraded."""
    version = _version(connection)
    copy = path.with_name(f"{path.name}.before-version-{version + 1}")
    if 0 < version < len(MIGRATIONS) and not copy.exists():
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)


def _migrate(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for version in range(_version(connection), len(MIGRATIONS)):
            for statement in filter(str.strip, MIGRATIONS[version].split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _set_aside(path: Path) -> None:
    """Rename a damaged file; a second process finds an intact one and keeps it."""
    with _alone(path.parent):
        if _is_sound(path):
            return
        taken = [
            int(found.suffix[1:])
            for found in path.parent.glob(f"{path.name}.damaged.*")
            if found.suffix[1:].isdecimal()
        ]
        aside = path.with_name(f"{path.name}.damaged.{max(taken, default=0) + 1}")
        path.rename(aside)
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        log.warning("The library %s was damaged. It is kept as %s, and an empty one was created.", path, aside.name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold an exclusive lock, across threads and processes."""
    with FileLock(folder / "lock", mode=0o600):
        yield


def _is_sound(path: Path) -> bool:
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(path, timeout=WAIT)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.OperationalError:
        return True  # in use or not readable: not damaged
    except sqlite3.DatabaseError:
        return False
