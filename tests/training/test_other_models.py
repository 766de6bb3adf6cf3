"""Directions for imported generators of every family: pictures, and the model that `fit --model --name` writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from support.models import ATTRIBUTES, correlated_directions, random_variables, tiny_scorer
from support.stylegan_files import nvidia_file
from support.stylegan_reference import random_stylegan2, random_stylegan3

from dashboard.analysis.pins import on_sphere
from dashboard.api import LoadedModel
from dashboard.synthesis.imports import import_model
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from training.errors import TrainingError
from training.label.scorer import Scorer
from training.other_models import check_readable, find, write_named
from training.pictures import open_pictures
from training.spaces import FaceSpace, space_of

NETWORKS = {"two": lambda: random_stylegan2(resolution=16), "three": lambda: random_stylegan3(resolution=16)}


def small(resolution: int) -> Scorer:
    """Return a scorer of pictures of that size."""
    network = tiny_scorer(size=resolution)
    figures = {a.name: {"r2": 0.9, "auc": 0.99} for a in ATTRIBUTES}
    return Scorer(network, random_variables(network, 1), tuple(a.group for a in ATTRIBUTES), figures, 9)


@dataclass(frozen=True)
class Found:
    """Directions as `fit` finds them."""

    attributes: tuple[Attribute, ...]
    directions: np.ndarray
    scores: np.ndarray


@pytest.fixture(params=NETWORKS)
def model(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    (tmp_path / "network.pkl").write_bytes(nvidia_file(NETWORKS[request.param]()))
    import_model(tmp_path / "network.pkl", request.param, tmp_path / "home" / "models")
    return find(request.param, "new")


@pytest.fixture(params=["z", "w"])
def space(request: pytest.FixtureRequest, model: Model) -> FaceSpace:
    return space_of(model, request.param)


def test_faces_of_an_imported_stylegan_are_those_of_the_engine(model: Model, space: FaceSpace) -> None:
    pictures = open_pictures(model.config, model.variables(), small(16), w=space.w)
    latents = on_sphere(np.random.RandomState(0).randn(3, model.config.latent_size))
    np.testing.assert_allclose(
        pictures.images(space.points(latents)), LoadedModel(model, "openvino", 1).faces(latents), atol=1e-3
    )


def test_the_written_model_has_directions_scorer_and_bank(model: Model, space: FaceSpace) -> None:
    judge = small(16)
    pictures = open_pictures(model.config, model.variables(), judge, w=space.w)
    directions = correlated_directions(space.size, 2)
    found = Found(ATTRIBUTES[:2], directions, np.zeros((9, 2)))
    written = open_model(write_named(model, "new", found, space, judge, pictures, 5))
    assert (written.config, written.names) == (model.config, tuple(a.name for a in ATTRIBUTES[:2]))
    assert (written.space, written.size) == (space.name, space.size)
    np.testing.assert_allclose(written.directions, directions, atol=1e-6)
    bank = written.bank()
    z = np.random.RandomState(bank.base_seed).randn(5, model.config.latent_size)
    np.testing.assert_allclose(bank.scores, LoadedModel(written, "openvino", 1).scores(z), atol=2e-3)
    with pytest.raises(TrainingError, match="exists"):
        find(model.name, "new")


def test_jax_is_for_pggan(model: Model) -> None:
    with pytest.raises(TrainingError, match="--engine openvino"):
        open_pictures(model.config, model.variables(), small(16), engine="jax")


def test_a_scorer_of_larger_pictures_is_refused_before_any_work(model: Model) -> None:
    check_readable(model, small(16))
    with pytest.raises(TrainingError, match="at most 16 px"):
        check_readable(model, small(16), small(32))
