"""Previews of a large model: small pictures while dragging, the whole one afterwards, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.application import tiny_app
from support.generator_page import GeneratorPage
from support.models import write_tiny_model
from support.served import served


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a dashboard on a model of 512 px."""
    folder = tmp_path_factory.mktemp("large")
    write_tiny_model(folder / "tiny", resolution=512)
    with served(tiny_app(folder, model=str(folder / "tiny"))) as address:
        yield address


def test_the_hand_sees_previews_and_rests_on_the_whole_picture(page: Page, large: str) -> None:
    generator = GeneratorPage(page, large).open()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    readout = page.locator("#readout")
    expect(readout).to_contain_text("512 × 512")
    generator.grab("Smiling")
    for step in range(20):
        page.mouse.move(*generator.point("Smiling", -3.0 + step / 5))
    expect(readout).to_have_text(re.compile(r"preview, 128 × 128|· 512 × 512"))
    expect(readout).to_have_text(re.compile(r"· 512 × 512"))  # the pointer rests, still pressed
    page.mouse.move(*generator.point("Smiling", 2.5))
    page.mouse.up()
    final = generator.face
    generator.expect_face(final)
    expect(readout).to_have_text(re.compile(r"· 512 × 512"))
    shown = generator.faces()
    assert any(face["preview"] for face in shown)
    assert (shown[-1]["face"], shown[-1]["preview"]) == (final, False)
    previews = [url for url in asked if url.endswith("?preview")]
    assert previews
    assert all("/faces/" in url and ".webp" in url for url in previews)


def test_a_key_step_and_another_face_are_complete_immediately(page: Page, large: str) -> None:
    generator = GeneratorPage(page, large).open()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    generator.button("Random face").click()
    generator.settled()
    assert not [url for url in asked if "preview" in url]


@pytest.mark.long
def test_compared_faces_are_previews_only_while_they_are_dragged_and_the_cards_say_so(page: Page, large: str) -> None:
    page.goto(f"{large}/compare?face=1:1&faces=*!1:2")
    cards = page.locator(".lk-compare-card:visible")
    marked = page.locator(".lk-compare-card[data-preview]:visible")
    expect(cards).to_have_count(2)
    page.wait_for_function(_PAINTED)
    expect(marked).to_have_count(0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(_WATCH_MARKS)
    page.get_by_text("Sliders", exact=True).click()
    generator = GeneratorPage(page, large)
    generator.grab("Smiling")
    for step in range(12):
        page.mouse.move(*generator.point("Smiling", -1.0 + step / 4))
    page.wait_for_function("() => window.marks.size === 2")
    assert set(page.evaluate("() => [...window.marks.values()]")) == {"preview, 128 × 128"}
    page.mouse.up()
    for face in page.evaluate("() => likeness.compare.faces"):
        page.wait_for_function(_WHOLE, arg=face)
    expect(marked).to_have_count(0)
    assert [url for url in asked if url.endswith("?preview")]
    assert not [url for url in asked if "/faces/" not in url and "preview" in url]


def test_a_picture_that_the_next_one_replaces_before_its_frame_is_not_drawn(page: Page, large: str) -> None:
    page.add_init_script(
        """const frame = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (then) => frame(() => setTimeout(() => then(performance.now()), 300));"""
    )
    page.goto(f"{large}/compare?face=1:1&faces=*!1:2")
    page.wait_for_function(_PAINTED)
    page.get_by_text("Sliders", exact=True).click()
    generator = GeneratorPage(page, large)
    generator.grab("Smiling")
    with page.expect_response(lambda response: response.url.endswith("?preview")):
        for step in range(12):
            page.mouse.move(*generator.point("Smiling", -1.0 + step / 4))
    page.mouse.up()
    page.wait_for_function(f"() => likeness.compare.faces.every({_WHOLE})")
    expect(page.locator(".lk-compare-card[data-preview]:visible")).to_have_count(0)


_WATCH_MARKS = """() => {
  window.marks = new Map(); // a mark goes as soon as the hand rests: each is remembered
  const look = () => {
    for (const card of document.querySelectorAll(".lk-compare-card[data-preview]")) {
      const { textContent } = card.querySelector(".lk-compare-preview");
      if (textContent) window.marks.set(card.dataset.index, textContent);
    }
  };
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(look).observe(document.getElementById("compare-cards"), all);
}"""

_WHOLE = """(face) => performance.getEntriesByType("resource").some(({ name }) => name.endsWith(`${face}.webp`))"""
"""Whether the whole picture of a face has come."""

_PAINTED = """() => [...document.querySelectorAll(".lk-compare-card")].filter((card) => !card.hidden)
  .every((card) => card.querySelector("canvas").width > 0)"""
