"""The presentation, as a speaker operates it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from support.application import tiny_app
from support.audit import assert_accessible
from support.served import served

SLIDES = (
    {"kind": "face", "address": "/?face=1:1;Smiling=1", "title": "She smiles", "note": "Nothing else is held."},
    {"kind": "comparison", "address": "/compare?face=1:2&faces=*!1:3", "title": "Two people", "note": ""},
    {"kind": "face", "address": "/?face=1:4&model=gone", "title": "Another model", "note": ""},
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tiny_app(tmp_path_factory.mktemp("present"), face="1:31")) as address:
        yield address


def test_a_collection_plays_by_keys_with_live_sliders_and_escape_goes_back(page: Page, site: str) -> None:
    slug = page.request.post(f"{site}/collections", data={"name": "Talk"}).json()["slug"]
    for slide in SLIDES:
        assert page.request.post(f"{site}/collections/{slug}/items", data=slide).ok
    page.goto(f"{site}/collections/{slug}")
    page.get_by_role("link", name="Present").click()
    page.wait_for_function(
        "() => document.querySelector('#present') && likeness.pictureQueue.shownFace === '1:1;Smiling=1'"
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("She smiles")
    expect(page.locator("#slide-count")).to_have_text("1 of 3")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#panel .lk-row')].filter((row) => row.checkVisibility()).length <= 4"
    )
    assert_accessible(page, "a slide")
    page.get_by_role("slider", name="Smiling").press("ArrowRight")
    page.wait_for_function("() => likeness.pictureQueue.shownFace === '1:1;Smiling=1.05'")
    assert "face=" not in page.url
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two people")
    pictures = page.locator("#slide-sheet img")
    expect(pictures).to_have_count(2)
    for index, seed in enumerate((2, 3)):
        expect(pictures.nth(index)).to_have_attribute("alt", f"Face of seed {seed}")
    page.keyboard.press(" ")
    expect(page.locator("#slide-note")).to_contain_text("Received: gone.")
    page.wait_for_url("**?slide=3")
    page.keyboard.press("ArrowRight")
    for x, count in ((100, "2 of 3"), (1000, "3 of 3")):  # a tap
        tap = {"pointerType": "touch", "clientX": x, "bubbles": True}
        page.locator("#slide").evaluate("(slide, tap) => slide.dispatchEvent(new PointerEvent('click', tap))", tap)
        expect(page.locator("#slide-count")).to_have_text(count)
    page.keyboard.press("Home")
    page.wait_for_function("() => likeness.pictureQueue.shownFace === '1:1;Smiling=1'")
    page.wait_for_function("() => document.querySelector('#present').hasAttribute('data-still')")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/collections/{slug}")
    page.goto(f"{site}/present/none")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Received: none.")


@pytest.mark.long
def test_a_sweep_and_a_view_are_slides_of_their_own(page: Page, site: str) -> None:
    slug = page.request.post(f"{site}/collections", data={"name": "Sheets"}).json()["slug"]
    sweep = "/compare?face=1:1&faces=*!1:2&on=Smiling&steps=5"
    for kind, address, title in (("sweep", sweep, "Smiling"), ("view", "/directions?cell=Male,Young", "Entangled")):
        item = {"kind": kind, "address": address, "title": title, "note": ""}
        assert page.request.post(f"{site}/collections/{slug}/items", data=item).ok
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{site}/present/{slug}")
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('.lk-slide-tiles img')];"
        " return all.length === 20 && all.every((each) => each.naturalWidth); }"
    )
    page.wait_for_function(
        "() => { const { width, height, bottom } = [...document.querySelectorAll('.lk-slide-tiles img')].at(-1)"
        ".getBoundingClientRect(); return width > 60 && Math.abs(width - height) < 1 && bottom < 720; }"
    )
    assert_accessible(page, "a sweep on the stage")
    page.keyboard.press("PageDown")
    leads = page.get_by_role("link", name="Open directions")
    expect(leads).to_be_visible()
    leads.press("Enter")
    page.wait_for_url("**/directions?cell=Male,Young*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Directions")
    page.set_viewport_size({"width": 1440, "height": 900})
    # Saved from its own page, the view has a picture of its figure.
    page.wait_for_function("() => document.querySelector('#matrix .js-plotly-plot')?.data?.length")
    page.locator(".lk-wide-actions").get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Save")
    dialog.get_by_label("Collection", exact=True).select_option(slug)
    expect(dialog.get_by_label("Title")).to_have_value("Directions: Cosine")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".lk-toast").filter(has_text="Saved")).to_be_visible()
    page.goto(f"{site}/present/{slug}?slide=3")
    expect(page.get_by_role("heading", level=1)).to_have_text("Directions: Cosine")
    still = page.get_by_role("img", name="Cosine: of the angle between two directions")
    expect(still).to_be_visible()
    page.wait_for_function("(image) => image.complete && image.naturalWidth > 1000", arg=still.element_handle())
    assert_accessible(page, "a still on the stage")
    expect(still).to_have_css("filter", "none")
    page.emulate_media(color_scheme="dark")
    expect(still).to_have_css("filter", re.compile("invert"))
    assert np.asarray(Image.open(io.BytesIO(still.screenshot())).convert("L")).mean() < 90, "dark on a dark stage"
    page.keyboard.press("Enter")
    page.wait_for_url("**/directions?*")


def test_every_slide_with_a_face_shows_it_wherever_it_stands_and_however_one_comes(page: Page, site: str) -> None:
    slug = page.request.post(f"{site}/collections", data={"name": "Faces late"}).json()["slug"]
    faces = ("1:1;Smiling=1", "1:5", "1:6;Smiling=0.5;Young=-1")
    assert page.request.post(f"{site}/collections/{slug}/items", data=SLIDES[1]).ok
    for face in faces:
        item = {"kind": "face", "address": f"/?face={face}", "title": face, "note": ""}
        assert page.request.post(f"{site}/collections/{slug}/items", data=item).ok
    ready = (
        "(face) => likeness.pictureQueue?.shownFace === face && document.querySelector('#panel .lk-row:not([hidden])')"
    )
    for number, face in enumerate(faces, 2):
        page.goto(f"{site}/present/{slug}?slide={number}")  # by its address
        page.wait_for_function(ready, arg=face)
        page.reload()
        page.wait_for_function(ready, arg=face)
    page.goto(f"{site}/collections/{slug}")
    page.get_by_role("link", name="Present").click()
    for face in faces:
        expect(page.locator("#slide-sheet img, #panel .lk-row").first).to_be_attached()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(ready, arg=face)
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/collections/{slug}")
    page.goto(f"{site}/present")  # without a name: the first collection
    expect(page.locator("#slide-count")).to_contain_text("1 of ")


def test_on_a_phone_the_foot_covers_no_row(page: Page, site: str) -> None:
    slug = page.request.post(f"{site}/collections", data={"name": "Upright"}).json()["slug"]
    item = {"kind": "face", "address": "/?face=1:1", "title": "A title of some length", "note": "A note. " * 12}
    assert page.request.post(f"{site}/collections/{slug}/items", data=item).ok
    for width, height in ((360, 640), (360, 740), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{site}/present/{slug}")
        page.wait_for_function("() => likeness.pictureQueue?.shownFace === '1:1'")
        page.wait_for_function(_LAST_ROW_IS_CLEAR)


@pytest.mark.long
def test_the_presenter_s_window_is_in_step_with_the_stage(page: Page, site: str) -> None:
    slug = page.request.post(f"{site}/collections", data={"name": "Two windows"}).json()["slug"]
    note = "For all.\n---\nAsk first."
    for face in ("1:1", "1:5"):
        item = {"kind": "face", "address": f"/?face={face}", "title": f"Face {face}", "note": note}
        assert page.request.post(f"{site}/collections/{slug}/items", data=item).ok
    shown = "(face) => likeness.pictureQueue?.shownFace === face"
    page.goto(f"{site}/present/{slug}")
    page.wait_for_function(shown, arg="1:1")
    expect(page.locator("#slide-note")).to_have_text("For all.")
    with page.context.expect_page() as popup:
        page.keyboard.press("p")
    window = popup.value
    window.wait_for_function(shown, arg="1:1")
    expect(window.locator("#presenter-notes")).to_have_text("Ask first.")
    expect(window.locator("#presenter-next-title")).to_have_text("Face 1:5")
    expect(window.locator("#presenter-screen")).to_have_text("Showing on the other screen")
    assert_accessible(window, "the presenter's window")
    window.get_by_role("slider", name="Smiling").press("0")
    page.wait_for_function(shown, arg="1:1;Smiling=0")
    window.get_by_role("button", name="Next →").click()
    page.wait_for_function(shown, arg="1:5")
    page.keyboard.press("ArrowLeft")
    window.wait_for_function(shown, arg="1:1")
    window.get_by_role("button", name="Black").click()
    page.wait_for_function("() => document.getElementById('present').hasAttribute('data-black')")
    page.goto(f"{site}/about")
    expect(window.locator("#presenter-screen")).to_have_text("The other screen is gone", timeout=60_000)
    expect(window.get_by_role("button", name="Open it again")).to_be_visible()
    window.close()


_LAST_ROW_IS_CLEAR = """() => {
  const last = [...document.querySelectorAll("#panel .lk-row")].filter((row) => row.checkVisibility()).at(-1);
  last?.scrollIntoViewIfNeeded();
  const foot = document.querySelector(".lk-slide-foot")?.getBoundingClientRect();
  return last && foot && last.getBoundingClientRect().bottom <= foot.top + 1;
}"""
"""Whether the last row can be scrolled to where the slide's foot does not cover it."""
