"""The job runner: starts each job once for all its callers, and cancels it when no caller is left."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import prometheus_client

from dashboard.errors import Busy, Forbidden, NotFound
from dashboard.jobs.durations import BEGIN, Duration, Durations
from dashboard.jobs.inline_job import InlineWork
from dashboard.jobs.job import Job, Outlook
from dashboard.jobs.job_context import JobSpec
from dashboard.jobs.registry import Kind, kind_of, named
from dashboard.jobs.shared_job import Progress, SharedJob
from dashboard.jobs.warm_workers import WarmWorkers
from dashboard.stores.ports import ResultStore
from dashboard.stores.result import Arrays, Origin, Result, model_parts
from dashboard.stores.shipped_results import find_shipped
from dashboard.synthesis.core import Core
from dashboard.synthesis.engine import EngineKind
from dashboard.synthesis.model import Model

EXTENSION = "likeness-jobs"
"""Key of the runner in a Flask application's extensions."""

RUNNING = 2
"""Number of concurrent jobs, each with one thread; the rest are queued."""

WAITING = 8
"""Length limit of the queue; further jobs are refused."""

RETRY_AFTER = 30.0
"""Retry-After of a refused job, in seconds."""

REMEMBERED = 2000
"""Number of job ids that are kept; the least recently requested are dropped first."""

ENDED = prometheus_client.Counter("likeness_jobs_ended_total", "Jobs that ended, by kind and how.", ("kind", "state"))

log = logging.getLogger(__name__)


class Runner:
    """The jobs of one server.

    Args:
        results: the store of results.
        engine: the setting.
        blobs: folder of compiled networks, or None.
        home: LIKENESS_HOME, or None if nothing is stored.
        core_of: returns the server's exact engine of a model, for inline jobs; None for no inline jobs.
        per_visitor: limit of waiting and running jobs per visitor; 0 for none.
    """

    def __init__(
        self,
        results: ResultStore,
        engine: EngineKind,
        blobs: Path | None,
        home: Path | None = None,
        core_of: Callable[[Model], Core] | None = None,
        per_visitor: int = 0,
    ) -> None:
        self._core_of, self._hand = core_of, threading.Lock()
        self._results, self._blobs, self._home = results, blobs, home
        self._engine: EngineKind = engine
        self._lock = threading.Lock()
        self._workers = WarmWorkers()
        self._durations = Durations(home)
        self._tickets: OrderedDict[str, tuple[str, SharedJob, bool]] = OrderedDict()
        self._shared_jobs: dict[str, SharedJob] = {}
        self._queue: deque[SharedJob] = deque()
        self._per_visitor = per_visitor
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
        found, origin = _named(kind, model, params)
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
        found, origin = _named(kind, model, params)
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
        if not anyones and not self._results.is_maker(shared.origin, visitor):
            raise Forbidden(
                "Expected the visitor who started this job, or an administrator. Received: another visitor. "
                "Nothing was deleted.",
                "role",
            )
        self._results.remove(shared.origin)
        with self._lock:
            self._tickets.pop(job_id, None)

    def kept(self, kind: str, model: Model, params: dict[str, Any]) -> Result | None:
        """Return a stored result without starting a job.

        Raises:
            InputError: as for :meth:`start`.
        """
        found, origin = _named(kind, model, params)
        return self._kept(origin, model, found.loose)

    def _kept(self, origin: Origin, model: Model, loose: tuple[str, ...] = ()) -> Result | None:
        """Return the result shipped with the model, or else the one computed here."""
        return find_shipped(origin, model, loose) or self._results.find(origin)

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

    def _work_of(self, found: Kind, origin: Origin, model: Model) -> tuple[str, float]:
        """Return the key of jobs of equal duration on one machine, and the seconds of this one on the reference
        machine.
        """
        params = dict(origin.params)
        first = found.stays and not self._workers.ready
        alike = (params[name] for name in found.alike if name in params)
        key = " ".join(map(str, (origin.kind, origin.model[0], self._engine, *alike, *(["first"] if first else []))))
        return key, found.reference(params, model) + (found.first if first else 0.0)

    def _ticket(self, job_id: str) -> tuple[str, SharedJob, bool]:
        with self._lock:
            ticket = self._tickets.get(job_id)
            if ticket is None:
                raise NotFound("Expected the id of a job since the start. Received: another. Start the job again.")
            self._tickets.move_to_end(job_id)
            return ticket

    def _run_inline(self, found: Kind, origin: Origin, model: Model, visitor: str) -> None:
        """Run a short job in this thread and store its result; start a normal job if it is running already or the queue
        is full.
        """
        if self._core_of is None or not self._hand.acquire(blocking=False):
            return
        part = None
        try:
            part = self._results.begin(origin)
            work = InlineWork(origin, part, model, self._core_of(model))
            named(found.run)(work)
            work.done()
            self._results.finish(part, origin, visitor)
        except (Busy, OSError) as error:
            log.debug("%s runs as a job instead: %s", found.title, error)
        finally:
            if part is not None:
                self._results.drop(part)
            self._hand.release()

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
        blobs = str(self._blobs) if self._blobs else None
        home = str(self._home) if self._home else None
        spec = JobSpec(found.run, origin, str(model.path), self._engine, blobs, home, found.stays)
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


def _named(kind: str, model: Model, params: dict[str, Any]) -> tuple[Kind, Origin]:
    """Return a kind by its name, and the key of its result for these parameters."""
    found = kind_of(kind)
    return found, Origin(kind, found.version, model_parts(model), found.canonical(params, model))
