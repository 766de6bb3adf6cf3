"""The demo, as a visitor operates it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.official_models import directions_bytes, network_bytes
from support.served import served

from dashboard.synthesis.imports import import_model


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("demo")
    app = tiny_app(folder, face="1:31")
    files = folder / "network.pkl", folder / "directions.pkl"
    for file, content in zip(files, (network_bytes(), directions_bytes()), strict=True):
        file.write_bytes(content)
    import_model(files[0], "famous", runtime_of(app).own_shelf, files[1])
    import_model(files[0], "plain", runtime_of(app).own_shelf)
    with served(app) as address:
        yield address


class Demo:
    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def open(self, query: str = "") -> Demo:
        self.page.goto(f"{self.address}/demo{query}")
        self.page.locator("#frame:not([data-empty])").wait_for()
        return self

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name)

    def shown(self) -> dict[str, str | None]:
        rows = self.page.locator(".lk-demo-row:visible")
        return {str(row.get_attribute("data-name")): row.locator(".lk-demo-value").text_content() for row in rows.all()}

    def expect_face(self, face: str) -> None:
        """Expect a face in the address and on the screen."""
        self.page.wait_for_function("(face) => location.search.includes(`face=${face}`)", arg=face)
        self.page.wait_for_function("(face) => likeness.pictureQueue.shownFace === face", arg=face)

    def drag(self, name: str, to: int) -> None:
        box = self.page.locator(f'.lk-demo-row[data-name="{name}"] .lk-demo-slider').bounding_box()
        thumb = self.slider(name).bounding_box()
        assert box
        assert thumb
        self.page.mouse.move(thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 8 + (box["width"] - 16) * to / 100, thumb["y"] + 5, steps=5)
        self.page.mouse.up()


@pytest.fixture
def demo(page: Page, site: str) -> Demo:
    return Demo(page, site)


def test_on_its_own_directions_the_formula_is_literal_and_every_state_a_link(demo: Demo) -> None:
    page = demo.open("?model=famous").page
    assert demo.shown() == {"Young": "50", "Smiling": "50", "Male": "50"}
    demo.drag("Smiling", 85)
    demo.expect_face("1:demo(Male=50,Smiling=85,Young=50)")
    demo.slider("Young").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    demo.expect_face("1:demo(Male=50,Smiling=85,Young=65)")
    assert "model=famous" in page.url
    expect(page).to_have_title("Face of the demo with Male 50, Smiling 85, Young 65 · Demo · Likeness")
    page.go_back()
    demo.expect_face("1:demo(Male=50,Smiling=85,Young=50)")
    page.wait_for_function("() => document.querySelector('[data-name=Young] .lk-demo-value').textContent === '50'")
    page.go_forward()
    demo.expect_face("1:demo(Male=50,Smiling=85,Young=65)")
    page.reload()
    demo.expect_face("1:demo(Male=50,Smiling=85,Young=65)")
    assert demo.shown() == {"Young": "65", "Smiling": "85", "Male": "50"}
    page.locator("body").press("r")  # there is no base face to draw
    expect(page.get_by_role("button", name="Random face")).to_have_count(0)
    page.get_by_role("button", name="Start again").click()
    demo.expect_face("1:demo(Male=50,Smiling=50,Young=50)")
    assert demo.shown() == {"Young": "50", "Smiling": "50", "Male": "50"}


def test_other_features_can_be_controlled_but_for_the_four(demo: Demo) -> None:
    page = demo.open("?model=famous&face=1:demo(Smiling=70)").page
    page.get_by_text("Advanced options").click()
    choice = page.get_by_role("textbox", name="Features to control")
    choice.click()
    options = page.get_by_role("option")
    expect(options).to_have_text(["Young", "Smiling", "Male", "Eyeglasses"])
    assert_accessible(page, "the features to control")
    options.filter(has_text="Eyeglasses").click()
    demo.expect_face("1:demo(Eyeglasses=50,Smiling=70)")
    page.keyboard.press("Escape")
    demo.drag("Eyeglasses", 0)
    demo.expect_face("1:demo(Eyeglasses=0,Smiling=70)")
    choice.focus()
    page.keyboard.press("Backspace")
    demo.expect_face("1:demo(Smiling=70)")
    assert demo.shown() == {"Smiling": "70"}


def test_on_other_directions_what_was_not_moved_follows_the_face(demo: Demo) -> None:
    page = demo.open().page
    at = "() => Object.fromEntries(['Young', 'Smiling', 'Male'].map((name) => [name, likeness.state.value(name)]))"

    def stands(name: str) -> None:
        page.wait_for_function(
            "(name) => { const row = document.querySelector(`[data-name=${name}] .lk-demo-value`);"
            " return Math.abs(Number(row.textContent) - 50 - 25 * likeness.state.value(name)) <= 2.5; }",
            arg=name,
        )

    assert not page.evaluate("() => likeness.state.pins.size"), "nothing is held that a visitor is to watch"
    before = page.evaluate(at)
    for name in before:
        stands(name)
    demo.drag("Smiling", 85)
    demo.expect_face("1:31;Smiling=1.4")
    expect(demo.slider("Smiling")).to_have_attribute("aria-valuenow", "85")
    after = page.evaluate(at)
    assert abs(after["Male"] - before["Male"]) > 1e-3, "gender is free to come along"
    for name in after:
        stands(name)
    page.locator("body").press("Control+z")
    demo.expect_face("1:31")
    stands("Smiling")
    demo.drag("Smiling", 85)
    page.get_by_role("button", name="Random face").click()
    page.wait_for_function("() => /face=1:(?!31;)[0-9]+;Smiling=1.4$/.test(location.search)")
    assert demo.shown()["Smiling"] == "85"
    page.get_by_role("link", name="See it measured").click()
    page.wait_for_url("**/directions/bias-audit*")


def test_an_infeasible_face_is_reported(demo: Demo) -> None:
    page = demo.open("?model=plain").page
    expect(page.get_by_role("complementary", name="Features")).to_contain_text(
        "no directions, so there is nothing to move"
    )
    assert_accessible(page, "a demo without directions")
    demo.open("?face=1:demo(Bald=10)")
    expect(page.locator("#message")).to_contain_text("Received: Bald.")
    demo.open("?model=gone")
    expect(page.locator("#message")).to_contain_text("Received: gone.")


def test_the_picture_can_be_kept_and_fill_the_screen(demo: Demo, tmp_path: Path) -> None:
    page: Any = demo.open("?model=famous&face=1:demo(Smiling=70)").page
    for width in (800, 1000, 1100):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(_FARTHEST) <= width, f"buttons leave the header at {width}"
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name="Picture, PNG").click()
    assert kept.value.suggested_filename.endswith("Smiling=70_.png")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => document.fullscreenElement?.id === 'demo'")
    page.evaluate("() => document.exitFullscreen()")


_FARTHEST = """() => Math.max(
  ...[...document.querySelectorAll(".lk-header button")].map((button) => button.getBoundingClientRect().right)
)"""
