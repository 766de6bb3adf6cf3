"""The job runner: starts each job once for all its callers, and cancels it when no caller is left."""

from __future__ import annotations

import secrets
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboard.errors import Busy, NotFound
from dashboard.jobs.computations import ENDED, RUNNING, WAITING, Computations, named_result
from dashboard.jobs.durations import BEGIN, Duration
from dashboard.jobs.job import Job, Outlook
from dashboard.jobs.registry import Kind
from dashboard.jobs.shared_job import Progress, SharedJob
from dashboard.stores.ports import ResultStore
from dashboard.stores.result import Arrays, Origin
from dashboard.synthesis.core import Core
from dashboard.synthesis.engine import EngineKind
from dashboard.synthesis.model import Model

RETRY_AFTER = 30.0
"""Retry-After of a refused job, in seconds."""

REMEMBERED = 2000
"""Number of job ids that are kept; the least recently requested are dropped first."""


class Runner(Computations):
    """The jobs of one process, see :class:`Computations` for its arguments."""

    def __init__(
        self,
        results: ResultStore,
        engine: EngineKind,
        blobs: Path | None,
        home: Path | None = None,
        core_of: Callable[[Model], Core] | None = None,
        per_visitor: int = 0,
    ) -> None:
        super().__init__(results, engine, blobs, home, core_of, per_visitor)
        self._lock = threading.Lock()
        self._tickets: OrderedDict[str, tuple[str, SharedJob, bool]] = OrderedDict()
        self._shared_jobs: dict[str, SharedJob] = {}
        self._queue: deque[SharedJob] = deque()
        self._active: list[SharedJob] = []
        self._served: Counter[str] = Counter()
        self._closed = False

    def start(self, kind: str, model: Model, params: dict[str, Any], visitor: str = "") -> Job:
        """Start a job, or join it if it is running; stored results and short jobs are returned immediately.

        Args:
            kind: its name, from the request.
            model: the model.
            params: from the request; validated by the kind.
            visitor: the caller; a visitor's second job is queued behind another visitor's first.

        Returns:
            The job, with a new id.

        Raises:
            InputError: there is no such kind, or its parameters are invalid.
            Busy: the queue is full, or the visitor has too many jobs.
        """
        found, origin = named_result(kind, model, params)
        if found.is_brief(dict(origin.params), model) and self._kept(origin, model) is None:
            self._run_inline(found, origin, model, visitor)
        with self._lock:
            shared = self._shared_jobs.get(origin.key)
            if shared is None and (kept := self._kept(origin, model)) is not None:
                shared = SharedJob(found.title, origin, self._results, None, kept)
            if shared is None:
                shared = self._enqueue(found, origin, model, visitor)
            ticket = self._issue(kind, shared)
            shared.waiting.add(ticket)
        self._advance()
        return self.find(ticket)

    def look(self, kind: str, model: Model, params: dict[str, Any]) -> Outlook:
        """Estimate a job's duration without starting it, and observe it if it is running.

        An observer sees progress and results, but does not keep the job running: it is cancelled when the last
        caller cancels it.

        Args:
            kind, model, params: as for :meth:`start`.

        Raises:
            InputError: as for :meth:`start`.
        """
        found, origin = named_result(kind, model, params)
        with self._lock:
            shared = self._shared_jobs.get(origin.key)
            ticket = self._issue(kind, shared) if shared is not None else None
        if shared is None and self._kept(origin, model) is not None:
            return Outlook(Duration(0.0, True), None)
        if shared is None and found.is_brief(dict(origin.params), model):
            return Outlook(Duration(BEGIN, False), None)
        expected = shared.expected if shared is not None else None
        expected = expected or self._durations.expect(*self._work_of(found, origin, model))
        return Outlook(expected, self.find(ticket) if ticket else None)

    def find(self, job_id: str) -> Job:
        """Return a job by its id.

        Raises:
            NotFound: there is no such job, or it was dropped.
        """
        kind, shared, cancelled = self._ticket(job_id)
        return Job(job_id, kind, Progress("cancelled") if cancelled else shared.progress)

    def cancel(self, job_id: str) -> Job:
        """Cancel a job; its process is stopped unless another visitor waits for it.

        Raises:
            NotFound: there is no such job.
        """
        kind, shared, _ = self._ticket(job_id)
        if not shared.ended:
            with self._lock:
                self._tickets[job_id] = (kind, shared, True)
                shared.waiting.discard(job_id)
                unwanted = not shared.waiting
                if unwanted:
                    self._forget(shared)
            if unwanted:
                shared.cancel()
        return self.find(job_id)

    def result(self, job_id: str) -> Arrays:
        """Return the arrays of a job's result, partial or complete; empty if there are none yet.

        Raises:
            NotFound: there is no such job, or its result is gone.
        """
        return self._ticket(job_id)[1].arrays()

    def file(self, job_id: str, name: str) -> Path:
        """Return the path of a file written by a job.

        Raises:
            NotFound: there is no such job or file, or the job is not done.
        """
        shared = self._ticket(job_id)[1]
        result = shared.result() if shared.progress.state == "done" else None
        if result is None:
            raise NotFound(f"Expected a job that is done. Received: one that is {shared.progress.state}.")
        return result.file(name)

    def remove(self, job_id: str, visitor: str = "", anyones: bool = False) -> None:
        """Delete a finished job's result; it must be computed again.

        Args:
            job_id: of a visitor who started, joined or observed it.
            visitor: the caller, as for :meth:`start`.
            anyones: whether jobs of other visitors may be deleted.

        Raises:
            NotFound: there is no such job, or it is not done.
            Forbidden: another visitor started it.
        """
        shared = self._ticket(job_id)[1]
        if shared.progress.state != "done":
            raise NotFound(f"Expected a job that is done. Received: one that is {shared.progress.state}. Cancel it.")
        self._check_maker(shared.origin, visitor, anyones)
        self._results.remove(shared.origin)
        with self._lock:
            self._tickets.pop(job_id, None)

    def counts(self) -> dict[tuple[str, str], int]:
        """Return the number of waiting and running jobs by kind and state."""
        with self._lock:
            shared_jobs = list(self._shared_jobs.values())
        return Counter((shared.origin.kind, shared.progress.state) for shared in shared_jobs)

    def close(self) -> None:
        """Cancel all jobs and release the results."""
        with self._lock:
            self._closed = True
            shared_jobs = list(self._shared_jobs.values())
            self._queue.clear()
        for shared in shared_jobs:
            shared.cancel()
        self._workers.close()
        self._results.close()

    def _issue(self, kind: str, shared: SharedJob) -> str:
        """Create a new id for a job; the caller holds the lock."""
        ticket = secrets.token_urlsafe(18)
        self._tickets[ticket] = (kind, shared, False)
        while len(self._tickets) > REMEMBERED:
            self._tickets.popitem(last=False)
        return ticket

    def _ticket(self, job_id: str) -> tuple[str, SharedJob, bool]:
        with self._lock:
            ticket = self._tickets.get(job_id)
            if ticket is None:
                raise NotFound("Expected the id of a job since the start. Received: another. Start the job again.")
            self._tickets.move_to_end(job_id)
            return ticket

    def _enqueue(self, found: Kind, origin: Origin, model: Model, visitor: str) -> SharedJob:
        own = sum(shared.visitor == visitor for shared in (*self._active, *self._queue))
        if self._per_visitor and own >= self._per_visitor:
            raise Busy(
                f"Expected at most {self._per_visitor} jobs of one visitor at a time. Received: one more. "
                f"Try again in {RETRY_AFTER:.0f} seconds, or cancel one of yours.",
                RETRY_AFTER,
            )
        if self._closed or len(self._queue) >= WAITING:
            raise Busy(
                f"Expected at most {WAITING} jobs waiting. Received: one more. "
                f"Try again in {RETRY_AFTER:.0f} seconds, or cancel one of yours.",
                RETRY_AFTER,
            )
        spec = self._spec_of(found, origin, model)
        shared = SharedJob(found.title, origin, self._results, spec, workers=self._workers)
        self._shared_jobs[origin.key] = shared
        shared.visitor = visitor
        shared.work = self._work_of(found, origin, model)
        shared.expected = self._durations.expect(*shared.work)
        self._queue.append(shared)
        return shared

    def _advance(self) -> None:
        """Start queued jobs while there is capacity."""
        with self._lock:
            while self._queue and len(self._active) < RUNNING:
                shared = self._next()
                self._queue.remove(shared)
                self._active.append(shared)
                self._served[shared.visitor] += 1
                threading.Thread(
                    target=self._work, args=(shared,), name=f"job-{shared.origin.kind}", daemon=True
                ).start()

    def _next(self) -> SharedJob:
        """Choose the next job: of the visitor with fewest running jobs, then fewest served, then the longest wait."""
        busy = Counter(shared.visitor for shared in self._active)
        return min(self._queue, key=lambda shared: (busy[shared.visitor], self._served[shared.visitor]))

    def _work(self, shared: SharedJob) -> None:
        try:
            shared.run()
        finally:
            ENDED.labels(shared.origin.kind, shared.progress.state).inc()
            if shared.progress.state == "done" and shared.work is not None:
                self._durations.learn(*shared.work, shared.passed)
            with self._lock:
                self._active.remove(shared)
                self._forget(shared)
                there = {each.visitor for each in (*self._active, *self._queue)}
                self._served = Counter({who: count for who, count in self._served.items() if who in there})
            self._advance()

    def _forget(self, shared: SharedJob) -> None:
        """Forget a job, so that the next caller starts it again."""
        if self._shared_jobs.get(shared.origin.key) is shared:
            del self._shared_jobs[shared.origin.key]
        if shared in self._queue:
            self._queue.remove(shared)
