"""Pins on style channels: they set one number of one layer's style, and nothing else moves."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from support.painter import FakePainter
from support.stylegan_models import directed, imported_stylegan

from dashboard.errors import FaceError, PinError
from dashboard.faces.answers import AttributeAnswer
from dashboard.faces.bases import coordinates_of, latent_of, point_of
from dashboard.faces.describe import describe_direction, describe_face, describe_model, face_words
from dashboard.faces.direction_names import columns_of, widened
from dashboard.faces.drawing import drawing_of
from dashboard.faces.face import parse
from dashboard.faces.locking import locked
from dashboard.faces.mixing import between
from dashboard.faces.numbers import numbers_json
from dashboard.faces.pictures import Pictures
from dashboard.faces.style_mix import parse_drawable
from dashboard.library.extra_directions import Library
from dashboard.stores.picture_cache import Cache
from dashboard.synthesis.channel_statistics import style_at
from dashboard.synthesis.model import Model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.style_channels import channel_at, require_styles, vector_of
from dashboard.synthesis.stylegan.feeds import Feeds
from dashboard.synthesis.stylegan.options import PLAIN

LAYER, CHANNEL = "b8.conv1", 2
"""The fourth layer, whose style is of row 2 of w."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("models")
    made = directed(imported_stylegan("stylegan2", folder, z=16, w=12))
    return replace(made, extra_directions=Library(folder / "home"))


@pytest.fixture(scope="module")
def smile(model: Model) -> str:
    return kept(model, "Smile", 1)


@pytest.fixture(scope="module")
def frown(model: Model) -> str:
    return kept(model, "Frown", -1)


def kept(model: Model, title: str, sign: int) -> str:
    """Keep the channel under a title; return the name of its slider."""
    library = model.extra_directions
    assert isinstance(library, Library)
    vector = vector_of(model.config, channel_at(model.config, LAYER, CHANNEL, sign))
    return f"own~{library.user_directions.keep(title, vector, model, {'kind': 'imported'}, 's')}"


def styles_of(face: str, model: Model) -> dict[str, np.ndarray]:
    """Return the styles that a face is drawn with, by layer."""
    drawing = drawing_of(parse(face), model)
    feeds = Feeds(require_styles(model.config), model.variables())
    return {name: found[0] for name, found in feeds.styles(drawing.latent[None], None, drawing.options).items()}


def test_a_coordinate_is_in_deviations_over_random_faces(model: Model) -> None:
    assert model.w is not None
    z = np.random.RandomState(11).randn(20_000, model.config.latent_size).astype(np.float32)
    styles = Feeds(require_styles(model.config), model.variables()).styles(z, None)[LAYER][:, CHANNEL].astype(float)
    channel = channel_at(model.config, LAYER, CHANNEL)
    mean, above = (style_at(model, channel, value, PLAIN) for value in (0.0, 1.0))
    assert mean == pytest.approx(styles.mean(), abs=0.05 * float(styles.std()))
    assert above - mean == pytest.approx(styles.std(), rel=0.05)
    assert mean - style_at(model, replace(channel, sign=-1), 1.0, PLAIN) == pytest.approx(above - mean)


def test_a_pin_sets_one_style_and_moves_nothing_else(model: Model, smile: str) -> None:
    free, pinned = "1:4;Smiling=2", f"1:4;Smiling=2;{smile}=1.5"
    before, after = styles_of(free, model), styles_of(pinned, model)
    channel = channel_at(model.config, LAYER, CHANNEL)
    before[LAYER][CHANNEL] = style_at(model, channel, 1.5, PLAIN)
    for name, styles in before.items():
        np.testing.assert_allclose(after[name], styles, rtol=1e-6, err_msg=name)
    np.testing.assert_array_equal(latent_of(parse(pinned), model), latent_of(parse(free), model))
    names = (*model.names, smile)
    at, was = (coordinates_of(parse(face), model, names) for face in (pinned, free))
    np.testing.assert_array_equal(at[:-1], was[:-1])
    assert at[-1] == 1.5


@pytest.mark.parametrize("options", ["", ";psi:0.6", ";psi:0.6;cutoff:2", ";psi:-0.5;cutoff:3"])
def test_a_pin_at_its_own_coordinate_changes_nothing(model: Model, smile: str, options: str) -> None:
    """The coordinate that a free slider shows is that of its style, whatever moved it and however it is truncated."""
    free = f"1:4;Male=-1;Smiling=2{options}"
    (at,) = coordinates_of(parse(free), model, [smile])
    held = f"1:4;Male=-1;Smiling=2;{smile}={at:.4f}{options}"
    before, after = styles_of(free, model), styles_of(held, model)
    for name, styles in before.items():
        np.testing.assert_allclose(after[name], styles, atol=2e-4, err_msg=name)


