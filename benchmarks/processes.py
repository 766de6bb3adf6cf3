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

from benchmarks.command import write_report
from benchmarks.load import Load, new_faces, press
from benchmarks.machine import describe_machine
from benchmarks.served import Served, fetch, served
from dashboard.synthesis.model_folder import open_model

CONNECTIONS = 16
RESTART_SECONDS = 30
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


def restarted(model: Path) -> tuple[Load, Load, bool]:
    """Restart two processes in turn under load.

    Args:
        model: a model folder.

    Returns:
        The answers of pages and of a cached face, and whether every process was replaced meanwhile.
    """
    with served(model, settings={"LIKENESS_PROCESSES": "2"}) as server, ThreadPoolExecutor(2) as crowd:
        _wait_for_all(server, 2)
        before = {child.pid for child in server.process.children()}
        loads = [
            crowd.submit(press, address, CONNECTIONS // 2, RESTART_SECONDS)
            for address in (f"{server.url}/", f"{server.pictures}1:1.webp")
        ]
        time.sleep(1)
        server.process.send_signal(signal.SIGHUP)
        pages, faces = (load.result() for load in loads)
        return pages, faces, not before & {child.pid for child in server.process.children()}


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
    pages, faces, replaced = restarted(model)
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
            f"Two processes, SIGHUP after 1 s of {RESTART_SECONDS} s with {CONNECTIONS // 2} connections for pages and "
            f"as many for a cached face. Every process was replaced: {'yes' if replaced else 'no'}. Answers: "
            f"{sum(pages.statuses.values()):,} pages and {sum(faces.statuses.values()):,} faces; unexpected, or none: "
            f"{pages.unexpected + faces.unexpected}.",
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.processes", __doc__ or "", ("seconds", 8, "for each kind of request"), report, arguments)


if __name__ == "__main__":
    main()
