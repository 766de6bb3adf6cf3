from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import write_tiny_model

from dashboard.analysis.rescoring import traverse
from dashboard.entanglement.matrix import Runs, matrix_of, measure
from dashboard.entanglement.population import population
from dashboard.entanglement.rescoring_results import Measured, is_binary, measured_of
from dashboard.entanglement.traversals import STEPS, traversal_row, traversal_rows
from dashboard.entanglement.view import View
from dashboard.faces.bases import latent_of
from dashboard.faces.direction_names import widened
from dashboard.library.extra_directions import Library
from dashboard.synthesis.model import Model

PLAIN = View("cosine", ("effect", "cosine"), "name", (), False, None)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return write_tiny_model(tmp_path_factory.mktemp("matrix") / "tiny", correlation=0.6, bank=60)


def measured(model: Model, bases: int = 12, directions: np.ndarray | None = None, **options: object) -> Measured:
    moved = model.directions if directions is None else directions
    engine = FakeEngine(moved, **options)  # type: ignore[arg-type]
    latents = np.random.RandomState(0).randn(bases, model.config.latent_size)
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], latents, moved)
    arrays = {"steps": run.steps, "scores": run.scores, "feasible": run.feasible}
    found = measured_of(arrays, model)
    assert found is not None
    return found


def test_cosines_are_the_models_gram(model: Model) -> None:
    found = matrix_of(model, PLAIN, {})
    assert found is not None
    assert np.allclose(found.values, model.gram)
    assert not found.doubtful.any()
    assert [model.names[k] for k in found.tree.order] == sorted(model.names)


def test_scores_of_the_bank_have_intervals_and_doubtful_cells(model: Model) -> None:
    found = matrix_of(model, replace(PLAIN, kind="scores"), {})
    assert found is not None
    bank = model.bank()
    assert np.allclose(found.values, np.corrcoef(bank.scores, rowvar=False), atol=1e-5)
    assert found.low is not None
    assert found.high is not None
    assert (found.low <= found.values + 1e-9).all()
    assert found.doubtful.any()
    assert not found.doubtful.diagonal().any()
    assert "60 faces of the bank" in found.caption


def test_effects_are_drawn_once_they_are_measured(model: Model) -> None:
    effect = replace(PLAIN, kind="effect")
    assert matrix_of(model, effect, {}) is None
    run = measured(model, noise=0.1)
    found = matrix_of(model, effect, {((), None): run})
    assert found is not None
    assert found.unit == "σ"
    assert "12 bases" in found.caption
    spread = model.bank().scores.std(axis=0)
    assert found.values * spread == pytest.approx(model.gram, abs=0.2)


def test_a_difference_is_zero_where_effect_follows_geometry(model: Model) -> None:
    difference = replace(PLAIN, kind="difference")
    assert matrix_of(model, difference, {}) is None
    found = matrix_of(model, difference, {((), None): measured(model)})
    assert found is not None
    # R_ij / R_ii of scores that are coordinates is the cosine, in units of either score.
    spread = model.bank().scores.std(axis=0)
    assert (found.values + model.gram) * spread[None] / spread[:, None] == pytest.approx(model.gram, abs=0.2)
    assert found.caption == "effect R(i,j) / R(i,i) less cosine"


def test_locking_gives_another_matrix_with_the_same_rows(model: Model) -> None:
    before = matrix_of(model, replace(PLAIN, order="clusters", locked=("Male",)), {})
    after = matrix_of(model, replace(PLAIN, order="clusters", locked=("Male",), after=True), {})
    assert before is not None
    assert after is not None
    assert np.allclose(before.values, model.gram)
    male = model.names.index("Male")
    assert not np.delete(after.values[:, male], male).any()
    assert after.tree.order == before.tree.order
    assert after.caption.endswith("1 locked")


def test_an_attribute_that_nobody_scores_stays_empty(model: Model) -> None:
    assert model.scorer is not None
    names = ("Chin", *model.scorer.attributes[1:])
    other = replace(model, scorer=replace(model.scorer, attributes=names))
    run = measured(other)
    found = matrix_of(other, replace(PLAIN, kind="effect"), {((), None): run})
    assert found is not None
    assert np.isnan(found.values[:, 0]).all()
    assert np.isfinite(found.values[:, 1:]).all()


def test_an_extra_direction_has_a_row_once_it_is_measured(model: Model) -> None:
    wide = widened(replace(model, extra_directions=Library(None)), ["sefa~1", "sefa~2"])
    own = measured(wide, directions=model.directions)
    effect, engine = replace(PLAIN, kind="effect"), FakeEngine(model.directions)
    latents = np.random.RandomState(0).randn(12, model.config.latent_size)
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], latents, wide.directions, moved=[9])
    second = measured_of({"steps": run.steps, "scores": run.scores, "feasible": run.feasible}, wide)
    found = matrix_of(wide, effect, {((), None): own, ((), "sefa~2"): second})
    assert found is not None
    assert np.isfinite(found.values[:8, :8]).all()
    assert np.isnan(found.values[8]).all()
    assert np.isnan(found.values[:, 8:]).all()
    assert second is not None
    assert found.values[9, :8] == pytest.approx(second.found.matrix[0, :8])


