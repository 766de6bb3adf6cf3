"""Scores by others, as a user imports them; and axe in every state of the form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.models import write_tiny_model
from support.score_tables import write_score_tables
from support.served import served

PATIENCE = 120_000
"""Milliseconds that a busy machine may take."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """Yield a dashboard's address, a manifest and a table of scores."""
    folder = tmp_path_factory.mktemp("scores")
    model = write_tiny_model(folder / "small")
    app = tiny_app(folder, model=str(folder / "small"))
    with served(app) as url:
        yield url, *write_score_tables(model, folder, 2)
    runtime_of(app).close()


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_scores_are_imported_removed_and_brought_back(
    page: Page, site: tuple[str, Path, Path], scheme: Literal["light", "dark"], width: int
) -> None:
    url, manifest, scores = site
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{url}/directions/reliability")
    page.locator(".ag-pinned-left-cols-container .ag-row").first.wait_for(timeout=PATIENCE)
    form = page.get_by_role("region", name="Scores by others")
    message = form.get_by_role("status")
    start = form.get_by_role("button", name="Import", exact=True)
    start.scroll_into_view_if_needed()
    start.click()
    expect(message).to_have_text("Enter a name first: whose scores are they?")
    expect(form.get_by_label("Whose scores")).to_be_focused()
    assert_accessible(page, "no name")
    form.get_by_label("Whose scores").fill("Theirs")
    start.click()
    expect(message).to_have_text("Choose a table of scores.")
    assert_accessible(page, "no file")
    for name, file in (("Manifest", manifest), ("Scores", scores)):
        with page.expect_file_chooser() as choosing:
            form.get_by_role("button", name=name).click()
        choosing.value.set_files(file)
        expect(form.get_by_role("button", name=f"{name} {file.name}")).to_be_visible()
    assert_accessible(page, "files chosen")
    start.click()
    expect(message).to_contain_text("Theirs:", timeout=PATIENCE)
    expect(form.locator("#scores-kept li")).to_contain_text("Theirs")
    assert_accessible(page, "imported")
    form.get_by_role("button", name="Remove Theirs").click()
    expect(message).to_contain_text("Theirs removed.")
    expect(form.locator("#scores-kept li")).to_have_count(0)
    assert_accessible(page, "removed")
    form.get_by_role("button", name="Undo").click()
    expect(message).to_have_text("Theirs is back.")
    expect(form.locator("#scores-kept li")).to_have_count(1)
    form.get_by_role("button", name="Remove Theirs").click()
    expect(message).to_contain_text("Theirs removed.")
