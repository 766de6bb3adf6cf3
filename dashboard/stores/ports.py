"""Ports: what the dashboard asks of its stores, whoever keeps the data.

    PictureStore   encoded pictures by key              Cache; RedisPictures
    ResultStore    results of jobs, as folders          Results
    Quotas         how often a visitor did something    LimitsQuotas, SqliteQuotas; RedisQuotas
    Records        the tables of what people keep       Store (library_database.py); PostgresStore
    JobTable       jobs that several processes share    SqlJobTable (job_table.py), on SQLite and on PostgreSQL

`dashboard.serving.shared_stores` chooses them by the settings.
`dashboard.jobs.ports` has the port of the jobs themselves. Every adapter passes the contract test of its port:
tests/support/adapters.py lists the adapters. Directions, sets, scores and uploads are files named by their content in
LIKENESS_HOME, only ever created and renamed, so that one adapter serves every size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from dashboard.stores.picture_cache import Entry
from dashboard.stores.result import Origin, Result

SLICE_JOB = "slice"
"""Kind of the jobs that `--workers celery` starts; they do not count where visitors' jobs are limited."""

JobState = Literal["queued", "running", "done", "failed", "cancelled"]


class PictureStore(Protocol):
    """Encoded pictures by key. A failure is a miss: pictures are then computed again."""

    @property
    def in_use(self) -> bool:
        """Whether it works."""
        ...

    @property
    def bytes(self) -> int:
        """Size in bytes."""
        ...

    def get(self, key: str) -> Entry | None:
        """Return an entry; None if there is none, or if its bytes were altered."""
        ...

    def put(self, key: str, entry: Entry) -> None:
        """Store an entry; other processes may find it."""
        ...

    def close(self) -> None:
        """Release what this process holds."""
        ...


class ResultStore(Protocol):
    """Results of jobs: written into a folder of their own, then complete for everybody in one step."""

    @property
    def folder(self) -> Path:
        """The folder of all results."""
        ...

    @property
    def bytes(self) -> int:
        """Size of all complete results in bytes."""
        ...

    def begin(self, origin: Origin) -> Path:
        """Return a new folder for an unfinished result; raise OSError if nothing can be written."""
        ...

    def drop(self, part: Path) -> None:
        """Remove an unfinished result."""
        ...

    def finish(self, part: Path, origin: Origin, visitor: str = "") -> Result:
        """Complete a result under its key; raise NotFound if it is incomplete."""
        ...

    def find(self, origin: Origin) -> Result | None:
        """Return a complete result with all files verified; None if there is none."""
        ...

    def is_maker(self, origin: Origin, visitor: str) -> bool:
        """Return whether a visitor requested a complete result."""
        ...

    def remove(self, origin: Origin) -> None:
        """Delete a complete result, if it exists."""
        ...

    def expire(self, seconds: float) -> int:
        """Delete complete results not used for a number of seconds; return their count."""
        ...

    def close(self) -> None:
        """Release the store; remove this process's unfinished results."""
        ...


class Quotas(Protocol):
    """How often each visitor did something in a moving window."""

    def hit(self, name: str, visitor: str, most: int, seconds: int) -> float:
        """Count once more, if the window has room.

        Args:
            name: of what is counted, such as "uploads".
            visitor: the key of a visitor.
            most: limit within the window.
            seconds: length of the window.

        Returns:
            0 if it was counted; else the seconds until there is room, and nothing was counted.
        """
        ...

    def wait(self, name: str, visitor: str, most: int, seconds: int) -> float:
        """Return what :meth:`hit` would, without counting."""
        ...


