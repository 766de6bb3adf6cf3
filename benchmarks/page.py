"""The page in headless Chromium: slider to pixels, faces a second while dragging, and the last frame after release.

python -m benchmarks.page weights/NAME [--drags 5] [--output docs/benchmarks/page.md]
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from benchmarks.browser import SCREEN, chromium
from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.served import served
from benchmarks.service import quantile
from dashboard.synthesis.model_folder import open_model

SECONDS = 3.0
"""How long a drag goes back and forth."""

RECORD = """() => {
  window.shown = [];
  window.released = null;
  window.likeness.events.addEventListener('likeness:face', (event) => window.shown.push(event.detail));
  window.addEventListener('pointerup', () => { window.released = performance.now(); }, true);
}"""


Slider = tuple[str, str, str, int]
GENERATOR: Slider = ("/?face=1:{}", ".lk-row .lk-rail", ".lk-row .lk-thumb", 160)
DEMO: Slider = ("/demo?face=1:{}", ".lk-demo-slider .mantine-Slider-track", ".lk-demo-slider .mantine-Slider-thumb", 20)
"""Address, rail and thumb of a page with sliders, and the steps of a rail."""

STEPS = 18
"""Steps of a slider from one new face to the next: a rail of the Demo has no more."""

ROUNDS = 6
"""Faces on which each page is measured, in turns."""

RECORD_STEPS = """() => {
  window.moved = 0;
  window.steps = [];
  document.addEventListener("pointermove", (event) => { window.moved = event.timeStamp; }, true);
  window.likeness.events.addEventListener("likeness:face", ({ detail }) => {
    if (!detail.cache) window.steps.push(detail.shownAt - window.moved);
  });
}"""


def steps(page: Page, address: str, rail: str, thumb: str, notches: int) -> list[float]:
    """Step a slider as a hand does, and wait for each face.

    Args:
        page: a page of the browser.
        address: of a page with sliders.
        rail: selector of the rail.
        thumb: selector of the thumb.
        notches: steps that the rail has.

    Returns:
        Milliseconds from the movement of the hand to the frame that shows its face, for faces that were new.
    """
    page.goto(address)
    page.wait_for_function("() => document.querySelector('#frame:not([data-empty])') !== null")
    page.wait_for_timeout(1500)
    page.evaluate(RECORD_STEPS)
    line = page.locator(rail).first.bounding_box()
    held = page.locator(thumb).first.bounding_box()
    assert line is not None
    assert held is not None
    page.mouse.move(held["x"] + held["width"] / 2, held["y"] + held["height"] / 2)
    page.mouse.down()
    for number in range(STEPS):
        share = (1 + (number * 7) % (notches - 2)) / notches  # far apart, each once a round
        page.mouse.move(line["x"] + share * line["width"], line["y"] + line["height"] / 2)
        page.wait_for_timeout(120)
    page.mouse.up()
    return page.evaluate("() => window.steps")


def steps_in_turns(page: Page, url: str) -> tuple[list[float], list[float]]:
    """Step the first slider of the Generator and of the Demo in turns.

    Returns:
        Milliseconds as :func:`steps` returns them, of the Generator and of the Demo.
    """
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS):
        for times, (address, rail, thumb, notches) in zip(found, (GENERATOR, DEMO), strict=True):
            times += steps(page, url + address.format(7000 + number), rail, thumb, notches)
    return found


def drag(page: Page, name: str) -> tuple[list[dict[str, Any]], float]:
    """Drag an attribute's thumb back and forth over its rail, a new position at every frame, and release.

    Args:
        page: on which the generator is open.
        name: of the attribute.

    Returns:
        What was shown from press to release and after it, as the picture queue tells it, and the time of the release.
    """
    row = page.locator(f'.lk-row[data-name="{name}"]')
    row.scroll_into_view_if_needed()
    rail = row.locator(".lk-rail").bounding_box()
    thumb = row.get_by_role("slider").bounding_box()
    assert rail is not None
    assert thumb is not None
    page.mouse.move(thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2)
    page.evaluate("() => { window.shown.length = 0; }")
    page.mouse.down()
    started = time.perf_counter()
    while (now := time.perf_counter() - started) < SECONDS:
        # No two positions alike: an irrational sweep, so that the cache has none of them.
        value = 2.9 * math.sin(2.1 * now) + 0.6 * math.sin(7.3 * now)
        page.mouse.move(rail["x"] + (value + 4) / 8 * rail["width"], rail["y"] + rail["height"] / 2)
    # One more position, and release immediately: the frame to wait for cannot have been asked for before.
    page.mouse.move(rail["x"] + 0.8 * rail["width"], rail["y"] + rail["height"] / 2)
    page.mouse.up()
    page.wait_for_function("() => window.likeness.pictureQueue.shownFace === window.likeness.state.shown.face")
    page.wait_for_timeout(300)
    return page.evaluate("() => window.shown"), page.evaluate("() => window.released")


def drag_on(page: Page, address: str) -> tuple[list[dict[str, Any]], float]:
    """Open the generator at an address and drag its first attribute; as :func:`drag`."""
    page.goto(address)
    page.wait_for_function("() => document.querySelector('#frame:not([data-empty])') !== null")
    page.wait_for_timeout(1000)
    page.evaluate(RECORD)
    first = page.locator(".lk-row").first.get_attribute("data-name")
    assert first is not None
    return drag(page, first)


def rate_of(shown: list[dict[str, Any]], released: float) -> float:
    """Return how many different faces a second were shown during the drag."""
    return len({f["face"] for f in shown if f["shownAt"] <= released}) / SECONDS


def report(model: Path, drags: int) -> str:
    """Measure everything.

    Args:
        model: a model folder.
        drags: seeds on which a slider is dragged.

    Returns:
        A page in Markdown.
    """
    machine, loaded = describe_machine(("openvino", "dash", "playwright")), open_model(model)
    waits: list[float] = []
    rates: list[float] = []
    lasts: list[float] = []
    with served(model) as server, chromium() as browser:
        page = browser.new_page(viewport=SCREEN)
        for seed in range(drags):
            shown, released = drag_on(page, f"{server.url}/?face=1:{5000 + seed}")
            waits += [f["shownAt"] - f["askedAt"] for f in shown if not f["cache"]]
            rates.append(rate_of(shown, released))
            lasts.append(max(0.0, max(f["shownAt"] for f in shown) - released))
        generator, demo = steps_in_turns(page, server.url)
    middle = statistics.median(generator), statistics.median(demo)
    lines = [
        "# Page",
        "",
        f"Written by `python -m benchmarks.page`: {drags} drags of {SECONDS:.0f} s in headless Chromium at 1440 x 900, "
        "with the server on the same machine.",
        "",
        f"Model: `{loaded.name}@{loaded.digest8}`, {loaded.config.resolution} px. Machine: {machine}.",
        "",
        "| what | median | p95 or worst | goal |",
        "|---|---|---|---|",
        f"| slider to pixels, new faces ({len(waits)}) | {statistics.median(waits):.0f} ms "
        f"| p95 {quantile(waits, 0.95):.0f} ms | median 40 ms, p95 80 ms |",
        f"| new faces per second while dragging | {statistics.median(rates):.0f} "
        f"| worst {min(rates):.0f} | at least 20 |",
        f"| pointer to pixels, a step on the Generator ({len(generator)}) | {middle[0]:.0f} ms "
        f"| p95 {quantile(generator, 0.95):.0f} ms | |",
        f"| pointer to pixels, a step on the Demo ({len(demo)}) | {middle[1]:.0f} ms "
        f"| p95 {quantile(demo, 0.95):.0f} ms | |",
        f"| the Demo's step, in steps of the Generator | {middle[1] / middle[0]:.2f} | | 1.2 |",
        f"| release to the last frame | {statistics.median(lasts):.0f} ms | worst {max(lasts):.0f} ms | 100 ms |",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.page", __doc__ or "", ("drags", 5, "drags measured"), report, arguments)


if __name__ == "__main__":
    main()
