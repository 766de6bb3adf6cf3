"""Other faces from the generator page: in chosen ranges, like the one shown, between it and another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from support.audit import assert_accessible
from support.generator_page import GeneratorPage

from dashboard.faces.face import parse
from dashboard.faces.mixing import between
from dashboard.synthesis.model_folder import Model


@pytest.fixture
def generator(page: Page, address: str) -> GeneratorPage:
    return GeneratorPage(page, address).open("1:4217;Yaw=2")


def test_a_face_is_drawn_inside_ranges_that_its_link_keeps(generator: GeneratorPage) -> None:
    page = generator.page
    generator.button("Random within…").click()
    names = page.get_by_role("textbox", name="Attributes", exact=True)
    names.fill("smil")
    page.get_by_role("option", name="Smiling").click()
    counted = page.locator("#ranges-count")
    expect(counted).to_contain_text("of 20,000 faces match, by their coordinates")
    page.get_by_role("slider", name="Smiling, from, in sigma").press("ArrowRight")
    page.wait_for_function("() => likeness.words.get('within') === 'Smiling:1.1:4'")
    assert_accessible(page, "random in ranges")
    draw = generator.button("Draw a face")
    expect(draw).to_have_attribute("aria-disabled", "false")
    draw.click()
    page.wait_for_function("() => location.search.includes('&within=Smiling:1.1:4')")
    generator.settled()
    assert ";" not in generator.face, "pins are left out"
    assert generator.coordinates["Smiling"] >= 1.1
    page.reload()
    generator.wait()
    generator.button("Random within…").click()
    expect(page.locator(".lk-ranges-range")).to_have_text("+1.10 σ and more")


def test_ranges_that_no_face_has_say_which_one_to_widen(generator: GeneratorPage) -> None:
    page = generator.page
    page.goto(f"{generator.address}/?face=1:4217&within=Gray_Hair:2:4,Silver_Hair:-4:-2")
    generator.wait()
    generator.button("Random within…").click()
    expect(page.locator("#ranges-count")).to_have_text(
        re.compile(r"0 of 20,000 faces match; widen (Gray|Silver) Hair: without it, \d+ do\.")
    )
    expect(generator.button("Draw a face")).to_have_attribute("aria-disabled", "true")


def test_faces_like_this_one_open_and_stay_until_another_is_asked_about(generator: GeneratorPage) -> None:
    page = generator.page
    page.get_by_role("tab", name="More like this").click()
    neighbours, again = page.locator("#neighbours"), page.locator("#neighbours-again")
    expect(neighbours.get_by_role("button")).to_have_count(8)
    assert_accessible(page, "faces like this one")
    third = neighbours.get_by_role("button").nth(2)
    face = third.get_attribute("data-face")
    assert face is not None
    third.click()
    generator.expect_face(face)
    expect(third).to_have_attribute("aria-current", "true")
    again.click()
    expect(neighbours.locator(f'[data-face="{face}"]')).to_have_count(0)
    expect(again).to_be_hidden()
    page.get_by_role("radiogroup", name="Distance, in degrees").get_by_text("40°").click()
    expect(
        neighbours.get_by_role("button", name="distance 4").or_(neighbours.get_by_role("button", name="distance 3"))
    ).to_have_count(8)


def test_a_mix_is_what_compare_makes_and_its_link_goes_on(generator: GeneratorPage, served_model: Model) -> None:
    page = generator.page
    first, second = parse("1:4217;Yaw=2"), parse("1:88;Smiling=2")
    page.get_by_role("tab", name="Mix").click()
    field = page.get_by_role("textbox", name="Mix with a seed")
    field.fill(str(second))
    field.press("Enter")
    generator.expect_face(str(between(first, second, 0.5, served_model)))
    share = page.get_by_role("slider", name="Share of the second face")
    share.press("ArrowRight")
    part = str(between(first, second, 0.51, served_model))
    generator.expect_face(part)
    assert_accessible(page, "a mix")
    page.reload()
    generator.wait()
    expect(share).to_have_attribute("aria-valuenow", "0.51")
    generator.button("Go to face 88").click()
    generator.expect_face(str(second))
    page.go_back()
    generator.expect_face(part)
    expect(share).to_have_attribute("aria-valuenow", "0.51")
    generator.button("Random face").click()
    page.wait_for_function("() => !location.search.includes('mix')")
    expect(page.get_by_text("Mix this face with")).to_be_visible()
