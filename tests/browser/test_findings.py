"""The findings, as a user opens them on a wide screen, a narrow one and a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.models import write_tiny_model
from support.served import served

from dashboard.jobs.shipped_results import compute, tasks_of

LONG = 120_000
PEOPLE = 60


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a model with measured effects, free and with its targets locked."""
    folder = tmp_path_factory.mktemp("findings")
    model = write_tiny_model(folder / "small", correlation=0.6, bank=60)
    for task in tasks_of(model, PEOPLE, 0):
        if task.title in ("Measured effects, everything free", "Measured effects, Male, Young locked"):
            compute(task, model, lambda *_: None)
    app = tiny_app(folder, model=str(folder / "small"))
    with served(app) as url:
        yield url
    runtime_of(app).close()


def test_beside_the_list_the_card_shows_the_finding_in_every_person(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}/directions?least=0&false=0.2")
    row = page.locator(".lk-found[data-found]").first
    expect(row).to_be_visible(timeout=LONG)
    expect(page.locator("#found-matrix")).to_be_hidden(timeout=LONG)
    row.click()
    expect(page.locator("#found-people-caption")).to_contain_text(f"of {PEOPLE} people", timeout=LONG)
    expect(page.locator("#found-people .scatterlayer .trace")).to_have_count(2, timeout=LONG)
    expect(page.locator("#found-people .scatterlayer .trace").first.locator("path.point")).to_have_count(
        PEOPLE, timeout=LONG
    )
    expect(page.locator("#found-close")).to_be_hidden(timeout=LONG)
    pair = row.get_attribute("data-found")
    expect(page.locator("#found-matrix")).to_have_attribute("href", str(row.get_attribute("href")))
    cell = f"cell={pair}&locked=Male,Young&after=1"
    data = page.request.get(f"{address}/directions/people.csv?{cell}").text().splitlines()
    assert data[0] == "row,face,free,locked"
    assert len(data) == 1 + PEOPLE
    page.wait_for_function("(pair) => new URLSearchParams(location.search).get('found') === pair", arg=pair)


@pytest.mark.long
@pytest.mark.parametrize("width", [1000, 360])
def test_where_there_is_no_room_the_card_is_a_drawer(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{address}/directions?least=0&false=0.2")
    row, panel = page.locator(".lk-found[data-found]").first, page.locator("#found-panel")
    expect(row).to_be_visible(timeout=LONG)
    expect(panel).to_be_hidden(timeout=LONG)
    row.click()
    expect(panel).to_be_visible(timeout=LONG)
    expect(page.locator("#found-people .scatterlayer .trace")).to_have_count(2, timeout=LONG)
    assert_accessible(page, "a finding in its drawer")
    page.wait_for_function(
        "(width) => { const { left, right } = document.getElementById('found-panel').getBoundingClientRect();"
        " return left >= 0 && right <= width; }",
        arg=width,
    )
    page.get_by_role("button", name="Close the finding").click()
    expect(panel).to_be_hidden(timeout=LONG)
    expect(row).to_be_focused(timeout=LONG)
    page.keyboard.press("Enter")
    expect(panel).to_be_focused(timeout=LONG)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden(timeout=LONG)
    expect(row).to_be_focused(timeout=LONG)
    page.wait_for_function("() => !new URLSearchParams(location.search).has('found')")
    page.go_back()
    expect(panel).to_be_visible(timeout=LONG)
    page.reload()
    expect(panel).to_be_visible(timeout=LONG)
    page.locator("#found-matrix").click()
    page.wait_for_url("**/directions/matrix?**")
