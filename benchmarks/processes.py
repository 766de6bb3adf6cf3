"""Several processes on one host: pages, cached faces and new faces per second of one, two and more processes.

python -m benchmarks.processes weights/NAME [--seconds 8] [--output docs/benchmarks/processes.md]
"""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from benchmarks.command import write_report
from benchmarks.load import Load, new_faces, press
from benchmarks.machine import describe_machine
from benchmarks.served import Served, fetch, served
from dashboard.synthesis.model_folder import open_model

CONNECTIONS = 16
RESTART_LIMIT = 240
"""Seconds in which all processes must be replaced, under the load."""

BURST_SECONDS = 2
"""Seconds of a burst of requests, one after another until the restart ends."""

ROUNDS = 3
"""Servers of each size, in turn, so that what else the machine does affects all alike."""


@dataclass(frozen=True)
class Rates:
    """Answers per second, and memory in MB of all processes together."""

    pages: Load
    cached: Load
    new: Load
    memory: float


def measure(model: Path, processes: int, seconds: int, first: int) -> Rates:
    """Measure a dashboard of some processes.

    Args:
        model: a model folder.
        processes: their number.
        seconds: for each kind of request.
        first: seed of the first new face.
    """
    with served(model, settings={"LIKENESS_PROCESSES": str(processes)}) as server:
        _wait_for_all(server, processes)
        face = f"{server.pictures}1:1.webp"
        for address in [face, f"{server.url}/"] * 4 * processes:
            fetch(address)
        press(f"{server.url}/", CONNECTIONS, 2)  # every process has answered before
        return Rates(
            press(f"{server.url}/", CONNECTIONS, seconds),
            press(face, CONNECTIONS, seconds),
            new_faces(server.pictures, CONNECTIONS, seconds, first),
            server.memory()[1],
        )


def _wait_for_all(server: Served, processes: int) -> None:
    """Wait until every process has started."""
    if processes > 1:
        while len(server.process.children()) < processes:
            time.sleep(0.1)
        time.sleep(4)  # until they have made their first faces


@dataclass(frozen=True)
class Restart:
    """A restart under load.

    Args:
        pages: answered.
        faces: answered, all of a cached one.
        unexpected: requests without an answer, or with an unexpected one.
        seconds: until all processes were replaced; None if they were not within the limit.
    """

    pages: int
    faces: int
    unexpected: int
    seconds: float | None


def restarted(model: Path) -> Restart:
    """Restart two processes in turn under load, which lasts until the end of the restart.

    Args:
        model: a model folder.
    """
    with served(model, settings={"LIKENESS_PROCESSES": "2"}) as server, ThreadPoolExecutor(2) as crowd:
        _wait_for_all(server, 2)
        before = {child.pid for child in server.process.children()}
        ended = Event()

        def press_on(address: str) -> list[Load]:
            bursts = [press(address, CONNECTIONS // 2, BURST_SECONDS)]
            while not ended.is_set():
                bursts.append(press(address, CONNECTIONS // 2, BURST_SECONDS))
            return bursts

        loads = [crowd.submit(press_on, address) for address in (f"{server.url}/", f"{server.pictures}1:1.webp")]
        time.sleep(1)
        server.process.send_signal(signal.SIGHUP)
        began, seconds = time.perf_counter(), None
        while seconds is None and time.perf_counter() - began < RESTART_LIMIT:
            time.sleep(0.1)
            if not before & {child.pid for child in server.process.children()}:
                seconds = time.perf_counter() - began
        ended.set()
        pages, faces = (load.result() for load in loads)
        return Restart(_answers(pages), _answers(faces), sum(burst.unexpected for burst in (*pages, *faces)), seconds)


def _answers(bursts: Sequence[Load]) -> int:
    """Count the answers of several bursts."""
    return sum(sum(burst.statuses.values()) for burst in bursts)


def report(model: Path, seconds: int) -> str:
    """Measure one process, two, and one per core, and a restart.

    Args:
        model: a model folder.
        seconds: for each kind of request.

    Returns:
        A page in Markdown.
    """
    loaded, cores = open_model(model), os.cpu_count() or 1
    sizes = sorted({1, 2, cores})
    found: dict[int, list[Rates]] = {size: [] for size in sizes}
    for round_ in range(ROUNDS):
        for size in sizes:
            found[size].append(measure(model, size, seconds, 1_000_000 * (1 + round_)))
    kinds = ("pages", "cached", "new")
    medians = {
        size: [statistics.median(getattr(rates, kind).rate for rates in found[size]) for kind in kinds]
        for size in sizes
    }
    rows = []
    for size in sizes:
        parts = [f"{rate:,.0f} ({rate / one:.2f} x)" for rate, one in zip(medians[size], medians[1], strict=True)]
        unexpected = sum(getattr(rates, kind).unexpected for rates in found[size] for kind in kinds)
        memory = statistics.median(rates.memory for rates in found[size])
        rows.append(f"| {size} | {' | '.join(parts)} | {memory:,.0f} MB | {unexpected} |")
    restart = restarted(model)
    how_long = "not within the limit" if restart.seconds is None else f"{restart.seconds:.0f} s after SIGHUP"
    return "\n".join(
        [
            "# Several processes on one host",
            "",
            "Written by `python -m benchmarks.processes`. wrk on the same machine generates the load.",
            "",
            f"Model: `{loaded.name}@{loaded.digest8}`, {loaded.config.resolution} px. Machine: "
            f"{describe_machine(('uvicorn', 'openvino', 'dash'))}.",
            "",
            f"{CONNECTIONS} connections for {seconds} s each; the median of {ROUNDS} servers of each size, in turn. "
            "Rates are per second, and in brackets relative to one process.",
            "",
            "| `LIKENESS_PROCESSES` | pages | cached faces | new faces | memory of all | unexpected answers |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            "## A restart under load",
            "",
            f"Two processes get SIGHUP while {CONNECTIONS // 2} connections ask for pages and as many for a cached "
            f"face. All processes were replaced: {how_long}; the limit was {RESTART_LIMIT} s. Answers meanwhile: "
            f"{restart.pages:,} pages and {restart.faces:,} faces; unexpected, or none: {restart.unexpected}.",
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.processes", __doc__ or "", ("seconds", 8, "for each kind of request"), report, arguments)


if __name__ == "__main__":
    main()
