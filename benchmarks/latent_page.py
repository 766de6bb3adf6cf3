"""The Latent space page in headless Chromium: from the request for the page to the scatter on the screen, first as the
server's picture, then as points that answer the hand; and how 100,000 uploaded points follow a hand that pans.

python -m benchmarks.latent_page weights/NAME [--opens 5] [--output docs/benchmarks/latent-page.md]
"""

from __future__ import annotations

import io
import math
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from benchmarks.browser import SCREEN, chromium
from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.served import Served, served
from dashboard.spaces.sample import available, faces_of
from dashboard.synthesis.model_folder import open_model

WAIT = """() => {
  window.blocked = 0;
  const count = (entries) => entries.forEach(({ duration }) => { window.blocked += Math.max(0, duration - 50); });
  new PerformanceObserver((list) => count(list.getEntries())).observe({ type: "longtask", buffered: true });
  const later = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const look = () => {
    const picture = performance.getEntriesByType("resource").find(({ name }) => name.includes("first-sight.webp"));
    if (picture && !window.seenAt && document.querySelector(".lk-first-sight")?.checkVisibility()) {
      window.seenAt = -1;
      later(() => { window.seenAt = performance.now(); });
    }
    const plot = document.querySelector("#scatter .js-plotly-plot:not([data-drawing])");
    const drawn = plot?.calcdata?.length && plot._fullData?.some((trace) => trace.x?.length > 500);
    if (!drawn) return requestAnimationFrame(look);
    later(() => { window.drawnAt = performance.now(); });
  };
  requestAnimationFrame(look);
}"""
"""Notes when the picture is on the screen, two frames after it has come; the points, after Plotly has them; and for how
long the page could not answer: the part of each task above 50 ms ("total blocking time")."""


FRESH = 3
"""Servers whose first visit is measured."""

POINTS = 100_000
"""Latents that are uploaded to be panned."""

PANNING = 4.0
"""Seconds that the hand moves."""

FRAMES = """() => {
  const holder = document.querySelector("#scatter .gl-container");
  const plot = document.querySelector("#scatter .js-plotly-plot");
  const surface = plot.querySelector("canvas.gl-canvas-context").getContext("webgl");
  let before = "";
  window.moved = [];
  const look = (at) => {
    const now = holder.style.transform;
    if (now !== before) window.moved.push(at);
    before = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  plot.on("plotly_afterplot", () => {
    surface.readPixels(0, 0, 1, 1, surface.RGBA, surface.UNSIGNED_BYTE, new Uint8Array(4));
    window.drawnAnew = performance.now();
  });
}"""
"""Notes the frames in which the points have moved, and when all are drawn again: a pixel read back waits for that."""


def panned(server: Served, browser: Browser, size: int) -> tuple[float, float, float]:
    """Upload latents, drag the scatter in circles, and count the frames in which its points follow.

    Args:
        server: a dashboard.
        browser: that opens it.
        size: numbers of a latent.

    Returns:
        Frames a second in which they have moved, the longest time from one to the next, and the time from letting go
        to all points drawn at their new positions, both in milliseconds.
    """
    stream = io.BytesIO()
    np.save(stream, np.random.RandomState(0).randn(POINTS, size).astype(np.float32))
    space = server.post("/latent-space/sets?name=Many", stream.getvalue())["space"]
    page = browser.new_page(viewport=SCREEN)
    page.goto(f"{server.url}/latent-space?space={space}")
    page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=120_000)
    page.wait_for_timeout(2000)
    page.evaluate(FRAMES)
    area = page.locator("#scatter-box").bounding_box()
    assert area is not None
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    begun = time.perf_counter()
    while (now := time.perf_counter() - begun) < PANNING:
        page.mouse.move(x + 120 * math.sin(3 * now), y + 80 * math.cos(3 * now))
    gaps = np.diff(page.evaluate("() => window.moved"))
    let_go = page.evaluate("() => { window.drawnAnew = 0; return performance.now(); }")
    page.mouse.up()
    page.wait_for_function("() => window.drawnAnew")
    again = page.evaluate("() => window.drawnAnew") - let_go
    page.close()
    return 1000 * len(gaps) / float(gaps.sum()), float(gaps.max()), again


SETTLE = 1000
"""Milliseconds after the points in which tasks still count as blocking."""


def open_page(browser: Browser, address: str) -> tuple[float, float, float]:
    """Return the seconds from the page request to the picture and to the points, with an empty browser cache, and the
    seconds that the page was blocked.
    """
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    page.add_init_script(f"({WAIT})()")
    page.goto(address)
    page.wait_for_function("() => window.drawnAt", timeout=120_000)
    page.wait_for_timeout(SETTLE)
    seen, drawn, blocked = page.evaluate("() => [window.seenAt, window.drawnAt, window.blocked]")
    context.close()
    return seen / 1000, drawn / 1000, blocked / 1000


def open_first(path: Path) -> tuple[float, float, float]:
    """Return what `open_page` does of the first visit to a server, in a browser that has just started, too."""
    with served(path) as server, chromium() as browser:
        return open_page(browser, f"{server.url}/latent-space")


def report(path: Path, opens: int) -> str:
    """Measure everything.

    Args:
        path: a model folder.
        opens: of each space, after the first.

    Returns:
        A page in Markdown.
    """
    machine, model = describe_machine(("dash", "plotly", "playwright")), open_model(path)
    rows: list[str] = []
    fresh = [open_first(path) for _ in range(FRESH)]
    drawn, interactive, blocked = (statistics.median(times) for times in zip(*fresh, strict=True))
    with served(path) as server, chromium() as browser:
        for space in available(model):
            address = f"{server.url}/latent-space?space={space.name}"
            first = open_page(browser, address)
            later = [open_page(browser, address) for _ in range(opens)]
            for part, (what, held) in enumerate((("drawn", "2 s"), ("interactive", "2.2 s"), ("blocked", "0.6 s"))):
                times = [each[part] for each in later]
                rows.append(
                    f"| {space.title} | {what} | {first[part]:.2f} s | {statistics.median(times):.2f} s | "
                    f"{max(times):.2f} s | {held} |"
                )
        rate, longest, again = panned(server, browser, model.config.latent_size)
    lines = [
        "# Latent space page",
        "",
        f"Written by `python -m benchmarks.latent_page`: {opens} visits to each space in headless Chromium, "
        "1440 x 900, browser cache empty, with the server on the same machine. The first visit to a space computes its "
        "components. The server first draws the points as a picture; the plot is interactive once Plotly has them. "
        "Blocked: the sum of the part of each task above 50 ms.",
        "",
        f"Model: `{model.name}@{model.digest8}`, {faces_of(model).n:,} faces. Machine: {machine}.",
        "",
        "| space | scatter plot | first | median | worst | goal |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        f"The first visit to a server that has just started, to the space on which the page opens (median of {FRESH} "
        f"servers and browsers): drawn {drawn:.2f} s, interactive {interactive:.2f} s, blocked {blocked:.2f} s.",
        "",
        f"{POINTS:,} uploaded latents, one point each, dragged in circles for {PANNING:g} s: the points follow at "
        f"{rate:.0f} frames per second, with at most {longest:.0f} ms between frames. All points are drawn again "
        f"{again:.0f} ms after the release. The browser uses software rendering, without a graphics card.",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.latent_page", __doc__ or "", ("opens", 5, "opens of each space"), report, arguments)


if __name__ == "__main__":
    main()
