"""A job of a shared table, computed by the worker that has claimed it."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.errors import LikenessError
from dashboard.jobs.computations import ENDED
from dashboard.jobs.durations import Durations
from dashboard.jobs.job_context import JobSpec
from dashboard.jobs.shared_job import SharedJob
from dashboard.jobs.warm_workers import WarmWorkers
from dashboard.stores.ports import JobRow, JobTable, ResultStore

BEAT = 0.5
"""Seconds between two looks at a running job, whose progress is then stored."""

QUIET_BEATS = 2
"""Looks without progress after which the lease is extended all the same."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Assignment:
    """What a worker needs to compute a job.

    Args:
        title: of the kind.
        spec: for the process that computes.
        work: key and reference seconds for `Durations.learn`.
    """

    title: str
    spec: JobSpec
    work: tuple[str, float]

    def text(self) -> str:
        """Encode it as JSON."""
        return json.dumps({"title": self.title, "spec": asdict(self.spec), "work": list(self.work)})

    @classmethod
    def of(cls, text: str) -> Assignment:
        """Decode it."""
        fields = json.loads(text)
        return cls(fields["title"], JobSpec.of(fields["spec"]), (fields["work"][0], float(fields["work"][1])))


def compute_claimed(
    table: JobTable,
    row: JobRow,
    results: ResultStore,
    durations: Durations,
    workers: WarmWorkers,
    stop: threading.Event,
) -> None:
    """Compute a claimed job until it ends; this thread reports progress and extends the lease.

    The computation has a process of its own, so that nothing it does delays the lease. If the lease is lost, because
    this process was paused, the computation is stopped and its result is not stored.

    Args:
        table: from which the job was claimed.
        row: the claimed job.
        results: the store of results.
        durations: learns from the job.
        workers: the pool for kinds whose process stays.
        stop: set when this worker ends: the job is then queued again.
    """
    given = Assignment.of(row.new.spec)
    if (there := results.find(given.spec.origin)) is not None:  # a worker died between its last two steps
        table.renew(row, {"stage": there.stage})
        table.end(row, "done", folder=str(there.folder))
        return
    shared = SharedJob(
        given.title, given.spec.origin, results, given.spec, workers=workers, may_finish=lambda: table.renew(row, {})
    )
    shared.visitor = row.new.visitor
    thread = threading.Thread(target=shared.run, name=f"compute-{row.new.kind}", daemon=True)
    thread.start()
    stored: dict[str, Any] = {}
    beats = 0
    while thread.is_alive():
        thread.join(BEAT)
        state = _progress(shared)
        beats += 1
        if thread.is_alive() and not stop.is_set() and state == stored and beats < QUIET_BEATS:
            continue
        stored, beats = state, 0
        if stop.is_set() or not _renewed(table, row, state):
            shared.cancel()
    progress = shared.progress
    ENDED.labels(row.new.kind, progress.state).inc()
    if progress.state == "done":
        durations.learn(*given.work, shared.passed)  # before others see the end, and ask for the next estimate
    _end(table, row, shared, stop)


def _progress(shared: SharedJob) -> dict[str, Any]:
    progress = shared.progress
    folder = str(shared.part) if shared.part is not None and progress.stage else ""
    return {"fraction": progress.fraction, "step": progress.step, "stage": progress.stage, "folder": folder}


def _renewed(table: JobTable, row: JobRow, progress: dict[str, Any]) -> bool:
    try:
        return table.renew(row, progress)
    except LikenessError as error:
        log.warning("The progress of a job could not be stored: %s", error)
        return True  # the lease may still be extended in time


def _end(table: JobTable, row: JobRow, shared: SharedJob, stop: threading.Event) -> None:
    progress, result = shared.progress, shared.result()
    if progress.state == "done" and result is not None:
        table.end(row, "done", folder=str(result.folder))
    elif progress.state == "failed":
        table.end(row, "failed", progress.error)
    elif stop.is_set():
        table.release(row)
