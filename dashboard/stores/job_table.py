"""The table of jobs, for the processes of one host (SQLite) or of several (PostgreSQL): the same statements.

`JobTable` in ports.py says what each method does.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from dashboard.errors import Busy
from dashboard.stores.ports import SLICE_JOB, Connection, JobRow, JobState, NewJob, TicketRow

LEASE = 10.0
"""Seconds after which a worker that reports nothing is taken for dead."""

TRIES = 3
"""Times that a job is started before it fails, because each of its workers died."""

AGAIN = "Started again, because its server process ended"
"""Step of a job that was taken over, until it reports one of its own."""

TICKETS = 2000
"""Number of ids that are kept; the oldest ids of ended jobs are dropped first."""

STALE = 24 * 3600.0
"""Seconds after which a queued job is dropped, because every process ended soon after it was started."""

RETRY_AFTER = 30.0
"""Retry-After of a refused job, in seconds."""


class Database(Protocol):
    """A database that several processes share."""

    def use(self, changes: bool = True) -> AbstractContextManager[Connection]:
        """Return a connection in one transaction; one process writes at a time."""
        ...


_PROGRESS = ("fraction", "step", "stage", "folder")
_LIVE = "state IN ('queued', 'running')"


def host_clock(base: Connection) -> float:
    """Return the time in seconds; one host has one clock."""
    return time.time()


def postgres_clock(base: Connection) -> float:
    """Return the time in seconds of the database's host, which all other hosts share."""
    return base.execute("SELECT extract(epoch FROM clock_timestamp())::float8 AS now").fetchone()["now"]


