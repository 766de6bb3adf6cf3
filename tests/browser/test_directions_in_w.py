"""Make your own, on a StyleGAN without directions: the space of a file's directions, and directions of scores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.score_tables import write_face_scores
from support.served import served
from support.stylegan_models import imported_stylegan

PATIENCE = 120_000
"""Milliseconds that a busy machine may take."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """Yield a dashboard's address, scores of faces, and their manifest."""
    folder = tmp_path_factory.mktemp("in-w")
    model = imported_stylegan("stylegan2", folder, z=10, w=10)
    app = tiny_app(folder / "home", model=str(model.path))
    with served(app) as address:
        yield address, *write_face_scores(model, folder)
    runtime_of(app).close()


def open_page(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/own")
    expect(page.locator("#user-directions")).to_have_attribute("data-open", "true", timeout=PATIENCE)


def choose(page: Page, button: Locator, file: str | Path | dict) -> None:
    with page.expect_file_chooser() as choosing:
        button.press("Enter")
    choosing.value.set_files(file)  # type: ignore[arg-type]


def test_the_space_of_directions_is_chosen(page: Page, site: tuple[str, Path, Path]) -> None:
    open_page(page, site[0])
    content = ",".join(f"{k}.5" for k in range(10)).encode()
    button = page.get_by_role("button", name="Import", exact=True)
    choose(page, button, {"name": "smile.csv", "mimeType": "text/csv", "buffer": content})
    dialog = page.locator("dialog.lk-file")
    space = dialog.get_by_label("These directions are in")
    expect(space).to_have_value("w", timeout=PATIENCE)
    expect(dialog).to_contain_text("Taken as directions in w")
    assert_accessible(page, "the space of directions")
    space.select_option("z")
    expect(dialog).not_to_contain_text("Taken as directions", timeout=PATIENCE)
    expect(space).to_have_value("z")
    dialog.get_by_role("button", name="Keep 1 direction").press("Enter")
    expect(dialog).to_have_count(0)
    made = page.locator("#user-direction-made li").filter(has_text="In z. Sliders of this model move in w")
    expect(made).to_have_count(1)


def test_scores_of_faces_become_directions(page: Page, site: tuple[str, Path, Path]) -> None:
    address, scores, manifest = site
    open_page(page, address)
    form = page.get_by_role("region", name="Scores of faces")
    message = form.get_by_role("status")
    start = form.get_by_role("button", name="Make directions")
    start.press("Enter")
    expect(message).to_have_text("Choose a table of scores.")
    for name, file in (("Manifest", manifest), ("Scores", scores)):
        choose(page, form.get_by_role("button", name=name), file)
        expect(form.get_by_role("button", name=f"{name} {file.name}")).to_be_visible()
    assert_accessible(page, "files of scores")
    start.press("Enter")
    expect(message).to_contain_text(
        "2 directions, listed above: 400 faces, scores of old age, Smiling", timeout=PATIENCE
    )
    made = page.locator("#user-direction-made li").filter(has_text="faces with scores; correlation")
    expect(made).to_have_count(2)
    expect(made.filter(has_text="Smiling").get_by_role("button", name="Add as slider")).to_be_visible()
