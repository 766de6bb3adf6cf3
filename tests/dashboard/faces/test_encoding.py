import io

import numpy as np
import pytest
from PIL import Image

from dashboard.faces.encoding import FORMATS, SIZES, encode, resize


def smooth_picture(size, channels=3):
    ramp = np.linspace(20, 230, size)
    picture = np.stack([ramp[:, None] + 0 * ramp, ramp[None, :] + 0 * ramp[:, None], np.full((size, size), 128.0)], -1)
    return picture[:, :, :channels].round().astype(np.uint8)


def decoded(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.format, np.asarray(image)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("own", [32, 128])
def test_resized_pictures_have_the_size_and_look_the_same(own, size):
    picture = smooth_picture(own)
    scaled = resize(picture, size)
    assert scaled.shape == (size, size, 3)
    assert scaled.dtype == np.uint8
    # Corners and centre of a ramp stay where they are, whatever the filter.
    for position in (0.1, 0.5, 0.9):
        here, there = int(position * own), int((int(position * own) + 0.5) / own * size)
        assert np.abs(picture[here, here].astype(int) - scaled[there, there].astype(int)).max() <= 8


def test_a_picture_of_the_right_size_is_left_alone():
    picture = smooth_picture(64)
    assert resize(picture, 64) is picture


def test_grey_pictures_stay_grey():
    picture = smooth_picture(32, channels=1)
    assert resize(picture, 64).shape == (64, 64, 1)
    form, back = decoded(encode(picture, "png"))
    assert form == "PNG"
    np.testing.assert_array_equal(back, picture[:, :, 0])


def test_png_loses_nothing():
    picture = np.random.RandomState(0).randint(0, 256, (48, 48, 3)).astype(np.uint8)
    form, back = decoded(encode(picture, "png"))
    assert form == "PNG"
    np.testing.assert_array_equal(back, picture)


@pytest.mark.parametrize("size", [16, 64, 128])
def test_small_webp_loses_nothing_since_it_is_shown_enlarged(size):
    picture = np.random.RandomState(0).randint(0, 256, (size, size, 3)).astype(np.uint8)
    form, back = decoded(encode(picture, "webp"))
    assert form == "WEBP"
    np.testing.assert_array_equal(back, picture)


def test_large_webp_is_small_and_close():
    picture = smooth_picture(256)
    data = encode(picture, "webp")
    form, back = decoded(data)
    assert form == "WEBP"
    assert np.abs(back.astype(int) - picture.astype(int)).mean() < 3
    assert len(data) < picture.nbytes / 20


def test_every_format_has_a_media_type():
    assert FORMATS == {"webp": "image/webp", "png": "image/png"}
