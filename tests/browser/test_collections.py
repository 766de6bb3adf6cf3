"""Save, and the Collections page, as users do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.application import tiny_app
from support.audit import assert_accessible
from support.served import served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tiny_app(tmp_path_factory.mktemp("collections"), face="1:31")) as address:
        yield address


def titles(page: Page) -> list[str]:
    return page.locator(".lk-edit-title input").evaluate_all("(all) => all.map((one) => one.value)")


def expect_titles(page: Page, *wanted: str) -> None:
    """Wait until the collection that the address names shows these titles: another one may have the same."""
    page.wait_for_function(
        "(wanted) => location.pathname.endsWith(`/${document.querySelector('.lk-collection-head').dataset.slug}`)"
        " && [...document.querySelectorAll('.lk-edit-title input')].map((one) => one.value).join() === wanted",
        arg=",".join(wanted),
    )


def filled(page: Page, site: str, name: str, *seeds: int) -> str:
    """Return the address of a collection with a face of each seed."""
    slug = page.request.post(f"{site}/collections", data={"name": name}).json()["slug"]
    for seed in seeds:
        item = {"kind": "face", "address": f"/?face=1:{seed};Smiling=1", "title": f"Seed {seed}", "note": ""}
        page.request.post(f"{site}/collections/{slug}/items", data=item)
    return f"{site}/collections/{slug}"


def test_a_face_is_saved_found_again_and_unsaved(page: Page, site: str) -> None:
    page.goto(f"{site}/?face=1:7;Smiling=1.2")
    page.locator("#frame:not([data-empty])").wait_for()
    page.locator("body").press("s")
    dialog = page.get_by_role("dialog", name="Save")
    expect(dialog.get_by_label("Title")).to_have_value("Face of seed 7 with Smiling +1.20")
    expect(dialog.get_by_label("Name of the new collection")).to_have_value("Faces")
    assert_accessible(page, "the dialog that saves")
    dialog.get_by_label("Title").fill("She smiles")
    dialog.get_by_label("Note").fill("A little.")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Open collection").click()
    page.wait_for_url("**/collections/faces")
    expect_titles(page, "She smiles")
    page.reload()  # without the message of this save, whose Undo is not the next one's
    expect(page.get_by_label("Note of She smiles")).to_have_value("A little.")
    page.get_by_role("link", name="Open: Face of seed 7").click()
    page.wait_for_url("**/?face=1:7*")
    page.locator("#frame:not([data-empty])").wait_for()
    page.locator("body").press("s")
    dialog.get_by_role("button", name="Save").click()
    page.locator(".lk-toast").filter(has_text="Saved").get_by_role("button", name="Undo").last.click()
    expect(page.locator(".lk-toast").filter(has_text="Not saved")).to_be_visible()
    assert len(page.request.get(f"{site}/collections/faces.json").json()["items"]) == 1


def test_changes_of_title_and_order_and_removals_can_be_undone(page: Page, site: str) -> None:
    page.goto(filled(page, site, "Undo", 1, 2, 3))
    expect_titles(page, "Seed 1", "Seed 2", "Seed 3")
    assert_accessible(page, "a collection")
    page.get_by_label("Title of Seed 1").fill("The first")
    page.get_by_label("Title of Seed 1").press("Enter")
    expect_titles(page, "The first", "Seed 2", "Seed 3")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect_titles(page, "Seed 1", "Seed 2", "Seed 3")
    page.get_by_role("button", name="Move Seed 3: arrow").press("ArrowUp")
    expect_titles(page, "Seed 1", "Seed 3", "Seed 2")
    grip, first = (
        page.locator(selector).bounding_box()
        for selector in (".lk-item:nth-child(3) .lk-grip", ".lk-item:nth-child(1)")
    )
    assert grip
    assert first
    page.mouse.move(grip["x"] + 5, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, first["y"] + 5, steps=4)
    page.mouse.up()
    expect_titles(page, "Seed 2", "Seed 1", "Seed 3")
    page.get_by_role("button", name="Remove Seed 2").click()
    expect_titles(page, "Seed 1", "Seed 3")
    page.locator(".lk-toast").filter(has_text="Seed 2 removed").get_by_role("button", name="Undo").click()
    expect_titles(page, "Seed 2", "Seed 1", "Seed 3")


def test_collections_are_begun_carried_and_removed(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(filled(page, site, "To carry", 5))
    page.get_by_role("button", name="More of To carry").click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name="Export, JSON").click()
    kept.value.save_as(tmp_path / "carried.json")
    assert json.loads((tmp_path / "carried.json").read_text())["name"] == "To carry"
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import").click()
    chooser.value.set_files(tmp_path / "carried.json")
    page.wait_for_url("**/collections/to-carry-2")
    expect_titles(page, "Seed 5")
    page.get_by_role("button", name="More of To carry").click()
    page.get_by_role("menuitem", name="Remove").click()
    page.wait_for_url("**/collections")
    expect(page.locator('.lk-collection-head[data-slug="to-carry-2"]')).to_have_count(0)
    page.locator(".lk-toast").filter(has_text="removed").get_by_role("button", name="Undo").click()
    expect(page.locator('.lk-collection-head[data-slug="to-carry-2"]')).to_be_visible()
    page.get_by_label("Name of a new collection").fill("Empty one")
    page.get_by_label("Name of a new collection").press("Enter")
    expect(page.locator('.lk-collection-head[data-slug="empty-one"]')).to_be_visible()
    expect(page.get_by_text("Nothing saved yet. Save puts the current face here.")).to_be_visible()


def test_what_is_being_typed_stays_when_the_page_is_laid_out_anew(page: Page, site: str) -> None:
    page.goto(filled(page, site, "Two together", 1, 2))
    expect_titles(page, "Seed 1", "Seed 2")
    name, note = page.get_by_label("Name of a new collection"), page.get_by_label("Note of Seed 1")
    for field in (name, note):
        field.fill("Half a")
        shown = page.locator(".lk-collection-head").element_handle()
        page.request.post(f"{site}/collections", data={"name": "By another"})
        page.evaluate("() => likeness.collections.changed()")
        page.wait_for_function("(head) => !head.isConnected", arg=shown)
        expect(field).to_be_focused()
        page.keyboard.type(" word")
        expect(field).to_have_value("Half a word")
    note.press("Tab")
    expect(page.locator(".lk-toast").filter(has_text="Kept")).to_be_visible()
    assert page.request.get(f"{site}/collections/two-together.json").json()["items"][0]["note"] == "Half a word"


def test_who_may_not_save_reads_why(page: Page, tmp_path: Path) -> None:
    with served(tiny_app(tmp_path, write="off")) as address:
        page.goto(address)
        page.locator("#frame:not([data-empty])").wait_for()
        page.locator(".lk-wide-actions").get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog", name="Save")).to_contain_text("LIKENESS_WRITE is off")
        page.goto(f"{address}/collections")
        expect(page.get_by_role("note").last).to_contain_text("LIKENESS_WRITE is off")
        page.goto("about:blank")
