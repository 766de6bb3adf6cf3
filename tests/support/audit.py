"""Accessibility of a page by axe's rules, checked after all transitions."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A menu or dialog that fades in is half transparent at first, and axe would measure its contrast then. Mantine sets the
# transition a frame or two after it lays the thing out, so that rest means: some frames in a row without either.
_RESTED = """async () => {
  const faint = () => [...document.querySelectorAll("[data-portal] [style*=opacity]")].some(
    (element) => element.checkVisibility() && Number(getComputedStyle(element).opacity) < 1);
  const moving = () => document.getAnimations().some(
    (animation) => animation.playState === "running" && animation.effect.getComputedTiming().endTime !== Infinity);
  for (let still = 0, all = 0; still < 6 && all < 600; all += 1) {
    still = faint() || moving() ? 0 : still + 1;
    await new Promise(requestAnimationFrame);
  }
}"""

# Help floats over what axe would measure through it, and can open at any time during the audit: the pointer rests where
# the last click was, and the page changes below it.
_WITHOUT_HELP = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("#help { display: none !important }");
  document.adoptedStyleSheets.push(sheet);
}"""


def rest(page: Page) -> None:
    """Wait until nothing on the page moves or fades any more."""
    page.evaluate(_RESTED)


def assert_accessible(page: Page, what: str = "") -> None:
    """Assert that axe finds nothing in what the page shows.

    Args:
        page: the page; waited for until nothing on it moves or fades any more.
        what: words for the failure: which state of the page this is.
    """
    rest(page)
    page.evaluate(_WITHOUT_HELP)
    found = Axe().run(page)
    page.evaluate("() => document.adoptedStyleSheets.pop()")
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"
