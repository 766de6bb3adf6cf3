"""The Latent space page in headless Chromium: from the request for the page to the scatter on the screen, first as the
server's picture, then as points that answer the hand.

python -m benchmarks.latent_page weights/NAME [--opens 5] [--output docs/benchmarks/latent_page.md]
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browser import SCREEN, chromium
from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.served import served
from dashboard.spaces.sample import available, faces_of
from dashboard.synthesis.model_folder import open_model

WAIT = """() => {
  const later = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const look = () => {
    const picture = performance.getEntriesByType("resource").find(({ name }) => name.includes("first-sight.webp"));
    if (picture && !window.seenAt && document.querySelector(".lk-first-sight")?.checkVisibility()) {
      window.seenAt = -1;
      later(() => { window.seenAt = performance.now(); });
    }
    const plot = document.querySelector("#scatter .js-plotly-plot, #scatter.js-plotly-plot");
    const drawn = plot?.calcdata?.length && plot._fullData?.some((trace) => trace.x?.length > 500);
    if (!drawn) return requestAnimationFrame(look);
    later(() => { window.drawnAt = performance.now(); });
  };
  requestAnimationFrame(look);
}"""
"""Notes when the picture is on the screen, two frames after it has come; and the points, after Plotly has them."""


def opened(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds from the request for the page to the picture and to the points, with an empty browser cache."""
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    page.add_init_script(f"({WAIT})()")
    page.goto(address)
    page.wait_for_function("() => window.drawnAt", timeout=120_000)
    seen, drawn = page.evaluate("() => [window.seenAt, window.drawnAt]")
    context.close()
    return seen / 1000, drawn / 1000


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
    with served(path) as server, chromium() as browser:
        for space in available(model):
            address = f"{server.url}/latent-space?space={space.name}"
            first = opened(browser, address)
            later = [opened(browser, address) for _ in range(opens)]
            for place, what in enumerate(("drawn", "answers the hand")):
                times = [each[place] for each in later]
                held = "2 s" if place == 0 else ""
                rows.append(
                    f"| {space.title} | {what} | {first[place]:.2f} s | {statistics.median(times):.2f} s | "
                    f"{max(times):.2f} s | {held} |"
                )
    lines = [
        "# Latent space page",
        "",
        f"Written by `python -m benchmarks.latent_page`: {opens} opens of each space in headless Chromium, 1440 x 900, "
        "browser cache empty, with the server on the same machine. The first open of a space finds its components. The "
        "scatter is drawn by the server first, as a picture of its points; it answers the hand once Plotly has them.",
        "",
        f"Model: `{model.name}@{model.digest8}`, {faces_of(model).n:,} faces. Machine: {machine}.",
        "",
        "| from page open | scatter | first | median | worst | held to |",
        "|---|---|---|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    write_report("benchmarks.latent_page", __doc__ or "", ("opens", 5, "opens of each space"), report, arguments)


if __name__ == "__main__":
    main()
