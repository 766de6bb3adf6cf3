import io
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image
from support.models import write_tiny_model
from support.painter import FakePainter

from dashboard.errors import Busy, FaceError, PinError
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.faces.pictures import Pictures
from dashboard.stores.picture_cache import Cache
from dashboard.synthesis.stylegan.options import PLAIN

FACE = parse("1:4217;Smiling=2.2")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def cache(tmp_path):
    cache = Cache(tmp_path / "pictures", 10)
    yield cache
    cache.close()


def pixels(picture):
    with Image.open(io.BytesIO(picture.entry.payload)) as image:
        return np.asarray(image)


def test_the_painter_gets_the_faces_latent(model, cache):
    painter = FakePainter()
    picture = Pictures(model, painter, cache).picture(FACE, "png")
    np.testing.assert_array_equal(painter.painted, [latent_of(FACE, model).astype(np.float32)])
    assert painter.painted[0].dtype == np.float32
    np.testing.assert_array_equal(pixels(picture), FakePainter().image(painter.painted[0], "png"))


def test_a_picture_is_painted_once_and_then_comes_from_the_cache(model, cache):
    painter = FakePainter()
    pictures = Pictures(model, painter, cache)
    first, second = pictures.picture(FACE, "webp"), pictures.picture(FACE, "webp")
    assert (first.hit, second.hit) == (False, True)
    assert first.entry == second.entry
    assert first.milliseconds > 0
    assert second.milliseconds == 0
    assert len(painter.painted) == 1


class PreviewPainter(FakePainter):
    @property
    def previews(self):
        return True

    def preview(self, latent, urgent=True, options=PLAIN):
        return self.image(latent, "webp", urgent)[::2, ::2]


def test_a_preview_is_never_kept_and_the_whole_picture_goes_before_it(model, cache):
    painter = PreviewPainter()
    pictures = Pictures(model, painter, cache)
    assert pixels(pictures.preview(FACE)).shape == (16, 16, 3)
    assert not pictures.preview(FACE).hit
    whole = pictures.picture(FACE, "webp")
    assert not whole.hit
    assert pictures.preview(FACE).entry == whole.entry
    assert len(painter.painted) == 3


def test_a_preview_where_there_are_none_is_the_whole_picture(model, cache):
    pictures = Pictures(model, FakePainter(), cache)
    assert pictures.preview(FACE).entry == pictures.picture(FACE, "webp").entry


def test_without_a_cache_it_is_painted_each_time(model):
    painter = FakePainter()
    pictures = Pictures(model, painter, Cache(None, 0))
    assert pictures.picture(FACE, "webp").entry == pictures.picture(FACE, "webp").entry
    assert len(painter.painted) == 2


def test_the_models_own_size_is_one_picture_however_it_is_asked_for(model, cache):
    pictures = Pictures(model, FakePainter(), cache)
    assert not pictures.picture(FACE, "webp").hit
    assert pictures.picture(FACE, "webp", model.config.resolution).hit
    assert pixels(pictures.picture(FACE, "webp", 128)).shape == (128, 128, 3)


def test_what_differs_is_kept_apart(model, cache, tmp_path):
    """Face, size, format, numeric class and model: different ones never share a picture."""
    other_model = write_tiny_model(tmp_path / "tiny", seed=1)
    asked = [
        (model, "fake-f32", FACE, "webp", 64),
        (model, "fake-f32", parse("1:4218;Smiling=2.2"), "webp", 64),
        (model, "fake-f32", parse("1:4217;Smiling=2.25"), "webp", 64),
        (model, "fake-f32", FACE, "png", 64),
        (model, "fake-f32", FACE, "webp", 128),
        (model, "fake-bf16", FACE, "webp", 64),
        (other_model, "fake-f32", FACE, "webp", 64),
    ]
    for which, numeric, face, form, size in asked:
        painter = FakePainter(numeric=numeric)
        assert not Pictures(which, painter, cache).picture(face, form, size).hit


def test_the_painter_knows_what_the_picture_is_for(model, cache):
    painter = FakePainter()
    Pictures(model, painter, cache).picture(FACE, "png")
    Pictures(model, painter, cache).picture(FACE, "webp")
    assert painter.forms == ["png", "webp"]


def test_what_many_ask_for_together_is_painted_once(model, cache):
    together = threading.Barrier(8)
    painter = FakePainter()
    pictures = Pictures(model, painter, cache)

    def ask():
        together.wait(60)
        return pictures.picture(FACE, "webp")

    with ThreadPoolExecutor(8) as pool:
        asked = [future.result(60) for future in [pool.submit(ask) for _ in range(8)]]
    assert len({picture.entry.digest for picture in asked}) == 1
    assert len(painter.painted) == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1:4217;Unheard_Of=1", FaceError),
        ("1:4217;Smiling=4;Mouth_Open=4;Male=-4;Young=4;Pointy_Nose=-4;Eyeglasses=4;Yaw=4;Light_Left=-4", PinError),
    ],
)
def test_nothing_is_painted_of_what_cannot_be(tmp_path, cache, text, error):
    small = write_tiny_model(tmp_path / "small", latent_size=16)
    painter = FakePainter()
    with pytest.raises(error):
        Pictures(small, painter, cache).picture(parse(text), "webp")
    assert not painter.painted


def test_a_refusal_is_not_kept(model, cache):
    refusals = [Busy("Too many wait. Try again.", 2)]

    def before():
        if refusals:
            raise refusals.pop()

    pictures = Pictures(model, FakePainter(before=before), cache)
    with pytest.raises(Busy):
        pictures.picture(FACE, "webp")
    assert not pictures.picture(FACE, "webp").hit