class Cursor(Protocol):
    """The rows of a statement; a row is read by the names of its columns."""

    @property
    def rowcount(self) -> int:
        """Number of changed rows."""
        ...

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all further rows."""
        ...


class Connection(Protocol):
    """A connection in one transaction. Statements are plain SQL that SQLite and PostgreSQL share, with `?`."""

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Cursor:
        """Run a statement."""
        ...

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> Any:
        """Run a statement for each of several rows of values."""
        ...


class Records(Protocol):
    """The tables of what people keep: collections, their items and the pictures of these."""

    @property
    def exists(self) -> bool:
        """Whether anything may have been saved yet."""
        ...

    def use(self, changes: bool = True) -> AbstractContextManager[Connection]:
        """Yield a connection in one transaction: committed at the end, rolled back on an error.

        Args:
            changes: whether it will write: then other writers wait from its start.
        """
        ...


@dataclass(frozen=True)
class NewJob:
    """A job to start.

    Args:
        key: of its result; live jobs with equal keys are one.
        kind: its name.
        visitor: key of the visitor who asks.
        spec: what a worker needs to compute it, as JSON.
        expected: seconds it will take; None if it cannot be estimated.
        measured: whether that was measured on this machine.
    """

    key: str
    kind: str
    visitor: str = ""
    spec: str = "{}"
    expected: float | None = None
    measured: bool = False


@dataclass(frozen=True)
class JobRow:
    """A job in the table, as it is now.

    Args:
        id: its number.
        new: what was asked for.
        state: of the job.
        fraction, step, stage, error: as in `dashboard.jobs.shared_job.Progress`.
        folder: of its result, partial or complete; empty if there is none.
        passed: seconds since it was last started, by the store's clock.
        epoch: how often it was started; what a worker with an older number reports is refused.
    """

    id: int
    new: NewJob
    state: JobState
    fraction: float = 0.0
    step: str = ""
    stage: int = 0
    error: str = ""
    folder: str = ""
    passed: float = 0.0
    epoch: int = 0


@dataclass(frozen=True)
class TicketRow:
    """One caller's view of a job: the job, and whether this caller cancelled it."""

    job: JobRow
    cancelled: bool


class JobTable(Protocol):
    """Jobs that several processes share. Every method is one atomic step.

    A worker that claims a job holds it by a lease, by the store's clock, that :meth:`renew` extends. A job whose lease
    has run out is queued again by the next :meth:`claim`, or fails after several tries.
    """

    def start(self, job: NewJob, ticket: str, per_visitor: int, waiting: int) -> bool:
        """Join the live job of the same key, or queue a new one.

        Args:
            job: the job.
            ticket: new id of the caller, who keeps the job running.
            per_visitor: limit of live jobs of one visitor; 0 for none.
            waiting: limit of queued jobs.

        Returns:
            Whether it is new.

        Raises:
            Busy: a limit is reached.
        """
        ...

    def add_done(self, job: NewJob, ticket: str, folder: str, stage: int) -> None:
        """Add a job whose result was stored before, for one more caller."""
        ...

    def watch(self, key: str, ticket: str) -> bool:
        """Give an id to a caller who watches the live job of a key without keeping it running; False if none."""
        ...

    def find(self, ticket: str) -> TicketRow | None:
        """Return a caller's job; None if the id is unknown or was dropped."""
        ...

    def cancel(self, ticket: str) -> None:
        """Cancel a caller's job; the job itself is cancelled when no caller waits for it."""
        ...

    def drop(self, ticket: str) -> None:
        """Forget a caller."""
        ...

    def claim(self, owner: str, running: int) -> JobRow | None:
        """Take the next queued job: of the visitor with fewest running jobs, then fewest served, then the oldest.

        Args:
            owner: the worker, for the log.
            running: limit of running jobs of all workers.
        """
        ...

    def has_work(self) -> bool:
        """Return whether a job waits to be claimed: queued, or its lease has run out."""
        ...

    def renew(self, job: JobRow, progress: Mapping[str, Any]) -> bool:
        """Extend a claimed job's lease and store its progress.

        Args:
            job: from :meth:`claim`.
            progress: any of fraction, step, stage and folder.

        Returns:
            Whether the job is still this worker's; False if it was cancelled or taken over: stop then.
        """
        ...

    def end(self, job: JobRow, state: JobState, error: str = "", folder: str = "") -> bool:
        """End a claimed job; False, and no effect, if it is no longer this worker's."""
        ...

    def release(self, job: JobRow) -> None:
        """Queue a claimed job again, because its worker ends; this is not counted as a try."""
        ...

    def counts(self) -> dict[tuple[str, str], int]:
        """Return the number of queued and running jobs by kind and state."""
        ...
