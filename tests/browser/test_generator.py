"""Parts around the sliders of the generator: measured scores, before and after, the last faces, the search."""

import pytest
from playwright.sync_api import Page, expect
from support.audit import assert_accessible
from support.generator_page import GeneratorPage


@pytest.fixture
def generator(page: Page, address: str) -> GeneratorPage:
    return GeneratorPage(page, address).open("1:4217;Smiling=2.2")


def test_a_pinned_row_outside_its_expected_range_shows_a_warning_that_says_what_to_do(generator):
    page = generator.page
    missed = {"at": 1.25, "low": 1.9, "high": 2.7, "outside": True}
    ticks = {"Smiling": missed, "Male": {"at": 3.0, "low": -1.0, "high": 1.0, "outside": False}}
    page.route(
        "**/*.scores.json",
        lambda route: route.fulfill(json={"face": "", "scores": {"Smiling": 1.25, "Male": 3.0}, "ticks": ticks}),
    )
    page.evaluate("() => { likeness.state.model.measurable = true; }")  # the model under test has no scorer
    generator.thumb("Smiling").press("ArrowRight")
    row = generator.row("Smiling")
    expect(row.locator(".lk-measured")).to_have_css("visibility", "visible")
    expect(row.locator(".lk-expected")).to_have_css("visibility", "visible")
    value_text = "+2.25 sigma, pinned, measured +1.25, to expect +1.90 to +2.70"
    expect(generator.thumb("Smiling")).to_have_attribute("aria-valuetext", value_text)
    words = "Smiling asked +2.25, measured +1.25. To expect: +1.90 to +2.70."
    expect(row.locator(".lk-doubt")).to_have_attribute("title", words)
    notice = page.locator("#apart-notice")
    expect(notice).to_contain_text(f"The picture does not follow. {words}")
    expect(page.locator("#panel .lk-row[data-apart]")).to_have_count(1)
    missed["outside"] = False
    notice.get_by_role("button", name="Ask for less").click()
    expect(notice).to_have_count(0)
    expect(generator.thumb("Smiling")).to_have_attribute("aria-valuenow", "1.1250")
    expect(row.locator(".lk-doubt")).not_to_be_visible()


def test_held_b_shows_the_face_without_pins_and_is_no_step(generator):
    page, before = generator.page, generator.page.url
    page.keyboard.down("b")
    page.wait_for_function("() => likeness.pictureQueue.shownFace === '1:4217'")
    expect(generator.row("Smiling").locator(".lk-pin")).to_be_visible()
    page.keyboard.up("b")
    page.wait_for_function("() => likeness.pictureQueue.shownFace === '1:4217;Smiling=2.2'")
    assert page.url == before
    expect(page.get_by_role("button", name="Undo").first).to_have_attribute("aria-disabled", "true")


def test_favourites_outlive_a_reload_and_have_an_average_without_pins(generator):
    page = generator.page
    page.keyboard.press("f")
    page.locator("#base").fill("7")
    page.locator("#base").press("Enter")
    generator.expect_face("1:7;Smiling=2.2")
    page.locator("#favourite").click()
    page.reload()
    generator.wait()
    page.get_by_role("button", name="Average of 2 favourites").click()
    page.wait_for_function("() => /^1:avg\\((7,4217|4217,7)\\)$/.test(likeness.state.face())")
    page.locator("#recent-list").get_by_role("button", name="Show face 4217, Smiling=2.2").click()
    generator.expect_face("1:4217;Smiling=2.2")


def test_the_search_shows_attributes_that_are_not_chosen_too(generator):
    page, chosen = generator.page, generator.shown
    page.keyboard.press("/")
    page.locator("#find").press_sequentially("silver")
    generator.expect_shown(["Silver_Hair"])
    page.locator("#find").fill("")
    generator.expect_shown(chosen)


def test_a_row_pointed_at_or_focused_shows_where_the_others_would_drift(generator):
    page, pulled = generator.page, generator.row("Mouth_Slightly_Open")
    arrows = page.locator(".lk-row[data-drift-shown] .lk-lean")
    page.mouse.move(*generator.point("Mouth_Slightly_Open", 3))
    expect(arrows.first).to_have_css("opacity", "1")
    assert not pulled.get_attribute("data-drift-shown"), "the one that is pulled has no arrow of its own"
    assert generator.row("Smiling").get_attribute("data-drift-shown") is None, "what is pinned is held"
    generator.drag("Mouth_Slightly_Open", 1)
    page.mouse.move(2, 2)
    generator.thumb("Mouth_Slightly_Open").blur()
    expect(page.locator("#panel[data-leant]")).to_have_count(0)
    generator.thumb("Smiling").focus()
    expect(page.locator("#panel[data-leant]")).to_have_count(1)


def test_a_first_visit_shows_three_hints_once(generator):
    page, hints = generator.page, generator.page.locator("#hints")
    for words in ("Move a slider", "A lock keeps", "Every seed is a face"):
        expect(hints).to_contain_text(words)
        hints.get_by_role("button").last.click()
    expect(hints).to_be_empty()
    page.reload()
    generator.wait()
    expect(hints).to_be_empty()
    page.evaluate("() => localStorage.clear()")
    page.reload()
    generator.wait()
    expect(hints).to_contain_text("1 of 3")
    page.keyboard.press("Escape")
    expect(hints).to_be_empty()


def test_help_comes_where_a_control_gets_the_focus_or_is_pointed_at(generator):
    page, box = generator.page, generator.page.get_by_role("tooltip")
    reset = page.locator("#reset")
    reset.focus()
    expect(box).to_have_text("Removes every pin and keeps the seed")
    expect(reset).to_have_accessible_description("Removes every pin and keeps the seed")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(reset).to_have_accessible_description("")
    lock = page.locator(".lk-row:not([hidden]) .lk-lock").first
    lock.focus()
    expect(box).to_have_text(str(lock.get_attribute("title")))  # which the browser shows to the pointer only
    page.keyboard.press("Escape")
    page.locator("#random").hover()
    expect(box).to_have_text("Another seed; pins are kept (R)")
    page.mouse.move(2, 2)
    expect(box).to_be_hidden()


def test_a_first_visit_s_card_asks_three_questions_and_is_put_away_for_good(generator):
    page, card = generator.page, generator.page.locator("#introduction")
    expect(card).to_be_visible()
    expect(card.get_by_role("link")).to_have_count(3)
    assert_accessible(page, "the card of a first visit")
    card.get_by_role("button", name="Hide").click()
    expect(card).to_be_hidden()
    page.reload()
    generator.wait()
    expect(card).to_be_hidden()
    page.goto(f"{generator.address}/about")
    page.get_by_role("button", name="Show the introduction").click()
    page.wait_for_function("() => !document.documentElement.hasAttribute('data-introduced')")
    generator.open()
    expect(card).to_be_visible()
    card.get_by_role("link", name="What does a slider do").click()
    page.wait_for_url("**/directions/bias-audit?face=*")
    page.wait_for_function("() => document.documentElement.hasAttribute('data-introduced')")
    generator.open()
    expect(card).to_be_hidden()
