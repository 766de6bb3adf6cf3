"""Legible figures: texts do not overlap, stay inside their card, and have at least 10 px."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from support.application import shipped_app
from support.models import INCLUDED
from support.served import served

LOOK = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8").partition("*/")[2].strip()
FIGURES = ("/directions/matrix", "/latent-space", "/latent-space?space=z", "/latent-space?space=features&x=2&y=3")
SIZES = ((1280, 800), (1440, 900), (1920, 1080))
DRAWN = (
    "() => { const all = [...document.querySelectorAll('.js-plotly-plot')].filter((each) => each.checkVisibility());"
    " return all.length && all.every((each) => each.data?.length && each._fullLayout && !each.dataset.drawing); }"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(shipped_app(tmp_path_factory.mktemp("readable"))) as address:
        yield address


def open_page(browser: Browser, arguments: dict[str, Any], address: str, size: tuple[int, int], scheme: str) -> Page:
    """Open a page in its own browser and wait until it is drawn."""
    width, height = size
    context = browser.new_context(
        **{**arguments, "viewport": {"width": width, "height": height}, "color_scheme": scheme}
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(DRAWN, timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page


def expect_readable(page: Page) -> None:
    """Expect every text of the figures to be readable, once they have been laid out."""
    for _ in range(40):
        if not (found := page.evaluate(LOOK)):
            return
        page.wait_for_timeout(250)
    raise AssertionError("\n".join(found))


@pytest.mark.long
@pytest.mark.parametrize("path", FIGURES[:2])
def test_texts_of_figures_can_be_read(browser: Browser, browser_context_args: Any, site: str, path: str) -> None:
    page = open_page(browser, browser_context_args, f"{site}{path}", SIZES[1], "light")
    expect_readable(page)
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", FIGURES)
def test_on_every_screen(
    browser: Browser, browser_context_args: Any, site: str, path: str, size: tuple[int, int], scheme: str
) -> None:
    page = open_page(browser, browser_context_args, f"{site}{path}", size, scheme)
    expect_readable(page)
    page.context.close()


@pytest.mark.long
def test_cells_of_the_matrix_are_16_pixels_at_least(browser: Browser, browser_context_args: Any, site: str) -> None:
    for size in SIZES[:2]:
        page = open_page(browser, browser_context_args, f"{site}/directions/matrix", size, "light")
        page.wait_for_function(
            "() => { const { xaxis, yaxis } = document.querySelector('#matrix .js-plotly-plot')._fullLayout;"
            " return [xaxis, yaxis].every(({ _length, range }) => _length / Math.abs(range[1] - range[0]) >= 15.9); }"
        )
        page.context.close()


@pytest.mark.long
def test_this_face_is_seen_in_three_dimensions(browser: Browser, browser_context_args: Any, site: str) -> None:
    page = open_page(browser, browser_context_args, f"{site}/latent-space?view=3d", SIZES[1], "light")
    page.wait_for_function(
        "() => document.querySelector('#scatter .js-plotly-plot').data.at(-1).x?.length", timeout=60_000
    )
    page.wait_for_timeout(1500)
    shot = page.locator("#scatter-box").screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), int)
    accent = (np.abs(pixels - np.array([0x12, 0x63, 0xAD])).max(axis=2) < 24).sum()
    assert accent > 40, "the accent's disc is hidden by points"
    page.context.close()


@pytest.mark.parametrize("size", SIZES)
def test_no_number_of_the_reliability_table_is_cut(
    browser: Browser, browser_context_args: Any, site: str, size: tuple[int, int]
) -> None:
    width, _ = size
    context = browser.new_context(**{**browser_context_args, "viewport": {"width": width, "height": 1400}})
    page = context.new_page()
    page.goto(f"{site}/directions/reliability")
    page.locator(".ag-center-cols-container .ag-row").nth(9).wait_for()
    columns: set[str] = set()
    for side in ("scrollLeft = 0", "scrollLeft = part.scrollWidth"):
        page.locator(".ag-center-cols-viewport").evaluate(f"(part) => {{ part.{side}; }}")
        page.wait_for_function(_COLUMN_IN_SIGHT, arg=side.endswith("0"))
        for _ in range(40):
            page.wait_for_timeout(100)  # cells come after their column's head
            found = page.evaluate(_CUT)
            columns |= set(found["columns"])
            if not found["cut"] and (len(columns) >= 8 or side.endswith("0")):
                break
        assert found["cut"] == [], f"at {width}, {side}"
    assert len(columns) >= 8, columns
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_heads_and_numbers_of_the_bias_audit_stand_apart(
    browser: Browser, browser_context_args: Any, site: str, size: tuple[int, int]
) -> None:
    width, height = size
    context = browser.new_context(**{**browser_context_args, "viewport": {"width": width, "height": height}})
    page = context.new_page()
    page.goto(f"{site}/directions/bias-audit")
    page.locator(".lk-audit-means").nth(30).wait_for()
    assert page.evaluate(_TOUCHING) == []
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_no_word_is_broken_in_the_tables_of_a_model_card(
    browser: Browser, browser_context_args: Any, site: str, width: int
) -> None:
    context = browser.new_context(**{**browser_context_args, "viewport": {"width": width, "height": 844}})
    page = context.new_page()
    page.goto(f"{site}/models?model={INCLUDED.name}")
    page.get_by_role("button", name="Model card").first.click()
    page.get_by_role("dialog").get_by_role("table").first.wait_for()
    assert page.evaluate(_BROKEN_WORDS) == []
    assert page.evaluate("() => document.querySelectorAll('.lk-markdown th').length") > 20
    context.close()


_TOUCHING = """() => {
  const touching = [...document.querySelectorAll(".lk-audit-means")].filter((pair) => {
    const [free, locked] = [...pair.children].map((each) => each.getBoundingClientRect());
    return free.bottom > locked.top && locked.left - free.right < 6;
  });
  const leaving = [...document.querySelectorAll(".lk-audit-table thead th")].filter((head) => {
    const text = document.createRange();
    text.selectNodeContents(head);
    return text.getBoundingClientRect().right > head.getBoundingClientRect().right;
  });
  return [...leaving, ...touching].map((each) => each.textContent);
}"""
"""JavaScript: heads that leave their column, and pairs of means on one line with less than 6 px between them."""

_BROKEN_WORDS = """() => [...document.querySelectorAll(".lk-markdown th, .lk-markdown td")].flatMap((cell) => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (texts.nextNode()) {
    for (const word of texts.currentNode.data.matchAll(/[A-Za-z0-9.]+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (range.getClientRects().length > 1) {
        broken.push(word[0]);
      }
    }
  }
  return broken;
})"""
"""Words of a card's tables that stand on more than one line."""

