"""Model downloads in the background: started, followed and cancelled by pages; leaving a page does not end them."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dashboard.errors import FetchCancelled, LikenessError
from dashboard.synthesis.catalogue import Catalogue
from dashboard.synthesis.fetch import Step, Watch
from dashboard.synthesis.fetch_model import fetch_model
from dashboard.synthesis.human_units import rest_of_time

Phase = Literal["waiting", "fetching", "importing", "done", "failed", "cancelled"]
RUNNING: tuple[Phase, ...] = ("waiting", "fetching", "importing")

PACE_OVER = 5.0
"""Seconds over which the speed is measured."""

LEAST_PACE = 1.0
"""Seconds before a speed is reported: the first seconds are not representative."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FetchState:
    """The state of one fetch.

    Args:
        name: the model's.
        phase: the current phase, or the outcome.
        done: bytes on the disk.
        total: total bytes.
        pace: "4.1 MB/s, 9 s left"; empty if it cannot be estimated yet.
        note: events, such as a resumed download.
        error: why it failed, a sentence.
    """

    name: str
    phase: Phase
    done: int = 0
    total: int = 0
    pace: str = ""
    note: str = ""
    error: str = ""

    @property
    def running(self) -> bool:
        """Whether the fetch is running."""
        return self.phase in RUNNING


class Fetches:
    """The fetches of one server: one at a time, the others wait in a queue.

    Args:
        models: the folder for model folders.
        downloads: folder of partial files.
        fetch: function that fetches a model; tests replace it.
    """

    def __init__(self, models: Path, downloads: Path, fetch: Callable[..., Path] = fetch_model) -> None:
        self._models, self._downloads, self._fetch = models, downloads, fetch
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._jobs: dict[str, _Job] = {}

    def start(self, name: str, catalogue: Catalogue) -> None:
        """Start a fetch, unless it is already running.

        Args:
            name: the model's.
            catalogue: the catalogue that lists it.

        Raises:
            NotFound: the catalogue does not have it.
        """
        total = catalogue.model(name).bytes
        with self._lock:
            last = self._jobs.get(name)
            if last is not None and last.state.running:
                return
            job = self._jobs[name] = _Job(FetchState(name, "waiting", 0, total))
            work = (job, lambda: self._fetch(name, catalogue, self._models, self._downloads, job))
            threading.Thread(target=self._run, args=work, name=f"fetch-{name}", daemon=True).start()

    def cancel(self, name: str) -> None:
        """Stop a fetch; the downloaded part is kept for the next one."""
        with self._lock:
            job = self._jobs.get(name)
        if job is not None:
            job.cancel()

    def forget(self, name: str) -> None:
        """Remove the outcome of a fetch."""
        with self._lock:
            if name in self._jobs and not self._jobs[name].state.running:
                del self._jobs[name]

    def state(self, name: str) -> FetchState | None:
        """Return the state of a fetch, or of the last one; None if there was none."""
        with self._lock:
            job = self._jobs.get(name)
        return job.state if job else None

    def states(self) -> dict[str, FetchState]:
        """Return all of them, by the model's name."""
        with self._lock:
            return {name: job.state for name, job in self._jobs.items()}

    def close(self) -> None:
        """Cancel all; their threads end with the process."""
        for name in list(self._jobs):
            self.cancel(name)

    def _run(self, job: _Job, work: Callable[[], Path]) -> None:
        try:
            with _turn(self._turn, job):
                work()
            job.end("done")
        except FetchCancelled:
            job.end("cancelled")
        except LikenessError as error:
            job.end("failed", str(error))
        except OSError as error:
            job.end(
                "failed", f"Expected room and leave to write in LIKENESS_HOME. Received: {error.strerror or error}."
            )
        except Exception as error:  # in a separate thread: any error must be shown on the page, not lost
            log.exception("Fetching %s failed.", job.state.name)
            job.end("failed", f"Expected a model. Received: {type(error).__name__}. See the log.")


class _Job(Watch):
    """A running fetch, with the state that the page shows."""

    def __init__(self, state: FetchState) -> None:
        self._state = state
        self._cancelled = threading.Event()
        self._seen: deque[tuple[float, int]] = deque()

    @property
    def state(self) -> FetchState:
        """State of the fetch; the speed falls while nothing arrives."""
        state, seen = self._state, list(self._seen)
        passed = time.monotonic() - seen[0][0] if seen else 0.0
        if state.phase != "fetching" or passed < LEAST_PACE:
            return state
        return replace(state, pace=rest_of_time(seen[-1][1] - seen[0][1], state.total - state.done, passed))

    def step(self, step: Step) -> None:
        if self.cancelled():
            return
        now = time.monotonic()
        self._seen.append((now, step.done))
        while len(self._seen) > 2 and now - self._seen[0][0] > PACE_OVER:
            self._seen.popleft()
        note = step.note or self._state.note
        self._state = replace(self._state, phase="fetching", done=step.done, total=step.total, note=note)

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def wait(self, seconds: float) -> None:
        self._cancelled.wait(seconds)

    def importing(self) -> None:
        self._state = replace(self._state, phase="importing", note="")

    def cancel(self) -> None:
        self._cancelled.set()  # a read that waits for the network may take some seconds to notice
        self.end("cancelled")

    def end(self, phase: Phase, error: str = "") -> None:
        self._state = replace(self._state, phase=phase, error=error)


@contextmanager
def _turn(lock: threading.Lock, job: _Job) -> Iterator[None]:
    """Wait for a lock and hold it; stop waiting when the job is cancelled."""
    while not lock.acquire(timeout=0.1):
        if job.cancelled():
            raise FetchCancelled("Cancelled before its turn.")
    try:
        if job.cancelled():
            raise FetchCancelled("Cancelled before its turn.")
        yield
    finally:
        lock.release()
