"""The menu of a slider: layers that an attribute acts on, on a small StyleGAN2; none on a PG-GAN."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from support.application import tiny_app
from support.served import served
from support.stylegan_models import imported_stylegan

from dashboard.app import create_app
from dashboard.library.extra_directions import Library
from dashboard.settings import Settings
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_channels import channel_at, vector_of

DIFFERENCE = """async () => {
    const { model, face, shown } = likeness.state;
    const names = model.attributes.map(({ name }) => name);
    const answer = await fetch(`${model.address}${encodeURIComponent(face())}.json?with=${names}`);
    const { coordinates } = await answer.json();
    return Math.max(...coordinates.map((value, k) => Math.abs(value - shown.coordinates[k])));
}"""
"""Largest difference of the page's coordinates from those that the server computes of its face."""

FIRST, SECOND = '.lk-row[data-name="pc~w.1"]', '.lk-row[data-name="pc~w.2"]'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("layers")


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return imported_stylegan("stylegan2", folder, resolution=32, z=16, w=16)


@pytest.fixture(scope="module")
def channel(folder: Path, model: Model) -> str:
    """Keep a style channel; return the name of its slider."""
    vector = vector_of(model.config, channel_at(model.config, 3, 2))
    return f"own~{Library(folder / 'home').user_directions.keep('Smile', vector, model, {'kind': 'imported'}, 's')}"


@pytest.fixture(scope="module")
def site(folder: Path, model: Model) -> Iterator[str]:
    app = create_app(Settings(home=folder / "home", model=str(model.path), threads=1, face="1:5"))
    with served(app) as address:
        yield address


def face_of(page: Page) -> str:
    return unquote(parse_qs(urlsplit(page.url).query).get("face", [""])[0])


def wait_for_face(page: Page, face: str) -> None:
    page.wait_for_function("face => likeness.pictureQueue.shownFace === face", arg=face)


def wait_for_address(page: Page, face: str) -> None:
    page.wait_for_function("face => new URLSearchParams(location.search).get('face') === face", arg=face)


def test_an_attribute_acts_on_chosen_layers(site: str, page: Page) -> None:
    page.goto(f"{site}/?face=1:5;pc~w.1=2")
    wait_for_face(page, "1:5;pc~w.1=2")
    button, menu = page.locator(f"{FIRST} .lk-layers"), page.get_by_role("dialog", name="Layers of w, PC 1")
    expect(button).to_have_accessible_name("Layers of w, PC 1: all")
    button.click()
    expect(menu).to_be_visible()
    expect(menu.get_by_role("radio", name="All")).to_be_checked()
    menu.get_by_role("radio", name="Coarse").check()
    wait_for_face(page, "1:5;pc~w.1=2;layers:pc~w.1=coarse")
    wait_for_address(page, "1:5;pc~w.1=2;layers:pc~w.1=coarse")
    expect(button).to_have_text("coarse")
    menu.get_by_label("Last layer").fill("4")
    menu.get_by_label("Last layer").press("Enter")
    wait_for_face(page, "1:5;pc~w.1=2;layers:pc~w.1=0-4")
    expect(menu.get_by_role("radio", name="Layers")).to_be_checked()
    menu.get_by_label("First layer").fill("5")
    menu.get_by_label("First layer").press("Enter")
    expect(menu.get_by_role("alert")).to_have_text("Expected layers from 0 to 7, the first one before the last.")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_have_text("0\u20134")
    page.locator(".lk-face-tools [data-action=undo]").click()
    wait_for_face(page, "1:5;pc~w.1=2;layers:pc~w.1=coarse")
    expect(button).to_have_text("coarse")
    wait_for_address(page, "1:5;pc~w.1=2;layers:pc~w.1=coarse")
    page.reload()
    wait_for_face(page, "1:5;pc~w.1=2;layers:pc~w.1=coarse")
    expect(button).to_have_text("coarse")
    page.locator("#reset").click()
    wait_for_face(page, "1:5")
    expect(button).to_have_accessible_name("Layers of w, PC 1: all")


