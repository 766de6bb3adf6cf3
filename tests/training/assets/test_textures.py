"""Textures: the right part, at the right size, with colour under transparent texels."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.assets.textures import SKIN_SIZE, convert, crop_skin, fill_transparent, read_texture, reduce_texture
from training.errors import TrainingError


def test_the_crop_is_the_chart_of_the_head() -> None:
    v, u = np.mgrid[0:2048, 0:2048] / 2048
    skin = Image.fromarray(np.stack([u * 255, v * 255, 0 * u], -1).astype(np.uint8))
    made = np.asarray(crop_skin(skin), float) / 255
    assert made.shape == (SKIN_SIZE[1], SKIN_SIZE[0], 3)
    np.testing.assert_allclose(made[512, [0, -1], 0], [0.635, 1.0], atol=0.01)
    np.testing.assert_allclose(made[[0, -1], 280, 1], [0.175, 0.86], atol=0.01)


def test_hidden_colours_do_not_bleed_into_what_shows() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :3] = (200, 100, 50, 255)  # three opaque columns beside black, transparent ones: the rim lies in a pair
    made = np.asarray(reduce_texture(Image.fromarray(pixels), 4))
    np.testing.assert_array_equal(made[0, :, 3], [255, 128, 0, 0])
    assert abs(made[..., :3].astype(int) - [200, 100, 50]).max() <= 1


def test_transparent_texels_take_the_nearest_colour() -> None:
    pixels = np.zeros((1, 7, 4), np.uint8)
    pixels[0, 0], pixels[0, 6] = (255, 0, 0, 255), (0, 0, 255, 200)
    made = np.asarray(fill_transparent(Image.fromarray(pixels)))
    assert made[0, 1:3, 0].tolist() == [255, 255]
    assert made[0, 4:6, 2].tolist() == [255, 255]
    assert made[0, :, 3].tolist() == [255, 0, 0, 0, 0, 0, 200]
    nothing = Image.new("RGBA", (4, 4))
    assert fill_transparent(nothing).tobytes() == nothing.tobytes()


def test_colour_under_transparency_survives_the_file(tmp_path: Path) -> None:
    pixels = np.zeros((512, 512, 4), np.uint8)
    pixels[:, :128], pixels[:, 384:] = (180, 90, 40, 255), (40, 90, 180, 255)
    Image.fromarray(pixels).save(tmp_path / "brow.png")
    with Image.open(io.BytesIO(convert(tmp_path / "brow.png", 256))) as picture:
        assert picture.format == "WEBP"
        made = np.asarray(picture).astype(int)
    assert made.shape == (256, 256, 4)
    assert made[:, 70:186, 3].max() == 0
    assert abs(made[:, 70:120, :3] - [180, 90, 40]).max() < 20
    assert abs(made[:, 136:186, :3] - [40, 90, 180]).max() < 20


def test_a_palette_with_transparency_is_read_with_it(tmp_path: Path) -> None:
    picture = Image.new("P", (64, 64))
    picture.putpalette([10, 20, 30, 200, 100, 50])
    picture.save(tmp_path / "lash.png", transparency=0)
    assert read_texture(tmp_path / "lash.png", 64).mode == "RGBA"


@pytest.mark.parametrize(("size", "least"), [((300, 200), 100), ((128, 128), 256), ((1494, 1494), 0)])
def test_a_picture_of_the_wrong_size_is_named(tmp_path: Path, size: tuple[int, int], least: int) -> None:
    Image.new("RGB", size).save(tmp_path / "hair.png")
    with pytest.raises(TrainingError, match=rf"hair\.png\. Received: {size[0]} x {size[1]}"):
        convert(tmp_path / "hair.png", least)
