from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import ATTRIBUTES, write_tiny_model

from dashboard.analysis.people import share_of, spread_of
from dashboard.analysis.rescoring import traverse
from dashboard.entanglement.bias_audit import (
    TARGETS,
    Effect,
    Finding,
    Groups,
    Row,
    audit,
    contrasts,
    found,
    groups_of,
    held_out_error,
    targets_of,
)
from dashboard.entanglement.rescoring_results import Measured, measured_of
from dashboard.pages.directions.bias_audit_text import evidence_words, finding_words, row_words, spread_words
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model import Model

BASES = 80

SKIN = Attribute("Skin_Tone", "Person", "continuous", (-3.0, 3.0), {"r2": 0.9})


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("audit") / "tiny"
    return write_tiny_model(path, attributes=(*ATTRIBUTES, SKIN), correlation=0)


def measured(model: Model, locked: list[str]) -> Measured:
    """Return a run on scores in which Smiling lowers Male and Male itself raises Skin_Tone."""
    entanglement = np.eye(len(model.names))
    smiling, male, skin = (model.names.index(name) for name in ("Smiling", "Male", "Skin_Tone"))
    entanglement[male, smiling], entanglement[skin, male] = -0.8, 0.5
    engine = FakeEngine(model.directions, entanglement=entanglement, noise=0.1)
    bases = np.random.RandomState(0).randn(BASES, model.config.latent_size)
    columns = [model.names.index(name) for name in locked]
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], bases, model.directions, locked=columns)
    read = measured_of({"steps": run.steps, "scores": run.scores, "feasible": run.feasible}, model)
    assert read is not None
    return replace(read, deviations=np.ones(len(model.names)))


def text_of(parts: list) -> str:
    return "".join(part if isinstance(part, str) else str(part.children) for part in parts)


def test_the_audit_finds_the_slider_that_changes_another_score_and_leaves_the_targets_out(model: Model) -> None:
    assert targets_of(model) == TARGETS
    rows = audit(model, measured(model, []), None)
    assert {row.name for row in rows} == set(model.names) - {"Male", "Young", "Skin_Tone"}
    assert rows[0].name == "Smiling"
    assert rows[0].leading == 0
    assert rows[0].free[0].spread.mean.sure
    assert rows[0].free[0].spread.mean.value < 0
    assert rows[0].free[0].spread.same.hits == rows[0].free[0].spread.same.n == BASES
    assert rows[0].free[0].flips.value > 0.5
    assert rows[0].locked is rows[0].spared is None
    hits = [row.free[row.leading].flips.hits for row in rows]
    assert hits == sorted(hits, reverse=True)
    assert found(rows).kept is None


def test_locks_are_beside_it_once_they_are_measured(model: Model) -> None:
    row = audit(model, measured(model, []), measured(model, ["Male", "Young", "Skin_Tone"]))[0]
    assert row.locked is not None
    assert row.spared is not None
    # This scorer reads Smiling as less Male at any coordinate of Male: a lock cannot change that.
    assert row.locked[0].spread.mean.value < 0
    assert row.spared[0].value == pytest.approx(row.free[0].flips.value - row.locked[0].flips.value)
    assert row.spared[0].low <= row.spared[0].value <= row.spared[0].high
    assert row.kept[0] == pytest.approx(row.locked[0].spread.size.value / row.free[0].spread.size.value)


def test_people_are_chosen_by_what_their_own_face_reads_as(model: Model) -> None:
    run = measured(model, [])
    groups = groups_of(model, run)
    men = groups.chosen({"Male": "more", "Young": "all"})
    assert men is not None
    assert groups.chosen({"Male": "all"}) is None
    assert (men == ~groups.people["Male"]).sum() == 0
    own = np.random.RandomState(0).randn(BASES, model.config.latent_size)
    own = own / np.sqrt((own**2).mean(axis=1, keepdims=True)) @ model.directions[:, model.column("Male")]
    assert np.mean(men == (own > 0)) > 0.8
    rows = audit(model, run, None, men)
    assert {effect.spread.same.n for row in rows for effect in row.free} == {int(men.sum())}