def test_the_menu_is_worked_by_keys(site: str, page: Page) -> None:
    page.goto(f"{site}/?face=1:5")
    wait_for_face(page, "1:5")
    button = page.locator(f"{SECOND} .lk-layers")
    button.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Layers of w, PC 2")
    expect(menu.get_by_role("radio", name="All")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(button).to_have_text("coarse")
    page.keyboard.press("ArrowDown")
    expect(button).to_have_text("middle")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_locks_and_readings_follow_the_layers(site: str, page: Page) -> None:
    face = "1:5;pc~w.1=2;layers:pc~w.1=coarse,pc~w.2=fine"
    page.goto(f"{site}/?face={face}")
    wait_for_face(page, face)
    answer = page.evaluate(
        """face => fetch(likeness.state.model.address + encodeURIComponent(face)
            + '.json?with=' + likeness.state.model.attributes.map(({ name }) => name))
            .then((got) => got.json())""",
        face,
    )
    names = page.evaluate("() => likeness.state.model.attributes.map(({ name }) => name)")
    here = page.evaluate("() => [...likeness.state.shown.coordinates]")
    np.testing.assert_allclose(here, answer["coordinates"][-len(names) :], atol=1e-4)
    page.locator(f"{SECOND} .lk-lock").click()
    at = here[names.index("pc~w.2")]
    page.wait_for_function("at => Math.abs(likeness.state.pins.get('pc~w.2') - at) < 1e-4", arg=at)
    now = page.evaluate("() => [...likeness.state.shown.coordinates]")
    np.testing.assert_allclose(now, here, atol=1e-3, err_msg="a lock moves nothing")


def test_words_say_the_layers(site: str, page: Page) -> None:
    face = "1:5;pc~w.1=2;pc~w.2=0;layers:pc~w.1=coarse,pc~w.2=4-7"
    page.goto(f"{site}/?face={face}")
    wait_for_face(page, face)
    words = "Face of seed 5 with w, PC 1 +2.00 in coarse layers, w, PC 2 +0.00 in layers 4 to 7"
    page.wait_for_function("words => likeness.state.inWords() === words", arg=words)


def test_compared_faces_take_the_layers_together(site: str, channel: str, page: Page) -> None:
    page.goto(f"{site}/compare?face=1:5;{channel}=1&faces=*!1:6;pc~w.1=1")
    page.wait_for_function("() => likeness.compare.faces.length === 2")
    expect(page.locator("#sheet-words")).to_contain_text("w, PC 1 from")
    page.get_by_text("Sliders", exact=True).click()
    page.locator(f"{FIRST} .lk-layers").click()
    page.get_by_role("radio", name="Fine").check()
    page.wait_for_function("() => likeness.compare.faces[1] === '1:6;pc~w.1=1;layers:pc~w.1=fine'")


def test_a_pggan_has_no_menu_and_refuses_layers(tmp_path_factory: pytest.TempPathFactory, page: Page) -> None:
    with served(tiny_app(tmp_path_factory.mktemp("pggan"))) as address:
        page.goto(f"{address}/?face=1:5")
        wait_for_face(page, "1:5")
        expect(page.locator(".lk-row .lk-lock").first).to_be_attached()
        expect(page.locator(".lk-layers")).to_have_count(0)
        page.goto(f"{address}/?face=1:5;layers:Smiling=coarse")
        expect(page.locator("body")).to_contain_text("Expected no layers of attributes")


def test_a_style_channel_moves_no_other_slider(site: str, channel: str, page: Page) -> None:
    face = f"1:5;{channel}=2;pc~w.1=1;layers:pc~w.1=coarse"
    page.goto(f"{site}/?face={face}")
    wait_for_face(page, face)
    row = page.locator(f'.lk-row[data-name="{channel}"]')
    button, note = row.locator(".lk-layers"), page.get_by_role("dialog", name="Style of Smile")
    expect(button).to_have_accessible_name("Style of Smile: layer 3 (b8.conv1), channel 2")
    button.focus()
    page.keyboard.press("Enter")
    expect(note).to_contain_text("it moves no other slider, and none holds it")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(button).to_be_focused()
    assert page.evaluate(DIFFERENCE) < 1e-4
    row.locator(".lk-release").click()
    page.wait_for_function("name => !likeness.state.pins.has(name)", arg=channel)
    assert page.evaluate(DIFFERENCE) < 1e-4
    page.locator(f"{FIRST} .lk-release").click()
    wait_for_face(page, "1:5;layers:pc~w.1=coarse")
