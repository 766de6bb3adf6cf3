"""The Latent space page, as a user operates it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.jobs import keep_result, never_done
from support.served import served

from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import SCORES

ROOM = 1e-3
PATIENCE = 120_000


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    app = tiny_app(tmp_path_factory.mktemp("latent"))
    with served(app) as address:
        yield address, app


def open_page(page: Page, address: str, words: str = "") -> None:
    page.goto(f"{address}/latent-space{words}")
    page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=PATIENCE)


def test_a_picture_of_the_points_is_there_before_the_scripts_that_draw_them(
    page: Page, running: tuple[str, Any]
) -> None:
    address, _ = running
    held: list[Any] = []
    let_go: list[bool] = []
    page.route("**/plotly.min.js", lambda route: route.continue_() if let_go else held.append(route))
    with page.expect_response("**/latent-space/first-sight.webp?*") as answer:
        page.goto(f"{address}/latent-space?space=z&x=2")
    assert answer.value.ok
    assert "x=2" in answer.value.url
    expect(page.locator(".lk-first-sight")).to_be_visible()
    let_go.append(True)
    for route in held:  # fetched early, and then as a script
        route.continue_()
    page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=PATIENCE)
    expect(page.locator(".lk-first-sight")).to_be_hidden()


POINTS_DRAWN = """(kind) => {
  const plot = document.querySelector("#scatter .js-plotly-plot:not([data-drawing])");
  if (!plot?.calcdata?.length || plot._fullData?.[0]?.type !== kind) return false;
  const points = plot.querySelector("canvas");
  if (!points || kind !== "scattergl") return points !== null;
  const copy = new OffscreenCanvas(points.width, points.height).getContext("2d");
  copy.drawImage(points, 0, 0);
  return copy.getImageData(0, 0, points.width, points.height).data.some((value, place) => place % 4 === 3 && value);
}"""


def test_three_dimensions_are_drawn_on_a_page_of_two(
    browser: Browser, browser_context_args: Any, running: tuple[str, Any]
) -> None:
    # Not in the shared page: Chromium warns of how plotly measures texts in three dimensions.
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    open_page(page, running[0])
    page.wait_for_function(POINTS_DRAWN, arg="scattergl", timeout=PATIENCE)
    page.wait_for_function(
        "() => document.querySelector('#scatter .gl-canvas-context').getContext('webgl')"
        ".getContextAttributes().antialias === false"
    )
    page.locator("#dimensions").get_by_text("3-D").click()
    page.wait_for_function(POINTS_DRAWN, arg="scatter3d", timeout=PATIENCE)
    page.locator("#dimensions").get_by_text("2-D").click()
    page.wait_for_function(POINTS_DRAWN, arg="scattergl", timeout=PATIENCE)
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("words", ["", "?view=3d"])
def test_the_points_are_drawn_in_every_one_of_twenty_openings(
    browser: Browser, browser_context_args: Any, running: tuple[str, Any], words: str
) -> None:
    for _ in range(20):
        context = browser.new_context(**browser_context_args)  # nothing in its cache
        page = context.new_page()
        page.goto(f"{running[0]}/latent-space{words}")
        page.wait_for_function(POINTS_DRAWN, arg="scatter3d" if words else "scattergl", timeout=PATIENCE)
        context.close()


def drawn_point(page: Page) -> list[float]:
    return [
        float(number)
        for number in page.evaluate("() => document.getElementById('scatter-box').dataset.face.split(' ')")
    ]


def expected_point(app: Any, face: str) -> list[float]:
    model = runtime_of(app).model
    slopes, offsets, _ = projection_of(model, SCORES).latent_map
    return (latent_of(parse(face, model.names), model) @ slopes[:, :2] + offsets[:2]).tolist()


def test_the_face_moves_in_the_scatter_with_its_slider(page: Page, running: tuple[str, Any]) -> None:
    address, app = running
    open_page(page, address, "?face=1:7.3")
    np.testing.assert_allclose(drawn_point(page), expected_point(app, "1:7.3"), atol=ROOM)
    assert page.locator("#scatter .no-webgl").count() == 0
    page.locator('.lk-row[data-name="Smiling"]').get_by_role("slider").press("End")
    page.wait_for_function(
        "([at, room]) => document.getElementById('scatter-box').dataset.face.split(' ')"
        ".every((value, axis) => Math.abs(Number(value) - at[axis]) <= room)",
        arg=[expected_point(app, "1:7.3;Smiling=4"), ROOM],
    )
    expect(page.locator(".lk-path")).not_to_have_attribute("points", "")


def test_an_outline_selects_travels_and_is_undone(page: Page, running: tuple[str, Any]) -> None:
    address, _ = running
    open_page(page, address)
    page.evaluate(
        """() => {
          const rows = new Uint8Array(48).fill(1);
          likeness.events.dispatchEvent(new CustomEvent("likeness:outlined", {
            detail: { polygon: [[-99, -99], [99, -99], [99, 99], [-99, 99]], rows },
          }));
        }"""
    )
    expect(page.locator("#selection-count")).to_have_text("48 faces", timeout=PATIENCE)
    expect(page.locator(".lk-member")).to_have_count(12, timeout=PATIENCE)
    expect(page.locator("#selection-chip")).to_contain_text("48 faces")
    page.wait_for_function("() => location.search.includes('sel=1~scores.pca.1.2~48~48~')")
    expect(page.get_by_role("link", name="Compare 6")).to_have_attribute("href", re.compile("faces=\\*!1:"))
    assert_accessible(page, "with a selection")
    page.reload()
    expect(page.locator("#selection-count")).to_have_text("48 faces", timeout=PATIENCE)
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("#selection-count")).to_have_text("", timeout=PATIENCE)
    page.go_back()
    expect(page.locator("#selection-count")).to_have_text("48 faces", timeout=PATIENCE)
    page.evaluate("() => { likeness.latent.clear(); history.back(); }")  # before Dash has answered
    expect(page.locator("#selection-chip")).to_contain_text("48 faces")
    page.wait_for_timeout(500)
    expect(page.locator("#selection-count")).to_have_text("48 faces", timeout=PATIENCE)


@pytest.mark.long
def test_undo_after_a_reload_keeps_the_defaults(page: Page, running: tuple[str, Any]) -> None:
    """After a reload no control has been touched yet: the first redo must not become what undo returns to."""
    address, _ = running
    open_page(page, address)
    scores = page.get_by_role("radio", name="Scores", exact=True)
    expect(scores).to_be_checked(timeout=PATIENCE)
    page.get_by_text("Latent z", exact=True).first.click()
    page.wait_for_function("() => location.search.includes('space=z')")
    page.go_back()
    expect(scores).to_be_checked(timeout=PATIENCE)
    page.reload()
    page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=PATIENCE)
    for _ in range(2):
        page.go_forward()
        expect(scores).not_to_be_checked(timeout=PATIENCE)
        page.go_back()
        expect(scores).to_be_checked(timeout=PATIENCE)
    page.go_forward()
    expect(scores).not_to_be_checked(timeout=PATIENCE)
    page.reload()
    page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=PATIENCE)
    page.go_back()
    expect(scores).to_be_checked(timeout=PATIENCE)


def test_a_selection_becomes_a_face_and_a_direction(page: Page, running: tuple[str, Any]) -> None:
    address, _ = running
    outline = "1~scores.pca.2.3~48~24~-100_-100_0_-100_0_100_-100_100"
    open_page(page, address, f"?sel={outline}")
    # By keyboard: a click waits until the page is still, which can take long with software rendering.
    page.get_by_role("link", name="Make a direction").press("Enter", timeout=PATIENCE)
    expect(page.locator("#user-direction-selected img")).to_have_count(12, timeout=PATIENCE)
    page.wait_for_function("() => likeness.path === '/directions/own'", timeout=PATIENCE)
    page.locator("#user-direction-name").fill("Left of the middle")
    page.get_by_text("As many, at random").click()
    page.get_by_role("button", name="From the selection").click()
    expect(page.locator("#user-direction-message")).to_contain_text("Left of the middle", timeout=PATIENCE)
    page.locator("#selection-chip a").click()
    expect(page.locator("#axis-x")).to_have_value("PC 2", timeout=PATIENCE)
    page.get_by_role("button", name="Open average").press("Enter", timeout=PATIENCE)
    page.wait_for_url(re.compile(r"/\?face=1:latent~[0-9a-f]{32}&sel="), timeout=PATIENCE)
    page.wait_for_function("() => likeness.path === '/' && likeness.pictureQueue.shownFace.includes('latent~')")
    page.get_by_role("button", name="Clear the selection").click()
    expect(page.locator("#selection-chip")).to_be_empty()


def test_a_click_opens_a_face_and_the_recent_faces_follow_it(page: Page, running: tuple[str, Any]) -> None:
    address, app = running
    open_page(page, address, "?x=2&y=3")
    seed = projection_of(runtime_of(app).model, SCORES).stem
    page.evaluate("() => likeness.events.dispatchEvent(new CustomEvent('likeness:picked', { detail: { row: 5 } }))")
    page.wait_for_function("(face) => likeness.state.shown.face === face", arg=f"1:{seed}.5")
    page.wait_for_function("() => location.search.includes('x=2') && location.search.includes('y=3')")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#traversal-frames li:not([data-none]) img')].every((o) => o.naturalWidth)"
        " && document.querySelector('#traversal-frames li:nth-child(5) img').src.endsWith("
        "  `${likeness.state.shown.face}.webp`)",  # the middle one is this face itself
        timeout=PATIENCE,
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("() => document.documentElement.scrollWidth === 390")


@pytest.mark.long
def test_a_block_is_computed_where_the_scatter_was(page: Page, running: tuple[str, Any]) -> None:
    address, _ = running
    open_page(page, address)
    page.get_by_text("4×4 block", exact=True).click()
    card = page.get_by_role("group", name="Components of the 4×4 block")
    expect(card).to_contain_text("least-squares fit", timeout=PATIENCE)
    expect(page.get_by_role("region", name="Scree")).to_be_hidden()
    with never_done("activations"):
        card.get_by_role("button", name="Compute").click()
        expect(card.get_by_text("A quarter of it")).to_be_visible(timeout=PATIENCE)
        assert_accessible(page, "while a block is computed")
        card.get_by_role("button", name="Cancel").click()
        expect(card.get_by_role("button", name="Compute")).to_be_visible()
    card.get_by_role("button", name="Compute").click()
    expect(card).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("#traverse-words")).to_contain_text("on held-out faces", timeout=PATIENCE)
    page.wait_for_function("() => location.search.includes('space=block4')")
    page.get_by_role("button", name="Add as slider").click()
    expect(page.locator('.lk-row[data-name="pc~block4.1"]')).to_be_visible(timeout=PATIENCE)


def test_a_component_plays_there_and_back_and_becomes_a_slider(page: Page, running: tuple[str, Any]) -> None:
    address, _ = running
    page.emulate_media(reduced_motion="reduce")
    open_page(page, address)
    shown = page.locator("#traverse-at")
    expect(shown).to_have_text("this face", timeout=PATIENCE)
    expect(page.locator("#traverse-stands")).to_contain_text("This face is at", timeout=PATIENCE)
    button = page.get_by_role("button", name="Play")
    button.press("ArrowRight")
    expect(shown).to_have_text("+1 σ")
    page.emulate_media(reduced_motion="no-preference")
    button.press("ArrowLeft")
    expect(shown).to_have_text("+0.75 σ")
    button.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    expect(shown).to_have_text(re.compile("^−"), timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(button).to_be_visible()
    page.get_by_role("button", name="Add as slider").click()
    expect(page.locator(".lk-row[data-name='pc~scores.1']")).to_be_visible(timeout=PATIENCE)
    assert_accessible(page, "with a component among the sliders")


@pytest.mark.long
def test_umap_is_asked_for_cancelled_and_shown_once_it_is_kept(page: Page, running: tuple[str, Any]) -> None:
    address, app = running
    open_page(page, address)
    page.get_by_text("UMAP", exact=True).click()
    card = page.get_by_role("group", name="UMAP of 48 faces")
    expect(card).to_contain_text("15 neighbours each", timeout=PATIENCE)
    neighbours = page.get_by_label("Neighbours", exact=True)
    neighbours.fill("7")
    neighbours.press("Enter")
    expect(card).to_contain_text("7 neighbours each", timeout=PATIENCE)
    with never_done("umap"):
        card.get_by_role("button", name="Compute").click()
        expect(card.get_by_text("A quarter of it")).to_be_visible(timeout=PATIENCE)
        card.get_by_role("button", name="Cancel").click()
        expect(card.get_by_role("button", name="Compute")).to_be_visible()
    model = runtime_of(app).model
    points = np.random.default_rng(0).normal(size=(48, 2)).astype(np.float32)
    keep_result(model, "umap", {"space": "scores", "neighbours": 7}, points=points)
    card.get_by_role("button", name="Compute").click()
    expect(card).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_text("Distances between clusters have no meaning.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("region", name="Scree")).to_be_hidden()
    assert_accessible(page, "with UMAP")
    page.wait_for_function("() => location.search.includes('neighbours=7') && location.search.includes('method=umap')")
    page.reload()
    expect(page.get_by_text("Distances between clusters have no meaning.")).to_be_visible(timeout=PATIENCE)
    row = 5
    seed = projection_of(model, SCORES).stem
    page.evaluate(
        "(row) => likeness.events.dispatchEvent(new CustomEvent('likeness:picked', { detail: { row } }))", row
    )
    page.wait_for_function("(face) => likeness.state.shown?.face === face", arg=f"1:{seed}.{row}")
    page.wait_for_function(
        "(point) => document.getElementById('scatter-box').dataset.face === point",
        arg=" ".join(f"{value:.4f}" for value in points[row]),
    )