class SqlJobTable:
    """Jobs that several processes share.

    Args:
        database: shared by the processes; has the tables jobs, tickets and served.
        lease: seconds.
        clock: seconds, by the store.
    """

    def __init__(
        self, database: Database, lease: float = LEASE, clock: Callable[[Connection], float] = host_clock
    ) -> None:
        self._database, self._lease, self._clock = database, lease, clock

    def start(self, job: NewJob, ticket: str, per_visitor: int, waiting: int) -> bool:
        """Join the live job of the same key, or queue a new one."""
        with self._database.use() as base:
            there = base.execute(f"SELECT id FROM jobs WHERE key = ? AND {_LIVE}", (job.key,)).fetchone()
            if there is None:
                check_limits(_live(base), job.visitor, per_visitor, waiting)
            number = there["id"] if there else _insert(base, job, "queued")
            self._give(base, ticket, number, waits=True)
        return there is None

    def add_done(self, job: NewJob, ticket: str, folder: str, stage: int) -> None:
        """Add a job whose result was stored before."""
        with self._database.use() as base:
            number = _insert(base, job, "done")
            base.execute("UPDATE jobs SET fraction = 1, folder = ?, stage = ? WHERE id = ?", (folder, stage, number))
            self._give(base, ticket, number, waits=False)

    def watch(self, key: str, ticket: str) -> bool:
        """Give an id to a caller who watches the live job of a key."""
        with self._database.use() as base:
            there = base.execute(f"SELECT id FROM jobs WHERE key = ? AND {_LIVE}", (key,)).fetchone()
            if there is not None:
                self._give(base, ticket, there["id"], waits=False)
        return there is not None

    def find(self, ticket: str) -> TicketRow | None:
        """Return a caller's job."""
        with self._database.use(changes=False) as base:
            row = base.execute(
                "SELECT jobs.*, tickets.cancelled FROM tickets JOIN jobs ON jobs.id = tickets.job WHERE tickets.id = ?",
                (ticket,),
            ).fetchone()
            return None if row is None else TicketRow(_job(row, self._clock(base)), bool(row["cancelled"]))

    def cancel(self, ticket: str) -> None:
        """Cancel a caller's job."""
        with self._database.use() as base:
            row = base.execute(
                f"SELECT jobs.id FROM tickets JOIN jobs ON jobs.id = tickets.job WHERE tickets.id = ? AND {_LIVE}",
                (ticket,),
            ).fetchone()
            if row is None:
                return
            base.execute("UPDATE tickets SET cancelled = TRUE, waits = FALSE WHERE id = ?", (ticket,))
            if base.execute("SELECT 1 FROM tickets WHERE job = ? AND waits", (row["id"],)).fetchone() is None:
                base.execute("UPDATE jobs SET state = 'cancelled' WHERE id = ?", (row["id"],))

    def drop(self, ticket: str) -> None:
        """Forget a caller."""
        with self._database.use() as base:
            base.execute("DELETE FROM tickets WHERE id = ?", (ticket,))

    def claim(self, owner: str, running: int) -> JobRow | None:
        """Take the next queued job."""
        with self._database.use(changes=False) as base:
            live = base.execute(f"SELECT state, lease FROM jobs WHERE {_LIVE}").fetchall()
            now = self._clock(base)
        busy = sum(row["state"] == "running" and row["lease"] >= now for row in live)
        if busy == len(live) or busy >= running:
            return None  # nothing to do, seen without waiting for writers
        with self._database.use() as base:
            now = self._clock(base)
            _requeue(base, now)
            live = _live(base)
            if sum(row["state"] == "running" for row in live) >= running:
                return None
            served = {row["visitor"]: row["count"] for row in base.execute("SELECT * FROM served").fetchall()}
            chosen = next_job(live, served)
            if chosen is None:
                return None
            base.execute(
                "UPDATE jobs SET state = 'running', owner = ?, epoch = epoch + 1, tries = tries + 1, lease = ?,"
                " started = ?, fraction = 0, step = ?, stage = 0, folder = '' WHERE id = ?",
                (owner, now + self._lease, now, AGAIN if chosen["epoch"] else "", chosen["id"]),
            )
            base.execute(
                "INSERT INTO served VALUES (?, 1) ON CONFLICT (visitor) DO UPDATE SET count = served.count + 1",
                (chosen["visitor"],),
            )
            return _job(base.execute("SELECT * FROM jobs WHERE id = ?", (chosen["id"],)).fetchone(), now)

    def has_work(self) -> bool:
        """Return whether a job waits to be claimed."""
        with self._database.use(changes=False) as base:
            now = self._clock(base)
            return any(row["state"] == "queued" or row["lease"] < now for row in _live(base))

    def renew(self, job: JobRow, progress: Mapping[str, Any]) -> bool:
        """Extend a claimed job's lease and store its progress."""
        given = {name: progress[name] for name in _PROGRESS if progress.get(name, "") != ""}
        sets = "".join(f", {name} = ?" for name in given)
        return self._change(job, f"lease = ?{sets}", tuple(given.values()), renewed=True)

    def end(self, job: JobRow, state: JobState, error: str = "", folder: str = "") -> bool:
        """End a claimed job."""
        done = ", fraction = 1" if state == "done" else ""
        ended = self._change(job, f"state = ?, error = ?, folder = ?{done}", (state, error, folder))
        with self._database.use() as base:
            base.execute(f"DELETE FROM served WHERE visitor NOT IN (SELECT visitor FROM jobs WHERE {_LIVE})")
            base.execute(f"DELETE FROM jobs WHERE NOT {_LIVE} AND id NOT IN (SELECT job FROM tickets)")
        return ended

    def release(self, job: JobRow) -> None:
        """Queue a claimed job again."""
        self._change(job, "state = 'queued', tries = tries - 1, fraction = 0, step = '', stage = 0, folder = ''", ())

    def counts(self) -> dict[tuple[str, str], int]:
        """Return the number of queued and running jobs by kind and state."""
        with self._database.use(changes=False) as base:
            return Counter((row["kind"], row["state"]) for row in _live(base))

    def _change(self, job: JobRow, sets: str, values: tuple[Any, ...], renewed: bool = False) -> bool:
        """Change a claimed job; False if it is no longer the worker's."""
        with self._database.use() as base:
            if renewed:
                values = (self._clock(base) + self._lease, *values)
            changed = base.execute(
                f"UPDATE jobs SET {sets} WHERE id = ? AND epoch = ? AND state = 'running'", (*values, job.id, job.epoch)
            )
            return changed.rowcount == 1

    def _give(self, base: Connection, ticket: str, job: int, waits: bool) -> None:
        base.execute(
            "INSERT INTO tickets (id, job, waits, used) VALUES (?, ?, ?, ?)", (ticket, job, waits, self._clock(base))
        )
        count = base.execute("SELECT count(*) AS count FROM tickets").fetchone()["count"]
        base.execute(
            "DELETE FROM tickets WHERE id IN (SELECT tickets.id FROM tickets JOIN jobs ON jobs.id = tickets.job"
            f" WHERE NOT ({_LIVE}) ORDER BY used LIMIT ?)",
            (max(0, count - TICKETS),),
        )


