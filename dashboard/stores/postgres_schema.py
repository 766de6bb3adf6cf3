"""The tables of PostgreSQL, and how a database of an older version is brought to the present one."""

from __future__ import annotations

from typing import Any

from dashboard.errors import LibraryError

MIGRATIONS = (
    """
    CREATE TABLE collections (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        version BIGINT NOT NULL DEFAULT 1,
        removed TIMESTAMPTZ,
        made_by TEXT NOT NULL DEFAULT '',
        changed_by TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE items (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        collection BIGINT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
        position BIGINT NOT NULL,
        kind TEXT NOT NULL,
        address TEXT NOT NULL,
        title TEXT NOT NULL,
        note TEXT NOT NULL,
        version BIGINT NOT NULL DEFAULT 1,
        removed TIMESTAMPTZ,
        made_by TEXT NOT NULL DEFAULT '',
        changed_by TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX items_in_order ON items (collection, position, id);
    CREATE TABLE stills (
        item BIGINT PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
        words TEXT NOT NULL,
        hash TEXT NOT NULL,
        picture BYTEA NOT NULL
    );
    CREATE TABLE jobs (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        visitor TEXT NOT NULL,
        spec TEXT NOT NULL,
        expected DOUBLE PRECISION,
        measured BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        fraction DOUBLE PRECISION NOT NULL DEFAULT 0,
        step TEXT NOT NULL DEFAULT '',
        stage BIGINT NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT '',
        folder TEXT NOT NULL DEFAULT '',
        owner TEXT NOT NULL DEFAULT '',
        epoch BIGINT NOT NULL DEFAULT 0,
        tries BIGINT NOT NULL DEFAULT 0,
        lease DOUBLE PRECISION NOT NULL DEFAULT 0,
        started DOUBLE PRECISION NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX live_jobs ON jobs (key) WHERE state IN ('queued', 'running');
    CREATE INDEX jobs_by_state ON jobs (state);
    CREATE TABLE tickets (
        id TEXT PRIMARY KEY,
        job BIGINT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        waits BOOLEAN NOT NULL,
        cancelled BOOLEAN NOT NULL DEFAULT FALSE,
        used DOUBLE PRECISION NOT NULL
    );
    CREATE INDEX tickets_of_jobs ON tickets (job);
    CREATE INDEX tickets_by_use ON tickets (used);
    CREATE TABLE served (visitor TEXT PRIMARY KEY, count BIGINT NOT NULL);
    """,
)
"""Step k takes a database from version k to k + 1; the table `likeness` has the version of a database."""

LOCK = 0x11CE
"""Number of the advisory lock of whoever upgrades the tables."""


def migrate(connection: Any) -> None:
    """Create or upgrade the tables, in one transaction; processes that start together do it once.

    Args:
        connection: a `psycopg.Connection` outside any transaction, whose rows are read by number.

    Raises:
        LibraryError: the database belongs to a newer version of Likeness.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute("CREATE TABLE IF NOT EXISTS likeness (version INTEGER NOT NULL)")
        found = connection.execute("SELECT version FROM likeness").fetchone()
        version = found[0] if found else 0
        if version > len(MIGRATIONS):
            raise LibraryError(
                f"Expected a database of version {len(MIGRATIONS)} at most. Received: version {version}. "
                "Update Likeness; nothing was changed."
            )
        for step in MIGRATIONS[version:]:
            connection.execute(step)
        if not found:
            connection.execute("INSERT INTO likeness (version) VALUES (%s)", (len(MIGRATIONS),))
        elif version < len(MIGRATIONS):
            connection.execute("UPDATE likeness SET version = %s", (len(MIGRATIONS),))
