"""The generator page as a user operates it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect


@dataclass
class GeneratorPage:
    """The page in a browser.

    Args:
        page: the browser's page.
        address: where the dashboard is.
    """

    page: Page
    address: str

    def open(self, face: str | None = None) -> GeneratorPage:
        """Open the link of a face, or a first visit's, and wait until its picture is there."""
        self.page.goto(f"{self.address}/" + (f"?face={face}" if face else ""))
        self.wait()
        return self

    def wait(self) -> None:
        """Wait until the picture on the screen is that of the state."""
        self.page.wait_for_function("() => document.querySelector('#frame:not([data-empty])') !== null")
        self.page.evaluate(_WATCH)
        self.settled()

    def settled(self) -> None:
        """Wait until the shown picture is the state's, and the last gesture is in the address or is its first."""
        self.page.wait_for_function("() => window.likeness.pictureQueue.shownFace === window.likeness.state.shown.face")

    @property
    def face(self) -> str:
        """The face string of the state."""
        return self.page.evaluate("() => window.likeness.state.face()")

    @property
    def linked(self) -> str | None:
        """The face in the address bar."""
        found = parse_qs(urlsplit(self.page.url).query, separator="&").get("face")
        return found[0] if found else None

    @property
    def coordinates(self) -> dict[str, float]:
        """Values of all sliders, by attribute."""
        return self.page.evaluate(_COORDINATES)

    @property
    def shown(self) -> list[str]:
        """The visible attributes, from top to bottom."""
        return self.page.evaluate(
            "() => [...document.querySelectorAll('.lk-row')].filter((row) => row.checkVisibility())"
            ".map((row) => row.dataset.name)"
        )

    def row(self, name: str) -> Locator:
        """Return one attribute's row."""
        return self.page.locator(f'.lk-row[data-name="{name}"]')

    def thumb(self, name: str) -> Locator:
        """Return the slider itself, as assistive technology knows it."""
        return self.row(name).get_by_role("slider")

    def field(self, name: str) -> Locator:
        """Return the typed value."""
        return self.row(name).get_by_role("textbox")

    def point(self, name: str, value: float) -> tuple[float, float]:
        """Return the screen position of a value of an attribute."""
        self.row(name).evaluate("(row) => row.scrollIntoView({ block: 'nearest' })")
        box = self.row(name).locator(".lk-rail").bounding_box()
        assert box is not None
        return box["x"] + (value + 4) / 8 * box["width"], box["y"] + box["height"] / 2

    def grab(self, name: str) -> None:
        """Press on a thumb."""
        self.page.mouse.move(*self.point(name, self.coordinates[name]))
        self.page.mouse.down()

    def drag(self, name: str, to: float, steps: int = 8) -> None:
        """Drag a thumb to a value, and let go."""
        self.grab(name)
        self.page.mouse.move(*self.point(name, to), steps=steps)
        self.page.mouse.up()
        self.settled()

    def faces(self) -> list[dict[str, Any]]:
        """Return the details of each likeness:face event since the page was loaded.

        The queue reports a picture in the frame that shows it, so the next frame is waited for.
        """
        return self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done(window.shownFaces)))")

    def button(self, name: str) -> Locator:
        """Return a button that can be seen."""
        return self.page.get_by_role("button", name=name).and_(self.page.locator(":visible"))

    def expect_shown(self, names: list[str]) -> None:
        """Expect these attributes to be visible, in this sequence."""
        self.page.wait_for_function(
            "(names) => [...document.querySelectorAll('.lk-row')].filter((row) => row.checkVisibility())"
            ".map((row) => row.dataset.name).join() === names.join()",
            arg=names,
        )

    def expect_face(self, face: str) -> None:
        """Expect a state, in the script, in the address bar and as the picture."""
        self.page.wait_for_function("(face) => window.likeness.state.face() === face", arg=face)
        self.page.wait_for_function("(face) => location.search.includes(`face=${face}`)", arg=face)
        self.settled()

    def expect_message(self, title: str, *sentences: str) -> Locator:
        """Expect a problem to be reported below the face."""
        message = self.page.locator("#message")
        for text in (title, *sentences):
            expect(message).to_contain_text(text)
        return message


_WATCH = """() => {
  if (window.shownFaces) return;
  window.shownFaces = [];
  window.likeness.events.addEventListener("likeness:face", ({ detail }) => window.shownFaces.push(detail));
}"""

_COORDINATES = """() => Object.fromEntries([...document.querySelectorAll(".lk-row")].map(
  (row) => [row.dataset.name, Number(row.querySelector("[role=slider]").getAttribute("aria-valuenow"))]))"""
