"""The models page, as a user operates it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.file_server import FileServer, file_server
from support.generator_page import GeneratorPage
from support.models import write_tiny_model
from support.official_models import directions_bytes, network_bytes, small_catalogue
from support.served import served

from dashboard.serving.downloads import Fetches
from dashboard.synthesis.human_units import megabytes
from dashboard.synthesis.transfer import CHUNK
from dashboard.web.security import EXTENSION

NETWORK = network_bytes()


class Site:
    """A dashboard with an included model, an imported one and one that can be fetched, in a browser."""

    def __init__(self, page: Page, address: str, app: Any, server: FileServer) -> None:
        self.page, self.address, self.server = page, address, server
        self.app, self.runtime = app, runtime_of(app)

    def reset(self, **settings: Any) -> None:
        """Restore the initial state, with other settings of write permission."""
        runtime = self.runtime
        runtime.fetches.close()
        for name in runtime.names():
            runtime.close_model(name)
        shutil.rmtree(runtime.own_shelf, ignore_errors=True)
        for left in ("downloads", "accepted-licences.json"):
            path = runtime.settings.home / left
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        runtime.fetches = Fetches(runtime.own_shelf, runtime.settings.home / "downloads")
        write_tiny_model(runtime.own_shelf / "studio-32", seed=3, scorer=False, bank=0)
        self.server.moods, self.server.asked = [], []
        changed = runtime.settings.model_copy(update={"write": "secret", **settings})
        runtime.settings = self.app.server.extensions[EXTENSION] = changed

    def open(self, path: str = "/models") -> Site:
        self.page.goto(self.address + path)
        self.page.locator("#models-list, #generator").first.wait_for()
        return self

    def row(self, name: str) -> Locator:
        return self.page.locator(f'.lk-model[data-name="{name}"]')

    def expect_state(self, name: str, words: str) -> None:
        expect(self.row(name).locator(".lk-state")).to_have_text(words)

    def press(self, name: str, words: str) -> None:
        self.row(name).get_by_role("button", name=words).click()

    def toast(self, words: str) -> None:
        expect(self.page.locator(".lk-toast").filter(has_text=words)).to_be_visible()

    def choose(self, button: Locator, *files: tuple[str, bytes]) -> None:
        with self.page.expect_file_chooser() as chooser:
            button.click()
        chooser.value.set_files(
            [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
        )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any, FileServer]]:
    app = tiny_app(tmp_path_factory.mktemp("models"))
    with file_server(NETWORK) as server, served(app) as address:
        runtime_of(app).catalogue = small_catalogue(server)
        yield address, app, server


@pytest.fixture
def site(page: Page, running: tuple[str, Any, FileServer]) -> Iterator[Site]:
    site = Site(page, *running)
    site.reset()
    yield site
    if page.url.startswith("http"):
        page.evaluate("() => sessionStorage.clear()")


def test_a_model_is_fetched_once_its_licence_is_accepted(site: Site) -> None:
    page = site.open().page
    site.expect_state("famous-32", "Not fetched")
    site.server.moods = ["stalls"]
    site.press("famous-32", "Fetch")
    licence = page.get_by_role("dialog", name="Licence CC BY-NC 4.0")
    expect(licence).to_contain_text("Name the author, and sell nothing.")
    assert_accessible(page, "the licence")
    licence.get_by_role("button", name="Close").click()
    expect(licence).to_be_hidden()
    site.expect_state("famous-32", "Not fetched")
    assert site.server.asked == []
    site.press("famous-32", "Fetch")
    licence.get_by_role("button", name="Accept and fetch").click()
    site.expect_state("famous-32", "Fetching")
    come = len(NETWORK) // 2 // CHUNK * CHUNK
    expect(site.row("famous-32")).to_contain_text(f"{megabytes(come)} of {megabytes(len(NETWORK))}")
    assert_accessible(page, "a fetch on its way")
    page.reload()  # leaving the page does not end the download
    site.expect_state("famous-32", "Fetching")
    site.press("famous-32", "Cancel")
    site.expect_state("famous-32", "Not fetched")
    site.server.release()
    site.server.moods = ["stalls"]
    site.press("famous-32", "Fetch")
    page.get_by_role("link", name="About").click()
    page.get_by_role("heading", name="About", level=1).wait_for()
    while len(site.server.asked) < 2:
        page.wait_for_timeout(20)
    site.server.release()
    site.toast("famous-32 has been fetched: see the Models page.")
    page.go_back()
    site.expect_state("famous-32", "No directions")
    assert int(str(site.server.asked[-1]).removeprefix("bytes=").removesuffix("-")) >= come


def test_a_wrong_file_is_reported_in_the_row_and_tried_again(site: Site) -> None:
    site.runtime.acceptances.accept("CC BY-NC 4.0")
    site.open()
    site.server.moods = ["html"]
    site.press("famous-32", "Fetch")
    expect(site.row("famous-32")).to_contain_text("Received: an HTML page of 14 kB. Nothing was kept.")
    site.press("famous-32", "Try again")
    site.expect_state("famous-32", "No directions")


def test_a_file_is_imported_with_its_directions_and_makes_faces(site: Site) -> None:
    page = site.open().page
    files = ("My network (1).pkl", NETWORK), ("directions.pkl", directions_bytes())
    site.choose(page.get_by_role("button", name="Import a file"), *files)
    dialog = page.get_by_role("dialog", name="Import a model")
    expect(dialog).to_contain_text(f"My network (1).pkl, {megabytes(len(NETWORK))}, with directions directions.pkl")
    name = dialog.get_by_role("textbox", name="Name")
    expect(name).to_have_value("My-network-1-")
    space, note = dialog.get_by_label("Directions live in"), page.locator("#import-space-note")
    expect(space).to_have_value("z")
    expect(note).to_have_text(re.compile("^The directions of TL-GAN's file are in z"))
    assert_accessible(page, "the name of an import")
    space.select_option("w")
    name.press("Enter")
    expect(note).to_have_text(re.compile("^Expected z. Received: w. The directions of TL-GAN's file are in z"))
    expect(space).to_be_focused()
    space.select_option("z")
    name.fill("no good/name")
    name.press("Enter")
    expect(dialog).to_contain_text("Expected 1 to 64 letters")
    name.fill("mine")
    name.press("Enter")
    site.expect_state("mine", "Ready")
    site.toast("mine is here")
    site.row("mine").get_by_role("link", name="Use").click()
    generator = GeneratorPage(page, site.address)
    generator.wait()
    generator.drag("Smiling", 1.0)
    generator.expect_face(f"{generator.face.split(';')[0]};Smiling=1")
    assert "model=mine" in page.url
    page.reload()
    generator.wait()
    assert page.evaluate("() => likeness.state.model.name") == "mine"
    expect(page.locator(".lk-chip-name")).to_have_text("mine")


def test_a_model_without_directions_says_how_to_get_some(site: Site) -> None:
    page = site.open().page
    site.choose(page.get_by_role("button", name="Choose a file"), ("plain.pkl", NETWORK))
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    site.expect_state("plain", "No directions")
    site.open("/?model=plain")
    page.locator("#frame:not([data-empty])").wait_for()
    expect(page.locator("#panel")).to_contain_text("This model has no directions")
    assert_accessible(page, "a generator without directions")
    page.get_by_role("textbox", name="Seed").fill("mix(1,2,0.5)")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search === '?face=1:mix(1,2,0.5)&model=plain'")
    page.get_by_role("link", name="Add directions").click()
    site.choose(site.row("plain").get_by_role("button", name="Add directions"), ("d.pkl", directions_bytes()))
    site.expect_state("plain", "Ready")


def test_a_refused_file_says_why_and_nothing_changes(site: Site) -> None:
    page = site.open().page
    site.choose(
        page.get_by_role("button", name="Choose a file"), ("page.pkl", b"<!doctype html><title>Sign in</title>")
    )
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    expect(page.locator("#upload-problem")).to_contain_text("page.pkl was not taken. Expected")
    expect(page.locator("#upload-problem")).to_contain_text("HTML")
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    expect(page.locator(".lk-model")).to_have_count(4)


def test_removing_can_be_undone(site: Site) -> None:
    site.open()
    site.press("studio-32", "Remove")
    site.expect_state("studio-32", "Removed")
    assert "studio-32" not in site.runtime.names()
    site.press("studio-32", "Undo")
    site.expect_state("studio-32", "Ready")
    assert "studio-32" in site.runtime.names()


def test_the_card_of_the_chosen_model(site: Site) -> None:
    page = site.open().page
    site.row("studio-32").get_by_role("link", name="studio-32").click()
    card = page.get_by_role("complementary", name="Chosen model")
    expect(card.get_by_role("heading", name="studio-32")).to_be_visible()
    page.wait_for_url("**/models?model=studio-32")
    expect(card).to_contain_text(site.runtime.open_model("studio-32").model.digest)
    card.get_by_role("button", name="Verify").click()
    site.toast("files of studio-32 are as they were published")
    card.get_by_role("button", name="Model card").click()
    dialog = page.get_by_role("dialog", name="Model card of studio-32")
    expect(dialog).to_contain_text("Random weights, for tests.")
    assert_accessible(page, "a model card")
    page.keyboard.press("Escape")
    with page.expect_download() as kept:
        card.get_by_role("link", name="Folder (.zip)").click()
    site.choose(page.get_by_role("button", name="Choose a file"), ("studio-32.zip", kept.value.path().read_bytes()))
    page.get_by_role("textbox", name="Name").fill("copy")
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    site.expect_state("copy", "Ready")
    assert site.runtime.open_model("copy").model.digest == site.runtime.open_model("studio-32").model.digest
    card.get_by_role("img", name="Face of seed 3").click()
    page.wait_for_function("() => location.search === '?face=1:3&model=studio-32'")


def test_a_read_only_user_sees_why(site: Site) -> None:
    site.reset(write="off")
    site.open()
    expect(site.page.get_by_role("note")).to_contain_text("read-only: LIKENESS_WRITE is off")
    expect(site.page.locator("[data-action=fetch-model], [data-action=remove-model], #drop")).to_have_count(0)
    assert_accessible(site.page, "a page for looking")


def test_a_link_to_a_model_that_is_not_here_says_so(site: Site) -> None:
    generator = GeneratorPage(site.page, site.address)
    site.page.goto(f"{site.address}/?face=1:7&model=gone-64")
    generator.wait()
    generator.expect_message("This link is broken", "Expected a model that is here (tiny,", "Received: gone-64.")
    generator.expect_message("This link is broken", "Shown: the same base and pins on tiny.")
    generator.drag("Smiling", 1.0)
    assert "model=" not in site.page.url


_DROP = """([name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  const zone = document.getElementById("drop");
  for (const kind of ["dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }
}"""
