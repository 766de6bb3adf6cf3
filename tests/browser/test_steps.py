"""Steps back and forth: undo, redo, the browser's Back, links, other bases."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from support.generator_page import GeneratorPage


@pytest.fixture
def generator(page: Page, address: str) -> GeneratorPage:
    return GeneratorPage(page, address).open()


def test_undo_redo_and_back_tell_the_same_story(generator: GeneratorPage) -> None:
    page = generator.page
    undo, redo = generator.button("Undo"), generator.button("Redo")
    expect(undo).to_have_attribute("aria-disabled", "true")
    generator.drag("Smiling", 2.0)
    generator.drag("Young", -1.0)
    both = "1:4217;Smiling=2;Young=-1"
    generator.expect_face(both)
    undo.click()
    generator.expect_face("1:4217;Smiling=2")
    redo.click()
    generator.expect_face(both)
    expect(redo).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    generator.expect_face("1:4217")
    page.keyboard.press("Control+Shift+z")
    generator.expect_face("1:4217;Smiling=2")
    generator.drag("Male", 3.0)
    generator.expect_face("1:4217;Male=3;Smiling=2")
    expect(redo).to_have_attribute("aria-disabled", "true")  # a new step ends what could be redone


def test_back_and_forward_of_the_browser_move_the_sliders_without_laying_out_the_page(generator: GeneratorPage) -> None:
    page = generator.page
    generator.drag("Smiling", 2.0)
    generator.drag("Young", -1.0)
    generator.expect_face("1:4217;Smiling=2;Young=-1")
    page.evaluate("() => { document.querySelector('#panel').marked = true; }")
    page.go_back()
    generator.expect_face("1:4217;Smiling=2")
    page.go_back()
    page.wait_for_function("() => window.likeness.state.face() === '1:4217'")
    generator.settled()
    assert generator.linked is None
    page.go_forward()
    generator.expect_face("1:4217;Smiling=2")
    assert page.evaluate("() => document.querySelector('#panel').marked") is True
    generator.button("Redo").click()
    generator.expect_face("1:4217;Smiling=2;Young=-1")


def test_undo_goes_a_hundred_steps_back(generator: GeneratorPage) -> None:
    generator.page.evaluate(
        """() => { for (let step = 1; step <= 120; step++) {
             likeness.state.pin("Smiling", step / 50, "ease"); likeness.state.settle(); } }"""
    )
    generator.page.wait_for_function("() => location.search.endsWith('Smiling=2.4')")
    generator.page.evaluate("async () => { for (let step = 0; step < 150; step++) await likeness.history.undo(); }")
    generator.expect_face("1:4217;Smiling=0.4")


def test_a_link_restores_everything(generator: GeneratorPage, browser: Browser, address: str) -> None:
    page = generator.page
    generator.drag("Smiling", 2.0)
    generator.row("Male").locator(".lk-lock").click()
    generator.button("Copy link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link == f"{address}/?face={generator.face}"
    other = browser.new_page(viewport=page.viewport_size)
    try:
        other.goto(link)
        copy = GeneratorPage(other, address)
        copy.wait()
        assert copy.face == generator.face
        assert copy.coordinates == pytest.approx(generator.coordinates, abs=1e-4)
        for picture in ("() => document.getElementById('face-canvas').toDataURL()",):
            assert other.evaluate(picture) == page.evaluate(picture)
        assert generator.face in other.title() or "Smiling +2.00" in other.title()
    finally:
        other.close()


def test_reset_keeps_the_seed_and_random_keeps_the_pins(generator: GeneratorPage) -> None:
    generator.drag("Smiling", 2.0)
    generator.button("Random face").click()
    generator.page.wait_for_function("() => !location.search.includes('4217')")
    face = generator.face
    assert face.endswith(";Smiling=2")
    assert not face.startswith("1:4217;")
    expect(generator.page.get_by_role("textbox", name="Seed")).to_have_value(face[2:].partition(";")[0])
    generator.button("Reset all").click()
    generator.expect_face(face.partition(";")[0])
    generator.page.locator("body").press("r")
    generator.page.wait_for_function("(face) => likeness.state.face() !== face", arg=face.partition(";")[0])


def test_a_base_is_typed(generator: GeneratorPage) -> None:
    generator.drag("Smiling", 2.0)
    field = generator.page.get_by_role("textbox", name="Seed")
    for typed, base in (("0099", "99"), ("1000.83", "1000.83"), ("mix(2,1,0.25)", "mix(1,2,0.75)")):
        field.fill(typed)
        field.press("Enter")
        generator.expect_face(f"1:{base};Smiling=2")
        expect(field).to_have_value(base)
    generator.button("Undo").click()
    generator.expect_face("1:1000.83;Smiling=2")
    expect(field).to_have_value("1000.83")


def test_a_base_that_is_none_is_refused_in_the_server_s_words(generator: GeneratorPage) -> None:
    page = generator.page
    field = page.get_by_role("textbox", name="Seed")
    field.fill("99999999999")
    field.press("Enter")
    answer = page.request.get(
        f"{generator.address}{page.evaluate('() => likeness.state.model.address')}1:99999999999.json"
    )
    assert answer.status == 400
    expect(page.get_by_text(answer.json()["error"])).to_be_visible()
    assert generator.face == "1:4217"
    field.press("Escape")
    expect(field).to_have_value("4217")
    expect(page.get_by_text(answer.json()["error"])).to_be_hidden()


def test_the_face_is_kept_while_another_page_is_looked_at(generator: GeneratorPage) -> None:
    page = generator.page
    generator.drag("Smiling", 2.0)
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    expect(page.get_by_role("cell", name="continuous").first).to_be_visible()
    page.get_by_role("link", name="Generator").click()
    generator.expect_face("1:4217;Smiling=2")
    generator.button("Undo").click()
    generator.expect_face("1:4217")
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    page.go_back()
    page.wait_for_function("() => likeness.pictureQueue.shownFace === '1:4217'")
