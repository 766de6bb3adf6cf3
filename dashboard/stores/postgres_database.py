"""The library in PostgreSQL, for several hosts: the same statements as in SQLite, in the same kind of transaction.

One writer at a time, as in SQLite: what a transaction has read stays true until it is committed. A pool of connections
is opened on first use, never before a fork, and a connection that a restart of the server has cut is replaced.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from dashboard.errors import Busy, LibraryError
from dashboard.stores.postgres_schema import migrate

WAIT = 10.0
"""Seconds that a writer waits for another one."""

CONNECT = 3.0
"""Seconds that a request waits for a connection."""

CONNECTIONS = 8
"""Connections of one process, at most."""

RECORDS, JOBS = 0x11CF, 0x11D0
"""Numbers of the advisory locks of those who write to the tables of what people keep, and to the table of jobs."""

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)


class Row:
    """A row, read by the names or numbers of its columns."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: dict[str, int], values: Sequence[Any]) -> None:
        self._names, self._values = names, values

    def __getitem__(self, key: str | int) -> Any:
        return self._values[key if isinstance(key, int) else self._names[key]]


class PostgresConnection:
    """A connection in a transaction, which takes SQLite's `?` for parameters."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """Run a statement; returns a cursor with its rows."""
        return self._connection.execute(_with_percents(statement), parameters)

    def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> psycopg.Cursor[Any]:
        """Run a statement once for each row of parameters."""
        cursor = self._connection.cursor()
        cursor.executemany(_with_percents(statement), parameters)
        return cursor


class PostgresStore:
    """Tables of the database of all hosts; they are created on first use. The adapter of `Records`.

    Args:
        pool: the connections of this process.
        writer: number of the lock that writers of these tables take; others do not wait for them.
    """

    exists = True

    def __init__(self, pool: PostgresPool, writer: int = RECORDS) -> None:
        self._pool, self._writer = pool, writer

    @contextmanager
    def use(self, changes: bool = True) -> Iterator[PostgresConnection]:
        """Yield a connection in one transaction: committed at the end, rolled back on an error.

        Args:
            changes: whether it will write: then other writers wait from its start, and its reads stay valid.

        Returns:
            The connection; rows are read by the names of their columns.

        Raises:
            Busy: another process wrote for longer than the timeout.
            LibraryError: the database cannot be reached, or was stopped meanwhile.
        """
        committing = False
        try:
            with self._pool.connection() as connection, connection.transaction():
                if changes:
                    connection.execute("SELECT pg_advisory_xact_lock(%s)", (self._writer,))
                else:
                    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield PostgresConnection(connection)
                committing = changes
        except psycopg.errors.LockNotAvailable as error:
            raise Busy("Others are saving at this moment. Nothing was changed. Try again in a second.") from error
        except _AWAY as error:
            result = "Look whether it was saved." if committing else "Nothing was changed. Try again in a second."
            raise LibraryError(
                f"Expected an answer of {self._pool.location}. Received: {_reason(error)}. {result}"
            ) from error


class PostgresPool:
    """The connections of one process to the database.

    Args:
        address: a connection URI, such as `postgresql://likeness@db/likeness`.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._idle: list[psycopg.Connection[Any]] = []
        self._process = os.getpid()
        self._slots = threading.BoundedSemaphore(CONNECTIONS)
        self._lock = threading.Lock()
        self._upgraded = False

    @property
    def location(self) -> str:
        """Where the database is, without a password."""
        parts = conninfo_to_dict(self._address)
        return f"PostgreSQL at {parts.get('host', 'the local socket')}:{parts.get('port', 5432)}"

    @property
    def problem(self) -> str:
        """Why the database cannot be used, as a sentence; empty if it works."""
        try:
            with PostgresStore(self).use(changes=False) as connection:
                connection.execute("SELECT 1")
        except (Busy, LibraryError) as error:
            return str(error)
        return ""

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """Yield a connection that works, outside any transaction; the tables are there.

        Raises:
            Busy: all connections are in use.
            psycopg.OperationalError: the server does not answer.
        """
        if not self._slots.acquire(timeout=CONNECT):
            raise Busy("Expected a free connection to the database. Received: all in use. Try again in a second.")
        try:
            connection = self._kept() or self._connected()
            try:
                yield connection
            finally:
                if connection.closed or connection.broken:
                    connection.close()
                else:
                    with self._lock:
                        self._idle.append(connection)
        finally:
            self._slots.release()

    def close(self) -> None:
        """Close the connections that are not in use."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _kept(self) -> psycopg.Connection[Any] | None:
        """Return an idle connection that a restart of the server has not cut."""
        while True:
            with self._lock:
                if self._process != os.getpid():  # after a fork they are the parent's
                    self._process, self._parents, self._idle = os.getpid(), self._idle, []
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return None
            try:
                connection.execute("SELECT 1")
            except psycopg.Error:
                connection.close()
                continue
            return connection

    def _connected(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(
            self._address,
            autocommit=True,
            row_factory=_rows,
            connect_timeout=int(CONNECT),
            options=f"-c lock_timeout={WAIT * 1000:.0f} -c TimeZone=UTC",
            application_name="likeness",
        )
        try:
            if not self._upgraded:
                migrate(connection)
                self._upgraded = True
        except BaseException:
            connection.close()
            raise
        return connection


def _rows(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Any]:
    names = {column.name: number for number, column in enumerate(cursor.description or ())}
    return lambda values: Row(names, values)


def _with_percents(statement: str) -> Any:
    return statement.replace("%", "%%").replace("?", "%s")


def _reason(error: Exception) -> str:
    """Return the first line of a reason; libpq's never has the password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
