"""Faces a second for a person who drags, alone and while another exports a long animation.

python -m benchmarks.export_while_dragging weights/NAME [--drags 3] [--output docs/benchmarks/export-while-dragging.md]
"""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.browser import SCREEN, chromium
from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.page import SECONDS, drag_on, rate_of
from benchmarks.served import fetch, served
from dashboard.synthesis.model_folder import open_model

ANIMATION = {"form": "mp4", "faces": "1:31!1:88!1:4217", "seconds": 30, "rate": 15, "size": 256, "back": True}
"""Three people, each with everything free and with the others locked: six faces a frame, 898 frames there and back."""


@contextmanager
def exported(url: str) -> Iterator[str]:
    """Start the export and wait for its first frames; it is cancelled in the end.

    Yields:
        The address of the job.
    """
    job = f"{url}/jobs/{_post(f'{url}/jobs', {'kind': 'export', 'params': ANIMATION})['id']}"
    while (state := _state(job))["state"] in ("queued", "running") and not state["fraction"]:
        time.sleep(0.1)
    yield job
    _post(f"{job}/cancel", {})


def report(path: Path, drags: int) -> str:
    """Measure everything.

    Args:
        path: a model folder.
        drags: of each kind.

    Returns:
        A page in Markdown.
    """
    machine, model = describe_machine(("openvino", "av", "dash", "playwright")), open_model(path)
    frames = ANIMATION["seconds"] * ANIMATION["rate"] * 2 - 2
    with served(path) as server, chromium() as browser:
        page = browser.new_page(viewport=SCREEN)
        alone = [rate_of(*drag_on(page, f"{server.url}/?face=1:{6000 + drag}")) for drag in range(drags)]
        beside: list[float] = []
        for drag in range(drags):
            with exported(server.url) as job:
                before = _state(job)["fraction"]
                beside.append(rate_of(*drag_on(page, f"{server.url}/?face=1:{6500 + drag}")))
                after = _state(job)
            if after["state"] != "running" or after["fraction"] <= before:
                raise SystemExit(f"Expected an export beside the drag. Received: {after['state']} {after['error']}")
    lines = [
        "# Export while dragging",
        "",
        f"Written by `python -m benchmarks.export_while_dragging`: {drags} drags of {SECONDS:.0f} s on the Generator "
        f"page in headless Chromium, alone, and while a job of the same server makes an MP4 of {frames} frames with "
        "six faces each.",
        "",
        f"Model: `{model.name}@{model.digest8}`, {model.config.resolution} px. Machine: {machine}.",
        "",
        "| new faces per second while dragging | median | worst | goal |",
        "|---|---|---|---|",
        f"| alone | {statistics.median(alone):.0f} | {min(alone):.0f} | |",
        f"| during the export | {statistics.median(beside):.0f} | {min(beside):.0f} | at least 10 |",
    ]
    return "\n".join(lines) + "\n"


def _state(job: str) -> dict[str, Any]:
    return json.loads(fetch(job)[0])


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report(
        "benchmarks.export_while_dragging", __doc__ or "", ("drags", 3, "drags of each kind"), report, arguments
    )


if __name__ == "__main__":
    main()
