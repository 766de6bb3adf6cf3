"""The server: start of the process to the first face, memory, and how long new and cached faces take.

python -m benchmarks.service weights/NAME [--starts 5] [--output docs/benchmarks/service.md]
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.served import fetch, served
from dashboard.synthesis.model_folder import open_model

FACES = 300
"""Faces asked for, one after another, first new and then from the cache."""


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that so large a share of the values does not exceed, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def ask(addresses: Sequence[str]) -> list[float]:
    """Return the milliseconds from request to the last byte, for each address in turn."""
    times = []
    for address in addresses:
        started = time.perf_counter()
        fetch(address)
        times.append((time.perf_counter() - started) * 1000)
    return times


def report(model: Path, starts: int) -> str:
    """Measure everything.

    Args:
        model: a model folder.
        starts: dashboards started with empty caches, one after another.

    Returns:
        A page in Markdown.
    """
    machine, loaded = describe_machine(("openvino", "dash", "uvicorn")), open_model(model)
    seconds, web, everything = [], [], []
    new: list[float] = []
    cached: list[float] = []
    for turn in range(starts):
        with served(model) as server:
            seconds.append(server.seconds)
            addresses = [f"{server.pictures}1:{turn * FACES + i};{loaded.names[0]}=1.webp" for i in range(FACES)]
            new += ask(addresses)
            cached += ask(addresses)
            largest, total = server.memory()
            web.append(largest)
            everything.append(total)
    lines = [
        "# Server",
        "",
        f"Written by `python -m benchmarks.service`: {starts} starts with empty caches, {FACES} faces each.",
        "",
        f"Model: `{loaded.name}@{loaded.digest8}`, {loaded.config.resolution} px. Machine: {machine}.",
        "",
        "| what | median | p95 | goal |",
        "|---|---|---|---|",
        f"| start of the process to the last byte of the first face, caches empty | {statistics.median(seconds):.2f} s "
        f"| {max(seconds):.2f} s (slowest) | 3 s |",
        f"| memory of the web process after {2 * FACES} faces | {statistics.median(web):.0f} MB "
        f"| {max(web):.0f} MB (largest) | 400 MB |",
        f"| memory of all processes | {statistics.median(everything):.0f} MB | {max(everything):.0f} MB (largest) | |",
        f"| a new face, request to last byte | {statistics.median(new):.1f} ms | {quantile(new, 0.95):.1f} ms | |",
        f"| a cached face, request to last byte | {statistics.median(cached):.1f} ms "
        f"| {quantile(cached, 0.95):.1f} ms | p95 5 ms |",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.service", __doc__ or "", ("starts", 5, "dashboards started"), report, arguments)


if __name__ == "__main__":
    main()
