"""The kiosk, as visitors touch it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.application import tiny_app
from support.audit import assert_accessible
from support.served import served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = tiny_app(tmp_path_factory.mktemp("kiosk"), face="1:31", kiosk=True, kiosk_sliders="Smiling")
    with served(app) as address:
        yield address


def test_a_slider_moves_the_face_and_rest_brings_the_first_one_back(page: Page, site: str) -> None:
    page.goto(site)
    page.wait_for_function("() => likeness.pictureQueue.shownFace === '1:31'")
    expect(page.get_by_role("slider")).to_have_count(1)
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_text("Grey: it changed as a result.")).to_be_visible()
    expect(page.get_by_text("serious")).to_be_visible()
    expect(page.get_by_text("broad smile")).to_be_visible()
    expect(page.locator(".lk-number")).to_have_text(re.compile(r"^[+−]\d\.\d$"))
    assert page.locator("#kiosk").get_attribute("data-rest") == "60"
    assert_accessible(page, "the kiosk")
    page.get_by_role("slider", name="Smiling").press("End")
    page.wait_for_function("() => likeness.pictureQueue.shownFace === '1:31;Smiling=4'")
    assert "face=" not in page.url
    page.evaluate("() => { document.getElementById('kiosk').dataset.rest = '0.1'; }")
    page.keyboard.press("Shift")  # a touch restarts the idle time
    page.wait_for_function("() => likeness.pictureQueue.shownFace === '1:31'")
