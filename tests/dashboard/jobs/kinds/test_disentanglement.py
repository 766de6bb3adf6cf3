"""Disentanglement as a job, on networks that have w and styles: StyleGAN2 and StyleGAN3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.models import ATTRIBUTES, random_variables, tiny_scorer
from support.stylegan_files import Module, nvidia_file
from support.stylegan_reference import dense, mapped, random_stylegan2, random_stylegan3

from dashboard.entanglement.disentanglement_results import BY_SCORER, disentanglement_of
from dashboard.jobs.kinds import disentanglement
from dashboard.jobs.kinds.disentanglement import check, code_sets, run
from dashboard.spaces.sample import faces_of
from dashboard.synthesis.engine import Engine
from dashboard.synthesis.imports import import_model
from dashboard.synthesis.model_folder import Bank, Model, open_model, write_model
from dashboard.synthesis.open_engine import open_engine

NETWORKS = {"stylegan2": random_stylegan2(resolution=16), "stylegan3": random_stylegan3(resolution=16)}
FACES, SEED = 300, 7
READ = (1, 4)
"""Numbers of w that are the scores of the bank."""


@pytest.fixture(scope="module", params=list(NETWORKS))
def family(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def model(family: str, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Return an imported network with a scorer, and a bank whose scores are two numbers of w."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "network.pkl").write_bytes(nvidia_file(NETWORKS[family]))
    plain = open_model(import_model(folder / "network.pkl", family, folder / "shelf"))
    random = np.random.RandomState(SEED)
    z = random.randn(FACES, plain.config.latent_size)
    w = np.stack([mapped(NETWORKS[family], row) for row in z])
    scorer = tiny_scorer(ATTRIBUTES[:2])
    features = np.random.default_rng(0).normal(size=(FACES, 64))
    return write_model(
        folder / "scored",
        plain.config,
        plain.variables(),
        ATTRIBUTES[:2],
        np.eye(plain.config.latent_size)[:, :2],
        licence="CC0-1.0",
        provenance={"made by": "a test"},
        scorer=(scorer, random_variables(scorer, 1)),
        bank=Bank(SEED, w[:, READ], features, scorer.attributes),
        dtype=np.float32,
    )


class DirectWork:
    """The context of a job, in this process."""

    def __init__(self, model: Model, params: dict[str, Any], cache: Path) -> None:
        self._model, self.params, self._cache = model, params, cache
        self.kept: dict[str, np.ndarray] = {}

    def model(self) -> Model:
        return self._model

    def engine(self, precision: Any) -> Engine:
        return open_engine(self._model, "openvino", precision, threads=1, cache_dir=self._cache)

    def progress(self, fraction: float, step: str = "") -> None:
        assert 0 <= fraction <= 1

    def keep(self, **arrays: np.ndarray) -> None:
        self.kept = arrays


def affines(part: Module) -> list[Module]:
    """Return the layers that make styles of w, wherever they are."""
    found = [part.parts["affine"]] if "affine" in part.parts else []
    return found + [each for inner in part.parts.values() for each in affines(inner)]


def in_order(codes: np.ndarray) -> np.ndarray:
    return codes[:, np.argsort(codes[0])]


def test_w_and_styles_are_those_of_the_published_network(family: str, model: Model) -> None:
    """Against the NumPy reference, whose styles follow the modules of the file, in whatever order."""
    network, faces = NETWORKS[family], faces_of(model)
    sets = {name: (values, of) for name, values, of in code_sets(model, faces)}
    assert list(sets) == ["coordinates", "components of features", "w", "s"]
    w = np.stack([mapped(network, z) for z in faces.latents])
    np.testing.assert_allclose(sets["w"][0], w, atol=2e-4)
    styles = np.stack([np.concatenate([dense(one, row) for one in affines(network.parts["synthesis"])]) for row in w])
    assert sets["s"][1] == styles.shape[1]
    np.testing.assert_allclose(in_order(sets["s"][0]), in_order(styles), atol=2e-3)


def test_scores_that_are_numbers_of_w_are_found_in_w(model: Model, tmp_path: Path) -> None:
    work = DirectWork(model, check({"pairs": 10}, model), tmp_path)
    run(work)  # type: ignore[arg-type]
    found = disentanglement_of(work.kept)
    rows = {row.codes: row for row in found.rows}
    assert {row.factors for row in found.rows} == {BY_SCORER}
    assert (rows["w"].count, rows["w"].of, rows["w"].faces) == (7, 7, FACES)
    completeness, informativeness = rows["w"].numbers[1:3]
    assert completeness > 0.9, "one number of w each"
    assert informativeness > 0.99
    assert informativeness > rows["coordinates"].numbers[2] + 0.1
    assert all(0 <= number <= 1 for row in found.rows for number in row.numbers)
    assert np.isfinite([found.length, found.halved]).all()


def test_of_many_codes_those_that_vary_most_are_measured(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disentanglement, "MOST_CODES", 3)
    monkeypatch.setattr(disentanglement, "STYLED", 50)
    faces = faces_of(model)
    sets = {name: (values, of) for name, values, of in code_sets(model, faces)}
    values, of = sets["s"]
    assert values.shape == (50, 3)
    assert of > 3
    monkeypatch.setattr(disentanglement, "MOST_CODES", of)
    every = next(codes for name, codes, _ in code_sets(model, faces) if name == "s")
    assert values.std(axis=0).min() >= np.sort(every.std(axis=0))[-3] - 1e-9
