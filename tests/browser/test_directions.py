"""The Directions page, as a user operates it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.models import ATTRIBUTES, write_tiny_model
from support.served import served

from dashboard.entanglement import rescoring_results as measured
from dashboard.synthesis.manifest import Attribute

SKIN = Attribute("Skin_Tone", "Person", "continuous", (-3.0, 3.0), {"r2": 0.9})
LONG = 120_000
"""Milliseconds that a separate process may take to start and to measure a few bases on a busy machine."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("directions")
    write_tiny_model(folder / "small", attributes=(*ATTRIBUTES, SKIN), correlation=0.6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measured, "BASES", 6)
        app = tiny_app(folder, model=str(folder / "small"))
        with served(app) as url:
            yield url
        runtime_of(app).close()


def drawn(page: Page, title: str = "Cosine") -> None:
    """Wait until the matrix is drawn and takes keys."""
    expect(page.locator("#matrix-title")).to_have_text(title, timeout=LONG)
    page.locator("#matrix-box[role=application] .lk-over").wait_for(state="attached", timeout=LONG)


def test_a_person_reads_the_matrix_with_the_keys_and_opens_a_cell(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/matrix?order=name")
    drawn(page)
    assert_accessible(page, "the matrix")
    page.locator("#matrix-box").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    finding = page.locator("#matrix-cell")
    expect(finding).to_contain_text("→")
    cell = (finding.text_content() or "").split(":")[0].replace(" → ", " on ")
    page.keyboard.press("Enter")
    expect(page.locator(".lk-cell-title")).to_have_attribute("aria-label", cell)
    page.wait_for_function("() => location.search.includes('cell=')")
    expect(page.locator(".lk-traversal-row img")).to_have_count(20)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.lk-traversal-row img')].every((image) => image.naturalWidth)"
    )
    page.get_by_role("button", name="The reversed pair").click()
    expect(page.locator(".lk-cell-title")).to_have_attribute("aria-label", " on ".join(reversed(cell.split(" on "))))
    page.go_back()
    expect(page.locator(".lk-cell-title")).to_have_attribute("aria-label", cell)


def test_moving_a_slider_marks_its_row_immediately(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/matrix")
    drawn(page)
    expect(page.locator(".lk-row-moved")).to_have_count(0)
    page.locator('.lk-row[data-name="Smiling"]').get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lk-row-moved")).to_have_count(1)
    expect(page.locator("#matrix-box")).to_have_attribute("data-marked", "Smiling")


def test_what_is_among_the_added_sliders_is_a_row_until_it_is_taken_off(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/matrix?face=1:7;pc~scores.1=1")
    drawn(page)
    rows = page.locator("#matrix .ytick")
    expect(rows.filter(has_text="Scores, PC 1")).to_have_count(1, timeout=LONG)
    page.evaluate("() => likeness.addDirection('sefa~1')")
    expect(rows.filter(has_text="SeFa 1")).to_have_count(1, timeout=LONG)
    page.locator(".lk-row[data-name='sefa~1'] .lk-remove-direction").press("Enter")
    expect(rows.filter(has_text="SeFa 1")).to_have_count(0, timeout=LONG)
    expect(rows.filter(has_text="Scores, PC 1")).to_have_count(1)


def test_kind_order_and_locks_stand_in_the_address_and_come_back(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/matrix")
    drawn(page)
    page.get_by_text("Scores in the bank").first.click()
    drawn(page, "Scores in the bank")
    page.wait_for_function("() => location.search.includes('matrix=scores')")
    page.get_by_role("textbox", name="Locked attributes").click()
    page.get_by_role("option", name="Male").click()
    page.keyboard.press("Escape")
    page.get_by_text("After locking").click()
    expect(page.locator("#matrix-caption")).to_contain_text("1 locked")
    page.wait_for_function("() => location.search.includes('locked=Male') && location.search.includes('after=1')")
    page.reload()
    drawn(page, "Scores in the bank")
    expect(page.locator("#matrix-caption")).to_contain_text("partial correlation")
    page.go_back()
    expect(page.locator("#matrix-caption")).not_to_contain_text("locked")


def test_effects_are_measured_and_the_audit_reads_them(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/matrix?matrix=effect&cell=Smiling,Male")
    page.get_by_role("button", name="Measure", exact=True).click()
    expect(page.locator("#matrix-caption")).to_contain_text("6 bases", timeout=LONG)
    drawn(page, "Measured effect")
    expect(page.locator("#matrix-instead .lk-job")).to_have_count(0)
    expect(page.locator("#curves-caption")).to_contain_text("6 people")
    assert_accessible(page, "a measured cell")
    page.goto(f"{address}/directions/matrix?face=1:7;sefa~1=1&matrix=effect&cell=sefa~1,Male")
    card = page.locator("#matrix-instead .lk-job")
    expect(card).to_contain_text("Measured effect of SeFa 1", timeout=LONG)
    expect(page.locator("#curves-title")).to_have_text("Along SeFa 1")
    card.get_by_role("button", name="Measure", exact=True).click()
    expect(card).to_have_count(0, timeout=LONG)
    expect(page.locator("#curves-caption")).to_contain_text("6 people", timeout=LONG)
    expect(page.locator(".lk-cell-finding")).to_contain_text("the score of Male")
    answer = page.request.get(f"{address}/directions/curves.csv?model=small&matrix=effect&cell=sefa~1,Male")
    shares = "Male_present,Male_present_low,Male_present_high"
    assert answer.text().splitlines()[0].endswith(f"step,Male_mean,Male_p16,Male_p84,{shares}")
    page.get_by_role("link", name="Bias audit").click()
    expect(page.locator(".lk-audit-how")).to_contain_text("of 6 sliders")
    page.get_by_role("button", name="Measure", exact=True).click()
    expect(page.locator("#audit-cards .lk-job")).to_have_count(0, timeout=LONG)
    expect(page.locator(".lk-audit-table tbody tr")).to_have_count(6)
    expect(page.locator(".lk-spread-locked")).to_have_count(18)
    assert_accessible(page, "the audit")
    page.emulate_media(media="print")
    for gone in (".lk-navbar", ".lk-header", "#dock", ".lk-tabs", ".lk-audit-tools"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".lk-audit-table")).to_be_visible()
