"""Workers of several hosts as processes, with the kinds of jobs of the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.settings import PREFIX, ROOT, Settings

_PROGRAM = """
from dashboard.cli import main
from support.jobs import small_kind
with small_kind():
    main(["worker"])
"""


class Worker:
    """A process of `python -m dashboard worker`.

    Args:
        settings: of the dashboard.
        log: file of its log.
    """

    def __init__(self, settings: Settings, log: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        for name in ("home", "cache", "database", "redis", "jobs", "metrics_port", "model"):
            if value := getattr(settings, name):
                environment[PREFIX + name.upper()] = str(value)
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=ROOT,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(30)

    def end(self) -> int:
        """End it as an operator does; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


@contextmanager
def workers(settings: Settings, count: int, folder: Path) -> Iterator[list[Worker]]:
    """Run workers while the test runs.

    Args:
        settings: of the dashboard.
        count: how many.
        folder: for their logs.
    """
    running = [Worker(settings, folder / f"worker-{number}.log") for number in range(count)]
    try:
        yield running
    finally:
        for each in running:
            each.process.kill()
        for each in running:
            each.process.wait(30)
