"""Servers side by side: slow clients, pages, cached faces and drags on each, in one run.

python -m benchmarks.servers weights/NAME [--connections 300] [--output docs/benchmarks/servers.md]
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.command import write_report
from benchmarks.load import drags, press
from benchmarks.machine import describe_machine
from benchmarks.served import OURS, Served, fetch, served
from benchmarks.slow_clients import KINDS, held, probe
from dashboard.synthesis.model_folder import open_model

APPLICATION = "dashboard.wsgi:server"
SERVERS = {
    "uvicorn (`python -m dashboard`)": OURS,
    "gunicorn, 40 threads (before)": (
        "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "40",
        "--keep-alive", "30", "--log-level", "error", APPLICATION,
    ),
    "waitress, 40 threads": (
        "-m", "waitress", "--listen=127.0.0.1:{port}", "--threads=40", "--connection-limit=4000",
        "--asyncore-use-poll", APPLICATION,
    ),
    "granian, 40 threads": (
        "-m", "granian", "--port", "{port}", "--interface", "wsgi", "--blocking-threads", "40",
        "--backpressure", "4000", "--no-log", APPLICATION,
    ),
}  # fmt: skip
SEEN = 50
SECONDS = 5
LARGE = "/_dash-component-suites/plotly/package_data/plotly.min.js"


def slow(server: Served, connections: int) -> list[str]:
    """Hold slow clients of each kind; give the longest wait of others for `/healthz`."""
    waits = []
    for kind in KINDS:
        with held(server.url, (kind,), connections, LARGE):
            worst = probe(f"{server.url}/healthz", 2.0, timeout=5.0).worst
        waits.append("none in 5 s" if worst == float("inf") else f"{worst * 1000:.0f} ms")
    return waits


def row(name: str, server: Served, connections: int, attribute: str) -> str:
    """Measure one server."""
    for seed in range(1, SEEN + 1):
        fetch(f"{server.pictures}1:{seed}.webp")
    fetch(f"{server.url}/")
    page = press(f"{server.url}/", 8, SECONDS)
    face = press(f"{server.pictures}1:1.webp", 8, SECONDS)
    drag = drags(server.pictures, 20, 15, SEEN, attribute)
    cells = [
        f"{page.rate:.0f}/s, p95 {page.p95:.0f} ms",
        f"{face.rate:.0f}/s, p95 {face.p95:.0f} ms",
        f"p50 {drag.p50:.0f} ms, p95 {drag.p95:.0f} ms",
        *slow(server, connections),
    ]
    return f"| {name} | " + " | ".join(cells) + " |"


def report(model: Path, connections: int) -> str:
    """Measure everything.

    Args:
        model: a model folder.
        connections: slow clients of each kind.

    Returns:
        A page in Markdown.
    """
    machine, loaded = describe_machine(("uvicorn", "gunicorn", "waitress", "granian")), open_model(model)
    lines = [
        "# Servers",
        "",
        f"Written by `python -m benchmarks.servers`, all in one run: 8 connections request `/` and a cached face for "
        f"{SECONDS} s, 20 visitors drag for 15 s, and {connections} slow clients of each kind connect. The last four "
        "columns are the longest wait for `/healthz` while these clients are connected.",
        "",
        f"Model: `{loaded.name}@{loaded.digest8}`, {loaded.config.resolution} px. Machine: {machine}.",
        "",
        "| server | page | cached face | a face while 20 drag | " + " | ".join(KINDS) + " |",
        "|---" * (4 + len(KINDS)) + "|",
    ]
    for name, command in SERVERS.items():
        with served(model, command) as server:
            lines.append(row(name, server, connections, loaded.names[0]))
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    what = ("connections", 300, "slow clients of each kind")
    write_report("benchmarks.servers", __doc__ or "", what, report, arguments)


if __name__ == "__main__":
    main()
