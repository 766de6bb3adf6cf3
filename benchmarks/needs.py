"""What many visitors need, computed from measured rates by `python -m benchmarks.hosting`, for docs/hosting.md, too."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from benchmarks.load import Load
from benchmarks.pages import FOLDER, page_of

TITLE = "## What 10,000 viewers and 200 visitors who drag sliders need"
GUIDE = FOLDER.parent / "hosting.md"
MARKS = ("<!-- needs -->\n", "<!-- /needs -->\n")

VIEWERS, EVERY, ARRIVING = 10_000, 60, 600
"""People who look at one presentation, seconds from slide to slide, and seconds in which all of them come."""
DRAGGERS, DRAGGING, FACES = 200, 3 / 15, 10
"""People who drag sliders, the share of them that does at any moment, and faces that each requests per second."""


@dataclass(frozen=True)
class Rates:
    """What was measured.

    Args:
        cores: of the machine, which generated the load, too.
        pages, faces: pages and cached faces per second, without other load.
        drag: answers while 200 visitors drag; half of the requests are for new faces.
        face_bytes: of one picture.
        proxy_seconds: processor time of nginx for one picture from its cache.
        visit: kB and requests of a first visit of the Generator, and requests of a second one.
    """

    cores: int
    pages: float
    faces: float
    drag: Load
    face_bytes: int
    proxy_seconds: float
    visit: tuple[float, int, int]

    @property
    def new_faces(self) -> float:
        """New faces made per second while others drag: what was answered, without the half that was cached."""
        total = sum(self.drag.statuses.values())
        return self.drag.rate * max(0.0, self.drag.statuses.get(200, 0) / total - 0.5)


def needs(rates: Rates) -> list[str]:
    """Compute what many visitors need, by proportion.

    Args:
        rates: what was measured.

    Returns:
        Lines of Markdown, from the heading on.
    """
    viewed = VIEWERS / EVERY
    visits = VIEWERS / ARRIVING
    kilobytes, requests, again = rates.visit
    dragged = DRAGGERS * DRAGGING * FACES
    cores = math.ceil(dragged / 2 / max(rates.new_faces, 1e-9) * rates.cores)
    return [
        TITLE,
        "",
        "Computed in proportion to the measured rates, not measured at this size.",
        "",
        "| load | what serves it | share of it |",
        "|---|---|---|",
        f"| {VIEWERS:,} viewers, one slide per {EVERY} s: {viewed:.0f} faces/s, {viewed * rates.face_bytes / 1e6:.1f} "
        f"MB/s | nginx with a cache for `/faces/` | {viewed * rates.proxy_seconds:.0%} of one core "
        f"({rates.proxy_seconds * 1000:.2f} ms of processor time per face) |",
        f"| their arrival within {ARRIVING // 60} minutes: {visits:.0f} first visits/s, "
        f"{visits * kilobytes / 1000:.1f} MB/s | nginx with a cache for `/static/` | {visits * (requests - again):.0f} "
        "requests/s from the cache |",
        f"| the rest of these visits: {visits * again:.0f} requests/s | the dashboard | "
        f"{visits * again / rates.pages:.0%} of the {rates.pages:,.0f} pages/s that it serves |",
        f"| {DRAGGERS} visitors who drag, {DRAGGERS * DRAGGING:.0f} at any moment: {dragged / 2:.0f} cached faces/s | "
        f"the dashboard | {dragged / 2 / rates.faces:.0%} of the {rates.faces:,.0f} cached faces/s that it serves |",
        f"| and {dragged / 2:.0f} new faces/s | the engine, which computed {rates.new_faces:.0f} per second on "
        f"{rates.cores} cores next to everything else | {cores} cores, in one host or several behind the proxy |",
        "",
        "With fewer cores, pictures come less often: a browser requests only the newest state of its sliders, and "
        "waits as long as Retry-After says.",
        "",
    ]


def first_visit() -> tuple[float, int, int]:
    """Read from docs/benchmarks/wire.md what a first visit of `/` moves: kB, requests, and requests of a second one."""
    row = re.search(
        r"^\| `/` \| (\d+) kB in (\d+) \|[^|]*\| \d+ kB in (\d+) \|", page_of("wire").read_text("utf-8"), re.M
    )
    if row is None:
        raise SystemExit(
            "Expected a row of / in docs/benchmarks/wire.md. Received: none. Run python -m benchmarks.wire."
        )
    return float(row[1]), int(row[2]), int(row[3])


def section(page: str) -> str:
    """Return what many visitors need as a page of docs/benchmarks has it, without its heading."""
    return page.partition(f"{TITLE}\n\n")[2]


def update_guide() -> None:
    """Copy what was computed last into docs/hosting.md, between its marks."""
    text = GUIDE.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    found = section(page_of("hosting").read_text(encoding="utf-8"))
    GUIDE.write_text(f"{before}{MARKS[0]}\n{found}\n{MARKS[1]}{after}", encoding="utf-8")