def _job(row: Any, now: float) -> JobRow:
    passed = max(0.0, now - row["started"]) if row["started"] else 0.0
    new = NewJob(row["key"], row["kind"], row["visitor"], row["spec"], row["expected"], bool(row["measured"]))
    return JobRow(
        row["id"], new, row["state"], row["fraction"], row["step"], row["stage"], row["error"], row["folder"],
        passed, row["epoch"],
    )  # fmt: skip


def check_limits(live: list[Any], visitor: str, per_visitor: int, waiting: int) -> None:
    """Refuse a job where a limit is reached.

    Args:
        live: queued and running jobs, each with `state`, `kind` and `visitor`.
        visitor: who starts one more.
        per_visitor: limit of live jobs of one visitor; 0 for none.
        waiting: limit of queued jobs.

    Raises:
        Busy: a limit is reached.
    """
    ending = f"Try again in {RETRY_AFTER:.0f} seconds, or cancel one of yours."
    if per_visitor and sum(row["visitor"] == visitor for row in live) >= per_visitor:
        raise Busy(
            f"Expected at most {per_visitor} jobs of one visitor at a time. Received: one more. {ending}", RETRY_AFTER
        )
    if sum(row["state"] == "queued" and row["kind"] != SLICE_JOB for row in live) >= waiting:
        raise Busy(f"Expected at most {waiting} jobs waiting. Received: one more. {ending}", RETRY_AFTER)


def next_job(live: list[Any], served: Mapping[str, int]) -> Any | None:
    """Choose the next queued job: of the visitor with fewest running jobs, then fewest served, then the oldest.

    Args:
        live: queued and running jobs, each with `state`, `visitor` and `id`.
        served: number of jobs started for each visitor.
    """
    busy = Counter(row["visitor"] for row in live if row["state"] == "running")
    queued = [row for row in live if row["state"] == "queued"]
    order = lambda row: (busy[row["visitor"]], served.get(row["visitor"], 0), row["id"])  # noqa: E731
    return min(queued, key=order, default=None)


def _live(base: Connection) -> list[Any]:
    return base.execute(f"SELECT * FROM jobs WHERE {_LIVE} ORDER BY id").fetchall()


def _insert(base: Connection, job: NewJob, state: JobState) -> int:
    row = base.execute(
        "INSERT INTO jobs (key, kind, visitor, spec, expected, measured, state) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        (job.key, job.kind, job.visitor, job.spec, job.expected, job.measured, state),
    ).fetchone()
    return row["id"]


def _requeue(base: Connection, now: float) -> None:
    """Queue the jobs of workers that died, fail those that were tried often, and drop stale ones."""
    base.execute(
        "UPDATE jobs SET state = 'cancelled' WHERE state = 'queued'"
        " AND NOT EXISTS (SELECT 1 FROM tickets WHERE job = jobs.id AND used >= ?)",
        (now - STALE,),
    )
    lapsed = "state = 'running' AND lease < ?"
    base.execute(
        f"UPDATE jobs SET state = 'failed', folder = '', error = ? WHERE {lapsed} AND tries >= ?",
        (
            f"Expected this job to be computed. Received: {TRIES} times its server process ended before. "
            "Perhaps memory ran out: start it again with fewer faces.",
            now,
            TRIES,
        ),
    )
    base.execute(
        f"UPDATE jobs SET state = 'queued', fraction = 0, step = '', stage = 0, folder = '' WHERE {lapsed}", (now,)
    )
