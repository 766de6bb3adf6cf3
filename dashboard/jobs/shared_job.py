"""A job from start to end, shared by all callers that wait for it."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dashboard.jobs.durations import Duration
from dashboard.jobs.job_context import JobSpec
from dashboard.jobs.warm_workers import WarmWorkers, start_worker
from dashboard.stores.ports import JobState, ResultStore
from dashboard.stores.result import Arrays, Origin, Result, read_result

State = JobState

LEAST_SHARE, LEAST_SECONDS = 0.02, 2.0
"""Share done and seconds passed before the time left is reported: earlier estimates are unreliable."""

QUEUED = "Waits for its turn"
"""The step of a queued job."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """The progress of a job.

    Args:
        state: of the job, such as "running" or "failed".
        fraction: 0 to 1.
        step: the current step, in a few words.
        seconds_left: estimated from the progress so far; None if it cannot be estimated yet.
        error: the reason of a failure, as a sentence.
        stage: number of results stored so far.
    """

    state: State
    fraction: float = 0.0
    step: str = ""
    seconds_left: float | None = None
    error: str = ""
    stage: int = 0


def seconds_left(fraction: float, passed: float, expected: Duration | None) -> float | None:
    """Estimate the seconds until a running job ends; None if that cannot be estimated yet.

    Args:
        fraction: done so far, 0 to 1.
        passed: seconds since its start.
        expected: of the whole job, if available.
    """
    if fraction >= LEAST_SHARE and passed >= LEAST_SECONDS:
        return passed * (1 - fraction) / fraction
    return max(expected.seconds - passed, 1.0) if expected is not None and expected.measured else None


class SharedJob:
    """A shared job. `run` blocks the calling thread; every other method may be called from any thread.

    Args:
        title: of the kind.
        origin: the key of the result.
        results: the store of results.
        spec: the specification sent to the process; None if the result is stored already.
        kept: that result.
        workers: the pool for kinds whose process stays.
        may_finish: asked before the result is completed; False if another worker has taken the job over.

    Attributes:
        waiting: ids of its callers, without observers.
        visitor: key of the visitor who started it.
        work: key and reference seconds for `Durations.learn`; None for neither.
        expected: estimated duration, if available.
        passed: its duration in seconds, once it is done.
    """

    def __init__(
        self,
        title: str,
        origin: Origin,
        results: ResultStore,
        spec: JobSpec | None,
        kept: Result | None = None,
        workers: WarmWorkers | None = None,
        may_finish: Callable[[], bool] = lambda: True,
    ) -> None:
        self._workers = workers if spec is not None and spec.stays else None
        self.origin, self.title = origin, title
        self._may_finish = may_finish
        self.waiting: set[str] = set()
        self.visitor = ""
        self.work: tuple[str, float] | None = None
        self.expected: Duration | None = None
        self.passed = 0.0
        self._results, self._spec, self._result = results, spec, kept
        self._state: State = "done" if kept else "queued"
        self._fraction, self._step, self._error = (1.0 if kept else 0.0), "", ""
        self._stage = kept.stage if kept else 0
        self._started = 0.0
        self._process: subprocess.Popen[str] | None = None
        self._part: Path | None = None
        self._lock = threading.Lock()

    @property
    def progress(self) -> Progress:
        """Progress of the job."""
        left = None
        if self._state == "running":
            left = seconds_left(self._fraction, time.monotonic() - self._started, self.expected)
        step = QUEUED if self._state == "queued" else self._step
        return Progress(self._state, self._fraction, step, left, self._error, self._stage)

    @property
    def part(self) -> Path | None:
        """The folder of the unfinished result, once the job has started."""
        return self._part

    @property
    def ended(self) -> bool:
        """Whether the job has ended, in any state."""
        return self._state in ("done", "failed", "cancelled")

    def result(self) -> Result | None:
        """Return the result, partial or complete; None if there is none, or if the job has failed or was cancelled."""
        if self.ended:
            return self._result  # what an ended job had not completed is being deleted
        return read_result(self._part) if self._part and self._stage else None

    def arrays(self) -> Arrays:
        """Return the arrays of the result, partial or complete; empty if there are none yet."""
        result = self.result()
        return result.arrays() if result else {}

    def cancel(self) -> None:
        """Cancel the job and stop its process."""
        with self._lock:
            if self.ended:
                return
            self._state = "cancelled"
            if self._process is not None:
                self._process.kill()

    def run(self) -> None:
        """Run the job; `progress` then holds its final state."""
        try:
            with self._lock:
                if self.ended or self._spec is None:
                    return
                self._part = self._results.begin(self.origin)
                self._process = (self._workers.start if self._workers else start_worker)(self._spec, self._part)
                self._state, self._started = "running", time.monotonic()
            self._follow(self._process)
        except Exception as error:  # in a thread of its own: every error must reach the page
            log.exception("%s could not be computed.", self.title)
            reason = f"{error.strerror or error}" if isinstance(error, OSError) else type(error).__name__
            self._end("failed", f"Expected disk space and write permission. Received: {reason}. See the log.")
        finally:
            if self._part is not None and self._state != "done":
                self._results.drop(self._part)

    def _follow(self, process: subprocess.Popen[str]) -> None:
        """Read the process's messages until the job ends, and wait for the process unless it stays for the next job."""
        if self._workers is None:
            with process:
                report = self._read_report(process)
                status = process.wait()
        else:
            report = self._read_report(process)
            status = 0 if "end" in report else process.wait()
        if report.get("end") == "failed":
            self._end("failed", report["error"])
        elif report.get("end") == "done" and status == 0:
            self._finish()
        else:
            how = f"signal {-status}" if status < 0 else f"exit status {status}"
            self._end(
                "failed",
                f"Expected {self.title} to be computed. Received: its process ended early, with {how}. "
                "Perhaps memory ran out: try again with fewer faces.",
            )
        if self._workers is not None:
            self._workers.give_back(process)

    def _read_report(self, process: subprocess.Popen[str]) -> dict:
        """Return the last message of the process: how the job ended, if it reported that."""
        assert process.stdout is not None
        report: dict = {}
        try:
            for line in process.stdout:
                report = json.loads(line)
                self._fraction = report.get("fraction", self._fraction)
                self._step = report.get("step", self._step)
                self._stage = report.get("stage", self._stage)
                if "end" in report:
                    break
        except ValueError:
            process.kill()  # the line is incomplete, or something else writes to the pipe
        return report

    def _finish(self) -> None:
        assert self._part is not None
        with self._lock:
            if self.ended:
                return
            if not self._may_finish():
                self._state = "cancelled"
                return
            self._result = self._results.finish(self._part, self.origin, self.visitor)
            self._state, self._fraction = "done", 1.0
            self.passed = time.monotonic() - self._started

    def _end(self, state: State, error: str) -> None:
        with self._lock:
            if not self.ended:
                self._state, self._error = state, error
