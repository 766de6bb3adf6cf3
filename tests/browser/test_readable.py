"""Legible figures: texts do not overlap, stay inside their card, and have at least 10 px."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from support.application import shipped_app
from support.served import served

LOOK = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8").partition("*/")[2].strip()
FIGURES = ("/directions/matrix", "/latent-space", "/latent-space?space=z", "/latent-space?space=features&x=2&y=3")
SIZES = ((1280, 800), (1440, 900), (1920, 1080))
DRAWN = (
    "() => { const all = [...document.querySelectorAll('.js-plotly-plot')].filter((each) => each.checkVisibility());"
    " return all.length && all.every((each) => each._fullLayout && each.data?.length); }"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(shipped_app(tmp_path_factory.mktemp("readable"))) as address:
        yield address


def open_page(browser: Browser, arguments: dict[str, Any], address: str, size: tuple[int, int], scheme: str) -> Page:
    """Open a page in its own browser and wait until it is drawn."""
    width, height = size
    context = browser.new_context(
        **{**arguments, "viewport": {"width": width, "height": height}, "color_scheme": scheme}
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(DRAWN, timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page


@pytest.mark.parametrize("path", FIGURES[:2])
def test_texts_of_figures_can_be_read(browser: Browser, browser_context_args: Any, site: str, path: str) -> None:
    page = open_page(browser, browser_context_args, f"{site}{path}", SIZES[1], "light")
    assert page.evaluate(LOOK) == []
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", FIGURES)
def test_on_every_screen(
    browser: Browser, browser_context_args: Any, site: str, path: str, size: tuple[int, int], scheme: str
) -> None:
    page = open_page(browser, browser_context_args, f"{site}{path}", size, scheme)
    assert page.evaluate(LOOK) == []
    page.context.close()


def test_cells_of_the_matrix_are_16_pixels_at_least(browser: Browser, browser_context_args: Any, site: str) -> None:
    for size in SIZES[:2]:
        page = open_page(browser, browser_context_args, f"{site}/directions/matrix", size, "light")
        side = page.evaluate(
            "() => { const { xaxis, yaxis } = document.querySelector('#matrix .js-plotly-plot')._fullLayout;"
            " return [xaxis, yaxis].map(({ _length, range }) => _length / Math.abs(range[1] - range[0])); }"
        )
        assert min(side) >= 15.9, f"at {size}"
        page.context.close()


@pytest.mark.long
def test_this_face_is_seen_in_three_dimensions(browser: Browser, browser_context_args: Any, site: str) -> None:
    page = open_page(browser, browser_context_args, f"{site}/latent-space?view=3d", SIZES[1], "light")
    page.wait_for_function(
        "() => document.querySelector('#scatter .js-plotly-plot').data.at(-1).x?.length", timeout=60_000
    )
    page.wait_for_timeout(1500)
    shot = page.locator("#scatter-box").screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), int)
    accent = (np.abs(pixels - np.array([0x12, 0x63, 0xAD])).max(axis=2) < 24).sum()
    assert accent > 40, "the accent's disc is hidden by points"
    page.context.close()
