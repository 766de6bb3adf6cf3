"""Worker processes, one of which is kept: its loaded libraries and compiled code are reused by the next job.

UMAP's functions are compiled at their first call, for most of a minute, and numba's cache of them on disk is
a pickle that umap-learn hardly uses. So the process waits for the next such job for a while.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from dashboard.jobs.job_context import THREADS, JobSpec

STAYS = 600.0
"""Seconds that a process waits for its next job."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")

log = logging.getLogger(__name__)


def start_worker(spec: JobSpec, part: Path) -> subprocess.Popen[str]:
    """Start a process for a job: a new interpreter, never a fork, limited to one thread."""
    threads = dict.fromkeys(_THREADS, str(THREADS))
    kept = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    path = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.jobs.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**kept, **threads, "PYTHONPATH": path},
        text=True,
        encoding="utf-8",
    )
    _tell(process, spec, part)
    return process


class WarmWorkers:
    """The idle worker process, if there is one.

    Args:
        stays: seconds that it waits for its next job.
    """

    def __init__(self, stays: float = STAYS) -> None:
        self._stays = stays
        self._idle: subprocess.Popen[str] | None = None
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def ready(self) -> bool:
        """Whether a process waits for its next job."""
        idle = self._idle
        return idle is not None and idle.poll() is None

    def start(self, spec: JobSpec, part: Path) -> subprocess.Popen[str]:
        """Start a job of a kind that stays: in the waiting process, or in a new one."""
        with self._lock:
            process, self._idle = self._idle, None
            if self._timer is not None:
                self._timer.cancel()
        if process is not None and process.poll() is None and _tell(process, spec, part):
            return process
        return start_worker(spec, part)

    def give_back(self, process: subprocess.Popen[str]) -> None:
        """Keep a process for its next job; stop it if another one is waiting already."""
        with self._lock:
            if self._closed or self._idle is not None or process.poll() is not None:
                unwanted = process
            else:
                self._idle, unwanted = process, None
                self._timer = threading.Timer(self._stays, self._end_idle, (process,))
                self._timer.daemon = True
                self._timer.start()
        if unwanted is not None:
            _end(unwanted)

    def close(self) -> None:
        """Stop the waiting process."""
        with self._lock:
            self._closed = True
            process, self._idle = self._idle, None
            if self._timer is not None:
                self._timer.cancel()
        if process is not None:
            _end(process)

    def _end_idle(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            if self._idle is not process:
                return
            self._idle = None
        _end(process)


def _tell(process: subprocess.Popen[str], spec: JobSpec, part: Path) -> bool:
    """Send a process its job; return False if the process has ended (the caller finds out why)."""
    assert process.stdin is not None
    try:
        process.stdin.write(spec.text(part) + "\n")
        process.stdin.flush()
    except OSError:
        log.debug("The process ended before it received its job.")
        return False
    return True


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    with process:
        process.wait()
