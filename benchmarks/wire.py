"""Network traffic of pages: bytes and requests of a first and a second visit, and seconds on a slow line.

python -m benchmarks.wire weights/NAME [--visits 3] [--output docs/benchmarks/wire.md]
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from benchmarks.browser import SCREEN, chromium
from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.served import served
from dashboard.synthesis.model_folder import open_model

PAGES = ("/", "/demo", "/latent-space", "/directions", "/compare", "/collections", "/models", "/about")
HELD_TO = {"/": "700 kB in 25", "/latent-space": "2200 kB in 35"}
SECOND = "60 kB in 8"
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOW_HELD_TO = {"/demo": 5.0, "/": 6.0}
QUIET_MS = 5000
"""A visit has come to rest when nothing was asked for in so many milliseconds."""

READY = {
    "/": "() => document.querySelector('#frame:not([data-empty])') "
    "&& document.querySelectorAll('[role=slider]').length > 3",
    "/demo": "() => document.querySelector('#frame:not([data-empty]), #demo-frame:not([data-empty])') "
    "&& document.querySelectorAll('[role=slider]').length > 3",
}
"""When a page can be used: the face is shown and the sliders are there."""


@dataclass
class Visit:
    """What one visit moved: bytes on the wire (bodies and headers of answers) and requests that left the browser."""

    kilobytes: float
    requests: int
    largest: list[tuple[int, str]]


def visit(context: BrowserContext, address: str) -> Visit:
    """Open a page in a new tab, wait until it rests, and count.

    Args:
        context: a browser profile: empty for a first visit, kept for a second one.
        address: of the page.
    """
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    last = [time.monotonic()]

    def sent(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            urls[event["requestId"]] = event["request"]["url"]
        last[0] = time.monotonic()

    def from_cache(event: dict[str, Any]) -> None:
        urls.pop(event["requestId"], None)

    def answered(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            urls.pop(event["requestId"], None)

    def finished(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])
        last[0] = time.monotonic()

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.requestServedFromCache", from_cache)
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    page.goto(address)
    while time.monotonic() - last[0] < QUIET_MS / 1000:
        page.wait_for_timeout(100)
    page.close()
    moved = {name: sizes.get(name, 0) for name in urls}
    largest = sorted(((size, urls[name].split("?")[0]) for name, size in moved.items()), reverse=True)
    return Visit(sum(moved.values()) / 1000, len(moved), largest)


def usable_after(browser: Browser, address: str, ready: str) -> float:
    """Return the seconds from the request to a page that can be used, on a slow line, with an empty cache."""
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    began = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=60_000)
    page.wait_for_function(ready, timeout=60_000)
    seconds = time.perf_counter() - began
    context.close()
    return seconds


def report(model: Path, visits: int) -> str:
    """Measure everything.

    Args:
        model: a model folder.
        visits: on the slow line.

    Returns:
        A page in Markdown.
    """
    machine, loaded = describe_machine(("dash", "playwright")), open_model(model)
    lines = [
        "# Network traffic",
        "",
        f"Written by `python -m benchmarks.wire`: headless Chromium, {visits} visits on the slow line.",
        "",
        f"Model: `{loaded.name}@{loaded.digest8}`, {loaded.config.resolution} px. Machine: {machine}.",
        "",
        "| page | first visit | goal | second visit | goal | largest files of the first visit, kB |",
        "|---|---|---|---|---|---|",
    ]
    with served(model) as server, chromium() as browser:
        for path in PAGES:
            context = browser.new_context(viewport=SCREEN)
            first, second = (visit(context, server.url + path) for _ in range(2))
            context.close()
            shown = ", ".join(f"{url.rsplit('/', 1)[1]} {size / 1000:.0f}" for size, url in first.largest[:4])
            lines.append(
                f"| `{path}` | {first.kilobytes:.0f} kB in {first.requests} | {HELD_TO.get(path, '')} "
                f"| {second.kilobytes:.0f} kB in {second.requests} | {SECOND} | {shown} |"
            )
        lines += [
            "",
            "Time until face and sliders are visible on a line of 1.6 Mbit/s and 150 ms (simulated by the browser), "
            "with an empty cache:",
            "",
            "| page | median | slowest | goal |",
            "|---|---|---|---|",
        ]
        for path, ready in READY.items():
            seconds = [usable_after(browser, server.url + path, ready) for _ in range(visits)]
            lines.append(
                f"| `{path}` | {statistics.median(seconds):.1f} s | {max(seconds):.1f} s | {SLOW_HELD_TO[path]:.0f} s |"
            )
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.wire", __doc__ or "", ("visits", 3, "visits on the slow line"), report, arguments)


if __name__ == "__main__":
    main()
