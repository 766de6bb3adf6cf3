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

    def expect_shown(self, **values: str) -> None:
        """Expect these rows, each with its value, in any sequence."""
        self.page.wait_for_function(_SHOWN, arg=" ".join(f"{name}={values[name]}" for name in sorted(values)))

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
    demo.expect_shown(Young="50", Smiling="50", Male="50")
    demo.drag("Smiling", 85)
    demo.expect_face("1:demo(Male=50,Smiling=85,Young=50)")
    demo.slider("Young").focus()
    demo.slider("Young").evaluate(_THREE_STEPS)
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
    demo.expect_shown(Young="65", Smiling="85", Male="50")
    page.locator("body").press("r")  # there is no base face to draw
    expect(page.get_by_role("button", name="Random face")).to_have_count(0)
    page.get_by_role("button", name="Start again").click()
    demo.expect_face("1:demo(Male=50,Smiling=50,Young=50)")
    demo.expect_shown(Young="50", Smiling="50", Male="50")


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
    demo.expect_shown(Smiling="70")


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
    expect(page.locator('.lk-demo-row[data-name="Smiling"] .lk-demo-value')).to_have_text("85")
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
        page.wait_for_function(f"(width) => ({_FARTHEST})() <= width", arg=width)  # no button leaves the header
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name="Picture, PNG").click()
    assert kept.value.suggested_filename.endswith("Smiling=70_.png")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => document.fullscreenElement?.id === 'demo'")
    page.evaluate("() => document.exitFullscreen()")


_THREE_STEPS = """async (thumb) => {
  for (let step = 0; step < 3; step += 1) {
    thumb.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
    await new Promise(requestAnimationFrame);
  }
}"""
"""Presses a key three times, in one burst on a busy machine too."""

_SHOWN = """(wanted) => [...document.querySelectorAll(".lk-demo-row")].filter((row) => row.checkVisibility())
  .map((row) => `${row.dataset.name}=${row.querySelector(".lk-demo-value").textContent}`).sort().join(" ") === wanted"""

_FARTHEST = """() => Math.max(
  ...[...document.querySelectorAll(".lk-header button")].map((button) => button.getBoundingClientRect().right)
)"""
