"""Options of faces reach the engine, and change nothing where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from support.models import write_tiny_model
from support.painter import FakePainter
from support.stylegan_models import imported_stylegan

from dashboard.errors import InputError
from dashboard.exports.rendering import pictures_of
from dashboard.faces.bases import latent_of
from dashboard.faces.describe import in_words
from dashboard.faces.drawing import drawing_of, drawings_of
from dashboard.faces.face import parse
from dashboard.faces.mixing import between
from dashboard.faces.pictures import Pictures
from dashboard.stores.picture_cache import Cache
from dashboard.synthesis.model import Model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.stylegan.options import PLAIN


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return imported_stylegan("stylegan2", tmp_path_factory.mktemp("models"))


def test_the_options_of_a_face_are_those_of_its_picture(model: Model) -> None:
    faces = [parse(text) for text in ("1:1", "1:2", "1:1;psi:0.5;cutoff:2", "1:1;noise:none", "1:1")]
    engine = open_engine(model, "openvino", "exact", threads=1)
    drawn = list(pictures_of(faces, model, engine, model.config.resolution))
    np.testing.assert_array_equal(drawn[0], drawn[4])
    assert all((drawn[0] != other).any() for other in drawn[1:4])


def test_faces_of_the_same_options_are_drawn_together(model: Model) -> None:
    faces = [parse(f"1:{seed}") for seed in range(5)] + [parse("1:1;psi:0.5")]
    parts = list(drawings_of(faces, model, 3))
    assert [(len(part.latent), part.options.psi) for part in parts] == [(3, 1.0), (2, 1.0), (1, 0.5)]
    np.testing.assert_array_equal(np.concatenate([p.latent for p in parts])[4], drawing_of(faces[4], model).latent)


def test_pictures_of_other_options_are_other_entries_of_the_cache(model: Model, tmp_path) -> None:
    cache, painter = Cache(tmp_path / "pictures", 10), FakePainter(model.config.resolution)
    pictures = Pictures(model, painter, cache)
    for text in ("1:1", "1:1;noise:none", "1:1", "1:1;noise:none", "1:1;noise:3"):
        pictures.picture(parse(text), "png")
    cache.close()
    assert [options.noise for options in painter.options] == ["const", "none", 3]


@pytest.mark.parametrize(
    "text", ["1:1;psi:0.7", "1:1;noise:none", "1:1;label:0", "1:1;rotate:10", "1:1;translate:0.1,0"]
)
def test_a_model_refuses_options_that_it_does_not_offer(tmp_path, text: str) -> None:
    with pytest.raises(InputError, match="Expected"):
        latent_of(parse(text), write_tiny_model(tmp_path / "tiny"))


def test_a_mix_has_the_options_of_its_ends(model: Model) -> None:
    first, second = parse("1:1;psi:0.5;noise:none"), parse("1:2;noise:7")
    assert between(first, second, 0.0, model) == first
    assert between(first, second, 1.0, model) == second
    middle = between(first, second, 0.4, model).options
    assert (middle.psi, middle.noise) == (0.7, "none")
    assert between(first, second, 0.6, model).options.noise == 7


def test_options_in_words() -> None:
    face = parse("1:4;Smiling=1;psi:-0.5;cutoff:4;label:2;noise:7;rotate:-15")
    assert (
        in_words(face) == "Face of seed 4 with Smiling +1.00, label 2, psi -0.5 up to row 4, noise 7, rotated by -15°"
    )
    assert parse("1:4;psi:1").options == PLAIN
