"""The tab Reliability, as a user operates it."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.models import write_tiny_model
from support.served import served

from dashboard.entanglement import angles
from dashboard.entanglement import rescoring_results as measured

LONG = 120_000
"""Milliseconds that a separate process may take to start on a busy machine."""

ROWS = ".ag-pinned-left-cols-container .ag-row"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("reliability")
    write_tiny_model(folder / "small", latent_size=32, bank=140)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measured, "BASES", 4)
        patch.setattr(angles, "RESAMPLES", 20)
        app = tiny_app(folder, model=str(folder / "small"))
        with served(app) as url:
            yield url
        runtime_of(app).close()


def laid_out(page: Page, address: str) -> None:
    """Open the tab and wait until the grid has its rows."""
    page.goto(address)
    page.locator(ROWS).first.wait_for(timeout=LONG)


@pytest.mark.long
def test_rows_are_sorted_filtered_and_found_and_the_link_says_how(page: Page, address: str) -> None:
    laid_out(page, f"{address}/directions/reliability")
    expect(page.locator("#table-count")).to_have_text("8 directions")
    expect(page.locator(ROWS)).to_have_count(8)
    assert_accessible(page, "the table before anything is measured")
    page.locator('.ag-header-cell[col-id="scorer"] .ag-header-cell-text').click()
    page.wait_for_function("() => location.search.includes('sort=scorer-desc')")
    expect(page.locator(f'{ROWS}[row-index="0"] strong')).to_have_text("Male")
    page.get_by_role("textbox", name="Find a direction or a group").fill("expression")
    page.wait_for_function("() => location.search.includes('find=expression')")
    expect(page.locator("#table-count")).to_have_text("2 of 8 directions")
    page.go_back()
    expect(page.locator("#table-count")).to_have_text("8 directions")
    laid_out(page, f"{address}/directions/reliability?sort=scorer-asc&filter=scorer:greaterThan:0.8")
    expect(page.locator("#table-count")).to_have_text("5 of 8 directions")
    expect(page.locator(f'{ROWS}[row-index="0"] strong')).to_have_text("Light Left")
    page.wait_for_function("() => document.getElementById('table-csv').href.includes('rows=Light_Left')")
    with urllib.request.urlopen(page.locator("#table-csv").evaluate("link => link.href")) as answer:
        lines = answer.read().decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["Light_Left", "Yaw", "Eyeglasses", "Smiling", "Male"]


@pytest.mark.long
def test_a_group_and_the_columns_are_chosen_and_the_link_says_which(page: Page, address: str) -> None:
    laid_out(page, f"{address}/directions/reliability")
    page.get_by_role("textbox", name="Group", exact=True).click()
    page.get_by_role("option", name="Expression").click()
    expect(page.locator("#table-count")).to_have_text("2 of 8 directions")
    page.wait_for_function("() => location.search.includes('filter=group:equals:Expression')")
    heading = page.locator('.ag-header-cell[col-id="angle_high"]')
    expect(heading).to_have_count(1)
    page.get_by_role("button", name="Columns").click()
    assert_accessible(page, "the columns")
    page.get_by_role("checkbox", name="Angle, 95 %").uncheck()
    expect(heading).to_have_count(0)
    page.wait_for_function("() => location.search.includes('hide=angle_high')")
    page.keyboard.press("Escape")
    page.reload()
    page.locator(ROWS).first.wait_for(timeout=LONG)
    expect(page.locator("#table-count")).to_have_text("2 of 8 directions")
    expect(heading).to_have_count(0)
    expect(page.get_by_role("textbox", name="Group", exact=True)).to_have_value("Expression")
    page.get_by_role("button", name="Columns").click()
    expect(page.get_by_role("checkbox", name="Angle, 95 %")).not_to_be_checked()
    page.get_by_role("checkbox", name="Angle, 95 %").check()
    expect(heading).to_have_count(1)
    page.wait_for_function("() => !location.search.includes('hide=')")
    page.go_back()
    expect(heading).to_have_count(0)


@pytest.mark.parametrize("filter", ["scorer:greaterThan:much", "title:inRange:a:b"])
def test_an_empty_filter_does_not_change_the_table(page: Page, address: str, filter: str) -> None:
    laid_out(page, f"{address}/directions/reliability?filter={filter}")
    expect(page.locator("#table-count")).to_have_text("8 directions")
    page.get_by_role("textbox", name="Group", exact=True).click()
    page.get_by_role("option", name="Expression").click()
    page.wait_for_function("() => location.search.includes('group:equals:Expression')")


@pytest.mark.long
def test_what_is_chosen_while_a_link_is_restored_is_applied_after_it(page: Page, address: str) -> None:
    """A view is restored over several frames; here each takes a second."""
    page.add_init_script("""(() => {
      const frame = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (then) => frame(() => setTimeout(() => then(performance.now()), 1000));
    })()""")
    laid_out(page, f"{address}/directions/reliability?sort=scorer-desc")
    page.get_by_role("textbox", name="Group", exact=True).click()
    page.get_by_role("option", name="Expression").click()
    page.wait_for_function("() => location.search.includes('group:equals:Expression')")
    assert "sort=scorer-desc" in page.url
    page.reload()
    page.locator(ROWS).first.wait_for(timeout=LONG)
    page.get_by_role("textbox", name="Find a direction or a group").fill("mouth")
    page.wait_for_function("() => location.search.includes('find=mouth')")
    page.get_by_role("textbox", name="Find a direction or a group").fill("")
    page.wait_for_function("() => !location.search.includes('find=')")
    expect(page.locator("#table-count")).to_have_text("2 of 8 directions")
    page.reload()
    page.locator(ROWS).first.wait_for(timeout=LONG)
    page.locator('.ag-header-cell[col-id="title"]').click()
    page.wait_for_function("() => location.search.includes('sort=title-asc')")
    assert "group:equals:Expression" in page.url


@pytest.mark.long
def test_the_keys_lead_to_the_slider_and_to_the_row_of_the_matrix(page: Page, address: str) -> None:
    laid_out(page, f"{address}/directions/reliability?sort=scorer-desc")
    expect(page.locator(f'{ROWS}[row-index="0"] strong')).to_have_text("Male")
    page.get_by_role("link", name="Go to the slider of Young").click()
    expect(page.locator('.lk-row[data-name="Young"]').get_by_role("slider")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lk-table-pinned")).to_have_count(1)
    page.locator(f'{ROWS}[row-index="0"] .ag-cell[col-id="title"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/directions?*cell=Smiling,*")
    expect(page.locator(".lk-cell-title")).to_have_attribute("aria-label", "Smiling on Light Left", timeout=LONG)


@pytest.mark.long
def test_what_is_not_measured_is_offered_and_fills_its_columns(page: Page, address: str) -> None:
    laid_out(page, f"{address}/directions/reliability")
    expect(page.locator("#table-cards .lk-job")).to_have_count(3)
    expect(page.locator('.ag-cell[col-id="angle_high"] .lk-table-none')).to_have_count(8)
    page.get_by_role("button", name="Compute", exact=True).click()
    expect(page.locator('.ag-cell[col-id="angle_high"] .lk-table-none')).to_have_count(0, timeout=LONG)
    page.get_by_role("button", name="Measure", exact=True).first.click()
    expect(page.locator(".lk-table-leaks")).to_have_count(8, timeout=LONG)
    expect(page.locator("#table-cards .lk-job")).to_have_count(1, timeout=LONG)
    expect(page.locator("#table-how")).to_contain_text("4 bases")
    expect(page.locator('.ag-cell[col-id="left"] .lk-table-none')).to_have_count(8)
    assert_accessible(page, "the table with angles and leakage")


def test_on_a_phone_the_table_scrolls_by_itself(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    laid_out(page, f"{address}/directions/reliability")
    expect(page.locator(ROWS)).to_have_count(8)
    page.wait_for_function(
        "() => { const part = document.querySelector('.ag-center-cols-viewport');"
        " return document.documentElement.scrollWidth <= 390 && part.scrollWidth > part.clientWidth; }"
    )


def test_other_pages_do_not_load_the_grid(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/directions/matrix")
    page.locator("#matrix-box[role=application] .lk-over").wait_for(state="attached")
    assert not [url for url in asked if "ag_grid" in url or "async-community" in url]