def test_a_curve_goes_through_nought_and_has_a_band(model: Model) -> None:
    mean, low, high = measured(model, noise=0.5).curve(0, 0)
    assert mean[2] == low[2] == high[2] == 0
    assert (np.diff(mean) > 0).all()
    assert (low <= mean + 1e-9).all()
    assert (mean <= high + 1e-9).all()


def test_nothing_measured_is_none(model: Model) -> None:
    assert measured_of({}, model) is None


def test_traversals_pin_the_steps_and_hold_locked_attributes(model: Model) -> None:
    found = traversal_row(model, "Smiling", 31, ["Male", "Smiling"])
    columns = model.directions[:, [model.names.index(name) for name in ("Smiling", "Male")]]
    faces = [face for face in found.faces if face is not None]
    assert len(faces) == len(STEPS)
    shown = np.array([latent_of(face, model) @ columns for face in faces])
    assert shown[:, 0] == pytest.approx(STEPS, abs=1e-3)
    assert np.ptp(shown[:, 1]) < 1e-3


def test_one_direction_has_its_traversals_once_and_infeasible_faces_none(model: Model) -> None:
    assert {found.name for found in traversal_rows(model, ("Male", "Male"), ())} == {"Male"}
    twins = np.array(model.directions)
    twins[:, 1] = twins[:, 0]
    other = replace(model, directions=twins, gram=twins.T @ twins)
    assert None in traversal_row(other, "Smiling", 31, ["Mouth_Open"]).faces


def test_the_population_is_the_bank_or_random_faces(model: Model) -> None:
    found = population(model, "Smiling", "Male", "scores")
    assert found.of == "scores"
    assert found.x.std() == pytest.approx(1)
    coordinates = population(model, "Smiling", "Male", "coordinates")
    assert coordinates.caption == "800 random faces of seed 7"
    assert np.corrcoef(coordinates.x, coordinates.y)[0, 1] == pytest.approx(model.gram[0, 2], abs=0.1)


def test_cells_are_tested_against_zero_among_many_and_carry_wider_intervals(model: Model) -> None:
    effect = replace(PLAIN, kind="effect")
    runs: Runs = {((), None): measured(model, bases=60, noise=1.0)}
    found, strict = matrix_of(model, effect, runs), matrix_of(model, replace(effect, false_share=0.01), runs)
    assert found is not None
    assert strict is not None
    assert found.choice is not None
    assert strict.choice is not None
    assert found.choice.tested == len(model.names) * (len(model.names) - 1)
    assert 0 < strict.choice.chosen.sum() <= found.choice.chosen.sum()
    assert not (strict.choice.chosen & ~found.choice.chosen).any()
    assert not found.doubtful.diagonal().any()
    assert found.low is not None
    assert found.high is not None
    plain = measure(model, "effect", (), runs)
    assert plain is not None
    assert plain[1] is not None
    chosen = found.choice.chosen
    assert (found.low[chosen] <= plain[1][chosen]).all()
    # A selected cell and its interval always agree.
    assert ((found.low > 0) | (found.high < 0))[chosen].all()
    assert f"{chosen.sum()} of {found.choice.tested} differ from 0 (false finds at most 5 %)" in found.caption


def test_below_fifty_people_no_cell_has_an_interval(model: Model) -> None:
    found = matrix_of(model, replace(PLAIN, kind="effect"), {((), None): measured(model, noise=0.1)})
    assert found is not None
    assert found.choice is None
    assert found.low is not None
    assert np.isnan(found.low).all()
    assert not found.doubtful.any()


def test_the_share_of_a_binary_attribute_rises_where_its_slope_says(model: Model) -> None:
    run = measured(model, bases=60)
    row = model.column("Male")
    mean, low, high = run.presence(row, row)
    assert (np.diff(mean) > 0).all()
    assert (low <= mean).all()
    assert (mean <= high).all()
    assert mean[2] == pytest.approx(0.5)  # scores that are coordinates: 0 is an even chance
    below, above = run.half_slopes(row, row)
    assert below == pytest.approx(run.found.matrix[row, row], rel=1e-6)
    assert above == pytest.approx(below)
    assert model.scorer is not None
    kinds = zip(model.scorer.attributes, model.scorer.kinds, strict=True)
    assert all(is_binary(model, name) == (kind == "binary") for name, kind in kinds)
    assert not is_binary(model, "Nose")