_COLUMN_IN_SIGHT = """(first) => {
  const heads = [...document.querySelectorAll(".ag-header-viewport .ag-header-cell")];
  heads.sort((a, b) => a.ariaColIndex - b.ariaColIndex);
  const { left, right } = document.querySelector(".ag-center-cols-viewport").getBoundingClientRect();
  const box = heads.at(first ? 0 : -1)?.getBoundingClientRect();
  return box && box.left >= left - 1 && box.right <= right + 1;
}"""
"""Whether the first, or the last, column of the table that scrolls can be seen."""

_CUT = """() => {
  const cut = [], columns = new Set();
  const hides = (part) =>
    part.clientWidth && part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible";
  for (const cell of document.querySelectorAll(".ag-center-cols-container .ag-cell")) {
    if (!/\\d/.test(cell.textContent)) continue;
    const name = cell.getAttribute("col-id");
    columns.add(name);
    const room = cell.getBoundingClientRect();
    const text = document.createRange();
    text.selectNodeContents(cell);
    const { left, right } = text.getBoundingClientRect();
    const outside = left < room.left - 0.5 || right > room.right + 0.5;
    if (outside || [cell, ...cell.querySelectorAll("*")].some(hides)) cut.push(`${name}: ${cell.textContent}`);
  }
  return { cut, columns: [...columns] };
}"""
