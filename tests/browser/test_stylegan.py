"""Every page on a small StyleGAN2 and a small StyleGAN3, whose directions live in w."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect
from support.audit import assert_accessible
from support.every_page import NOT_BLANK, PAGES
from support.served import served
from support.stylegan_models import imported_stylegan

from dashboard.app import create_app
from dashboard.settings import Settings

LABELS = {"stylegan2": {"labels": 3}, "stylegan3": {}}


@pytest.fixture(scope="module", params=[pytest.param("stylegan2", marks=pytest.mark.long), "stylegan3"])
def family(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def site(family: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp(family)
    model = imported_stylegan(family, folder, resolution=32, z=16, w=16, **LABELS[family])
    app = create_app(Settings(home=folder / "home", model=str(model.path), threads=1, face="1:5"))
    with served(app) as address:
        yield address


def face_of(page: Page) -> str:
    return unquote(parse_qs(urlsplit(page.url).query).get("face", [""])[0])


def wait_for_face(page: Page, face: str) -> None:
    page.wait_for_function("face => likeness.pictureQueue.shownFace === face", arg=face)


@pytest.mark.long
def test_every_page_opens(site: str, page: Page) -> None:
    for path in PAGES:
        page.goto(site + path)
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert "Error loading layout" not in page.locator("body").inner_text(), path


def test_sliders_and_options_are_part_of_the_address(site: str, family: str, page: Page) -> None:
    page.goto(f"{site}/?face=1:5")
    wait_for_face(page, "1:5")
    page.locator('.lk-row[data-name="pc~w.1"] .lk-thumb').focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**pc~w.1=*")
    psi = page.locator("#option-psi [role=slider]")
    psi.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**psi:0.95*")
    if family == "stylegan2":
        page.locator("#option-noise").get_by_text("None", exact=True).click()
        page.wait_for_url("**noise:none*")
        page.locator("#option-label").fill("2")
        page.wait_for_url("**label:2*")
    else:
        page.locator("#option-rotate [role=slider]").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**rotate:1*")
    drawn = face_of(page)
    wait_for_face(page, drawn)
    page.wait_for_function(f"() => {NOT_BLANK}(document.querySelector('#frame canvas'))")
    page.reload()
    wait_for_face(page, drawn)
    expect(page.locator("#option-psi-text")).to_have_text("0.95")
    page.locator("[data-action=reset-options]").click()
    page.wait_for_function("() => !location.search.includes(':0.95')")
    assert face_of(page) == drawn.split(";")[0] + ";" + drawn.split(";")[1]
    page.locator(".lk-face-tools [data-action=undo]").click()
    page.wait_for_url("**psi:0.95*")
    wait_for_face(page, drawn)


def test_components_of_w_are_drawn_and_become_sliders(site: str, page: Page) -> None:
    page.goto(f"{site}/latent-space?face=1:5")
    page.wait_for_function("() => 'drawn' in (document.getElementById('scatter-box')?.dataset ?? {})")
    expect(page.locator("body")).to_contain_text("PCA of w")
    page.goto(f"{site}/directions/unsupervised?face=1:5")
    page.get_by_text("SeFa, coarse layers").click()
    expect(page.locator("#unsupervised-words")).to_contain_text(re.compile(r"the styles of layers? 0"))
    page.locator("[data-action=add-direction]").first.click()
    expect(page.locator('.lk-row[data-name^="sefa~0-"]').first).to_be_attached()


def test_styles_of_two_faces_are_mixed_by_layers(site: str, family: str, page: Page) -> None:
    page.goto(f"{site}/compare?face=1:5&faces=*&sheet=styles")
    words = page.locator("#sheet-words")
    expect(words).to_contain_text("Expected two different faces for a style mix")
    page.goto(f"{site}/compare?face=1:5&faces=*!1:7!1:9&ref=B&sheet=styles")
    tiles = page.locator("#sheet .lk-tiles-tile")
    expect(tiles).to_have_count(9)
    expect(words).to_contain_text(re.compile(r"layers? 0.* from the rows, the rest from the columns"))
    expect(page.locator("#sheet [data-source] img")).to_have_count(3)
    expect(page.locator("#sheet img[src]")).to_have_count(9)
    # The reference is the first: its row and its column.
    mixed = page.locator("#sheet .lk-tiles-row:not(.lk-tiles-columns)").first.locator(".lk-tiles-tile").nth(1)
    expect(mixed).to_have_attribute("href", re.compile(r"/1:5!1:7!0(-\d)?\.png$"))
    page.wait_for_function("() => [...document.querySelectorAll('#sheet img')].every((each) => each.naturalWidth > 0)")
    assert page.evaluate(f"{NOT_BLANK}(document.querySelector('#sheet [data-source] img'))")
    assert_accessible(page, "a style mix")
    # By keyboard: another named range, then numbers, then back.
    control = page.get_by_role("radiogroup", name="Layers whose styles come from the rows")
    control.get_by_role("radio").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**layers=middle*")
    typed = page.get_by_label("Layers by number, from 0, instead of a named range")
    typed.fill("2-3")
    typed.press("Enter")
    page.wait_for_url("**layers=2-3*")
    expect(words).to_contain_text("layers 2 to 3 from the rows")
    expect(tiles.nth(1)).to_have_attribute("href", re.compile(r"!2-3\.png$"))
    expect(control.get_by_role("radio", checked=True)).to_have_count(0)
    typed.fill("7-99")
    typed.press("Enter")
    expect(words).to_contain_text("Expected layers from 0 to")
    control.get_by_text("Fine").click()
    page.wait_for_url("**layers=fine*")
    expect(typed).to_have_value("")
    expect(tiles).to_have_count(9)
    page.reload()
    expect(control.get_by_role("radio", checked=True)).to_have_attribute("value", "fine")
    expect(tiles).to_have_count(9)
    # A picture opens alone; a face of the diagonal opens in the generator.
    alone = page.request.get(f"{site}{tiles.nth(1).get_attribute('href')}")
    assert (alone.status, alone.headers["content-type"]) == (200, "image/png")
    tiles.nth(0).click()
    wait_for_face(page, "1:7")


def test_a_style_mix_is_exported_and_saved(site: str, page: Page) -> None:
    page.goto(f"{site}/compare?face=1:5&faces=*!1:7&sheet=styles&layers=all")
    expect(page.locator("#sheet img[src]")).to_have_count(4)
    page.locator("#export-open").click()
    panel = page.locator("#export-panel")
    panel.get_by_text("MP4", exact=True).click()
    expect(panel).to_contain_text("A style mix has no steps to animate")
    panel.get_by_text("PNG", exact=True).click()
    panel.get_by_role("button", name="Make the file").click()
    with page.expect_download() as download:
        page.locator("#export-download").click(timeout=60_000)
    assert download.value.suggested_filename == "likeness-styles.png"
    page.locator("#sheet-save").click()
    page.locator("[data-action=save-now]").click()
    page.get_by_role("link", name="Open collection").click()
    expect(page.locator(".lk-item-about").first).to_contain_text("Style mix")
    expect(page.locator(".lk-item-about").first).to_contain_text("4 faces")
