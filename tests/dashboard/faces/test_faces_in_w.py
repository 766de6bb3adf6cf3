"""Faces of a model whose directions live in w: coordinates, pins, locks, reach, labels, pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.stylegan_models import NAMES, directed, imported_stylegan

from dashboard.analysis.feasibility import reach_range
from dashboard.analysis.pins import apply_pins, coordinates
from dashboard.api import LoadedModel
from dashboard.bulk.faces import FaceRequest, FacesWork
from dashboard.errors import FaceError, InputError, ModelError
from dashboard.faces.bases import latent_of, latent_of_base
from dashboard.faces.describe import describe_model
from dashboard.faces.drawing import drawing_of
from dashboard.faces.face import Face, Mix, Seed, Stored, parse
from dashboard.faces.locking import locked
from dashboard.synthesis.imports import import_model
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.stylegan.feeds import Feeds
from dashboard.synthesis.stylegan.options import DrawingOptions


@pytest.fixture(scope="module", params=["stylegan2", "stylegan3"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    return directed(imported_stylegan(request.param, tmp_path_factory.mktemp("models"), z=16, w=12))


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return directed(imported_stylegan("stylegan2", tmp_path_factory.mktemp("models"), z=16, w=12, labels=3))


def random_points(model: Model, count: int = 20_000) -> np.ndarray:
    return model.points(np.random.RandomState(99).randn(count, model.config.latent_size))


def test_coordinates_are_standard_over_random_faces(model: Model) -> None:
    points = random_points(model)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=0.05)
    at = coordinates(points, model.directions)
    np.testing.assert_allclose(at.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(at.std(axis=0), 1, atol=0.03)
    np.testing.assert_allclose(np.corrcoef(at.T), model.gram, atol=0.05)


def test_a_coordinate_measures_the_direction_that_was_given(model: Model) -> None:
    normal = np.random.RandomState(1).randn(model.size)
    assert model.w is not None
    w = Feeds(model.w.config, model.variables()).mapped(
        np.random.RandomState(2).randn(4000, 16).astype(np.float32), None
    )
    exact = w @ normal
    measured = model.w.of_w(w) @ model.w.measuring(normal)
    assert np.corrcoef(exact, measured)[0, 1] == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(model.native_of(model.column_of(normal)), normal / np.linalg.norm(normal), atol=1e-5)


def test_a_pin_moves_w_by_a_step(model: Model) -> None:
    assert model.w is not None
    step = np.random.RandomState(3).randn(model.size)
    column = model.w.moving(step)
    base = latent_of_base(Seed(4), model)
    moved = model.w.w_of(apply_pins(base, column[:, None], [2.0], False)) - model.w.w_of(base)
    cosine = moved @ step / np.linalg.norm(moved) / np.linalg.norm(step)
    assert abs(cosine) == pytest.approx(1, abs=1e-4)


pins = st.dictionaries(st.sampled_from(NAMES), st.floats(-4, 4), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1000), pins)
def test_pins_hold_at_the_nearest_w(model: Model, seed: int, chosen: dict[str, float]) -> None:
    face = Face(Seed(seed), tuple(chosen.items()))
    base, point = latent_of_base(face.base, model), latent_of(face, model)
    columns = model.directions[:, [model.column(name) for name in face.names]]
    np.testing.assert_allclose(coordinates(point, columns), face.values, atol=1e-6)
    assert str(Face(Seed(seed), tuple(reversed(chosen.items())))) == str(face)
    other = np.random.RandomState(seed).randn(model.size)  # any other w of these coordinates is farther
    other += columns @ np.linalg.solve(columns.T @ columns, np.array(face.values) - columns.T @ other)
    assert np.linalg.norm(point - base) <= np.linalg.norm(other - base) + 1e-9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), pins)
def test_locking_moves_no_face(model: Model, seed: int, chosen: dict[str, float]) -> None:
    face = Face(Seed(seed), tuple(chosen.items()))
    point = latent_of(face, model)
    if np.abs(coordinates(point, model.directions)).max() < 4:
        np.testing.assert_allclose(latent_of(locked(face, model), model), point, atol=2e-3)


def test_the_reach_is_that_of_random_faces(model: Model) -> None:
    reach2 = describe_model(model)["reach2"]
    lengths = (random_points(model) ** 2).sum(axis=1)
    assert (lengths <= reach2).mean() == pytest.approx(0.999, abs=0.0015)
    base = latent_of_base(Seed(3), model)
    s0, norm2 = coordinates(base, model.directions), float(base @ base)
    found = reach_range(model.gram, s0, norm2, [1], [0.5], 0, reach2)
    assert found is not None
    for end in found:
        point = apply_pins(base, model.directions[:, [1, 0]], [0.5, end], False)
        assert float(point @ point) == pytest.approx(max(reach2, norm2), rel=1e-6)


def test_a_face_without_pins_is_the_networks(model: Model) -> None:
    engine = open_engine(model, "openvino", "exact", threads=1)
    z = np.random.RandomState(7).randn(1, 16).astype(np.float32)
    drawing = drawing_of(parse("1:7;psi:0.5"), model)
    image = engine.run(drawing.latent[None], options=drawing.options)["image"]
    plain = engine.run(z, options=DrawingOptions(psi=0.5))["image"]
    np.testing.assert_allclose(image, plain, atol=2e-3 * max(1, np.abs(plain).max()))


def test_labels_are_part_of_the_base(labelled: Model) -> None:
    points = [latent_of(parse(f"1:7{label}"), labelled) for label in ("", ";label:0", ";label:2")]
    assert np.linalg.norm(points[0] - points[1]) > 1e-3
    assert np.linalg.norm(points[1] - points[2]) > 1e-3
    assert drawing_of(parse("1:7;label:2"), labelled).options.label is None


def test_mixes_are_linear_and_stored_ws_are_bases(model: Model) -> None:
    first, second = (latent_of_base(Seed(seed), model) for seed in (1, 2))
    mixed = latent_of_base(Mix(Seed(1), Seed(2), 0.25), model)
    np.testing.assert_allclose(mixed, 0.75 * first + 0.25 * second)
    assert model.w is not None
    w = model.w.w_of(first)
    stored = Stored("0" * 32, space="w")
    np.testing.assert_allclose(latent_of_base(stored, model, lambda name: w), first, atol=1e-6)
    assert str(Face(stored)) == f"1:w~{'0' * 32}"
    assert parse(str(Face(stored))) == Face(stored)
    with pytest.raises(FaceError, match="Expected a face in z"):
        latent_of_base(stored, replace(model, w=None), lambda name: np.zeros(16))


def test_directions_in_z_stay_in_z(tmp_path: Path) -> None:
    in_w = imported_stylegan("stylegan2", tmp_path)
    in_z = open_model(import_model(tmp_path / "stylegan2.pkl", "z", tmp_path / "shelf", space="z"))
    assert (in_w.space, in_z.space) == ("w", "z")
    assert in_w.digest != in_z.digest
    assert "w.safetensors" not in in_z.files
    text = (in_w.path / "model.json").read_text()
    (in_w.path / "model.json").write_text(text.replace('"space": "w"', '"space": "z"'))
    with pytest.raises(ModelError, match="in w, whose statistics it lists"):
        open_model(in_w.path)


def test_scripts_and_commands_hold_pins_in_w(model: Model) -> None:
    loaded = LoadedModel(model, "openvino", 1)
    z = loaded.latents([7, 8])
    w = loaded.w(z, {"Smiling": 1.5})
    assert model.w is not None
    np.testing.assert_allclose(coordinates(model.w.of_w(w), model.directions[:, :1]), 1.5, atol=1e-6)
    np.testing.assert_allclose(loaded.coordinates(z), coordinates(model.points(z), model.directions))
    with pytest.raises(InputError, match=r"whose live in w. Use w\(\)"):
        loaded.pinned(z, {"Smiling": 1.5})
    work = FacesWork(loaded, FaceRequest(seeds="7-8", pins={"Smiling": 1.5}))
    drawn = next(work.pictures(0))
    np.testing.assert_allclose(drawn, loaded.faces(w, options=DrawingOptions(space="w")), atol=1e-4)
