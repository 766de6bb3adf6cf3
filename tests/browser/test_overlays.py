"""Every overlay fits on the screen: dialogs, drawers, menus, lists, at every width.

The test finds the controls that open one on the page itself, so new ones are tested automatically. It runs with none,
and with 64, of everything that users can create, with long names.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from support.application import runtime_of, shipped_app
from support.audit import rest
from support.every_page import PAGES
from support.served import served

from dashboard.library.collections import Collections
from dashboard.library.extra_directions import Library
from dashboard.stores.library_database import Store

OVERLAID = tuple(path for path in PAGES if path != "/present")  # nothing opens on the stage
WIDTHS = (360, 768, 1280, 1440, 1920)
EDGES = (360, 559, 560, 766, 767, 768, 769, 991, 992, 1199, 1200)
"""Widths at which a style sheet, or Mantine, changes over."""
MANY = 64
LONG = "Faces of the second study, read as younger than their renders"
MOST = 45
"""Length of the name of a direction, which may have fewer letters."""

OPENERS = (
    'button[aria-haspopup="menu"], button[aria-haspopup="dialog"], [role="combobox"], input[aria-haspopup="listbox"],'
    ' [data-action="shortcuts"], [data-action="save"], [data-action="open-ranges"], [data-action="open-card"],'
    ' [data-action="compare-more"], #open-sets, [data-action="open-sets"], summary'
)
"""Selector of controls that open something."""

INSIDE = f'[role="dialog"] :is({OPENERS})'
"""Selector of such controls in something that was opened."""

OFF_THE_SCREEN = (Path(__file__).parent / "overlays.js").read_text(encoding="utf-8").partition("*/")[2].strip()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a dashboard without user data."""
    with served(shipped_app(tmp_path_factory.mktemp("empty"))) as address:
        yield address


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a dashboard with 64 collections, user directions and uploaded sets, under long names."""
    folder = tmp_path_factory.mktemp("full")
    app = shipped_app(folder)
    model = runtime_of(app).model
    library, chance = Library(folder / "home"), np.random.RandomState(1)
    collections = Collections(Store(folder / "home"))
    for k in range(MANY):
        rows = chance.randn(4, model.config.latent_size).astype(np.float32)
        library.latent_sets.keep(f"{LONG} {k + 1}", [rows], model)
        collections.make(f"{LONG} {k + 1}")
        direction = chance.randn(model.config.latent_size)
        library.user_directions.keep(f"{LONG[:MOST]} {k + 1}", direction, model, {"kind": "imported"})
    with served(app) as address:
        yield address


def at_rest(page: Page) -> list[str]:
    """Describe what is off the screen once nothing moves, and a second look finds the same."""
    for _ in range(20):
        rest(page)
        if not (found := page.evaluate(OFF_THE_SCREEN)):
            break
        page.wait_for_timeout(250)
    return found


def look_at(page: Page, address: str, width: int) -> list[str]:
    """Open everything that a page can open; describe what is off the screen."""
    page.set_viewport_size({"width": width, "height": 740 if width < 700 else 900})
    page.goto(address)
    page.wait_for_function("() => document.querySelector('h1')?.textContent.trim()")
    page.wait_for_load_state("networkidle")
    wrong = [f"together: {each}" for each in at_rest(page)]
    for index in range(page.locator(OPENERS).count()):
        opener = page.locator(OPENERS).nth(index)
        if not opener.is_visible() or not opener.is_enabled():
            continue
        named = opener.evaluate("(one) => one.getAttribute('aria-label') || one.textContent.trim() || one.id")[:60]
        opener.click(force=True)
        page.wait_for_timeout(180)
        wrong += [f"{named!r}: {each}" for each in at_rest(page)]
        for inner in page.locator(INSIDE).all():
            if inner.is_visible() and inner.is_enabled():
                inner.click(force=True)
                page.wait_for_timeout(180)
                wrong += [f"{named!r}, opened in it: {each}" for each in at_rest(page)]
                page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.wait_for_timeout(80)
        rest(page)
        if page.url.split("?")[0] != address.split("?")[0]:
            page.goto(address)
            page.wait_for_load_state("networkidle")
    return [f"{width} px, {each}" for each in wrong]


@pytest.fixture
def visitor(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(**{**browser_context_args, "reduced_motion": "reduce"})
    yield context.new_page()
    context.close()


@pytest.mark.long
def test_overlays_lie_on_the_screen(visitor: Page, empty: str) -> None:
    assert [each for width in (360, 1440) for each in look_at(visitor, f"{empty}/", width)] == []


@pytest.mark.parametrize("path", ["/about", "/latent-space"])
def test_the_bar_of_pages_covers_no_page_at_any_width(visitor: Page, empty: str, path: str) -> None:
    visitor.goto(f"{empty}{path}")
    visitor.wait_for_function("() => document.querySelector('h1')?.textContent.trim()")
    covered = []
    for width in EDGES:
        visitor.set_viewport_size({"width": width, "height": 900})
        share = visitor.evaluate(
            "() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(() => {"
            " const bar = document.querySelector('.lk-navbar').getBoundingClientRect();"
            " then(bar.width * bar.height / (innerWidth * innerHeight)); })))"
        )
        if share > 0.15:
            covered.append(f"{share:.0%} at {width} px")
    assert covered == []


def test_in_a_window_at_200_percent_the_bars_leave_the_page_room(visitor: Page, empty: str) -> None:
    visitor.set_viewport_size({"width": 720, "height": 450})
    visitor.goto(f"{empty}/latent-space")
    visitor.locator(".lk-dock-mini").wait_for()
    visitor.wait_for_function(
        "() => [...document.querySelectorAll('.lk-navbar, .lk-dock')].reduce((sum, each) => {"
        " const { width, height } = each.getBoundingClientRect(); return sum + width * height; }, 0)"
        " / (innerWidth * innerHeight) < 0.15"
    )


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", OVERLAID)
@pytest.mark.parametrize("made", ["empty", "full"])
def test_at_every_width(visitor: Page, request: pytest.FixtureRequest, path: str, made: str) -> None:
    address = request.getfixturevalue(made)
    assert [each for width in WIDTHS for each in look_at(visitor, f"{address}{path}", width)] == []
