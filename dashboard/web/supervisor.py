"""Several web processes on one host, behind one listening socket: `LIKENESS_PROCESSES`.

This process binds the socket, starts the others, and does nothing else; it never loads the application:

    a process ends unexpectedly    another one is started in its place
    SIGHUP                         each is replaced in turn: the new one first answers, then the old one ends
    SIGTERM, Ctrl-C                all end, after their accepted requests

A process inherits the socket and two pipes: it reports on one, and ends itself when the other closes, which is when
this process has gone.
"""

from __future__ import annotations

import functools
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from dashboard.errors import InputError
from dashboard.settings import Settings, open_home, secret_key
from dashboard.web.connection_counts import UNUSED, ConnectionCounts, new_counts
from dashboard.web.entry_address import print_addresses

HANDLES = "LIKENESS_WORKER"
"""Variable in which a process finds numbers: its handles of the socket, report, lifeline and counts, and its slot."""

LISTENING, READY = b"l", b"r"
"""Reports: requests are accepted; the first face is there."""

BACKLOG = 2048
METRICS = "PROMETHEUS_MULTIPROC_DIR"
"""Variable that names the folder in which the processes' metrics are added up."""

READY_SECONDS = 120.0
"""Time limit for a new process to be ready, before a restart is abandoned."""
END_SECONDS = 60.0
"""Time limit for a process to end, before it is killed."""
LONGEST_PAUSE = 30.0
"""Upper limit of the pause before a process that ends again and again is started anew, in seconds."""

log = logging.getLogger(__name__)


def is_worker() -> bool:
    """Return whether this process was started by a supervisor."""
    return HANDLES in os.environ


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket that other processes can inherit.

    Raises:
        OSError: the address cannot be used.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
        made.set_inheritable(True)
    except BaseException:
        made.close()
        raise
    return made


@dataclass(eq=False)
class Worker:
    """A web process.

    Args:
        process: the process.
        reports: the end of its pipe that is read here.
        lifeline: the end of a pipe that closes with this process.
        slot: of its count of connections.
        began: when it was started, by the monotonic clock.
    """

    process: subprocess.Popen[bytes]
    reports: int
    lifeline: int
    slot: int
    began: float = field(default_factory=time.monotonic)
    listening: bool = False
    ready: bool = False
    ending_since: float | None = None

    def read(self) -> None:
        """Read its reports."""
        try:
            got = os.read(self.reports, 64)
        except BlockingIOError:
            return
        self.listening |= LISTENING in got
        self.ready |= READY in got

    def end(self) -> None:
        """Have it end after its accepted requests."""
        if self.ending_since is None:
            self.ending_since = time.monotonic()
            self.process.terminate()

    def close(self) -> None:
        """Close the pipes of an ended process."""
        for handle in (self.reports, self.lifeline):
            os.close(handle)


