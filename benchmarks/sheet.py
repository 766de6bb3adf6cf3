"""A sheet of 24 faces in headless Chromium: its first picture, all of them, and the same sheet from the caches.

python -m benchmarks.sheet weights/NAME [--sheets 5] [--output docs/benchmarks/sheet.md]
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.browser import SCREEN, chromium
from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.served import served
from dashboard.synthesis.model_folder import open_model

PEOPLE, STEPS = 2, 12
FACES = PEOPLE * STEPS

LOOKS = 50
"""Milliseconds between two looks at the page: looking at every frame would have it drawn at every frame."""

RECORD = """() => {
  window.tiles = [];
  window.asked = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    window.tiles = [];
    window.asked = performance.now();
    performance.clearResourceTimings();
  }, true);
  document.addEventListener("load", (event) => {
    if (event.target.closest?.("#sheet")) window.tiles.push(performance.now());
  }, true);
}"""
"""Notes when a hand has asked for a sheet, and when each of its pictures was there, fetched and decoded."""


STATES = """() => [
  performance.getEntriesByType("resource").find((each) => each.name.includes("sheet.json")).startTime,
  ...window.tiles,
].map((time) => time - window.asked)"""
"""When the page asked for the sheet, and when its pictures were there, in milliseconds after the key."""


def asked(page: Page, seeds: str) -> tuple[float, float, float]:
    """Type the people of a sheet and press Enter.

    Args:
        page: on which Compare is open.
        seeds: of the people.

    Returns:
        Milliseconds from the key to the page's request, to the first picture, and to the last.
    """
    field = page.get_by_role("textbox", name="Seeds of the people")
    field.fill(seeds)
    field.press("Enter")
    page.wait_for_function(f"() => window.asked && window.tiles.length >= {FACES}", timeout=60_000, polling=LOOKS)
    page.wait_for_timeout(500)
    request, *tiles = page.evaluate(STATES)
    page.evaluate("() => { window.asked = 0; }")
    return request, tiles[0], tiles[FACES - 1]


def open_page(browser: Browser, url: str) -> Page:
    """Compare in a browser whose cache is empty, at rest, with another sheet."""
    page = browser.new_context(viewport=SCREEN).new_page()
    page.add_init_script(f"({RECORD})()")
    page.goto(f"{url}/compare?face=1:1&steps={STEPS}&runs=free&people=1,2")
    page.wait_for_function(f"() => window.tiles.length >= {FACES}", timeout=60_000)
    page.wait_for_timeout(1000)
    return page


def report(path: Path, sheets: int) -> str:
    """Measure everything.

    Args:
        path: a model folder.
        sheets: of new faces.

    Returns:
        A page in Markdown.
    """
    machine, model = describe_machine(("openvino", "dash", "playwright")), open_model(path)
    wanted = [f"{7001 + 2 * sheet}, {7002 + 2 * sheet}" for sheet in range(sheets)]
    with served(path) as server, chromium() as browser:
        page = open_page(browser, server.url)
        new = [asked(page, seeds) for seeds in wanted]
        asked(page, "3, 4")  # another one, so that the first of these is a change, too
        again = [asked(page, seeds) for seeds in wanted]
        other = open_page(browser, server.url)
        kept = [asked(other, seeds) for seeds in wanted]
    lines = [
        "# Sheet",
        "",
        f"Written by `python -m benchmarks.sheet`: {sheets} sweeps of {PEOPLE} people in {STEPS} steps, {FACES} faces "
        "each, in headless Chromium at 1440 x 900, with the server on the same machine. Measured from the key press "
        "that requests the sheet until its pictures are loaded and decoded.",
        "",
        f"Model: `{model.name}@{model.digest8}`, {model.config.resolution} px. Machine: {machine}.",
        "",
        "| what | median | worst | goal |",
        "|---|---|---|---|",
        _row("new faces, until the page sends the request", [request for request, _, _ in new]),
        _row("new faces, the first", [first for _, first, _ in new], "100 ms"),
        _row(f"new faces, all {FACES}", [last for _, _, last in new], "1,000 ms"),
        _row(f"from the server's cache, all {FACES}", [last for _, _, last in kept], "300 ms"),
        _row(f"from the browser's cache, all {FACES}", [last for _, _, last in again], "300 ms"),
    ]
    return "\n".join(lines) + "\n"


def _row(what: str, waits: Sequence[float], held: str = "") -> str:
    return f"| {what} | {statistics.median(waits):.0f} ms | {max(waits):.0f} ms | {held} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.sheet", __doc__ or "", ("sheets", 5, "sheets of new faces"), report, arguments)


if __name__ == "__main__":
    main()