def test_groups_are_compared_with_their_interval_and_false_finds_are_counted(model: Model) -> None:
    run = measured(model, [])
    groups = groups_of(model, run)
    compared = contrasts(model, run, groups, "Skin_Tone")
    assert {contrast.name for contrast in compared} == {row.name for row in audit(model, run, None)}
    sizes = [abs(contrast.difference.value) for contrast in compared]
    assert sizes == sorted(sizes, reverse=True)
    few = Groups({"Male": np.arange(BASES) < 5})
    assert contrasts(model, run, few, "Male") == []
    # The slider lowers Male: of those who start low fewer can flip, if the start is what groups them.
    grouped = {contrast.name: contrast for contrast in contrasts(model, run, groups, "Male")}
    assert grouped["Smiling"].shares[0].n + grouped["Smiling"].shares[1].n == BASES


def test_the_sum_counts_sizes_not_means() -> None:
    both_signs, nothing = effect([0.6, -0.6] * 30), effect([0.01, -0.01] * 30)
    rows = [
        Row("A", (both_signs, nothing), (nothing, nothing), None, (0.25, 1.0)),
        Row("C", (nothing, nothing), (nothing, nothing), None, (1.0, 1.0)),
    ]
    both = found(rows)
    assert both == Finding(1, 2, both.kept)
    assert both.kept == pytest.approx(0.25)
    assert found(rows[1:]) == Finding(0, 1, None)
    assert row_words(rows[0], TARGETS[:2]) == "moves people in both directions"
    assert row_words(rows[1], TARGETS[:2]) == "changes hardly anyone"


def test_sentences_name_what_the_face_reads_as() -> None:
    older = np.random.default_rng(0).normal(-0.55, 0.1, 100)
    row = Row("Gray_Hair", (effect(older * 0.01), effect(older, 69)), (effect(older), effect(older, 8)), None, (1, 1))
    assert row_words(row, TARGETS[:2]) == "makes faces read as older"
    both = Row("Bald", (effect(-older), effect(older)), None, None, (1, 1))
    assert row_words(both, TARGETS[:2]) == "makes faces read as male and older"
    assert row_words(Row("Yaw", (effect(older / 5),), None, None, (1,)), TARGETS[:1]).startswith(
        "makes faces read as sl"
    )
    assert text_of(finding_words([row], TARGETS[:2])) == (
        "Of 100 people, one slider, Gray Hair, changes the perceived age group of 69. "
        "With perceived gender and perceived age locked, it is 8."
    )
    assert text_of(finding_words([both], TARGETS)) == "No slider changes how more than 5 of 100 people read."
    assert evidence_words([row], Finding(1, 2, 0.12), TARGETS) == (
        "69 % (95 %: 59 % to 77 %, n = 100), slider from −2 to +2 σ. "
        "1 of 2 sliders changes a person by more than 0.25 σ on average; locked, 12 % of that is left."
    )
    assert "same direction in 100 of 100" in spread_words(row.free[1].spread)


def effect(slopes: object, flipped: int = 0) -> Effect:
    values = np.asarray(slopes, float)
    return Effect(spread_of(values), share_of(np.arange(len(values)) < flipped))


def test_the_scorers_own_error_is_reported() -> None:
    assert held_out_error(ATTRIBUTES[2]) == "AUC 0.99"
    assert held_out_error(SKIN) == "R² 0.90"
    assert held_out_error(replace(SKIN, reliability={})) == ""


def test_a_model_is_audited_for_what_it_has(tmp_path: Path) -> None:
    lacking = write_tiny_model(tmp_path / "lacking", bank=0)
    assert [target.name for target in targets_of(lacking)] == ["Male", "Young"]
    assert targets_of(write_tiny_model(tmp_path / "plain", scorer=False, bank=0)) == ()
