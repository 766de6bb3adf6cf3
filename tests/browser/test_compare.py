"""The Compare page, as a user operates it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from support.audit import assert_accessible
from support.generator_page import GeneratorPage

THREE = "face=1:4217&faces=*!1:4217;Smiling=2!1:88;Young=-2"


COMPLETE = """(people) => {
  window.complete = new Promise((done) => likeness.events.addEventListener("likeness:sheet", () => {
    if (likeness.compare.word("people") === people) requestAnimationFrame(() => requestAnimationFrame(done));
  }));
}"""
"""Records when the sheet of these people is complete and Dash has its state."""


class Compare:
    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def open(self, query: str = THREE) -> Compare:
        self.page.goto(f"{self.address}/compare?{query}")
        self.page.wait_for_function("() => window.likeness?.compare?.isOpen()")
        return self

    def expect_faces(self, *faces: str) -> None:
        self.page.wait_for_function("(faces) => likeness.compare.faces.join() === faces", arg=",".join(faces))

    def card(self, letter: str) -> Any:
        return self.page.get_by_role("region", name=f"Face {letter}", exact=True)

    def linked(self, text: str) -> None:
        self.page.wait_for_function("(text) => location.search.includes(text)", arg=text)

    def menu(self, letter: str, entry: str) -> None:
        self.card(letter).get_by_role("button", name=f"More for face {letter}").click()
        self.card(letter).get_by_role("menuitem", name=entry).click()

    def painted(self, letter: str) -> None:
        self.page.wait_for_function(
            "(index) => document.querySelectorAll('.lk-compare-picture')[index].width > 0", arg="ABCDEF".index(letter)
        )


@pytest.fixture
def compare(page: Page, address: str) -> Any:
    made = Compare(page, address)
    yield made
    page.evaluate("() => sessionStorage.clear()")


def test_on_a_phone_the_whole_name_of_a_face_is_seen(compare: Compare) -> None:
    compare.page.set_viewport_size({"width": 360, "height": 740})
    compare.open("face=1:156&faces=*!1:4217!1:4294967295")
    compare.painted("C")
    names = compare.page.locator(".lk-compare-card:not([hidden]) .lk-compare-name")
    expect(names).to_have_text(["Seed 156", "Seed 4217", "Seed 4294967295"])
    cut = (
        "(all) => all.filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1)"
        ".map((one) => one.textContent)"
    )
    assert names.evaluate_all(cut) == []


def test_faces_come_from_other_pages_and_stay_for_the_tab(compare: Compare) -> None:
    page = compare.page
    generator = GeneratorPage(page, compare.address).open("1:4217")
    generator.button("Add to compare").click()
    generator.open("1:88;Smiling=1")
    generator.button("Add to compare").click()
    page.get_by_role("link", name="Compare").click()
    compare.expect_faces("1:4217", "1:88;Smiling=1")
    compare.linked("face=1:88;Smiling=1&faces=1:4217!*")
    page.reload()
    compare.expect_faces("1:4217", "1:88;Smiling=1")


def test_differences_are_listed_and_one_click_makes_more(compare: Compare) -> None:
    page = compare.open().page
    for letter in "ABC":
        compare.painted(letter)
    expect(page.locator(".lk-differs-row").first).to_be_visible()
    page.get_by_role("button", name="Same person, one attribute different").click()
    page.wait_for_function("() => likeness.compare.faces.length === 4")
    assert page.evaluate("() => likeness.compare.faces[3]").startswith("1:4217;Mouth_Slightly_Open=")
    page.keyboard.press("Control+z")
    compare.expect_faces("1:4217", "1:4217;Smiling=2", "1:88;Young=-2")
    for view in ("Difference", "Wipe", "Blink"):
        page.get_by_text(view, exact=True).click()
        compare.linked(f"view={view.lower()}")
    assert_accessible(page, "blinking faces")
    page.go_back()
    compare.linked("view=wipe")


def test_sliders_move_all_faces_or_one(compare: Compare) -> None:
    page = compare.open().page
    page.get_by_text("Sliders", exact=True).click()
    page.locator('.lk-row[data-name="Male"]').get_by_role("slider").press("End")
    compare.expect_faces("1:4217;Male=4", "1:4217;Male=4;Smiling=2", "1:88;Male=4;Young=-2")
    compare.linked("Male=4;Smiling=2!")
    page.get_by_role("switch", name="Move sliders together").click()
    compare.linked("sliders=apart")
    page.locator('.lk-row[data-name="Male"]').get_by_role("slider").press("Delete")
    compare.expect_faces("1:4217", "1:4217;Male=4;Smiling=2", "1:88;Male=4;Young=-2")
    page.go_back()
    compare.expect_faces("1:4217;Male=4", "1:4217;Male=4;Smiling=2", "1:88;Male=4;Young=-2")
    assert_accessible(page, "sliders beside the faces")


def test_faces_are_moved_swapped_and_removed_by_keys_and_menu(compare: Compare) -> None:
    page = compare.open().page
    page.get_by_role("button", name="Move face A: arrow keys").press("ArrowRight")
    compare.expect_faces("1:4217;Smiling=2", "1:4217", "1:88;Young=-2")
    compare.linked("ref=B")
    compare.menu("C", "Swap with the reference")
    compare.expect_faces("1:4217;Smiling=2", "1:88;Young=-2", "1:4217")
    compare.menu("A", "Remove")
    compare.expect_faces("1:88;Young=-2", "1:4217")
    page.keyboard.press("Control+z")
    compare.expect_faces("1:4217;Smiling=2", "1:88;Young=-2", "1:4217")


def test_a_sheet_is_laid_out_and_filled_and_its_tiles_are_links(compare: Compare) -> None:
    page = compare.open(f"{THREE}&steps=3").page
    page.wait_for_function("() => document.querySelectorAll('#sheet img[src]').length === 12")
    tile = page.locator("#sheet a").first
    expect(tile).to_have_attribute("href", "/?face=1:4217;Smiling=-4")
    people = page.get_by_role("textbox", name="Seeds of the people")
    page.evaluate(COMPLETE, "3")
    people.fill("3")
    people.press("Enter")
    expect(page.locator("#sheet a").first).to_have_attribute("href", "/?face=1:3;Smiling=-4")
    page.evaluate("() => window.complete")
    compare.linked("people=3")
    page.go_back()  # from inside the field: the step also reverts what was typed
    expect(people).to_have_value("")
    page.get_by_role("heading", level=1).click()
    expect(page.locator("#sheet a").first).to_have_attribute("href", "/?face=1:4217;Smiling=-4")
    assert "people" not in page.url
    page.get_by_text("Mix", exact=True).click()
    compare.linked("sheet=mix")
    page.wait_for_function("() => document.querySelectorAll('#sheet .lk-tiles-tile').length === 36")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelectorAll('.lk-tiles-screen[src]').length === 4")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".lk-tiles-screen")).to_have_count(0)


@pytest.mark.long
def test_an_animation_is_exported_by_keys_and_downloaded(compare: Compare, tmp_path: Path) -> None:
    page = compare.open(f"{THREE}&steps=2&runs=free").page
    page.get_by_role("button", name="Export").press("Enter")
    panel = page.get_by_role("group", name="Export", exact=True)
    expect(panel.get_by_text("A picture of every face of the sheet, with captions.")).to_be_visible()
    panel.get_by_role("radio", name="PNG").press("ArrowLeft")
    panel.get_by_role("radio", name="MP4").press("ArrowLeft")
    panel.get_by_role("textbox", name="Seconds").fill("0.5")
    panel.get_by_role("textbox", name="Frames a second").fill("6")
    panel.get_by_role("textbox", name="Frames a second").press("Tab")
    expect(panel.get_by_text("4 frames, 0.7 s, there and back.")).to_be_visible()
    assert_accessible(page, "what an export asks for")
    panel.get_by_role("button", name="Make the file").press("Enter")
    link = panel.get_by_role("link", name="Download")
    expect(link).to_be_focused(timeout=60_000)
    with page.expect_download() as download:
        link.press("Enter")
    download.value.save_as(tmp_path / "animation.webp")
    assert download.value.suggested_filename == "likeness-sweep.webp"
    with Image.open(tmp_path / "animation.webp") as animation:
        assert getattr(animation, "n_frames", 1) == 4
    panel.get_by_role("radio", name="WebP").press("ArrowLeft")
    expect(panel.get_by_role("button", name="Make the file")).to_be_visible()
    expect(link).to_be_hidden()  # it is another file
    panel.get_by_role("radio", name="HTML").press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="Export")).to_be_focused()


def test_a_sheet_is_saved_as_itself(compare: Compare) -> None:
    page = compare.open(f"{THREE}&sheet=mix&steps=3").page
    page.wait_for_function("() => document.querySelectorAll('#sheet .lk-tiles-tile').length === 12")
    page.get_by_role("button", name="Save this sheet").click()
    dialog = page.get_by_role("dialog", name="Save")
    expect(dialog.get_by_label("Title")).to_have_value("Mixes from Seed 4217")
    expect(page.locator("#save-collection option").last).to_have_text("A new collection")
    dialog.get_by_label("Collection", exact=True).select_option("")
    dialog.get_by_label("Name of the new collection").fill("Sheets")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Open collection").click()
    page.wait_for_url("**/collections/sheets")
    expect(page.get_by_text("Mix · Mixes from Seed 4217 · 12 faces")).to_be_visible()
    page.get_by_role("link", name="Open: Face of").click()
    page.wait_for_url("**/compare?*sheet=mix*")


def test_pins_of_extra_directions_appear_in_every_card(compare: Compare) -> None:
    faces = ("1:4217", "1:88;pc~z.2=1.5", "1:5;sefa~2=-2", f"1:7;own~{'0' * 32}=1")
    page = compare.open(f"face={faces[0]}&faces=*!" + "!".join(faces[1:])).page
    page.wait_for_function(
        """(faces) => faces.every((face) => {
            const stands = likeness.compare.stand(face);
            return stands?.s?.length === likeness.state.model.gram.length && stands.s.every(Number.isFinite);
        })""",
        arg=faces[:3],
        timeout=120_000,  # SeFa's directions are computed on the first request
    )
    expect(compare.card("B").get_by_text(", PC 2 +1.50")).to_be_visible()
    expect(compare.card("C").get_by_text("SeFa 2 −2.00")).to_be_visible()
    expect(page.locator(".lk-differs-row").filter(has_text="SeFa 2")).to_be_visible()
    expect(compare.card("D").locator(".lk-compare-problem")).to_contain_text("Expected", timeout=30_000)
    compare.painted("B")


def test_a_model_without_layers_says_what_a_style_mix_needs(page: Page, address: str) -> None:
    page.goto(f"{address}/compare?face=1:5&faces=*!1:7&sheet=mix")
    expect(page.get_by_text("A style mix, one face with the styles of another")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="Kind of sheet").get_by_text("Style mix")).to_have_count(0)
    page.goto(f"{address}/compare?face=1:5&faces=*!1:7&sheet=styles")
    expect(page.locator("#sheet-words")).to_contain_text("Expected a model with layers for a style mix: a StyleGAN")


@pytest.mark.parametrize("word", ["on=Nose", "steps=900", "from=2&to=1"])
def test_a_sheet_that_cannot_be_made_says_why_once(page: Page, address: str, word: str) -> None:
    page.goto(f"{address}/compare?face=1:5&faces=*!1:7&{word}")
    expect(page.locator("#sheet-words")).to_contain_text("Expected")
    expect(page.get_by_text(re.compile("Expected .* Received"))).to_have_count(1)
