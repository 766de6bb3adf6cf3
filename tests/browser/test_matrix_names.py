"""More attributes than fit at 16 px a cell: the matrix scrolls in its card, and its names stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from support.application import tiny_app
from support.models import write_tiny_model
from support.served import served

from dashboard.synthesis.model_folder import Attribute

COUNT = 48
DRAWN = "() => document.querySelector('#matrix .js-plotly-plot')?._fullLayout?.meta?.keys?.length === 48"
SETTLED = "() => document.querySelectorAll('#matrix-box > .lk-fixed').length === 3"

LIES = """() => {
  const box = document.getElementById("matrix-box");
  const point = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { words: element.textContent, left, top, right, bottom };
  };
  const named = (kind) => [...box.querySelectorAll(`.lk-fixed-${kind} text`)].map(point);
  const scrolls = [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight];
  const { left, top, right, bottom } = box.getBoundingClientRect();
  return { box: { left, top, right, bottom }, rows: named("rows"), columns: named("columns"), scrolls };
}"""

SEEN = """() => {
  const rect = (selector) => document.querySelector(selector).getBoundingClientRect();
  const [cell, box] = [rect("#matrix-box .lk-cell-at"), rect("#matrix-box")];
  const names = rect("#matrix-box .lk-fixed-corner");
  return [cell.left - names.right, cell.top - names.bottom, box.right - cell.right, box.bottom - cell.bottom];
}"""
"""Distance of the focused cell from each edge of the visible area beside the names."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("many")
    attributes = tuple(
        Attribute(f"Attribute_{k + 1}", "Group", "continuous", (-4.0, 4.0), {"r2": 0.5}) for k in range(COUNT)
    )
    write_tiny_model(folder / "many", attributes=attributes, bank=0, scorer=False)
    with served(tiny_app(folder, model=str(folder / "many"))) as address:
        yield address


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (360, 740)])
def test_names_stay_while_the_cells_scroll(page: Page, site: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{site}/directions/matrix")
    page.wait_for_function(DRAWN)
    page.wait_for_function(SETTLED)
    before = page.evaluate(LIES)
    assert before["scrolls"][0] > 100 or width > 1000
    assert before["scrolls"][1] > 100
    assert len(before["rows"]) == len(before["columns"]) == COUNT
    page.evaluate("() => document.getElementById('matrix-box').scrollTo(9999, 9999)")
    after = page.evaluate(LIES)
    box = after["box"]
    for earlier, later in zip(before["columns"], after["columns"], strict=True):
        assert later["words"] == earlier["words"]
        assert later["top"] == pytest.approx(earlier["top"], abs=1)
    assert all(box["left"] - 1 <= row["left"] < row["right"] <= box["right"] for row in after["rows"])
    last = after["rows"][-1]
    assert last["bottom"] <= box["bottom"], "the last row is not reached"
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth + 1")


def test_keys_bring_a_cell_out_from_under_the_names(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 800, "height": 700})
    page.goto(f"{site}/directions/matrix")
    page.wait_for_function(DRAWN)
    page.wait_for_function(SETTLED)
    page.locator("#matrix-box").focus()
    page.keyboard.press("End")
    for _ in range(COUNT):
        page.keyboard.press("ArrowDown")
    for key in ("Home", *["ArrowUp"] * COUNT):
        page.keyboard.press(key)
        page.wait_for_function(f"() => Math.min(...({SEEN})()) >= -1.5")
