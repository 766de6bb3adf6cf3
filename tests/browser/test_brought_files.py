"""One upload of each kind of file through the pages: its summary, what is stored, what is rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, expect
from support.application import tiny_app
from support.audit import assert_accessible
from support.brought import direction_files, label_files, latent_files, line, npz, rows, text, wrong_files, wrong_labels
from support.served import served

L = 512
PATIENCE = 120_000

LATENTS = {
    "index and names": ["60 of them", "only numbers the rows"],
    "decimal commas": ["semicolon", "decimal comma"],
    "utf-16": ["UTF-16"],
    "three columns": ["age", "site", "a 30 · b 30", "score"],
    "row of nan": ["1 row left out", "Line 8 is not finite"],
    "equal layers": ["18 equal layers, taken once"],
    "fifty equal rows": ["10 distinct rows of 60"],
    "text as labels": ["a 30 · b 30"],
    "safetensors, bfloat16": ["float32"],
}
"""Files of latents, with the dialog's text for each."""

WRONG = ["complex", "pickle", "lfs", "html", "other layers", "npy cut off"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tiny_app(tmp_path_factory.mktemp("brought"), uploads_per_hour=0)) as address:
        yield address


def give(page: Page, button: str | Locator, name: str, content: bytes) -> None:
    """Choose a file with the keyboard."""
    with page.expect_file_chooser() as chooser:
        (page.get_by_role("button", name=button, exact=True) if isinstance(button, str) else button).press("Enter")
    chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def dialog_of(page: Page) -> Locator:
    dialog = page.locator("dialog.lk-file")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    return dialog


@pytest.mark.long
def test_a_file_of_latents_of_each_kind_is_described(page: Page, running: str) -> None:
    page.goto(f"{running}/latent-space")
    page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=PATIENCE)
    files = latent_files(L)
    for kind, words in LATENTS.items():
        page.get_by_role("button", name="Upload latents").press("Enter")
        give(page, "Choose a file", "file", files[kind])
        dialog = dialog_of(page)
        for each in words[1:] if words[0] == "60 of them" else words:
            expect(dialog).to_contain_text(each)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    wrong = wrong_files(L)
    for kind in WRONG:
        page.get_by_role("button", name="Upload latents").press("Enter")
        give(page, "Choose a file", "file", wrong[kind][0])
        expect(page.locator("#latents-problem")).to_contain_text(re.compile(wrong[kind][1]), timeout=PATIENCE)
        page.keyboard.press("Escape")


@pytest.mark.long
def test_categories_are_chosen_kept_in_the_link_and_named_where_they_are_gone(page: Page, running: str) -> None:
    page.goto(f"{running}/latent-space")
    page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=PATIENCE)
    lines = [f"{line(row)},{'abcdefgh'[k % 8]}, of {k % 8}" for k, row in enumerate(rows(L))]
    content = text([f"{','.join(f'z{k}' for k in range(L))},kind,more", *lines])
    page.get_by_role("button", name="Upload latents").press("Enter")
    give(page, "Choose a file", "Kinds.csv", content)
    dialog_of(page).get_by_role("button", name="Keep 60 rows").press("Enter")
    groups = "() => likeness.scatter.sample?.ink.groups.join('|') === "
    page.wait_for_function(f"{groups} 'a|b|c|d|e|other (3 values)'", timeout=PATIENCE)
    field = page.get_by_label("Categories with a colour of their own").and_(page.locator("input"))
    field.press("h")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function(f"{groups} 'h|other (7 values)'", timeout=PATIENCE)
    page.wait_for_function("() => new URLSearchParams(location.search).get('categories') === 'h'")
    assert_accessible(page, "categories that were chosen")
    link = page.url
    page.goto(link.replace("categories=h", "categories=b,h"))
    page.wait_for_function(f"{groups} 'b|h|other (6 values)'", timeout=PATIENCE)
    page.goto(link.replace("categories=h", "categories=h,nothing"))
    expect(page.locator(".lk-toast")).to_contain_text("Received: nothing", timeout=PATIENCE)
    page.wait_for_function(f"{groups} 'h|other (7 values)'", timeout=PATIENCE)


def own(page: Page, running: str) -> None:
    page.goto(f"{running}/directions/own")
    expect(page.locator("#user-directions")).to_have_attribute("data-open", "true", timeout=PATIENCE)


