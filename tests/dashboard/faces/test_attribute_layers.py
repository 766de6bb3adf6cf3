"""Attributes that act on a range of layers: the rows of w that they move, what is read, and what is refused."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.stylegan_models import NAMES, directed, imported_stylegan

from dashboard.analysis.pins import coordinates
from dashboard.errors import FaceError, LikenessError
from dashboard.faces.attribute_layers import layers_in_words, mixed_layers, read_layers
from dashboard.faces.bases import coordinates_of, latent_of, latent_of_base, point_of
from dashboard.faces.describe import describe_face, describe_model, in_words
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.drawing import drawing_of, drawings_of
from dashboard.faces.face import Face, Seed, parse
from dashboard.faces.locking import locked, with_pins, without
from dashboard.faces.mixing import between
from dashboard.faces.numbers import latent_file, numbers_json
from dashboard.synthesis.model import Model
from dashboard.synthesis.open_engine import open_engine

ROWS = 6
RANGES = ("all", "coarse", "middle", "fine", "0", "5", "1-4", "0-5")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return directed(imported_stylegan("stylegan2", tmp_path_factory.mktemp("models"), z=16, w=12))


pins = st.dictionaries(st.sampled_from(NAMES), st.floats(-4, 4), min_size=1, max_size=3)
layers = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(RANGES), max_size=3)


def face_of(seed: int, pins: dict[str, float], layers: dict[str, str]) -> Face:
    return Face(Seed(seed), tuple(pins.items()), layers=tuple(layers.items()))


def rows_of(face: Face, model: Model) -> np.ndarray:
    point = point_of(face, model)
    return np.broadcast_to(point, (ROWS, model.size))


def test_a_pin_moves_the_rows_of_its_layers_only(model: Model) -> None:
    base = latent_of_base(Seed(4), model)
    rows = rows_of(parse("1:4;Smiling=2;layers:Smiling=1-2"), model)
    np.testing.assert_allclose(rows[[0, 3, 4, 5]], np.tile(base, (4, 1)), atol=1e-12)
    np.testing.assert_allclose(rows[1:3] @ model.directions[:, 0], 2)
    plain = latent_of(parse("1:4;Smiling=2"), model)
    np.testing.assert_allclose(rows[1:3], np.tile(plain, (2, 1)), atol=1e-9)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 1000), pins, layers)
def test_pins_hold_in_their_layers_at_the_nearest_rows(
    model: Model, seed: int, chosen: dict[str, float], ranges: dict[str, str]
) -> None:
    face = face_of(seed, chosen, ranges)
    base, rows = latent_of_base(face.base, model), rows_of(face, model)
    np.testing.assert_allclose(coordinates_of(face, model, face.names), face.values, atol=1e-6)
    # The move is a combination of the pinned directions in their layers: no nearer rows have these coordinates.
    named = describe_model(model)["layer_ranges"]
    spans = []
    for name in face.names:
        text = dict(face.layers).get(name, "all")
        first, last = named.get(text) or (int(text.split("-")[0]), int(text.split("-")[-1]))
        span = np.zeros((ROWS, model.size))
        span[first : last + 1] = model.directions[:, model.column(name)]
        spans.append(span.ravel())
    moved = (rows - base).ravel()
    rest = moved - np.column_stack(spans) @ np.linalg.lstsq(np.column_stack(spans), moved, rcond=None)[0]
    assert np.abs(rest).max() < 1e-6


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), pins, layers)
def test_locking_moves_no_row(model: Model, seed: int, chosen: dict[str, float], ranges: dict[str, str]) -> None:
    face = face_of(seed, chosen, ranges)
    if np.abs(coordinates_of(face, model)).max() < 4:
        held = locked(face, model)
        assert held.layers == face.layers
        np.testing.assert_allclose(rows_of(held, model), rows_of(face, model), atol=5e-3)


def test_all_layers_are_a_face_without_layers(model: Model) -> None:
    plain, whole = parse("1:4;Smiling=2"), parse("1:4;Smiling=2;layers:Smiling=0-5")
    assert parse("1:4;Smiling=2;layers:Smiling=all") == plain
    assert str(plain) == "1:4;Smiling=2"
    np.testing.assert_allclose(point_of(whole, model), np.tile(point_of(plain, model), (ROWS, 1)), atol=1e-9)
    np.testing.assert_allclose(coordinates_of(whole, model), coordinates_of(plain, model), atol=1e-9)


def test_layers_of_an_attribute_without_a_pin_move_nothing(model: Model) -> None:
    face, plain = parse("1:4;Smiling=2;layers:Young=coarse"), parse("1:4;Smiling=2")
    np.testing.assert_array_equal(point_of(face, model), point_of(plain, model))
    assert drawing_of(face, model).options == drawing_of(plain, model).options


def test_drift_is_that_of_the_layers_of_an_attribute(model: Model) -> None:
    face = parse("1:4;Smiling=2;layers:Smiling=0-1,Young=0-1,Male=2-5")
    described, base = describe_face(face, model), latent_of_base(Seed(4), model)
    start = coordinates(base, model.directions)
    np.testing.assert_allclose(described["base_coordinates"], start)
    drift = dict(zip(NAMES, np.array(described["coordinates"]) - start, strict=True))
    assert drift["Male"] == pytest.approx(0, abs=1e-9), "none of its layers has moved"
    assert drift["Young"] == pytest.approx(model.gram[0, 2] * (2 - start[0]))
    whole = describe_face(parse("1:4;Smiling=2;layers:Smiling=0-1"), model)["coordinates"]
    assert whole[2] - start[2] == pytest.approx(drift["Young"] * 2 / ROWS), "of all layers: the mean"
    np.testing.assert_allclose(latent_of(face, model), point_of(face, model).mean(axis=0))


@pytest.mark.parametrize("options", ["", ";psi:0.5", ";psi:-0.5;cutoff:2", ";noise:none"])
def test_an_engine_draws_the_rows(model: Model, options: str) -> None:
    engine = open_engine(model, "openvino", "exact", threads=1)

    def image(text: str) -> np.ndarray:
        drawing = drawing_of(parse(text), model)
        return engine.run(drawing.latent[None], options=drawing.options)["image"]

    plain, whole = image(f"1:7;Smiling=3{options}"), image(f"1:7;Smiling=3{options};layers:Smiling=0-5")
    np.testing.assert_allclose(whole, plain, atol=1e-4 * max(1, np.abs(plain).max()))
    part = image(f"1:7;Smiling=3{options};layers:Smiling=coarse")
    assert min(np.abs(part - plain).max(), np.abs(part - image(f"1:7{options}")).max()) > 1e-3


def test_faces_with_and_without_layers_are_drawn_in_order(model: Model) -> None:
    texts = ("1:1", "1:2", "1:3;Male=1;layers:Male=fine", "1:4;Male=1;layers:Male=fine", "1:5")
    faces = [parse(text) for text in texts]
    drawings = list(drawings_of(faces, model, 8))
    assert [drawing.latent.shape for drawing in drawings] == [(2, 12), (2, ROWS, 12), (1, 12)]
    np.testing.assert_array_equal(drawings[1].latent[1], drawing_of(faces[3], model).latent)


def test_mixes_interpolate_pins_in_their_layers(model: Model) -> None:
    first, second = parse("1:4;Smiling=2;layers:Smiling=coarse"), parse("1:5;Male=1;layers:Male=0-2,Smiling=fine")
    early = between(first, second, 0.0001, model)
    np.testing.assert_allclose(rows_of(early, model), rows_of(first, model), atol=5e-3)
    assert between(first, second, 0.25, model).layers == (("Male", "0-2"), ("Smiling", "coarse"))
    assert between(first, second, 0.75, model).layers == (("Male", "0-2"), ("Smiling", "fine"))
    assert between(first, second, 0.5, model, hold=True).layers == first.layers
    assert mixed_layers((), (("a", "0"),), 0.1) == (("a", "0"),)


def test_pins_that_change_keep_the_layers_of_the_slider() -> None:
    face = parse("1:4;Smiling=2;layers:Smiling=coarse")
    assert str(with_pins(face, {"Male": 1.0})) == "1:4;Male=1;Smiling=2;layers:Smiling=coarse"
    assert str(without(face, ("Smiling",))) == "1:4;layers:Smiling=coarse"


def test_the_grammar_is_canonical(model: Model) -> None:
    text = "1:4;layers:Young=04-4,Smiling=coarse,Male=all;psi:0.7;Smiling=2"
    assert str(parse(text, DirectionNames(model))) == "1:4;Smiling=2;psi:0.7;layers:Smiling=coarse,Young=4"
    with pytest.raises(FaceError, match=r"Expected an attribute of this model\. Received: Smilin"):
        parse("1:4;layers:Smilin=coarse", DirectionNames(model))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("Smilngcoarsefdt019-=,~. _;:\n٣"), max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    sentence = ""
    try:
        found = read_layers(text)
    except FaceError as error:
        found, sentence = (), str(error)
    assert found == tuple(sorted(found))
    assert not sentence or re.match(r"Expected .*\. Received: ", sentence)


def test_words() -> None:
    face = parse("1:4;Male=1;Smiling=2;Young=0;psi:0.7;layers:Male=3,Smiling=coarse,Young=4-7")
    words = "Male +1.00 in layer 3, Smiling +2.00 in coarse layers, Young +0.00 in layers 4 to 7, psi 0.7"
    assert in_words(face) == f"Face of seed 4 with {words}"
    assert layers_in_words("middle") == "in middle layers"


def test_layers_that_a_model_does_not_have_are_refused(model: Model) -> None:
    with pytest.raises(FaceError, match=r"Expected layers from 0 to 5. Received: 4-6"):
        latent_of(parse("1:4;layers:Smiling=4-6"), model)


def test_a_model_without_layers_refuses_them(tiny_model: Model) -> None:
    assert (tiny_model.layers, describe_model(tiny_model)["layer_ranges"]) == (0, {})
    for text in ("1:4;layers:Smiling=coarse", "1:4;Smiling=1;layers:Smiling=0"):
        with pytest.raises(LikenessError, match="Expected no layers of attributes: they need a StyleGAN"):
            drawing_of(parse(text), tiny_model)


def test_the_files_of_a_face_have_its_rows(model: Model) -> None:
    face = parse("1:4;Smiling=2;psi:0.5;layers:Smiling=coarse")
    found = np.load(io.BytesIO(latent_file(face, model)), allow_pickle=False)
    assert (found.shape, found.dtype) == ((1, ROWS, 12), np.float32)
    np.testing.assert_array_equal(found[0], drawing_of(face, model).latent)
    answer = json.loads(numbers_json(face, model, {}))
    np.testing.assert_allclose(answer["latent"], found[0], atol=1e-6)
    assert answer["attributes"][0]["coordinate"] == pytest.approx(2)
    assert np.load(io.BytesIO(latent_file(parse("1:4"), model))).shape == (1, 12)
