from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from support.models import write_tiny_model

from dashboard.exports import image_export as drawn
from dashboard.exports.image_export import SheetLayout, draw
from dashboard.faces.face import parse
from dashboard.figures.theme import TOKENS
from dashboard.sheets.plan import Plan
from dashboard.sheets.sheet import cards_of, sheet_of
from dashboard.synthesis.model_folder import Model


def test_the_background_is_that_of_the_light_scheme() -> None:
    light = {name: pair[0] for name, pair in TOKENS.items()}
    wanted = [light[name] for name in ("surface", "ink", "ink-3", "accent", "sunk")]
    assert wanted == [drawn.BACKGROUND, drawn.INK, drawn.CAPTION, drawn.LOCKED, drawn.NOWHERE]


def test_the_font_has_what_captions_are_made_of() -> None:
    def shape(sign: str) -> bytes:
        image = Image.new("L", (40, 40))
        ImageDraw.Draw(image).text((5, 5), sign, 255, drawn._font(20))
        return image.tobytes()

    missing = shape("\U0010ffff")
    assert all(shape(sign) != missing for sign in "−+σΩéЖ×…·")


def test_an_infeasible_cell_keeps_its_position_and_says_so(tmp_path: Path) -> None:
    # The squares of all coordinates together are at most 16 here.
    model = write_tiny_model(tmp_path / "narrow", latent_size=16, correlation=0, scorer=False, bank=0)
    sheet = sheet_of(Plan("sweep", "Smiling", steps=3, runs="free"), [parse("1:7;Male=3")], model)
    layout = SheetLayout(sheet, 64)
    image = draw(layout, {(0, 1): np.zeros((64, 64, 3), np.uint8)})
    assert image.getpixel(layout.corner(0, 1)) == (0, 0, 0)
    assert image.getpixel(layout.corner(0, 2)) == (0xEE, 0xF0, 0xF3)


@pytest.mark.parametrize("size", [64, 512])
def test_nothing_crosses_the_edge_of_the_sheet_or_a_face(tiny_model: Model, size: int) -> None:
    faces = [parse(f"1:7;{';'.join(f'{name}=1.25' for name in tiny_model.names)}"), parse("1:8")]
    layout = SheetLayout(cards_of(faces, tiny_model), size, captions=True)
    white = {(0, column): np.full((size, size, 3), 255, np.uint8) for column in range(2)}
    ink = np.asarray(draw(layout, white, foot="small@12345678").convert("L")) < 250
    rows, columns = np.nonzero(ink)
    assert rows.min() > 0
    assert columns.max() < layout.extent[0] - 1
    for column in range(2):
        x, y = layout.corner(0, column)
        assert not ink[y : y + size, x : x + size].any()
    assert all(edge % 2 == 0 for edge in layout.extent)
    assert isinstance(draw(layout, {}), Image.Image)
