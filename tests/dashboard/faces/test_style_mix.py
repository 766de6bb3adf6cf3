"""Style mixes: their string, their rows of w, their pictures and addresses."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from support.models import write_tiny_model
from support.painter import FakePainter
from support.stylegan_models import directed, imported_stylegan

from dashboard.errors import FaceError, InputError
from dashboard.exports.rendering import pictures_of
from dashboard.faces.describe import face_words
from dashboard.faces.drawing import drawing_of
from dashboard.faces.face import MAX_LENGTH, Face, parse
from dashboard.faces.layer_ranges import LayerRange, parse_layers
from dashboard.faces.pictures import Pictures
from dashboard.faces.routes import face_address, faces_blueprint
from dashboard.faces.style_mix import MAX_MIX_LENGTH, StyleMix, mixed, parse_drawable
from dashboard.stores.picture_cache import Cache
from dashboard.synthesis.model import Model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.style_rows import require_layers, style_rows
from dashboard.synthesis.stylegan.styles import mapped
from dashboard.web.error_responses import answer_errors

FAMILIES = [("stylegan2", None), ("stylegan3", None), ("stylegan2", "z")]


@pytest.fixture(scope="module", params=FAMILIES, ids=["stylegan2", "stylegan3", "stylegan2 in z"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    family, space = request.param
    labels: dict[str, Any] = {"labels": 3} if family == "stylegan2" else {}
    found = imported_stylegan(family, tmp_path_factory.mktemp("models"), **labels)
    return found if space is None else dataclasses.replace(found, w=None)


def rows_of(text: str, model: Model) -> np.ndarray:
    return drawing_of(parse_drawable(text), model).latent


def test_a_mix_is_two_faces_and_layers() -> None:
    mix = parse_drawable("1:5;psi:0.70!1:7;Smiling=2.0!03-3")
    assert isinstance(mix, StyleMix)
    assert (str(mix.face), str(mix.styles), str(mix.layers)) == ("1:5;psi:0.7", "1:7;Smiling=2", "3")
    assert str(mix) == "1:5;psi:0.7!1:7;Smiling=2!3"
    assert parse_drawable(str(mix)) == mix
    assert parse_drawable("1:5!1:5.0!coarse") == parse_drawable("1:5") == parse("1:5")


@pytest.mark.parametrize(
    "text", ["1:5!1:7", "1:5!1:7!", "!1:7!0", "1:5!!0", "1:5!1:7!0!1", "1:5!1:7!fine!fine", "1:5!Smiling!0", "!!", "!"]
)
def test_what_is_no_mix_is_refused(text: str) -> None:
    with pytest.raises(FaceError, match="Expected"):
        parse_drawable(text)


@given(st.text(alphabet="1:57!;-~coarse=.,()0369", max_size=40))
def test_any_text_is_read_or_refused_and_what_is_read_is_written_again(text: str) -> None:
    try:
        found = parse_drawable(text)
    except FaceError:
        return
    assert parse_drawable(str(found)) == found


def test_the_rows_in_the_range_are_the_other_faces(model: Model) -> None:
    own, other = rows_of("1:5!1:7!0", model)[1:], rows_of("1:7!1:5!0", model)[1:]
    mix = rows_of("1:5!1:7!1-2", model)
    assert mix.shape == (model.config.rows, require_layers(model).style_size)
    np.testing.assert_array_equal(mix[1:3], other[:2])
    np.testing.assert_array_equal(mix[3:], own[2:])
    np.testing.assert_array_equal(mix[0], own[0])  # without a cutoff, rows of one face are the same
    assert (own[0] != other[0]).any()


def test_each_face_is_mapped_and_truncated_as_it_is_by_itself(model: Model) -> None:
    variables = {name: array for name, array in model.variables().items() if name.startswith("mapping.")}
    classed = np.eye(model.config.label_size)[1:2] if model.config.label_size else None
    ws = {}
    for seed, labels in ((5, classed), (7, None)):
        z = np.random.RandomState(seed).randn(1, model.config.latent_size)
        ws[seed] = mapped(require_layers(model), variables, z, labels)[0].astype(np.float64)
    mean = variables["mapping.w_avg"].astype(np.float64)
    label = ";label:1" if model.config.label_size else ""
    found = rows_of(f"1:5{label};psi:0.5;cutoff:2!1:7;psi:-0.5!1-3", model)
    wanted = np.tile(ws[5], (model.config.rows, 1))
    wanted[:2] = mean + 0.5 * (ws[5] - mean)
    wanted[1:4] = mean - 0.5 * (ws[7] - mean)
    np.testing.assert_allclose(found, wanted, atol=2e-4)


def test_noise_and_position_are_those_of_the_column(model: Model) -> None:
    option = "rotate:10" if model.config.movable else "noise:none"
    options = drawing_of(parse_drawable(f"1:5;{option};psi:0.5!1:7!0-1"), model).options
    assert (options.space, options.psi, options.cutoff, options.label) == ("w+", 1.0, None, None)
    assert (options.noise, options.degrees) == (("const", 10.0) if model.config.movable else ("none", 0.0))


def test_a_mix_of_all_layers_is_the_other_face(model: Model) -> None:
    faces = [parse_drawable(text) for text in ("1:7", "1:5!1:7!all", "1:5!1:7!coarse", "1:5!1:7!fine", "1:5")]
    engine = open_engine(model, "openvino", "exact", threads=1)
    other, whole, coarse, fine, own = (
        p.astype(int) for p in pictures_of(faces, model, engine, model.config.resolution)
    )
    assert abs(whole - other).max() <= 1
    assert all((picture != ends).any() for picture in (coarse, fine) for ends in (own, other))
    assert (coarse != fine).any()


def test_a_face_whose_attribute_acts_on_some_layers_brings_its_own_rows(tmp_path: Path) -> None:
    model = directed(imported_stylegan("stylegan2", tmp_path))
    layered, plain, other = "1:5;Smiling=2;psi:0.5;layers:Smiling=1-3", "1:5;psi:0.5", "1:7;psi:0.8"
    own, base, second = (style_rows(model, (d := drawing_of(parse(face), model)).latent, d.options) for face in
                         (layered, plain, other))  # fmt: skip
    np.testing.assert_allclose(own[[0, 4, 5]], base[[0, 4, 5]], atol=1e-6)
    assert np.abs(own[1:4] - base[1:4]).max() > 0.01
    into, from_it = rows_of(f"{layered}!{other}!2-4", model), rows_of(f"{other}!{layered}!2-4", model)
    np.testing.assert_array_equal(into, np.concatenate([own[:2], second[2:5], own[5:]]))
    np.testing.assert_array_equal(from_it, np.concatenate([second[:2], own[2:5], second[5:]]))


def test_words_say_which_layers_are_whose(model: Model) -> None:
    mix = mixed(parse("1:5"), parse("1:7"), parse_layers("0-1"))
    assert face_words(mix, model) == "Face of seed 5; layers 0 to 1 of seed 7"


def test_layers_that_a_model_does_not_have_are_refused(model: Model, tmp_path: Path) -> None:
    with pytest.raises(FaceError, match="Expected layers from 0 to"):
        drawing_of(mixed(parse("1:5"), parse("1:7"), parse_layers("0-99")), model)
    plain = write_tiny_model(tmp_path / "tiny")
    with pytest.raises(InputError, match="Expected a model with layers for a style mix: a StyleGAN"):
        drawing_of(StyleMix(parse("1:5"), parse("1:7"), LayerRange()), plain)


@pytest.fixture
def client(model: Model, tmp_path: Path) -> Iterator[FlaskClient]:
    server, cache = Flask("test"), Cache(tmp_path / "pictures", 10)
    pictures = Pictures(model, FakePainter(model.config.resolution), cache)
    server.register_blueprint(faces_blueprint(lambda name: pictures))
    answer_errors(server)
    yield server.test_client()
    cache.close()


def test_the_picture_of_a_mix_has_an_address_and_is_computed_once(model: Model, client: FlaskClient) -> None:
    address = face_address(model, parse_drawable("1:5!1:7!0-1"))
    assert address.endswith("/1:5!1:7!0-1.webp")
    first, second = client.get(address), client.get(address)
    assert first.status_code == 200
    assert "immutable" in first.headers["Cache-Control"]
    assert first.headers["ETag"] == second.headers["ETag"]
    assert client.get(face_address(model, parse_drawable("1:5!1:7!0-1"), "png", 64)).mimetype == "image/png"
    moved = client.get(f"/faces/{model.name}@{model.digest8}/1:5.0!1:7!01-1.webp")
    assert (moved.status_code, moved.headers["Location"].endswith("/1:5!1:7!1.webp")) == (301, True)


@pytest.mark.parametrize(
    ("end", "status", "words"),
    [
        ("1:5!1:7!0.json", 404, "Expected .webp or .png for a style mix"),
        ("1:5!1:7!0.scores.json", 404, "Expected .webp or .png for a style mix"),
        ("1:5!1:7!0.npy", 404, "Expected .webp or .png for a style mix"),
        ("1:5!1:7!0-99.webp", 400, "Expected layers from 0 to"),
        ("1:5!1:7.webp", 400, "Expected a face, or a style mix"),
        ("1:5!1:7;Nose=1!0.webp", 400, "Expected an attribute of this model"),
        (f"1:5!1:7!{'0' * MAX_MIX_LENGTH}.webp", 400, f"Expected a face of at most {MAX_MIX_LENGTH} characters"),
    ],
)
def test_other_addresses_are_refused(model: Model, client: FlaskClient, end: str, status: int, words: str) -> None:
    answer = client.get(f"/faces/{model.name}@{model.digest8}/{end}")
    assert answer.status_code == status
    assert words in answer.get_json()["error"]


def test_a_mix_of_the_longest_faces_can_be_read() -> None:
    pins = tuple((f"{'N' * 60}{number:03}", -3.1234) for number in range(13))
    longest = Face(parse("1:5").base, (*pins, ("M" * 50, -3.0)))
    assert len(str(longest)) > MAX_LENGTH - 20
    mix = StyleMix(longest, Face(parse("1:7").base, longest.pins), parse_layers("10-99"))
    assert len(str(mix)) <= MAX_MIX_LENGTH
    assert parse_drawable(str(mix)) == mix
