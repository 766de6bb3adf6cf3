"""Uploaded latents on the Latent space page, as a user uploads them."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from support.application import tiny_app
from support.audit import assert_accessible
from support.models import write_tiny_model
from support.served import served

from dashboard.spaces import colours, densities
from dashboard.spaces import selection as selected

PATIENCE = 120_000
ROWS = np.random.RandomState(2).randn(30, 512)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tiny_app(tmp_path_factory.mktemp("sets"))) as address:
        yield address


def npy(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def open_page(page: Page, address: str) -> None:
    page.goto(f"{address}/latent-space")
    page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=PATIENCE)


def choose(page: Page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").press("Enter")
    chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def keep(page: Page) -> None:
    """Store the file that the dialog shows."""
    expect(page.locator("dialog.lk-file")).to_be_visible(timeout=PATIENCE)
    page.locator("dialog.lk-file").get_by_role("button", name=re.compile("^Keep .* rows?$")).click()
    expect(page.locator("dialog.lk-file")).to_have_count(0, timeout=PATIENCE)


def wait_for_set(page: Page, title: str) -> None:
    expect(page.locator("#sample-words")).to_contain_text(f"latents of {title}, uploaded", timeout=PATIENCE)
    page.wait_for_function("() => likeness.scatter.sample?.stem.startsWith('latent~')", timeout=PATIENCE)


@pytest.mark.long
def test_a_labelled_csv_becomes_a_space_and_what_is_broken_changes_nothing(page: Page, running: str) -> None:
    open_page(page, running)
    before = page.url
    page.get_by_role("button", name="Upload latents").press("Enter")
    choose(page, "wrong.npy", npy(ROWS[:, :9]))
    expect(page.locator("#latents-problem")).to_contain_text("shape (30, 9)", timeout=PATIENCE)
    assert_accessible(page, "with a refused upload")
    assert page.url == before
    lines = [",".join(f"{value:.5f}" for value in row) + f",{'ab'[k % 2]}" for k, row in enumerate(ROWS)]
    choose(page, "Mine.csv", "\n".join(lines).encode())
    dialog = page.locator("dialog.lk-file")
    expect(dialog).to_contain_text("a 15 · b 15", timeout=PATIENCE)
    assert_accessible(page, "what is in a file")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.url == before
    page.get_by_role("button", name="Upload latents").press("Enter")
    choose(page, "Mine.csv", "\n".join(lines).encode())
    keep(page)
    wait_for_set(page, "Mine")
    page.wait_for_function("() => location.search.includes('space=set-') && location.search.includes('colour=column')")
    page.wait_for_function("() => likeness.scatter.sample.ink.groups.join() === 'a,b'", timeout=PATIENCE)
    page.evaluate("() => likeness.events.dispatchEvent(new CustomEvent('likeness:picked', { detail: { row: 0 } }))")
    page.wait_for_function("() => /^1:latent~[0-9a-f]{32}[.]0$/.test(likeness.state.shown.face)", timeout=PATIENCE)
    page.wait_for_function("() => location.search.includes('latent~')")
    page.reload()
    wait_for_set(page, "Mine")
    page.wait_for_function("() => likeness.state.shown?.face.endsWith('.0')", timeout=PATIENCE)
    page.locator("#method").get_by_text("t-SNE").click()
    card = page.locator("#computing .lk-job")
    expect(card).to_contain_text("t-SNE of 30 faces", timeout=PATIENCE)
    card.get_by_role("button", name="Compute").click()
    page.wait_for_function("() => likeness.scatter.sample?.method === 'tsne-9-30-0'", timeout=PATIENCE)
    expect(page.locator("#scatter-caption")).to_contain_text("30 faces, perplexity 9, seed 0; of 512 numbers each")
    page.wait_for_function("() => location.search.includes('method=tsne')")


def test_a_dropped_file_is_taken_removed_and_put_back(page: Page, running: str) -> None:
    open_page(page, running)
    page.evaluate(
        """(content) => {
          const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], "Dropped.npy"));
          const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
          document.getElementById("scatter-box").dispatchEvent(drop);
        }""",
        base64.b64encode(npy(ROWS + 1)).decode(),
    )
    keep(page)
    wait_for_set(page, "Dropped")
    page.get_by_role("button", name="Upload latents").click()
    page.locator("#sets-list li", has_text="Dropped").get_by_role("button", name="Remove").click()
    expect(page.locator("#sets-message")).to_contain_text("Dropped removed", timeout=PATIENCE)
    expect(page.locator("#sample-words")).to_contain_text("faces of the bank", timeout=PATIENCE)
    page.get_by_role("button", name="Undo").and_(page.locator("#sets-message button")).press("Enter")
    expect(page.locator("#sets-list")).to_contain_text("Dropped", timeout=PATIENCE)
    page.get_by_role("button", name="Show Dropped").click()
    wait_for_set(page, "Dropped")


@pytest.mark.long
def test_a_sample_of_too_many_points_is_a_picture_of_how_many_lie_where(page: Page, running: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (densities, colours, selected):
            patch.setattr(module, "MOST_POINTS", 50)
        open_page(page, running)
        page.get_by_role("button", name="Upload latents").press("Enter")
        choose(page, "Many.npy", npy(np.random.RandomState(5).randn(60, 512)))
        keep(page)
        wait_for_set(page, "Many")
        box = page.locator("#scatter-box")
        expect(box).to_have_attribute("data-density", re.compile("^60 "), timeout=PATIENCE)
        picture = page.locator("#scatter .imagelayer image, #scatter .layer-below image")
        expect(picture).to_have_count(1)
        whole = picture.get_attribute("href")
        expect(page.locator("#scatter-caption")).to_contain_text("drawn as density")
        assert_accessible(page, "a density picture")
        area = box.bounding_box()
        assert area is not None
        middle = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0] + area["width"] / 3, middle[1], steps=6)
        page.mouse.up()
        expect(box).not_to_have_attribute("data-density", re.compile("^60 "), timeout=PATIENCE)
        expect(picture).not_to_have_attribute("href", str(whole))
        page.get_by_role("button", name="Lasso").first.click()
        expect(page.get_by_text("Too many rows to select")).to_be_visible()
        page.get_by_role("button", name="Show all").click()
        expect(box).to_have_attribute("data-density", re.compile("^60 "), timeout=PATIENCE)


def coloured(page: Page, more_than: float) -> int:
    """Return the pixels of the scatter plot that are not grey, once there are more than a number of them."""
    for _ in range(100):
        picture = Image.open(io.BytesIO(page.locator("#scatter").screenshot())).convert("HSV")
        found = int(np.count_nonzero(np.asarray(picture)[..., 1] > 60))
        if found > more_than:
            return found
        page.wait_for_timeout(200)
    raise AssertionError(f"{found} pixels with a colour")


def test_many_points_follow_the_hand_as_a_picture_and_are_drawn_anew_when_it_lets_go(
    page: Page, tmp_path: Path
) -> None:
    write_tiny_model(tmp_path / "narrow", latent_size=32)
    with served(tiny_app(tmp_path, model=str(tmp_path / "narrow"))) as address:
        rows = np.random.RandomState(6).randn(30_100, 32).astype(np.float32)
        kept = page.request.post(f"{address}/latent-space/sets?name=Many", data=npy(rows))
        page.goto(f"{address}/latent-space?space={kept.json()['space']}")
        page.wait_for_function("() => document.getElementById('scatter-box')?.dataset.face", timeout=PATIENCE)
        box, holder = page.locator("#scatter-box"), page.locator("#scatter .gl-container")
        left = "() => document.querySelector('#scatter .js-plotly-plot')._fullLayout.xaxis.range[0]"
        before, area = page.evaluate(left), box.bounding_box()
        assert area is not None
        middle = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
        whole = coloured(page, 0)
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0] + 90, middle[1] - 40, steps=5)
        expect(holder).to_have_attribute("style", re.compile(r"translate\(\d+(\.\d+)?px, -\d+"))
        page.wait_for_function(_MOVED_WITH_ITS_AXES, arg=[before, 90])
        now = page.evaluate(left)
        coloured(page, whole / 2)
        page.mouse.up()
        expect(holder).not_to_have_attribute("style", re.compile("translate"), timeout=PATIENCE)
        page.wait_for_function(f"(now) => Math.abs(({left})() - now) < 1e-6 * Math.abs(now)", arg=now)


_MOVED_WITH_ITS_AXES = """([before, by]) => {
  const { range: [start, end], _length } = document.querySelector("#scatter .js-plotly-plot")._fullLayout.xaxis;
  const shift = new DOMMatrix(document.querySelector("#scatter .gl-container").style.transform).e;
  return Math.abs(shift - by) < 1 && Math.abs(shift - ((before - start) / (end - start)) * _length) < 0.5;
}"""
"""Whether the picture has moved by some pixels, as far as the axes have."""
