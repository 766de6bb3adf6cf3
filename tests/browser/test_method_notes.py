"""The (i) of a page, as a user opens it by keys and pointer; axe with it open, on every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.every_page import PAGES
from support.served import served

NOTED = [path for path in PAGES if path != "/present"]
"""Pages with a note; a presentation shows slides, whose pages have one."""
NAME = "How this page's figures are computed"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = tiny_app(tmp_path_factory.mktemp("notes"))
    with served(app) as url:
        yield url
    runtime_of(app).close()


def visit(page: Page, url: str) -> None:
    """Open a page and wait until its layout is there."""
    page.goto(url)
    page.get_by_role("button", name=NAME).wait_for(timeout=60_000)


def test_keys_open_it_and_escape_brings_the_focus_back(page: Page, site: str) -> None:
    visit(page, f"{site}/about")
    button = page.get_by_role("button", name=NAME)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lk-method-note")).to_contain_text("the method's own error", ignore_case=True)
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".lk-method-note")).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize(("path", "scheme", "width"), [("/compare", "dark", 360), ("/models", "light", 1440)])
def test_axe_finds_nothing_in_it(
    browser: Browser, browser_context_args: dict[str, Any], site: str, path: str, scheme: str, width: int
) -> None:
    look_at(browser, browser_context_args, f"{site}{path}", scheme, width)


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "width"), [("dark", 1440), ("light", 360)])
@pytest.mark.parametrize("path", NOTED)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, browser_context_args: dict[str, Any], site: str, path: str, scheme: str, width: int
) -> None:
    look_at(browser, browser_context_args, f"{site}{path}", scheme, width)


def look_at(browser: Browser, options: dict[str, Any], url: str, scheme: str, width: int) -> None:
    """Open a page's note and let axe check the page."""
    context = browser.new_context(**{**options, "color_scheme": scheme, "viewport": {"width": width, "height": 800}})
    page = context.new_page()
    visit(page, url)
    page.get_by_role("button", name=NAME).click()
    expect(page.locator(".lk-method-note dt")).to_have_text(["Method", "n", "Level", "Judge", "Code"])
    page.wait_for_function(
        "(width) => { const { left, right } = document.querySelector('.lk-method-note').getBoundingClientRect();"
        " return left >= 0 && right <= width; }",
        arg=width,
    )
    assert_accessible(page, f"{url} {scheme} {width}")
    context.close()
