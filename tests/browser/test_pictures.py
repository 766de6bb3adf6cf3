"""Pictures on the page: the picture queue while dragging, the readout, and downloads."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect
from support.generator_page import GeneratorPage

from dashboard.synthesis.model_folder import Model

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def generator(page: Page, address: str) -> GeneratorPage:
    return GeneratorPage(page, address).open()


# In the page, because the browser's own request events can arrive out of sequence.
COUNT_PICTURES = """() => {
  const fetched = window.fetch;
  let now = 0;
  window.mostAtOnce = 0;
  window.fetch = async (...words) => {
    if (!String(words[0]).includes(".webp")) return fetched(...words);
    window.mostAtOnce = Math.max(window.mostAtOnce, ++now);
    try {
      return await fetched(...words);
    } finally {
      now -= 1;
    }
  };
}"""


def test_a_drag_shows_faces_one_at_a_time_and_ends_with_the_last(generator: GeneratorPage) -> None:
    page = generator.page
    page.wait_for_load_state("networkidle")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.evaluate(COUNT_PICTURES)
    generator.grab("Smiling")
    for step in range(600):
        page.mouse.move(*generator.point("Smiling", 3.0 * np.sin(step / 8)))
        if step >= 60 and len({face["face"] for face in generator.faces()}) >= 5:
            break
    final = generator.face
    page.mouse.up()
    generator.expect_face(final)
    shown = [face["face"] for face in generator.faces()]
    assert len(set(shown)) >= 5
    assert shown[-1] == final
    assert page.evaluate("() => window.mostAtOnce") == 1
    drawn = ("/faces/", "/assets/icons/", "/_favicon.ico")  # the browser asks for icons when it first shows them
    others = [request.url for request in asked if not any(part in request.url for part in drawn)]
    assert not others, "dragging asks for pictures and for nothing else"
    times = [(face["askedAt"], face["shownAt"]) for face in generator.faces()]
    assert all(0 <= asked_at <= shown_at for asked_at, shown_at in times)


def test_the_readout_tells_computed_from_cached(generator: GeneratorPage) -> None:
    readout = generator.page.locator("#readout")
    generator.page.goto(f"{generator.address}/?face=1:{os.getpid()};Smiling=1.2345")
    generator.wait()
    expect(readout).to_contain_text("computed in")
    generator.row("Smiling").locator(".lk-release").click()
    generator.settled()
    generator.button("Undo").click()
    expect(readout).to_contain_text("from cache")


def test_the_picture_is_named_in_words(generator: GeneratorPage) -> None:
    generator.drag("Mouth_Slightly_Open", -1.0)
    expect(generator.page.get_by_role("img", name="Face of seed 4217 with Mouth Slightly Open −1.00")).to_be_visible()
    expect(generator.page).to_have_title("Face of seed 4217 with Mouth Slightly Open −1.00 · Generator · Likeness")


def test_download_command_and_python_give_the_same_picture(
    generator: GeneratorPage, served_model: Model, tmp_path: Path
) -> None:
    page = generator.page
    generator.drag("Smiling", 2.0)
    generator.button("Download").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Picture, PNG").click()
    assert download.value.suggested_filename == "likeness-4217_Smiling=2.png"
    picture = np.asarray(Image.open(download.value.path()))
    assert picture.shape == (64, 64, 3)

    command = shlex.split(copied(generator, "Copy as command"))
    assert command[:3] == ["curl", "-o", "likeness-4217_Smiling=2.png"]
    fetched = page.request.get(command[3])
    assert np.array_equal(np.asarray(Image.open(BytesIO(fetched.body()))), picture)

    program = copied(generator, "Copy as Python")
    (tmp_path / "weights").symlink_to(served_model.path.parent)
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=60,
    )
    made = np.asarray(Image.open(tmp_path / "face.png"))
    assert np.abs(made.astype(int) - picture.astype(int)).max() <= 1


def copied(generator: GeneratorPage, item: str) -> str:
    generator.button("Download").click()
    generator.page.get_by_role("menuitem", name=item).click()
    expect(
        generator.page.get_by_text(item.replace("Copy as c", "C").replace("Copy as ", "") + " copied")
    ).to_be_visible()
    return generator.page.evaluate("() => navigator.clipboard.readText()")
