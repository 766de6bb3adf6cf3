"""Curves are added to a folder without them: nothing else changes, and an interrupted run resumes."""

import hashlib
import json

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import binom
from support.models import INCLUDED, write_tiny_model
from support.stylegan_models import directed, imported_stylegan, written

from dashboard.analysis.pins import apply_pins
from dashboard.errors import InputError
from dashboard.synthesis.add_to_model import add_curves
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine
from training import add_curves as step
from training.__main__ import main
from training.measure.curves import GRID


@pytest.fixture
def model(tmp_path):
    return write_tiny_model(tmp_path / "tiny", latent_size=32, bank=40)


def faked(model, asked):
    assert model.scorer is not None

    def score(latents):
        asked.append(len(latents))
        coordinates = latents @ model.directions
        raw = np.zeros((len(latents), 1, len(model.scorer.attributes)))
        for k, name in enumerate(model.names):
            raw[:, 0, model.scorer.attributes.index(name)] = 2 * coordinates[:, k]
        return raw

    return lambda _: (score, "fake")


def test_a_folder_gets_its_curves_and_its_faces_stay(model, tmp_path, monkeypatch):
    before = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in model.path.iterdir()}
    asked: list[int] = []
    monkeypatch.setattr(step, "page_scores", faked(model, asked))
    found = step.measured_curves(model, tmp_path / "work", rounds=2, faces=3)
    assert len(asked) == 2 * len(model.names)
    again = step.measured_curves(model, tmp_path / "work", rounds=2, faces=3)
    assert len(asked) == 2 * len(model.names)  # nothing is measured twice
    np.testing.assert_array_equal(again.mean, found.mean)
    written = add_curves(model.path, found)
    assert written.digest == model.digest
    assert written.curves().faces == 6
    np.testing.assert_allclose(written.curves().expected_at(model.names[0], GRID), 2 * GRID, atol=1e-4)
    after = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in model.path.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {"curves.safetensors", "model.json"}
    assert list(tmp_path.glob(".tiny*")) == []
    assert json.loads((model.path / "model.json").read_text())["schema_version"] == 2


def test_curves_of_another_model_are_refused_and_the_folder_is_as_it_was(model, tmp_path, monkeypatch):
    monkeypatch.setattr(step, "page_scores", faked(model, []))
    found = step.measured_curves(model, tmp_path / "work", rounds=1, faces=2)
    object.__setattr__(found, "names", found.names[::-1])
    text = (model.path / "model.json").read_bytes()
    with pytest.raises(InputError, match="Expected curves of"):
        add_curves(model.path, found)
    assert (model.path / "model.json").read_bytes() == text
    assert not open_model(model.path).has_curves


def test_curves_of_a_stylegan_are_of_pins_in_w(tmp_path):
    """The scores are those of the engine's pictures of w with the coordinate."""
    model = written(directed(imported_stylegan("stylegan2", tmp_path, z=16, w=12)), tmp_path / "mine", bank=30)
    score, _ = step.page_scores(model)
    random = np.random.RandomState(step.SEED + 1)
    points = model.points(random.randn(2 * len(GRID), 16))
    raw = step.pinned_scores(model, score, 1, 0, faces=2)
    moved = np.stack([
        apply_pins(point, model.directions[:, [1]], [at], False)
        for point, at in zip(points, np.tile(GRID, 2), strict=True)
    ])  # fmt: skip
    latents, options = model.drawn(moved)
    assert options.space == "w"
    engine = open_engine(model, "openvino", "fast")
    read = engine.run(latents, outputs=("scores",), options=options)["scores"][:, 1]
    np.testing.assert_allclose(raw[0], read.reshape(2, len(GRID)).T, atol=1e-4)
    found = step.measured_curves(model, tmp_path / "work", rounds=1, faces=2)
    written_model = add_curves(model.path, found)
    assert (written_model.space, written_model.curves().names) == ("w", model.names)
    assert written_model.digest == model.digest
    assert (np.diff(written_model.curves().expected, axis=2) >= 0).all()


def test_a_model_without_a_scorer_has_no_curves_and_says_what_is_missing(tmp_path):
    model = written(directed(imported_stylegan("stylegan2", tmp_path)), tmp_path / "mine")
    refused = CliRunner().invoke(main, ["curves", str(model.path), "--work", str(tmp_path / "work")])
    assert refused.exit_code == 2
    assert "Expected a model with directions, a scorer and a bank. Received: mine" in refused.output


@pytest.mark.long
def test_the_shipped_bands_hold_one_face_in_twenty_outside_by_attribute():
    model = open_model(INCLUDED)
    score, _ = step.page_scores(model)
    faces, outside = step.outside_share(model, model.curves(), score, 80)
    total = binom.ppf([0.0005, 0.9995], faces * len(outside), [0.04, 0.07])
    assert total[0] <= outside.sum() <= total[1]
    # Of 27 attributes none above what chance and the error of the bands themselves leave open.
    assert outside.max() <= binom.ppf(0.9999, faces, 0.08)
