"""Durations of jobs on this machine: learnt from every finished job, estimated until then.

Each kind gives the seconds on the reference machine, where the figures of `dashboard/jobs/reference_seconds.py` were
measured. What is learnt is the ratio of this machine's time to that time, for each kind and model.
"""

from __future__ import annotations

import json
import logging
import math
import os
import platform
import threading
from dataclasses import dataclass
from pathlib import Path

from dashboard.stores.durable import write_file

NAME = "job-durations.json"
"""Name of the file in LIKENESS_HOME."""

BEGIN = 1.5
"""Seconds from the start of a process to its first step."""

MOST = 500
"""Number of ratios that are kept; the oldest are dropped first."""

NEWEST = 0.5
"""Weight of the latest job against those before it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Duration:
    """An estimate of how long a job takes.

    Args:
        seconds: from start to end, without the time in the queue.
        measured: whether jobs like it have been timed on this machine; otherwise it is an estimate.
    """

    seconds: float
    measured: bool


class Durations:
    """Durations learnt on this machine.

    Args:
        folder: LIKENESS_HOME, where the ratios are stored; None to keep them in memory only.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path = folder / NAME if folder else None
        self._machine = machine()
        self._lock = threading.Lock()
        self._version: tuple[int, int, int] | None = None
        self._ratios: dict[str, float] = {}
        self._refresh()

    def expect(self, key: str, reference: float) -> Duration:
        """Return how long a job will take.

        Args:
            key: what jobs of equal duration have in common, such as their kind and model.
            reference: seconds on the reference machine, without the start of the process.
        """
        with self._lock:
            self._refresh()
            ratio = self._ratios.get(f"{self._machine} {key}")
        return Duration(BEGIN + reference * (ratio or 1.0), ratio is not None)

    def learn(self, key: str, reference: float, passed: float) -> None:
        """Remember how long a job took.

        Args:
            key, reference: as for :meth:`expect`.
            passed: seconds.
        """
        if reference <= 0:
            return
        here = f"{self._machine} {key}"
        ratio = max(passed - BEGIN, 0.05 * passed, 1e-3) / reference
        with self._lock:
            self._refresh()
            before = self._ratios.pop(here, ratio)  # to the end of the dict
            self._ratios[here] = before ** (1 - NEWEST) * ratio**NEWEST
            while len(self._ratios) > MOST:
                del self._ratios[next(iter(self._ratios))]
            content = json.dumps(self._ratios, indent=1)
        if self._path is not None:
            try:
                write_file(self._path, content.encode())
            except OSError as error:
                log.warning("Durations of jobs cannot be stored (%s).", error.strerror)

    def _refresh(self) -> None:
        """Read the file again if another process has written it; the caller holds the lock."""
        try:
            there = self._path.stat() if self._path else None
        except OSError:
            return
        # A file is replaced, never changed, so a new one has another inode even within one tick of the clock.
        version = (there.st_ino, there.st_mtime_ns, there.st_size) if there else None
        if version != self._version:
            self._version, self._ratios = version, _read(self._path)


def machine() -> str:
    """Return what determines a machine's speed: processor and cores, not the host name, which containers change."""
    processor = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    except OSError:
        pass  # another system than Linux
    return f"{processor} x{os.cpu_count()}"


def _read(path: Path | None) -> dict[str, float]:
    """Return the ratios in a file; empty if the file is missing or invalid."""
    if path is None:
        return {}
    try:
        stored = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    items = stored.items() if isinstance(stored, dict) else ()
    return {str(key): float(ratio) for key, ratio in items if type(ratio) is float and 0 < ratio < math.inf}
