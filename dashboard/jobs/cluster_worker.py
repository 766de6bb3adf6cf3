"""A worker of several hosts: claims jobs from the shared table, one at a time, and computes them.

A message wakes it. Without one it looks into the table every `SWEEP` seconds: that finds jobs whose message was lost,
and jobs whose worker died. Only the lease in the table decides who computes a job.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

from dashboard.errors import Busy, LibraryError, LikenessError
from dashboard.jobs.claimed_job import Assignment, compute_claimed
from dashboard.jobs.durations import Durations
from dashboard.jobs.registry import COMMAND_JOBS, KINDS
from dashboard.jobs.warm_workers import WarmWorkers
from dashboard.stores.ports import JobRow, JobState, JobTable, ResultStore

SWEEP = 3.0
"""Seconds between two looks into the table."""

ANY = 1_000_000
"""Limit of running jobs of all workers: each worker computes one."""

PATIENCE = 60.0
"""Seconds that the end of a job is reported again while the database is away, e.g. because it is restarted."""

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class PatientTable:
    """A table of jobs whose workers wait for a database that is restarted. What they report is refused if the lease
    has passed to another worker meanwhile.

    Args:
        table: the table.
        stop: set when the worker ends.
    """

    def __init__(self, table: JobTable, stop: threading.Event) -> None:
        self._table, self._stop = table, stop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def renew(self, job: JobRow, progress: Mapping[str, Any]) -> bool:
        """Extend a lease, see `JobTable`."""
        return self._again(lambda: self._table.renew(job, progress))

    def end(self, job: JobRow, state: JobState, error: str = "", folder: str = "") -> bool:
        """End a job, see `JobTable`."""
        return self._again(lambda: self._table.end(job, state, error, folder))

    def _again(self, call: Callable[[], Answer]) -> Answer:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return call()
            except (Busy, LibraryError):
                if time.monotonic() > until or self._stop.is_set():
                    raise
                self._stop.wait(0.5)


class ClusterWorker:
    """One worker.

    Args:
        table: shared by all hosts.
        results: the store of results, shared by all hosts.
        durations: learns from the jobs.
        announce: sends a message to an idle worker; False if Redis is away.
        blobs: this host's folder of compiled networks.
    """

    def __init__(
        self,
        table: JobTable,
        results: ResultStore,
        durations: Durations,
        announce: Callable[[str], object],
        blobs: Path | None = None,
    ) -> None:
        self._blobs = str(blobs) if blobs else None
        self._stop = threading.Event()
        self._table = cast(JobTable, PatientTable(table, self._stop))
        self._results, self._durations = results, durations
        self._announce = announce
        self._workers = WarmWorkers()
        self._hand = threading.Lock()
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._complained = False

    @property
    def busy(self) -> bool:
        """Whether it computes a job."""
        return self._hand.locked()

    def work(self) -> int:
        """Compute jobs until none waits; return how many. A second caller returns immediately."""
        if not self._hand.acquire(blocking=False):
            return 0
        done = 0
        try:
            while not self._stop.is_set() and (row := self._table.claim(self._owner, ANY)) is not None:
                self._compute(row)
                done += 1
        finally:
            self._hand.release()
        return done

    def sweep(self) -> None:
        """Look into the table until the worker is stopped."""
        while not self._stop.wait(SWEEP):
            try:
                if not self.busy and self._table.has_work() and not self._announce(""):
                    self.work()  # without Redis no message reaches anybody
                self._complained = False
            except LikenessError as error:
                if not self._complained:
                    log.warning("The table of jobs cannot be read: %s", error)
                self._complained = True

    def stop(self) -> None:
        """Queue the present job again for another worker, and end."""
        self._stop.set()

    def close(self) -> None:
        """Stop the processes that compute."""
        self.stop()
        self._workers.close()

    def _compute(self, row: JobRow) -> None:
        runs = {**{name: kind.run for name, kind in KINDS.items()}, **COMMAND_JOBS}
        try:
            given = Assignment.of(row.new.spec)
            if given.spec.run != runs.get(row.new.kind):
                raise ValueError(f"{row.new.kind} by {given.spec.run}")
            given = replace(given, spec=replace(given.spec, blobs=self._blobs))  # the web process's are on its own disk
        except (KeyError, TypeError, ValueError) as error:
            log.warning("A job of the table cannot be read: %s", error)
            self._table.end(
                row,
                "failed",
                "Expected a job of this version of Likeness. Received: another. Start it again when all hosts run one "
                "version.",
            )
            return
        log.info("Computing %s, try %d.", row.new.kind, row.epoch)
        try:
            own = replace(row, new=replace(row.new, spec=given.text()))
            compute_claimed(self._table, own, self._results, self._durations, self._workers, self._stop)
        except LikenessError as error:  # the lease runs out, and a worker takes the job over
            log.warning("The end of a job could not be stored: %s", error)