def test_a_file_of_directions_of_each_kind_is_described(page: Page, running: str) -> None:
    own(page, running)
    files = direction_files(L)
    message = page.locator("#user-direction-message")
    give(page, "Import", "smile_boundary.npy", files["InterFaceGAN (1, L)"][0])
    expect(message).to_contain_text("1 imported: smile boundary", timeout=PATIENCE)
    for kind in ("GANSpace", "named vectors", "one all zero", "titles of columns"):
        give(page, "Import", "smile_boundary", files[kind][0])
        dialog = dialog_of(page)
        for title in files[kind][1]:
            expect(dialog).to_contain_text(title)
        if kind == "one all zero":
            expect(dialog).to_contain_text("Left out, since all zero or not finite: age.")
        page.keyboard.press("Escape")
        expect(message).to_contain_text("Nothing was imported", timeout=PATIENCE)
    for kind in ("pickle", "complex", "lfs"):
        give(page, "Import", "x", wrong_files(L)[kind][0])
        expect(message).to_contain_text(re.compile(wrong_files(L)[kind][1]), timeout=PATIENCE)


def test_a_file_of_labels_of_each_kind_is_described_before_a_direction_is_kept(page: Page, running: str) -> None:
    own(page, running)
    files: dict[str, Any] = label_files(L)
    message, made = page.locator("#user-direction-message"), page.locator("#user-direction-made")
    for kind in ("scores", "blanks", "z and y", "minus one", "text in an array"):
        give(page, "From labels", f"{kind}.csv", files[kind][0])
        dialog = dialog_of(page)
        expect(dialog).to_contain_text(files[kind][1])
        assert_accessible(page, "what labels say") if kind == "blanks" else None
        page.keyboard.press("Escape")
        expect(message).to_contain_text("Nothing was kept", timeout=PATIENCE)
    give(page, "From labels", "x.csv", wrong_labels(L)["a word among numbers"][0])
    expect(message).to_contain_text('"old" in line 8, column 2 (age)', timeout=PATIENCE)
    give(page, "From labels", "x.csv", wrong_labels(L)["no face"][0])
    expect(message).to_contain_text("Line 5", timeout=PATIENCE)
    expect(made).not_to_contain_text("faces against")

    give(page, "From labels", "moods.npz", npz(latents=rows(L), mood=rows(L)[:, 0] > 0, kind=rows(L)[:, 0].round()))
    dialog = dialog_of(page)
    expect(dialog).to_contain_text("Name it")
    expect(dialog.get_by_role("button", name="Keep the direction")).to_be_disabled()
    dialog.get_by_label("Labels").select_option("mood")
    expect(dialog).to_contain_text("1 is 1 (32), 0 is 0 (28).", timeout=PATIENCE)
    dialog.get_by_label("1 is").select_option("0")
    expect(dialog).to_contain_text("1 is 0 (28), 0 is 1 (32).", timeout=PATIENCE)
    dialog.get_by_label("Name").fill("Other mood")
    dialog.get_by_role("button", name="Keep the direction").press("Enter")
    expect(message).to_contain_text("1 is 0 (28), 0 is 1 (32). 28 faces against 32", timeout=PATIENCE)
    expect(made).to_contain_text("Other mood", timeout=PATIENCE)


GONE = "0" * 32
LINKS = {
    f"/latent-space?space=set-{GONE}&colour=column:age&categories=a": "uploaded set",
    f"/latent-space?space=set-{GONE}&method=umap&faces=60": "uploaded set",
    f"/latent-space?sel=1~set-{GONE}.pca.1.2~60~10~0_0_1_0_1_1": "uploaded set",
    "/directions/matrix?cell=Nope,Smiling": "Received: Nope",
    "/directions?about=Nope": "Received: Nope",
    f"/?face=1:7;own~{GONE}=2": "Expected a direction that is kept here",
    f"/?face=1:latent~{GONE}.3": "There is no stored latent",
    f"/compare?faces=1:latent~{GONE}!1:8": "There is no stored latent",
    "/collections/gone": "Expected a collection that is here",
    "/latent-space?model=gone": "Expected a model that is here",
}
"""Links to missing items, with the message for each."""


@pytest.mark.long
def test_a_link_to_what_is_gone_says_so_and_no_callback_fails(page: Page, running: str) -> None:
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if _failed_callback(answer) else None)
    for link, words in LINKS.items():
        page.goto(running + link)
        expect(page.locator("body")).to_contain_text(words, timeout=PATIENCE)
        page.wait_for_timeout(1500)  # failing callbacks fail immediately; some pages never become idle
        said = page.get_by_text(words).filter(visible=True)
        assert said.and_(page.locator(".lk-toast *")).count() == 0 or said.count() == 1, f"{link}: said in a toast, too"
    assert not failed


def _failed_callback(answer: Response) -> bool:
    asked = answer.url.split("?")[0]
    return answer.status >= 400 and ("_dash-update-component" in asked or "/_answers/" in asked)
