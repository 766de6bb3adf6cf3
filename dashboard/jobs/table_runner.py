"""Jobs of several processes, which share a table: any process answers for a job that another one computes."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboard.errors import LikenessError, NotFound
from dashboard.jobs.claimed_job import Assignment, compute_claimed
from dashboard.jobs.computations import RUNNING, WAITING, Computations, named_result
from dashboard.jobs.durations import BEGIN, Duration
from dashboard.jobs.job import Job, Outlook
from dashboard.jobs.shared_job import QUEUED, Progress, seconds_left
from dashboard.stores.ports import JobRow, JobTable, NewJob, ResultStore
from dashboard.stores.result import Arrays, Result, read_result
from dashboard.synthesis.core import Core
from dashboard.synthesis.engine import EngineKind
from dashboard.synthesis.model import Model

LOOKS_EVERY = 1.0
"""Seconds between two looks for jobs of other processes that wait, or whose process has died."""

CLOSING = 15.0
"""Seconds that computations get to stop when the process ends."""

log = logging.getLogger(__name__)


class TableRunner(Computations):
    """The jobs of one of several processes, see :class:`Computations` for the other arguments.

    Args:
        table: shared by the processes.
        started: called with the key of each new job, which others then compute; None if this process computes.
    """

    def __init__(
        self,
        table: JobTable,
        results: ResultStore,
        engine: EngineKind,
        blobs: Path | None,
        home: Path | None = None,
        core_of: Callable[[Model], Core] | None = None,
        per_visitor: int = 0,
        started: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(results, engine, blobs, home, core_of, per_visitor)
        self._table, self._started = table, started
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stop, self._wake = threading.Event(), threading.Event()
        self._computing: set[threading.Thread] = set()
        self._looking = threading.Thread(target=self._look_for_work, name="jobs", daemon=True)
        if started is None:
            self._looking.start()

    def start(self, kind: str, model: Model, params: dict[str, Any], visitor: str = "") -> Job:
        """Start a job, see `dashboard.jobs.ports.Jobs`."""
        found, origin = named_result(kind, model, params)
        kept = self._kept(origin, model)
        if kept is None and found.is_brief(dict(origin.params), model):
            self._run_inline(found, origin, model, visitor)
            kept = self._kept(origin, model)
        work = self._work_of(found, origin, model)
        expected = self._durations.expect(*work)
        given = Assignment(found.title, self._spec_of(found, origin, model), work).text()
        new = NewJob(origin.key, kind, visitor, given, expected.seconds, expected.measured)
        ticket = secrets.token_urlsafe(18)
        if kept is not None:
            self._table.add_done(new, ticket, str(kept.folder), kept.stage)
        elif self._table.start(new, ticket, self._per_visitor, WAITING) and self._started is not None:
            self._started(origin.key)
        self._wake.set()
        return self.find(ticket)

    def look(self, kind: str, model: Model, params: dict[str, Any]) -> Outlook:
        """Estimate a job's duration without starting it, and watch it if it is running."""
        found, origin = named_result(kind, model, params)
        ticket = secrets.token_urlsafe(18)
        if self._table.watch(origin.key, ticket):
            row, _ = self._ticket(ticket)
            return Outlook(_expected(row) or Duration(BEGIN, False), self.find(ticket))
        if self._kept(origin, model) is not None:
            return Outlook(Duration(0.0, True), None)
        if found.is_brief(dict(origin.params), model):
            return Outlook(Duration(BEGIN, False), None)
        return Outlook(self._durations.expect(*self._work_of(found, origin, model)), None)

    def find(self, job_id: str) -> Job:
        """Return a job by its id."""
        row, cancelled = self._ticket(job_id)
        return Job(job_id, row.new.kind, Progress("cancelled") if cancelled else _progress(row))

    def cancel(self, job_id: str) -> Job:
        """Cancel a job; the process that computes it learns that in a moment."""
        self._ticket(job_id)
        self._table.cancel(job_id)
        return self.find(job_id)

    def result(self, job_id: str) -> Arrays:
        """Return the arrays of a job's result, partial or complete; empty if there are none yet."""
        row, _ = self._ticket(job_id)
        result = _result(row)
        return result.arrays() if result else {}

    def file(self, job_id: str, name: str) -> Path:
        """Return the path of a file written by a job that is done."""
        row, cancelled = self._ticket(job_id)
        result = _result(row) if row.state == "done" else None
        if result is None:
            state = "cancelled" if cancelled else row.state
            raise NotFound(f"Expected a job that is done. Received: one that is {state}.")
        return result.file(name)

    def remove(self, job_id: str, visitor: str = "", anyones: bool = False) -> None:
        """Delete the result of a job that is done."""
        row, _ = self._ticket(job_id)
        if row.state != "done":
            raise NotFound(f"Expected a job that is done. Received: one that is {row.state}. Cancel it.")
        origin = Assignment.of(row.new.spec).spec.origin
        self._check_maker(origin, visitor, anyones)
        self._results.remove(origin)
        self._table.drop(job_id)

    def counts(self) -> dict[tuple[str, str], int]:
        """Return the number of waiting and running jobs of all processes by kind and state."""
        return self._table.counts()

    def close(self) -> None:
        """Queue this process's jobs again for another one, and release the results."""
        self._stop.set()
        self._wake.set()
        if self._looking.is_alive():
            self._looking.join(CLOSING)
        for thread in list(self._computing):
            thread.join(CLOSING)
        self._workers.close()
        self._results.close()

    def _ticket(self, job_id: str) -> tuple[JobRow, bool]:
        found = self._table.find(job_id)
        if found is None:
            raise NotFound("Expected the id of a recent job. Received: another. Start the job again.")
        return found.job, found.cancelled

    def _look_for_work(self) -> None:
        complained = False
        while not self._stop.is_set():
            try:
                while not self._stop.is_set() and (row := self._table.claim(self._owner, RUNNING)) is not None:
                    thread = threading.Thread(target=self._compute, args=(row,), name=f"job-{row.new.kind}")
                    thread.daemon = True
                    self._computing.add(thread)
                    thread.start()
                complained = False
            except LikenessError as error:
                if not complained:
                    log.warning("Jobs cannot be started: %s", error)
                complained = True
            self._wake.wait(LOOKS_EVERY)
            self._wake.clear()

    def _compute(self, row: JobRow) -> None:
        try:
            compute_claimed(self._table, row, self._results, self._durations, self._workers, self._stop)
        except Exception:  # in a thread of its own: the lease runs out, and another worker takes the job over
            log.exception("A job could not be computed.")
        finally:
            self._computing.discard(threading.current_thread())
            self._wake.set()


def _result(row: JobRow) -> Result | None:
    """Return the result of a job, partial or complete; None if there is none yet.

    Raises:
        NotFound: it was complete, and has been deleted.
    """
    if row.state in ("failed", "cancelled"):
        return None  # what it had not completed is being deleted
    found = read_result(Path(row.folder)) if row.folder else None
    if found is None and row.state == "done":
        raise NotFound("Expected the result of this job. Received: one that was deleted. Start the job again.")
    return found


def _expected(row: JobRow) -> Duration | None:
    return None if row.new.expected is None else Duration(row.new.expected, row.new.measured)


def _progress(row: JobRow) -> Progress:
    left = seconds_left(row.fraction, row.passed, _expected(row)) if row.state == "running" else None
    return Progress(row.state, row.fraction, QUEUED if row.state == "queued" else row.step, left, row.error, row.stage)