class Supervisor:
    """The web processes of one host.

    Args:
        listening: from :func:`bind`.
        count: number of processes.
        command: starts one.
        environment: variables of each.
        announce: called when the first process answers requests.
        ended: called with the id of each ended process.
    """

    def __init__(
        self,
        listening: socket.socket,
        count: int,
        command: Sequence[str],
        environment: dict[str, str],
        announce: Callable[[], None] = lambda: None,
        ended: Callable[[int], None] = lambda pid: None,
    ) -> None:
        if not (hasattr(signal, "SIGCHLD") and hasattr(signal, "SIGHUP")):
            raise InputError(
                "Expected LIKENESS_PROCESSES=1 on this system. Received: more. Several processes need Linux or macOS."
            )
        self._listening, self._count, self._command = listening, count, list(command)
        self._environment, self._announce, self._ended = environment, announce, ended
        self._slots = set(range(2 * count + 1))  # those of ending processes included
        self._shared = new_counts(len(self._slots))
        self._counts = ConnectionCounts(self._shared.fileno())
        self._workers: list[Worker] = []
        self._old: list[Worker] = []  # to be replaced, in turn
        self._new: Worker | None = None  # the one that replaces the first of them
        self._announced = self._stopping = self._restart = False
        self._failures, self._next_start = 0, 0.0
        self._status = 0

    def run(self) -> int:
        """Supervise until SIGTERM or Ctrl-C; return the exit status."""
        read, write = os.pipe()
        for handle in (read, write):
            os.set_blocking(handle, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes the loop
        signal.signal(signal.SIGHUP, self._on_restart)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        try:
            while not (self._stopping and not self._all()):
                self._step()
                handles = [read, *(worker.reports for worker in self._all() if not worker.ready)]
                for handle in select.select(handles, [], [], 0.5)[0]:
                    if handle == read:
                        os.read(read, 4096)
            return self._status
        finally:
            for worker in self._all():
                worker.process.kill()
                worker.process.wait()
            signal.set_wakeup_fd(-1)
            self._listening.close()
            self._shared.close()

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _on_restart(self, number: int, frame: FrameType | None) -> None:
        self._restart = True

    def _all(self) -> list[Worker]:
        return [*self._workers, *([self._new] if self._new else [])]

    def _step(self) -> None:
        """Do what is due."""
        for worker in self._all():
            worker.read()
        if not self._announced and any(worker.listening for worker in self._workers):
            self._announced = True
            self._announce()
        for worker in [each for each in self._all() if each.process.poll() is not None]:
            self._bury(worker)
        for worker in self._all():
            if self._stopping:
                worker.end()
            if worker.ending_since is not None and time.monotonic() - worker.ending_since > END_SECONDS:
                worker.process.kill()
        if self._stopping:
            return
        if self._restart and not self._old:
            self._restart, self._old = False, list(self._workers)
            log.info("Restarting %d processes in turn.", len(self._old))
        self._replace()
        count = self._count if self._announced else 1  # what the first one prepares or refuses, the others need not
        while len(self._workers) < count and time.monotonic() >= self._next_start:
            self._workers.append(self._start())

    def _replace(self) -> None:
        """Go on with a restart: start the next new process, and end the old one when the new one is ready."""
        if not self._old:
            return
        old = self._old[0]
        if self._new is None and old.ending_since is None:
            self._new = self._start()
        elif self._new is not None and self._new.ready:
            self._workers.append(self._new)
            self._new = None
            old.end()
        elif self._new is not None and time.monotonic() - self._new.began > READY_SECONDS:
            self._new.end()

    def _bury(self, worker: Worker) -> None:
        """Forget an ended process."""
        status = worker.process.returncode
        worker.close()
        self._counts.set(worker.slot, UNUSED)
        self._ended(worker.process.pid)
        if worker is self._new:
            self._new, self._old = None, []
            if self._stopping:
                return
            log.error("A new process ended with status %d. The restart is abandoned; the old ones go on.", status)
            return
        self._workers.remove(worker)
        if worker in self._old:
            self._old.remove(worker)
            if worker.ending_since is None and self._new is not None:  # it died: the new one takes its place
                self._workers.append(self._new)
                self._new = None
        if worker.ending_since is not None or self._stopping:
            return
        if not self._announced and status > 0:  # the application cannot start here
            self._stopping, self._status = True, status
            return
        self._failures = 0 if worker.ready else self._failures + 1
        pause = 0.0 if worker.ready else min(2.0**self._failures, LONGEST_PAUSE)
        self._next_start = time.monotonic() + pause
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        log.warning("A process ended %s. Another one starts%s.", how, f" in {pause:.0f} s" if pause else "")

    def _start(self) -> Worker:
        """Start a process."""
        reports, report = os.pipe()
        lifeline_end, lifeline = os.pipe()
        os.set_blocking(reports, False)
        inherited = (self._listening.fileno(), report, lifeline_end, self._shared.fileno())
        slot = min(self._slots - {worker.slot for worker in self._all()})
        try:
            process = subprocess.Popen(
                self._command,
                env={**self._environment, HANDLES: ",".join(map(str, (*inherited, slot)))},
                pass_fds=inherited,
                start_new_session=True,  # Ctrl-C reaches this process only, which ends the others in order
            )
        except BaseException:
            os.close(reports)
            os.close(lifeline)
            raise
        finally:
            os.close(report)
            os.close(lifeline_end)
        return Worker(process, reports, lifeline, slot)


def supervise(settings: Settings, listening: socket.socket) -> int:
    """Serve with several processes until SIGTERM or Ctrl-C; return the exit status.

    Args:
        settings: the table; the processes read it from the environment again.
        listening: from :func:`bind`.

    Raises:
        InputError: LIKENESS_HOME, which the processes share, cannot be used.
    """
    home = open_home(settings.home)
    if home is None:
        raise InputError(
            f"Expected a LIKENESS_HOME that several processes share. Received: {settings.home}, which cannot be "
            "written to. Choose another folder, or set LIKENESS_PROCESSES=1."
        )
    secret_key(home)  # one key for all, before they start
    environment, ended = dict(os.environ), _forget_nothing
    folder = None
    if settings.metrics or settings.metrics_port:
        folder = tempfile.TemporaryDirectory(prefix="likeness-metrics-")
        environment[METRICS] = folder.name
        ended = functools.partial(_forget_gauges, Path(folder.name))
    command = [sys.executable, "-m", "dashboard"]
    try:
        return Supervisor(
            listening, settings.processes, command, environment, lambda: print_addresses(settings), ended
        ).run()
    finally:
        if folder is not None:
            folder.cleanup()


def _forget_nothing(pid: int) -> None:
    pass


def _forget_gauges(folder: Path, pid: int) -> None:
    """Remove the gauges of an ended process; its counters stay, since a sum of counters may only grow."""
    for path in folder.glob(f"gauge_live*_{pid}.db"):
        path.unlink(missing_ok=True)
