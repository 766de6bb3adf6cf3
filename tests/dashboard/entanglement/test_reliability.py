from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import ATTRIBUTES, write_tiny_model

from dashboard.analysis.rescoring import effects, traverse
from dashboard.entanglement.angles import angles_of, enough_faces
from dashboard.entanglement.reliability import DirectionReliability, columns, reliability
from dashboard.entanglement.rescoring_results import Measured, measured_of
from dashboard.synthesis.model import Model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    reliability = {"r2": 0.5, "linear_r2": 0.3}
    attributes = tuple(replace(each, reliability=reliability) if each.name == "Yaw" else each for each in ATTRIBUTES)
    return write_tiny_model(tmp_path_factory.mktemp("reliability") / "tiny", attributes=attributes, latent_size=16)


def measured(model: Model, locked: list[str]) -> Measured:
    """Return a run on scores that follow the coordinates, whatever the directions share."""
    engine = FakeEngine(model.directions)
    bases = np.random.RandomState(0).randn(12, model.config.latent_size)
    columns = [model.names.index(name) for name in locked]
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], bases, model.directions, locked=columns)
    read = measured_of({"steps": run.steps, "scores": run.scores, "feasible": run.feasible}, model)
    assert read is not None
    plain = np.ones(len(model.names))
    return Measured(read.run, plain, effects(read.run, plain))


def test_before_anything_is_measured_a_row_says_what_the_model_says(model: Model) -> None:
    rows = {row.name: row for row in reliability(model, None, None, None)}
    assert list(rows) == list(model.names)
    male, yaw = rows["Male"], rows["Yaw"]
    assert (male.measure, male.scorer, male.r2) == ("AUC", 0.99, None)
    assert (yaw.measure, yaw.scorer, yaw.r2) == ("R²", 0.5, 0.3)
    assert (yaw.low, yaw.high, yaw.angle_high, yaw.leakage, yaw.left) == (-3.0, 3.0, None, None, None)
    assert not yaw.unsure
    sizes = np.abs(model.gram[model.names.index("Yaw")])
    assert yaw.partner == model.names[int(np.argsort(sizes)[-2])]


def test_runs_and_angles_fill_the_row_and_locks_take_the_leakage_away(model: Model) -> None:
    angles = angles_of({"angles": np.full((20, 8), 30.0), "r2": np.r_[np.nan, np.full(7, 0.2)], "faces": np.array(64)})
    rows = reliability(model, angles, measured(model, []), measured(model, list(model.names)))
    row = next(row for row in rows if row.name == "Mouth_Open")
    assert row.unsure
    assert row.r2 == 0.2
    assert rows[0].r2 is None
    assert row.response == pytest.approx(1, abs=1e-3)
    assert row.leakage is not None
    assert row.leakage > 0.02
    assert row.locked == pytest.approx(0, abs=1e-6)
    assert row.left == pytest.approx(0, abs=1e-4)
    # At half a unit of its own score the others have changed by half of what they do for a unit, in the mean of signed
    # changes; the mean of their sizes is no less.
    assert row.dependency is not None
    assert row.leakage / 2 <= row.dependency < row.leakage
    assert row.reached == 1


def test_as_columns_missing_numbers_are_nan_and_text_stays_text(model: Model) -> None:
    found = columns(reliability(model, None, None, None))
    assert list(found) == list(DirectionReliability.__dataclass_fields__)
    assert found["name"].tolist() == list(model.names)
    assert np.isnan(found["leakage"]).all()
    assert found["high"].dtype == float
    assert columns([]) == {}


def test_a_small_bank_is_not_drawn_anew(model: Model, tmp_path: Path) -> None:
    assert not enough_faces(model)
    assert not enough_faces(write_tiny_model(tmp_path / "none", scorer=False, bank=0))
    assert enough_faces(write_tiny_model(tmp_path / "some", bank=64, latent_size=16))
