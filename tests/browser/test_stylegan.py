"""Every page on a small StyleGAN2 and a small StyleGAN3, whose directions live in w."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect
from support.every_page import NOT_BLANK, PAGES
from support.served import served
from support.stylegan_models import imported_stylegan

from dashboard.app import create_app
from dashboard.settings import Settings

LABELS = {"stylegan2": {"labels": 3}, "stylegan3": {}}


@pytest.fixture(scope="module", params=["stylegan2", "stylegan3"])
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
