"""Judge, curves and true directions: they are read back, and inconsistent files are rejected."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from support.models import ATTRIBUTES, INCLUDED, correlated_directions, random_variables, tiny_config, tiny_scorer

from dashboard.errors import ModelError
from dashboard.synthesis.curves import Curves, TrueDirections
from dashboard.synthesis.model_folder import Bank, Model, open_model, write_model

NAMES = tuple(attribute.name for attribute in ATTRIBUTES)
GRID = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
LEVELS = np.array([0.025, 0.25, 0.5, 0.75, 0.975])
COUNT = len(NAMES)


def curves(readers: int = 2) -> Curves:
    """Yield a model whose first expected-score curve is a step from -1 to 3 with a level stretch on either side."""
    line = np.broadcast_to(GRID, (readers, COUNT, 5)).copy()
    line[0, 0] = [-1.0, -1.0, 1.0, 3.0, 3.0]
    bands = line[..., None] + np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
    return Curves(
        NAMES, GRID, LEVELS, line, line, np.ones_like(line), (line > 0).astype(float), bands,
        np.broadcast_to([-4.0, 4.0], (readers, COUNT, 2)), 70,
    )  # fmt: skip


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Model:
    config, scorer = tiny_config(resolution=16), tiny_scorer()
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(9, len(scorer.attributes)))
    bank = Bank(11, scores, rng.normal(size=(9, 64)), scorer.attributes, judge_scores=scores + 1)
    directions = correlated_directions(512, COUNT)
    true = TrueDirections(directions, *(np.full(COUNT, value) for value in (0.9, 12.0, 10.0, 14.0)))
    return write_model(
        tmp_path_factory.mktemp("models") / "judged", config, random_variables(config, 3), ATTRIBUTES, directions,
        "CC0-1.0", {}, scorer=(scorer, random_variables(scorer, 4)), bank=bank,
        judge=(scorer, random_variables(scorer, 5)), curves=curves(), true_directions=true, first_seed=23,
    )  # fmt: skip


def test_judge_curves_and_true_directions_come_back(judged: Model) -> None:
    assert judged.first_seed == 23
    assert judged.has_judge
    assert judged.has_curves
    assert judged.has_true_directions
    assert set(judged.judge_variables()) == set(judged.scorer_variables())
    bank = judged.bank()
    assert bank.judge_scores is None, "a page that needs the scorer's scores does not read the judge's"
    np.testing.assert_allclose(judged.judge_scores(), bank.scores + 1, atol=1e-5)
    read, written = judged.curves(), curves()
    for name, value in vars(written).items():
        if name != "levels":
            np.testing.assert_array_equal(getattr(read, name), value)
    np.testing.assert_allclose(read.levels, LEVELS, atol=1e-7)
    true = judged.true_directions()
    assert true.angle.tolist() == [12.0] * COUNT
    np.testing.assert_allclose(true.directions, judged.directions, atol=1e-6)


def test_a_score_is_expected_where_the_curve_says() -> None:
    found, name = curves(), NAMES[0]
    assert found.expected_at(name, [-9.0, -0.5, 0.5, 9.0]).tolist() == [-1.0, 0.0, 2.0, 3.0]
    assert found.expected_at(name, 0.5, "judge") == 0.5
    # A tick of a flat part is at its start; so is one of a score outside the curve.
    assert found.coordinate_of(name, [-5.0, -1.0, 0.0, 1.0, 2.0, 3.0, 9.0]).tolist() == [-1, -1, -0.5, 0, 0.5, 1, 1]
    low, high = found.band(name, np.array([0.0, 2.0]), 0.05)
    assert low == pytest.approx([-1.0, 1.0])
    assert high == pytest.approx([3.0, 5.0])
    narrow = found.band(name, 0.0, 0.5)
    assert narrow == pytest.approx((0.5, 1.5))
    between = found.band(name, 0.0, 0.2)
    assert -1.0 < between[0] < 0.5
    assert between[0] - 1.0 == pytest.approx(1.0 - between[1])


def test_a_judge_of_other_attributes_is_refused(judged: Model, tmp_path: Path) -> None:
    config, scorer = tiny_config(resolution=16), tiny_scorer()
    other = tiny_scorer(tuple(reversed(ATTRIBUTES)))
    with pytest.raises(ModelError, match="judge of the scorer's attributes"):
        write_model(
            tmp_path / "other", config, random_variables(config, 3), ATTRIBUTES, judged.directions, "CC0-1.0", {},
            scorer=(scorer, random_variables(scorer, 4)), judge=(other, random_variables(other, 5)),
        )  # fmt: skip
    assert not (tmp_path / "other").exists()


def test_curves_of_other_sizes_are_refused(judged: Model, tmp_path: Path) -> None:
    config, scorer = tiny_config(resolution=16), tiny_scorer()
    with pytest.raises(ModelError, match="expected in curves"):
        write_model(
            tmp_path / "no-judge", config, random_variables(config, 3), ATTRIBUTES, judged.directions, "CC0-1.0", {},
            scorer=(scorer, random_variables(scorer, 4)), curves=curves(),
        )  # fmt: skip


def test_an_older_folder_opens_without_any_of_it(judged: Model, tmp_path: Path) -> None:
    old = Path(shutil.copytree(INCLUDED, tmp_path / "old"))
    stated = json.loads((old / "model.json").read_text())
    stated["schema_version"] = 1
    for name in ("judge", "first_seed"):
        stated.pop(name, None)
    for name in ("judge.safetensors", "curves.safetensors", "true_directions.safetensors"):
        stated["files"].pop(name, None)
        (old / name).unlink(missing_ok=True)
    bank = old / "bank.safetensors"
    save_file({name: array for name, array in load_file(bank).items() if "judge" not in name}, bank)
    written = bank.read_bytes()
    stated["files"][bank.name] = {"bytes": len(written), "sha256": hashlib.sha256(written).hexdigest()}
    (old / "model.json").write_text(json.dumps(stated))
    model = open_model(old)
    assert not any((model.has_judge, model.has_curves, model.has_true_directions))
    assert model.first_seed is None
    assert len(model.bank().scores) == len(open_model(INCLUDED).bank().scores)
    with pytest.raises(ModelError, match=r"judge\.safetensors"):
        model.judge_scores()
    with pytest.raises(ModelError, match=r"curves\.safetensors"):
        model.curves()
