"""A long job as a user sees it: started from its card, watched, cancelled, left and found again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import pytest
from dash import Input, Output, html
from playwright.sync_api import Browser, Page, expect
from support.application import tiny_app
from support.audit import assert_accessible
from support.jobs import KIND, small_kind
from support.served import served

from dashboard import jobs
from dashboard.components.job_card import job_card
from dashboard.components.shell import page as shell_page

PATIENCE = 120_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Yield a dashboard with an additional page with a card, and the folder of the file that the job waits for."""
    folder = tmp_path_factory.mktemp("jobs")
    with small_kind():
        app = tiny_app(folder)
        dash.register_page(
            "jobs_card", path="/card", name="Card", layout=lambda number="0", **_: _layout(folder, number)
        )
        app.callback(Output("rough", "children"), Input("small-job", "data"), prevent_initial_call=True)(_rough)
        try:
            with served(app) as address:
                yield address, folder
        finally:
            dash.page_registry.pop("jobs_card")


def _layout(folder: Path, number: str) -> Any:
    params = {"until": str(folder / "go"), "number": int(number)}
    card = job_card("small", KIND, "A small thing", "It is made in a moment.", "tiny", params)
    return shell_page("Card", html.Div([card, html.P(id="rough")]))


def _rough(job: Any) -> str:
    """Return the result so far."""
    return str(jobs.result(job["id"])["number"][0]) if job and job["stage"] else ""


def test_a_job_is_started_watched_and_cancelled(page: Page, site: tuple[str, Path]) -> None:
    address, _ = site
    page.goto(f"{address}/card")
    page.get_by_role("button", name="Compute").click()
    bar = page.get_by_role("progressbar", name="A small thing")
    expect(bar).to_have_attribute("aria-valuenow", "50", timeout=PATIENCE)
    expect(page.get_by_text("Half of it")).to_be_visible()
    expect(page.get_by_role("status").first).to_have_text("A small thing: 50 percent")
    assert_accessible(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Compute")).to_be_visible()


def test_a_job_survives_a_reload_and_tells_of_its_end_elsewhere(page: Page, site: tuple[str, Path]) -> None:
    address, folder = site
    page.goto(f"{address}/card")
    page.get_by_role("button", name="Compute").click()
    bar = page.get_by_role("progressbar", name="A small thing")
    expect(bar).to_have_attribute("aria-valuenow", "50", timeout=PATIENCE)
    page.reload()
    expect(bar).to_have_attribute("aria-valuenow", "50", timeout=PATIENCE)
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About", level=1)).to_be_visible(timeout=PATIENCE)
    (folder / "go").touch()
    expect(page.get_by_text("A small thing: done")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Show").click()
    expect(page.get_by_role("heading", name="Card", level=1)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("#small")).to_have_attribute("data-state", "done", timeout=PATIENCE)  # it was stored


def test_whoever_opens_the_page_sees_and_joins_running_work(
    page: Page, site: tuple[str, Path], browser: Browser
) -> None:
    address, folder = site
    (folder / "go").unlink(missing_ok=True)
    page.goto(f"{address}/card?number=2")
    expect(page.locator(".lk-job-duration")).to_contain_text("Takes", timeout=PATIENCE)
    page.get_by_role("button", name="Compute").click()
    other = browser.new_context().new_page()
    other.goto(f"{address}/card?number=2")
    bar = other.get_by_role("progressbar", name="A small thing")
    expect(bar).to_have_attribute("aria-valuenow", "50", timeout=PATIENCE)
    expect(other.get_by_text("Started in another window")).to_be_visible()
    expect(other.get_by_role("button", name="Cancel")).to_be_hidden()
    assert_accessible(other)
    expect(other.locator("#rough")).to_have_text("2", timeout=PATIENCE)
    page.get_by_role("button", name="Cancel").click()  # the caller cancels it, for the observer too
    expect(other.get_by_role("button", name="Compute")).to_be_visible(timeout=PATIENCE)
    other.get_by_role("button", name="Compute").click()
    page.reload()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "50", timeout=PATIENCE)
    (folder / "go").touch()
    for each in (page, other):
        expect(each.locator("#small")).to_have_attribute("data-state", "done", timeout=PATIENCE)
    page.goto(f"{address}/card?number=3")
    expect(page.locator(".lk-job-duration")).to_have_text(re.compile(r"on this machine\.|moment\."), timeout=PATIENCE)
    other.context.close()
