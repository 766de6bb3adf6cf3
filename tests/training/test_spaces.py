"""Directions in w: a score that is a given function of w is found again, and a unit moves it by its deviation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from support.models import ATTRIBUTES, random_variables, tiny_scorer, write_tiny_model
from support.stylegan_models import imported_stylegan

from dashboard.library.direction_files import read_directions
from dashboard.library.direction_spaces import direction_space
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from training.__main__ import main
from training.errors import TrainingError
from training.fit import Fit, fit
from training.label.scorer import Scorer
from training.spaces import FaceSpace, space_of

LOOSE = ("--least-r2", "0", "--least-auc", "0", "--least-agreement", "-1", "--least-linear", "-9", "--most-alike", "1")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return imported_stylegan("stylegan2", tmp_path_factory.mktemp("two"), z=20, w=10)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return imported_stylegan("stylegan2", tmp_path_factory.mktemp("labelled"), labels=3)


def found_in(space: FaceSpace, normal: np.ndarray, count: int = 4000) -> Fit:
    """Return the fit of one score: normal . w, with noise as large as a tenth of it, as both scorers read it."""
    assert space.w is not None
    w, noise = space.w, np.random.default_rng(0)
    spread = float(np.sqrt(normal @ w.covariance @ normal))

    def score(points: np.ndarray) -> np.ndarray:
        values = (w.w_of(points) @ normal)[:, None, None]
        return values + 0.1 * spread * noise.standard_normal((len(points), 2, 1))

    return fit(score, [Attribute("A", "Person", "continuous", (-4.0, 4.0), {"r2": 0.9})], space, count, 1, 16)


def test_a_linear_function_of_w_is_found_with_its_units(model: Model) -> None:
    space = space_of(model)
    assert (space.name, space.size, model.space) == ("w", 10, "w")
    normal = np.random.default_rng(3).standard_normal(10)
    found = found_in(space, normal)
    assert found.space == "w"
    assert found.directions[:, 0] @ model.column_of(normal) > 0.999
    # As a file holds it, it is the function's own normal, not the column of standardised w.
    assert space.native(found.directions[:, 0]) @ normal / np.linalg.norm(normal) > 0.99
    # A unit of the coordinate is a standard deviation of the score over random faces, without its noise.
    assert found.per_unit[0] == pytest.approx(1 / np.sqrt(1.01), abs=0.02)
    assert found.attributes[0].range == (-4.0, 4.0)
    np.testing.assert_array_equal(found.points(space), space.random(1, 4000))


def test_random_points_of_w_are_standardised(model: Model) -> None:
    points = space_of(model).random(5, 20_000)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(np.cov(points.T), np.eye(10), atol=0.1)
    # Products of float32 are rounded in another way in larger batches, on some processors.
    np.testing.assert_allclose(space_of(model).random(5, 10), points[:10], rtol=0, atol=1e-5)


def test_numbers_of_w_that_never_vary_have_no_part_in_a_direction(model: Model) -> None:
    """Without the rule such a number's slope is all noise, and far the largest."""
    space = space_of(model)
    assert space.w is not None
    squash = np.diag([*np.ones(8), 1e-6, 0.0])
    flat = replace(space.w, covariance=squash @ space.w.covariance @ squash)

    class Flat(FaceSpace):
        def random(self, seed: int, count: int) -> np.ndarray:
            assert self.w is not None
            points = np.random.RandomState(seed).randn(count, 10)
            return self.w.of_w(self.w.mean + points @ np.linalg.cholesky(flat.covariance + 1e-30 * np.eye(10)).T)

    normal = np.array([1.0, -1, 0, 0, 2, 0, 0, 0, 0, 0])
    found = found_in(Flat(20, w=flat), normal)
    assert found.directions.shape == (10, 1)
    assert found.directions[:, 0] @ flat.measuring(normal) > 0.999
    assert np.abs(found.directions[8:, 0]).max() < 1e-3


