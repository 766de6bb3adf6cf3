"""The database that the processes of one host share: jobs and quotas, in one SQLite file under LIKENESS_HOME.

What is lost with it can be computed or counted again, so that a damaged file is replaced by an empty one.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock

from dashboard.errors import Busy, LibraryError

VERSION = 1
"""Version of the tables, and part of the file's name: during an update, processes of two versions run side by side."""

FOLDER, FILE = "processes", f"state-{VERSION}.sqlite3"
WAIT = 10.0
"""Seconds that a writer waits for another one."""

TABLES = """
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    visitor TEXT NOT NULL,
    spec TEXT NOT NULL,
    expected REAL,
    measured INTEGER NOT NULL,
    state TEXT NOT NULL,
    fraction REAL NOT NULL DEFAULT 0,
    step TEXT NOT NULL DEFAULT '',
    stage INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    folder TEXT NOT NULL DEFAULT '',
    owner TEXT NOT NULL DEFAULT '',
    epoch INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    lease REAL NOT NULL DEFAULT 0,
    started REAL NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX live_jobs ON jobs (key) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_by_state ON jobs (state);
CREATE TABLE tickets (
    id TEXT PRIMARY KEY,
    job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    waits INTEGER NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0,
    used REAL NOT NULL
);
CREATE INDEX tickets_of_jobs ON tickets (job);
CREATE INDEX tickets_by_use ON tickets (used);
CREATE TABLE served (visitor TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE hits (name TEXT NOT NULL, visitor TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX hits_of_visitors ON hits (name, visitor, at);
CREATE INDEX hits_by_age ON hits (at);
"""

log = logging.getLogger(__name__)


class ProcessDatabase:
    """The shared database of one home.

    Args:
        home: LIKENESS_HOME.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / FOLDER / FILE

    @contextmanager
    def use(self, changes: bool = True) -> Iterator[sqlite3.Connection]:
        """Yield a connection in one transaction: committed at the end, rolled back on an error.

        Args:
            changes: whether it will write: then other writers wait from its start.

        Raises:
            Busy: another process wrote for longer than the timeout.
            LibraryError: the file cannot be used.
        """
        try:
            with closing(self._connect()) as connection:
                connection.execute("BEGIN IMMEDIATE" if changes else "BEGIN")
                try:
                    yield connection
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except (OSError, sqlite3.OperationalError) as error:
            if "locked" in str(error):
                raise Busy("Expected the shared database to be free. Received: a busy one. Try again.") from error
            raise LibraryError(
                f"Expected a writable LIKENESS_HOME. Received: {self._path.parent} cannot be used ({error}). "
                "Make room on the disk, or check its permissions, and try again."
            ) from error
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            raise Busy("Expected an intact shared database. Received: a damaged one, now replaced. Retry.") from error

    def _connect(self) -> sqlite3.Connection:
        connection = None
        try:
            connection = self._open()
            if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                return connection
            connection.close()
            self._make()
            connection = self._open()
            return connection
        except BaseException:
            if connection is not None:
                connection.close()
            raise

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")  # after a power cut, jobs have ended anyway
        return connection

    def _make(self) -> None:
        """Create the tables, in one process only."""
        with FileLock(self._path.parent / "lock", mode=0o600), closing(self._open()) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == VERSION:
                return
            self._path.chmod(0o600)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in filter(str.strip, TABLES.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("COMMIT")

    def _begin_anew(self, error: Exception) -> None:
        with FileLock(self._path.parent / "lock", mode=0o600):
            try:
                with closing(sqlite3.connect(self._path, timeout=WAIT)) as connection:
                    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
                        return  # another process has replaced it
            except sqlite3.DatabaseError:
                pass
            log.warning("The shared database %s was damaged (%s). An empty one was created.", self._path, error)
            os.replace(self._path, self._path.with_name(f"{FILE}.damaged"))
            for end in ("-wal", "-shm"):
                self._path.with_name(FILE + end).unlink(missing_ok=True)
