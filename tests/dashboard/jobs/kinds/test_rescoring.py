from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import write_tiny_model

from dashboard.analysis.rescoring import STEPS
from dashboard.entanglement.rescoring_results import measured_of
from dashboard.errors import InputError
from dashboard.faces.direction_names import widened
from dashboard.jobs.kinds.rescoring import FIRST, check, run
from dashboard.library.extra_directions import Library
from dashboard.synthesis.model import Model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return write_tiny_model(tmp_path_factory.mktemp("rescoring") / "tiny")


class FakeWork:
    """Input of a job, with an engine whose scores are given functions of the latent."""

    def __init__(self, model: Model, params: dict[str, Any], engine: FakeEngine) -> None:
        self._model, self.params, self._engine = model, params, engine
        self.kept: list[dict[str, np.ndarray]] = []
        self.fractions: list[float] = []

    def model(self) -> Model:
        return self._model

    def engine(self, precision: str = "exact") -> FakeEngine:
        assert precision == "exact"
        return self._engine

    def progress(self, fraction: float, step: str = "") -> None:
        self.fractions.append(fraction)

    def keep(self, **arrays: np.ndarray) -> None:
        self.kept.append(arrays)


def test_it_measures_what_the_scores_do_and_lets_the_first_bases_be_seen(model: Model) -> None:
    entanglement = np.eye(len(model.names))
    entanglement[2, 0] = 0.6  # Smiling raises the score of Male
    work = FakeWork(
        model,
        check({"bases": 24, "locked": ["Young"], "seed": 4}, model),
        FakeEngine(model.directions, entanglement=entanglement),
    )
    run(work)  # type: ignore[arg-type]
    assert [len(kept["scores"]) for kept in work.kept] == [FIRST, 24]
    assert work.fractions[-1] == 1
    last = work.kept[-1]
    assert last["steps"].tolist() == list(STEPS)
    assert last["scores"].shape == (24, 8, 5, 8)
    found = measured_of(last, model)
    assert found is not None
    raw = found.found.matrix * found.deviations
    smiling, male, young = (model.names.index(name) for name in ("Smiling", "Male", "Young"))
    assert raw[smiling, smiling] == pytest.approx(1, abs=0.15)
    assert raw[smiling, male] > 0.4
    assert np.allclose(np.delete(raw[:, young], young), 0, atol=0.02)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"bases": 0}, "1 to 5,000 bases"),
        ({"bases": "9"}, "bases"),
        ({"seed": -1}, "seed"),
        ({"locked": ["Nose"]}, "lock"),
    ],
)
def test_wrong_parameters_are_reported(model: Model, params: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check(params, model)


def test_a_model_without_a_scorer_cannot_be_measured(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a scorer"):
        check({}, write_tiny_model(tmp_path / "plain", scorer=False, bank=0))


def test_equal_runs_have_equal_parameters(model: Model) -> None:
    assert check({"locked": ["Young", "Male"]}, model) == {"bases": 500, "locked": ["Male", "Young"], "seed": 0}


def test_an_extra_direction_is_moved_alone(model: Model) -> None:
    wide = replace(model, extra_directions=Library(None))
    params = check({"bases": 6, "locked": ["Male"], "moved": "sefa~2"}, wide)
    assert params == {"bases": 6, "locked": ["Male"], "seed": 0, "moved": "sefa~2"}
    work = FakeWork(wide, params, FakeEngine(model.directions))
    run(work)  # type: ignore[arg-type]
    last = work.kept[-1]
    assert last["scores"].shape == (6, 1, 5, 8)
    column = wide.extra_directions.direction(model, "sefa~2")  # type: ignore[union-attr]
    found = measured_of(last, widened(wide, ["sefa~2"]))
    assert found is not None
    slopes = found.found.matrix[0]
    male = model.names.index("Male")
    assert slopes[male] == pytest.approx(0, abs=0.02)
    assert np.isnan(slopes[-1])  # nobody scores it
    # With Male held, a step moves in the projected direction; on the sphere everything else shrinks a little.
    held = model.directions[:, male]
    component = (column - held * (held @ column)) / (1 - (held @ column) ** 2)
    others = np.delete(np.arange(8), male)
    expected = (component @ model.directions)[others] / found.deviations[others]
    assert slopes[others] == pytest.approx(expected, abs=0.35)
    assert np.corrcoef(slopes[others], expected)[0, 1] > 0.8


@pytest.mark.parametrize(
    "wrong",
    [
        {"moved": "own~" + "0" * 32},
        {"moved": 3},
        {"locked": ["sefa~999"]},
        {"locked": [4]},
        {"locked": "Male"},
    ],
)
def test_a_wrong_extra_direction_is_reported(model: Model, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"Expected .* Received: .* Choose"):
        check(wrong, replace(model, extra_directions=Library(None)))


def test_a_run_may_lock_extra_directions(model: Model) -> None:
    wide = replace(model, extra_directions=Library(None))
    params = check({"bases": 4, "locked": ["sefa~1", "Young"]}, wide)
    assert params["locked"] == ["Young", "sefa~1"]
    work = FakeWork(wide, params, FakeEngine(model.directions))
    run(work)  # type: ignore[arg-type]
    assert work.kept[-1]["scores"].shape == (4, 8, 5, 8)