def test_a_network_with_labels_draws_a_class_for_each_face(labelled: Model) -> None:
    space = space_of(labelled)
    assert space.w is not None
    latents = np.random.RandomState(4).randn(6, labelled.config.latent_size)
    classes = np.random.RandomState([4, 1]).randint(0, 3, 6)
    assert len(set(classes)) > 1
    alone = [space.w.of_latents(z, int(c))[0] for z, c in zip(latents, classes, strict=True)]
    np.testing.assert_allclose(space.random(4, 6), alone, atol=1e-5)
    with pytest.raises(TrainingError, match="--space w"):
        space_of(labelled, "z")


def test_w_of_a_model_in_z_is_computed_and_kept_with_the_fit(tmp_path: Path) -> None:
    model = imported_stylegan("stylegan3", tmp_path)
    in_z = replace(model, w=None)
    said: list[str] = []
    space = space_of(in_z, "w", report=said.append)
    assert len(said) == 1
    assert model.w is not None
    np.testing.assert_array_equal(space.statistics()["covariance"], model.w.covariance.astype(np.float32))
    found = found_in(space, np.eye(7)[2], 100)
    found.write(tmp_path / "fit")
    again = Fit.read(tmp_path / "fit")
    assert again.space == "w"
    given = space_of(in_z, again.space, again.statistics)
    np.testing.assert_allclose(given.random(3, 4), space.random(3, 4), atol=1e-6)


def test_a_pggan_has_no_w(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "tiny", bank=0)
    assert space_of(model).name == "z"
    with pytest.raises(TrainingError, match="a PG-GAN"):
        space_of(model, "w")


def test_a_sphere_is_left_out_where_a_generator_does_not_normalise(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "tiny", bank=0, scorer=False, normalize_latents=False)
    space, direction = space_of(model), np.eye(model.size)[:, :1]
    bases = space.random(2, 3)
    np.testing.assert_array_equal(bases, np.random.RandomState(2).randn(3, model.size))
    pinned, feasible = space.pin(bases, direction, np.full((3, 1), 40.0))
    assert feasible.all()
    np.testing.assert_array_equal(pinned[:, 1:], bases[:, 1:])


@pytest.mark.parametrize("space", [None, "z", "w"])
def test_the_command_finds_directions_in_the_space_that_is_asked_for(
    space: str | None, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    scorer = tiny_scorer(size=16)
    figures = {a.name: {"r2": 0.9, "auc": 0.99} for a in ATTRIBUTES}
    for name in ("scorer", "judge"):
        groups = tuple(a.group for a in ATTRIBUTES)
        Scorer(scorer, random_variables(scorer, 1), groups, figures, 9).write(tmp_path / name)
    folders = [word for name in ("scorer", "judge") for word in (f"--{name}", str(tmp_path / name))]
    fit_words = ["fit", "--model", str(model.path), *folders, "--out", str(tmp_path / "fit"), *LOOSE]
    asked = ["--space", space] if space else []
    small = ["--latents", "80", "--bases", "4", "--bank", "12", "--name", "mine"]
    done = CliRunner().invoke(main, [*fit_words, *asked, *small], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    wanted = space or "w"
    made, found = open_model(tmp_path / "home" / "models" / "mine"), Fit.read(tmp_path / "fit")
    assert (made.space, found.space) == (wanted, wanted)
    assert made.names == found.names != ()
    assert made.provenance["directions"]["space"] == wanted
    np.testing.assert_allclose(made.directions, found.directions, atol=1e-6)
    # The file beside it is read back as directions of that space that measure the same.
    file = tmp_path / "fit" / f"directions_{wanted}.npz"
    assert direction_space(made, file.name) == wanted
    each = read_directions(file, made.size, file.name)
    assert tuple(one.title.replace(" ", "_") for one in each) == found.names
    for one, column in zip(each, found.directions.T, strict=True):
        np.testing.assert_allclose(made.column_of(one.vector), column, atol=1e-4)


def test_a_space_is_for_models_that_have_one(tmp_path: Path) -> None:
    words = ["fit", "--run", str(tmp_path), "--scorer", "s", "--judge", "j", "--out", "o", "--space", "w"]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 2
    assert "Expected --run, or --model" in refused.output
