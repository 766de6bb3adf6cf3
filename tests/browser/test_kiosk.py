"""The kiosk, as visitors touch it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.application import shipped_app, tiny_app
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


SCREENS = ((360, 640), (360, 740), (390, 844), (1280, 720), (1920, 1080), (1080, 1920), (3840, 2160))


def test_on_every_screen_it_fits_and_is_as_large_as_the_screen_allows(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with served(shipped_app(tmp_path_factory.mktemp("fits"), kiosk=True)) as address:
        page.goto(address)
        page.wait_for_function("() => likeness.pictureQueue?.shownFace")
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            least = min(width, height)
            sizes = {"face": least * (0.85 if width > 559 else 0.4), "thumb": max(24, least * 0.04)}
            page.wait_for_function(_FITS, arg={"width": width, **sizes, "name": max(14, least * 0.028)})
        page.goto("about:blank")


_FITS = """(least) => {
  if (innerWidth !== least.width) return false;
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const { scrollWidth, scrollHeight } = document.documentElement;
  const names = ".lk-kiosk-title, #frame, .lk-kiosk .lk-row, .lk-kiosk-foot, .lk-kiosk-key";
  const isOutside = (part) => {
    const { top, left, right, bottom } = part.getBoundingClientRect();
    return top < 0 || left < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5;
  };
  const name = parseFloat(getComputedStyle(document.querySelector(".lk-row .lk-name")).fontSize);
  return scrollWidth <= innerWidth && scrollHeight <= innerHeight
    && ![...document.querySelectorAll(names)].some(isOutside)
    && box("#frame").width >= least.face && box(".lk-thumb").width >= least.thumb && name >= least.name;
}"""
"""Whether nothing scrolls, nothing leaves the screen, and everything has at least its size."""