def test_a_channel_is_read_from_the_row_of_its_layer(model: Model, smile: str) -> None:
    plain = coordinates_of(parse("1:4"), model, [smile])
    for layers, moved in (("2", True), ("1-3", True), ("0-1", False), ("3-5", False)):
        face = f"1:4;Smiling=3;layers:Smiling={layers}"
        (at,) = coordinates_of(parse(face), model, [smile])
        assert (abs(at - plain[0]) > 1e-6) == moved
        held = f"1:4;Smiling=3;{smile}={at:.4f};layers:Smiling={layers}"
        np.testing.assert_allclose(styles_of(held, model)[LAYER], styles_of(face, model)[LAYER], atol=2e-4)
        assert point_of(parse(held), model).shape == (6, 12)


def test_both_signs_of_a_channel_are_one_style(model: Model, smile: str, frown: str) -> None:
    face = parse(f"1:4;{smile}=1.5")
    np.testing.assert_array_equal(coordinates_of(face, model, [smile, frown]), [1.5, -1.5])
    assert styles_of(f"1:4;{frown}=-1.5;{smile}=1.5", model)[LAYER][CHANNEL] == pytest.approx(
        styles_of(str(face), model)[LAYER][CHANNEL]
    )
    with pytest.raises(PinError, match=r"one value of layer 3 \(b8\.conv1\), channel 2\. Received: two") as caught:
        latent_of(parse(f"1:4;{frown}=1;{smile}=1"), model)
    assert set(caught.value.pins) == {smile, frown}


def test_a_channel_has_no_range_of_layers_and_is_no_direction_of_w(model: Model, smile: str) -> None:
    with pytest.raises(FaceError, match="acts on its own layer"):
        latent_of(parse(f"1:4;layers:{smile}=coarse"), model)
    with pytest.raises(FaceError, match="a style channel, which sets a style"):
        columns_of(model, [smile])
    assert widened(model, [smile]) is model


def test_locks_and_mixes_keep_the_channel(model: Model, smile: str) -> None:
    face = parse(f"1:4;{smile}=1.5")
    assert dict(locked(face, model).pins)[smile] == 1.5
    other = parse("1:9")
    (at,) = coordinates_of(other, model, [smile])
    middle = between(face, other, 0.5, model)
    assert dict(middle.pins)[smile] == pytest.approx((1.5 + at) / 2, abs=1e-4)
    assert face_words(face, model) == "Face of seed 4 with Smile +1.50"


def test_a_style_mix_takes_the_channel_of_the_layers_face(model: Model, smile: str) -> None:
    for layers, expected in (("2", 2.0), ("0-1", -1.0)):
        mix = parse_drawable(f"1:4;{smile}=-1!1:5;{smile}=2!{layers}")
        ((layer, channel, style),) = drawing_of(mix, model).options.styles
        assert (layer, channel) == (LAYER, CHANNEL)
        assert style == pytest.approx(style_at(model, channel_at(model.config, LAYER, CHANNEL), expected, PLAIN))


def test_pictures_follow_the_channel_and_are_cached_apart(model: Model, smile: str, tmp_path) -> None:
    engine = open_engine(model, "openvino", "exact", threads=1)
    faces = [parse(text) for text in ("1:4", f"1:4;{smile}=3", f"1:4;{smile}=-3")]
    drawings = [drawing_of(face, model) for face in faces]
    drawn = [engine.run(each.latent[None], options=each.options)["image"] for each in drawings]
    assert min(np.abs(a - b).max() for a, b in ((drawn[0], drawn[1]), (drawn[1], drawn[2]))) > 1e-3
    cache, painter = Cache(tmp_path / "pictures", 10), FakePainter(model.config.resolution)
    pictures = Pictures(model, painter, cache)
    for face in (*faces, *faces):
        pictures.picture(face, "png")
    cache.close()
    assert [options.styles for options in painter.options] == [each.options.styles for each in drawings]


def test_the_browser_reads_the_channel(model: Model, smile: str) -> None:
    described = describe_direction(smile, model, parse("1:4").base)
    channel = AttributeAnswer(**described["attribute"]).channel
    assert channel is not None
    assert channel.model_dump() == {
        "row": 2, "style": "b8.conv1.2", "sign": 1, "words": "layer 3 (b8.conv1), channel 2",
    }  # fmt: skip
    assert described["coordinate"] == pytest.approx(coordinates_of(parse("1:4"), model, [smile])[0])
    assert describe_model(model, [smile])["attributes"][-1] == described["attribute"]
    face = describe_face(parse(f"1:4;{smile}=1"), model, [smile])
    assert (face["coordinates"][-1], face["base_coordinates"][-1]) == (1, pytest.approx(described["coordinate"]))
    assert json.loads(numbers_json(parse(f"1:4;{smile}=1"), model, {}))["face"] == f"1:4;{smile}=1"
