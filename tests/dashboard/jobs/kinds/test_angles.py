from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.analysis.directions import bootstrap_angles, held_out_r2
from dashboard.entanglement.angles import angles_of, angles_params
from dashboard.errors import InputError
from dashboard.jobs.kinds.angles import check, run
from dashboard.spaces.sample import faces_of
from dashboard.synthesis.model import Model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return write_tiny_model(tmp_path_factory.mktemp("angles") / "tiny", latent_size=16, bank=80)


class FakeWork:
    def __init__(self, model: Model, params: dict[str, Any]) -> None:
        self._model, self.params = model, params
        self.kept: dict[str, np.ndarray] = {}
        self.fractions: list[float] = []

    def model(self) -> Model:
        return self._model

    def progress(self, fraction: float, step: str = "") -> None:
        self.fractions.append(fraction)

    def keep(self, **arrays: np.ndarray) -> None:
        self.kept = arrays


def test_it_draws_the_bank_anew_and_keeps_every_angle(model: Model) -> None:
    work = FakeWork(model, check({"resamples": 20}, model))
    run(work)  # type: ignore[arg-type]
    faces = faces_of(model)
    np.testing.assert_allclose(
        work.kept["angles"], bootstrap_angles(faces.latents, faces.scores, repeats=20), rtol=1e-6
    )
    np.testing.assert_allclose(work.kept["r2"], held_out_r2(faces.latents, faces.scores), rtol=1e-9)
    assert work.fractions == sorted(work.fractions)
    assert work.fractions[-1] == 1
    found = angles_of(work.kept)
    assert (found.low < found.high).all()
    assert (found.faces, found.resamples) == (80, 20)


def test_the_page_asks_for_a_run_that_is_canonical(model: Model) -> None:
    assert check({}, model) == angles_params()


@pytest.mark.parametrize(("params", "words"), [({"resamples": 3}, "20 to 2,000"), ({"seed": 0.5}, "a seed")])
def test_wrong_parameters_are_reported(model: Model, params: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check(params, model)


def test_a_model_without_enough_faces_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="4 scored faces per latent number"):
        check({}, write_tiny_model(tmp_path / "few", bank=48))
