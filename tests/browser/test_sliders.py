"""Sliders as users move them: pointer, keys, typing, locks."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from support.browser_model import ATTRIBUTES, HIDDEN_AT_FIRST
from support.generator_page import GeneratorPage

from dashboard.analysis.feasibility import feasible_range
from dashboard.analysis.pins import coordinates
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.synthesis.model_folder import Model

NAMES = [attribute.name for attribute in ATTRIBUTES]


@pytest.fixture
def generator(page: Page, address: str) -> GeneratorPage:
    return GeneratorPage(page, address).open()


def expected(face: str, model: Model) -> dict[str, float]:
    return dict(zip(NAMES, coordinates(latent_of(parse(face), model), model.directions), strict=True))


def test_a_drag_pins_one_attribute_and_the_others_drift_as_python_says(
    generator: GeneratorPage, served_model: Model
) -> None:
    before = generator.coordinates
    assert before == pytest.approx(expected("1:4217", served_model), abs=1e-4)
    generator.drag("Smiling", 2.0)
    generator.expect_face("1:4217;Smiling=2")
    assert generator.coordinates == pytest.approx(expected("1:4217;Smiling=2", served_model), abs=1e-4)
    row = generator.row("Smiling")
    expect(row.locator(".lk-number")).to_have_text("+2.00")
    expect(row.locator(".lk-name")).to_have_css("font-weight", "500")
    expect(generator.thumb("Smiling")).to_have_attribute("aria-valuetext", "+2.00 sigma, pinned")
    drifted = generator.coordinates["Mouth_Slightly_Open"] - before["Mouth_Slightly_Open"]
    assert abs(drifted) > 0.4
    drift = generator.row("Mouth_Slightly_Open").locator(".lk-drift")
    expect(drift).to_have_text(f"{drifted:+.2f}".replace("-", "−"))


def test_rows_move_while_the_hand_moves_but_the_address_waits_for_its_end(generator: GeneratorPage) -> None:
    generator.grab("Smiling")
    generator.page.mouse.up()
    assert generator.face == "1:4217", "pressing a thumb without moving it pins nothing"
    length = generator.page.evaluate("() => history.length")
    generator.grab("Smiling")
    generator.page.mouse.move(*generator.point("Smiling", 1.5), steps=4)
    expect(generator.row("Smiling").locator(".lk-bubble")).to_be_visible()
    assert generator.face == "1:4217;Smiling=1.5"
    assert generator.linked is None
    left = generator.thumb("Smiling").evaluate("(thumb) => thumb.getBoundingClientRect()")
    assert left["x"] + left["width"] / 2 == pytest.approx(generator.point("Smiling", 1.5)[0], abs=1)
    generator.page.mouse.move(*generator.point("Smiling", 2.5), steps=4)
    generator.page.mouse.up()
    generator.expect_face("1:4217;Smiling=2.5")
    assert generator.page.evaluate("() => history.length") == length + 1


@pytest.mark.long
@pytest.mark.parametrize("states", [5, 25])
def test_every_thumb_in_sight_can_be_dragged_by_its_middle(generator: GeneratorPage, states: int) -> None:
    page, chance = generator.page, np.random.RandomState(13)
    pulled = 0
    page.emulate_media(reduced_motion="reduce")  # a thumb is where it is drawn
    for _ in range(states):
        name, value, seed = chance.choice(NAMES), round(float(chance.uniform(-1.5, 1.5)), 2), chance.randint(10_000)
        start = f"1:{seed};{name}={value:g}"
        assert page.evaluate("(face) => likeness.state.go(face)", start) is None
        page.evaluate("() => likeness.state.settle()")
        for name in generator.shown:
            box = generator.thumb(name).bounding_box()
            assert box
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            at = generator.coordinates[name]
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + (-40 if at > 0 else 40), y)
            page.mouse.up()
            now = generator.coordinates[name]
            assert abs(now - at) > 0.3, f"{name} of {start} stays at {at:.2f} when its thumb is dragged"
            page.evaluate("(face) => likeness.state.go(face)", start)
            pulled += 1
    page.emulate_media(reduced_motion="no-preference")
    assert pulled > 8 * states


def test_a_click_on_the_rail_goes_there_and_a_double_click_releases(generator: GeneratorPage) -> None:
    generator.page.mouse.click(*generator.point("Young", -1.25))
    generator.expect_face("1:4217;Young=-1.25")
    generator.page.mouse.dblclick(*generator.point("Young", -1.25))
    generator.expect_face("1:4217")


def test_keys_on_a_slider(generator: GeneratorPage) -> None:
    thumb = generator.thumb("Male")
    start = generator.coordinates["Male"]
    thumb.focus()
    thumb.press("0")
    assert generator.face == "1:4217;Male=0"
    for key, value in (
        ("ArrowRight", "0.05"), ("ArrowUp", "0.1"), ("PageUp", "0.6"), ("ArrowLeft", "0.55"),
        ("ArrowDown", "0.5"), ("PageDown", "0"), ("End", "4"), ("Home", "-4"),
    ):  # fmt: skip
        thumb.press(key)
        assert generator.face == f"1:4217;Male={value}"
    expect(thumb).to_have_attribute("aria-valuenow", "-4.0000")
    generator.expect_face("1:4217;Male=-4")  # written when the burst was over
    thumb.press("Delete")
    generator.expect_face("1:4217")
    thumb.press("l")
    generator.expect_face(f"1:4217;Male={round(start, 4):g}")
    thumb.press("l")
    generator.expect_face("1:4217")
    thumb.press("End")
    thumb.press("Shift+L")
    generator.expect_face(f"1:4217;Male={round(start, 4):g}")


BURST = """(thumb, keys) => {
  for (const key of keys) thumb.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}"""
"""Presses keys as fast as no busy machine could, so that they are one burst on each."""


def test_a_burst_of_keys_is_one_step(generator: GeneratorPage) -> None:
    generator.thumb("Male").focus()
    generator.thumb("Male").evaluate(BURST, [*["PageUp"] * 5, "0"])
    generator.expect_face("1:4217;Male=0")
    generator.page.keyboard.press("Control+z")
    generator.expect_face("1:4217")


def test_typing_a_value(generator: GeneratorPage) -> None:
    field = generator.field("Yaw")
    for typed, pinned in (("1.3", "1.3"), ("-0.1234", "-0.1234"), ("9", "4")):
        field.click()
        field.press("Control+a")
        generator.page.keyboard.type(typed)
        field.press("Enter")
        generator.expect_face(f"1:4217;Yaw={pinned}")


def test_a_typed_value_can_be_left_as_it_was(generator: GeneratorPage) -> None:
    field = generator.field("Yaw")
    field.click()
    generator.page.keyboard.press("Tab")
    assert generator.face == "1:4217"
    field.click()
    field.press("Control+a")
    field.press("Delete")
    generator.page.keyboard.press("Tab")
    assert generator.face == "1:4217"
    field.click()
    field.press("ArrowUp")
    stepped = generator.coordinates["Yaw"]
    assert stepped * 20 == pytest.approx(round(stepped * 20), abs=1e-3)
    expect(field).to_have_value(f"{stepped:g}")


def test_a_lock_moves_nothing_and_then_holds(generator: GeneratorPage) -> None:
    before = generator.coordinates
    picture = generator.page.evaluate("() => document.getElementById('face-canvas').toDataURL()")
    generator.row("Mouth_Slightly_Open").locator(".lk-lock").click()
    held = round(before["Mouth_Slightly_Open"], 4)
    generator.expect_face(f"1:4217;Mouth_Slightly_Open={held:g}")
    assert generator.coordinates == pytest.approx(before, abs=1e-3)
    assert picture.startswith("data:image/png")
    lock = generator.row("Mouth_Slightly_Open").locator(".lk-lock")
    expect(lock).to_have_attribute("aria-pressed", "true")
    generator.drag("Smiling", 3.0)
    assert generator.coordinates["Mouth_Slightly_Open"] == pytest.approx(held, abs=1e-4)
    lock.click()
    generator.expect_face("1:4217;Smiling=3")
    assert abs(generator.coordinates["Mouth_Slightly_Open"] - held) > 0.4
    expect(lock).to_have_attribute("aria-pressed", "false")


def test_the_seed_s_dot_puts_back_and_holds_and_release_frees(generator: GeneratorPage) -> None:
    start = generator.coordinates["Smiling"]
    generator.drag("Smiling", start + 2)
    generator.row("Smiling").locator(".lk-seed").click()
    generator.expect_face(f"1:4217;Smiling={round(start, 4):g}")
    generator.row("Smiling").locator(".lk-release").click()
    generator.expect_face("1:4217")
    expect(generator.row("Smiling").locator(".lk-release")).to_be_hidden()


def test_a_drifted_row_says_why_and_one_past_its_range_is_marked_without_a_warning(generator: GeneratorPage) -> None:
    generator.drag("Smiling", 3.0)
    generator.row("Mouth_Slightly_Open").hover()
    bubble = generator.row("Mouth_Slightly_Open").locator(".lk-bubble")
    expect(bubble).to_be_visible()
    expect(bubble).to_contain_text("Smiling")
    generator.row("Smiling").hover()
    expect(bubble).to_be_hidden()
    generator.drag("Eyeglasses", 2.6)
    past = re.compile("past the calibrated range")
    expect(generator.thumb("Eyeglasses")).to_have_attribute("aria-valuetext", past)
    expect(generator.row("Eyeglasses").locator(".lk-doubt")).to_be_hidden()


def test_the_feasible_range_is_shaded_as_python_computes_it(generator: GeneratorPage, served_model: Model) -> None:
    generator.open("1:4217;Gray_Hair=2")
    gray, silver = NAMES.index("Gray_Hair"), NAMES.index("Silver_Hair")
    wanted = feasible_range(served_model.gram, [gray], [2.0], silver, served_model.config.latent_size)
    assert wanted is not None
    row = generator.row("Silver_Hair")
    left, width = row.locator(".lk-reach").evaluate("({ style }) => [parseFloat(style.left), parseFloat(style.width)]")
    low, high = left / 12.5 - 4, (left + width) / 12.5 - 4
    assert (low, high) == pytest.approx((max(-4, wanted[0]), min(4, wanted[1])), abs=1e-3)
    assert low > -4
    shaded, rail = (
        row.locator(f".lk-{part}").evaluate(
            "(part) => { const box = part.getBoundingClientRect(); return [box.left, box.right]; }"
        )
        for part in ("reach", "rail")
    )
    width = rail[1] - rail[0]
    assert shaded == pytest.approx([rail[0] + (end + 4) / 8 * width for end in (low, high)], abs=1)


def test_which_attributes_are_shown_is_chosen_and_remembered(generator: GeneratorPage) -> None:
    page = generator.page
    generator.expect_shown([name for name in NAMES if name != HIDDEN_AT_FIRST])
    expect(generator.button("9 of 10 shown")).to_be_visible()
    generator.drag("Yaw", 1.0)
    field = page.locator("input#shown")
    expect(field).to_have_count(0)  # laid out when it opens
    generator.button("9 of 10 shown").click()
    field.click()
    for name in ("Smiling", "Yaw"):
        page.get_by_role("option", name=name, exact=True).click()
    page.get_by_role("option", name="Arched Eyebrows").click()
    page.keyboard.press("Escape")
    kept = [name for name in NAMES if name != "Smiling"]  # Yaw is pinned, and stays
    generator.expect_shown(kept)
    page.reload()
    generator.wait()
    generator.expect_shown(kept)
    generator.button("Reset all").click()
    generator.expect_face("1:4217")
    generator.expect_shown([name for name in kept if name != "Yaw"])
    generator.button("8 of 10 shown").click()
    page.get_by_role("button", name="Show all").click()
    generator.expect_shown(NAMES)
