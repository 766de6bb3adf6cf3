"""Accessibility of every page of the shipped model: axe finds nothing, light and dark, on desktop and phone."""

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

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(shipped_app(tmp_path_factory.mktemp("accessible"))) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_axe_finds_nothing(
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
    context.close()
