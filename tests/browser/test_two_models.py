"""Two models: complete matrices, beside each other on a wide screen, and no sideways scrolling on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from support.application import runtime_of, tiny_app
from support.models import INCLUDED, write_tiny_model
from support.served import served

from dashboard.jobs.shipped_results import compute, tasks_of
from dashboard.synthesis.model_folder import open_model

DRAWN = """() => {
  const plots = [...document.querySelectorAll("#two-graphs .js-plotly-plot")];
  const drawn = (plot) => plot.querySelector(".hm image") && Math.abs(plot._fullLayout.width - plot.clientWidth) <= 1;
  return plots.length === 3 && plots.every(drawn);
}"""

LIES = """() => [...document.querySelectorAll("#two-graphs .lk-graph-box")].map((box) => {
  const { xaxis, yaxis, meta } = box.querySelector(".js-plotly-plot")._fullLayout;
  const side = Math.min(xaxis._length, yaxis._length) / meta.keys.length;
  const hidden = [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight];
  return { side, hidden, top: Math.round(box.getBoundingClientRect().top) };
})"""
"""Side of a cell, and what is scrolled out of sight across and down, in pixels, for each of the three matrices."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve two models with measured effects of the attributes of the model that ships."""
    folder = tmp_path_factory.mktemp("two")
    app = tiny_app(folder)
    attributes = open_model(INCLUDED).attributes
    for name, seed in (("one", 0), ("two", 5)):
        model = write_tiny_model(runtime_of(app).own_shelf / name, seed=seed, attributes=attributes, bank=0)
        for task in tasks_of(model, 8, 0):
            if task.title == "Measured effects, everything free":
                compute(task, model, lambda *_: None)
    with served(app) as address:
        yield address
    runtime_of(app).close()


def open_both(page: Page, site: str, width: int, height: int) -> None:
    """Open the comparison on a screen of some size, the dock folded, and wait until its matrices are drawn."""
    page.add_init_script("localStorage.setItem('likeness-dock-folded', 'true')")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{site}/directions/models?model=one&other=two")
    page.wait_for_function(DRAWN, timeout=60_000)


@pytest.mark.long
@pytest.mark.parametrize(("width", "beside"), [(1440, False), (1680, True)])
def test_they_are_complete_and_stand_beside_each_other_where_there_is_room(
    page: Page, site: str, width: int, beside: bool
) -> None:
    """The attributes of the model that ships are too many, and their names too long, for two matrices at 1440 px."""
    open_both(page, site, width, 900)
    page.wait_for_function(
        f"""(beside) => {{
          const lies = ({LIES})();
          const complete = ({{ side, hidden }}) => side >= 16 && Math.max(...hidden) <= 1;
          return (lies[0].top === lies[1].top) === beside && lies.every(complete);
        }}""",
        arg=beside,
        timeout=60_000,
    )


def test_on_a_phone_the_page_does_not_scroll_sideways(page: Page, site: str) -> None:
    open_both(page, site, 360, 740)
    page.wait_for_function(
        f"() => document.documentElement.scrollWidth <= innerWidth && ({LIES})().every(({{ side }}) => side >= 16)"
    )
