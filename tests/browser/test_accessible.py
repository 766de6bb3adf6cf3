"""Every page of the shipped model, light and dark, on desktop and phone: axe finds nothing, and icons are level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from support.application import shipped_app
from support.audit import assert_accessible
from support.every_page import MAIN_THING, PAGES
from support.served import served

OTHERS = (
    "/collections/tour",
    "/present/tour?slide=3",
    "/present/tour?slide=6",
    "/present/tour?presenter=1",
    "/nowhere",
)
SIZES = ((1440, 900), (360, 740))

_UNEVEN = """() => [...document.querySelectorAll("button, a, [role=button]")].flatMap((control) => {
  const icon = control.querySelector(".lk-icon")?.getBoundingClientRect();
  const texts = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
  const lines = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    lines.push(...range.getClientRects());
  }
  if (!icon?.height || lines.length !== 1) return [];
  const [words] = lines;
  const apart = icon.right <= words.left || words.right <= icon.left;
  const off = icon.top + icon.height / 2 - words.top - words.height / 2;
  return apart && Math.abs(off) > 2 ? [`${control.textContent}: ${off.toFixed(1)} px`] : [];
})"""
"""JavaScript: buttons and links whose icon stands beside one line of words, but higher or lower than it."""

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(shipped_app(tmp_path_factory.mktemp("accessible"))) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_axe_finds_nothing_and_icons_are_level(
    browser: Browser, browser_context_args: dict[str, Any], site: str, path: str, scheme: str
) -> None:
    context = browser.new_context(**{**browser_context_args, "color_scheme": scheme})
    page = context.new_page()
    page.goto(f"{site}{path}")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => document.querySelector('h1')?.textContent.trim()")
    if path in MAIN_THING:
        page.wait_for_function(f"() => {MAIN_THING[path]}", timeout=60_000)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert_accessible(page, f"{path} {scheme} {width}")
        assert page.evaluate(_UNEVEN) == [], width
    context.close()
