from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import ATTRIBUTES, write_tiny_model

from dashboard.analysis.rescoring import traverse
from dashboard.entanglement.bias_audit import TARGETS, Bar, Finding, Row, audit, found, held_out_error, targets_of
from dashboard.entanglement.rescoring_results import Measured, measured_of
from dashboard.pages.directions.bias_audit_text import finding_words, row_words
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model import Model

SKIN = Attribute("Skin_Tone", "Person", "continuous", (-3.0, 3.0), {"r2": 0.9})


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("audit") / "tiny"
    return write_tiny_model(path, attributes=(*ATTRIBUTES, SKIN), correlation=0)


def measured(model: Model, locked: list[str]) -> Measured:
    """A run on scores in which Smiling lowers Male and Male itself raises Skin_Tone."""
    entanglement = np.eye(len(model.names))
    smiling, male, skin = (model.names.index(name) for name in ("Smiling", "Male", "Skin_Tone"))
    entanglement[male, smiling], entanglement[skin, male] = -0.8, 0.5
    engine = FakeEngine(model.directions, entanglement=entanglement, noise=0.1)
    bases = np.random.RandomState(0).randn(16, model.config.latent_size)
    columns = [model.names.index(name) for name in locked]
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], bases, model.directions, locked=columns)
    read = measured_of({"steps": run.steps, "scores": run.scores, "feasible": run.feasible}, model)
    assert read is not None
    return replace(read, deviations=np.ones(len(model.names)))


def told(parts: list) -> str:
    return "".join(part if isinstance(part, str) else str(part.children) for part in parts)


def test_the_audit_finds_the_slider_that_changes_another_score_and_leaves_the_targets_out(model: Model) -> None:
    assert targets_of(model) == TARGETS
    rows = audit(model, measured(model, []), None)
    assert {row.name for row in rows} == set(model.names) - {"Male", "Young", "Skin_Tone"}
    assert rows[0].name == "Smiling"
    assert rows[0].free[0].sure
    assert rows[0].free[0].value < 0
    assert rows[0].locked is None
    assert [row.size for row in rows] == sorted((row.size for row in rows), reverse=True)
    assert found(rows).gone is None


def test_locks_are_beside_it_once_they_are_measured(model: Model) -> None:
    locked = audit(model, measured(model, []), measured(model, ["Male", "Young", "Skin_Tone"]))[0].locked
    assert locked is not None
    # This scorer reads Smiling as less Male whatever the coordinate of Male is: a lock cannot mend that.
    assert locked[0].value < 0


def test_the_sum_counts_sure_and_large_effects_only() -> None:
    nothing, large, left = Bar(0.0, -0.1, 0.1), Bar(-0.6, -0.7, -0.5), Bar(-0.15, -0.2, -0.1)
    rows = [
        Row("A", (large, nothing), (left, nothing)),
        Row("B", (Bar(0.5, -0.1, 1.1), nothing), (large, nothing)),
        Row("C", (nothing, nothing), (nothing, nothing)),
    ]
    assert (found(rows).large, found(rows).sliders) == (1, 3)
    assert found(rows).gone == pytest.approx(0.75)
    assert found(rows[1:]) == Finding(0, 2, None)


def test_sentences_name_what_the_face_reads_as() -> None:
    row = Row("Gray_Hair", (Bar(0.02, -0.1, 0.1), Bar(-0.55, -0.6, -0.5)), (Bar(0, 0, 0), Bar(-0.09, -0.1, -0.08)))
    assert told(row_words(row, TARGETS[:2])) == (
        "Gray Hair makes faces read as older (0.55 σ less Young). Locked, 0.09 is left."
    )
    both = Row("Bald", (Bar(0.33, 0.3, 0.4), Bar(-0.34, -0.4, -0.3)), None)
    assert told(row_words(both, TARGETS[:2])) == (
        "Bald makes faces read as older (0.34 σ less Young) and male (0.33 σ more Male)."
    )
    assert "changes none of these" in told(row_words(Row("Yaw", (Bar(0.01, 0, 0.02),), None), TARGETS[:1]))
    assert "slightly " in told(row_words(Row("Yaw", (Bar(0.1, 0.05, 0.2),), None), TARGETS[:1]))
    assert told(finding_words(Finding(7, 21, 0.86), TARGETS)) == (
        "7 of 21 sliders change who the face seems to be by more than 0.25 σ. "
        "With perceived gender, perceived age and skin tone locked, 86 % of that is gone."
    )
    assert told(finding_words(Finding(0, 21, None), TARGETS[:1])) == (
        "None of 21 sliders changes perceived gender by more than 0.25 σ."
    )


def test_the_scorers_own_error_is_told() -> None:
    assert held_out_error(ATTRIBUTES[2]) == "AUC 0.99"
    assert held_out_error(SKIN) == "R² 0.90"
    assert held_out_error(replace(SKIN, reliability={})) == ""


def test_a_model_is_audited_for_what_it_has(tmp_path: Path) -> None:
    lacking = write_tiny_model(tmp_path / "lacking", bank=0)
    assert [target.name for target in targets_of(lacking)] == ["Male", "Young"]
    assert targets_of(write_tiny_model(tmp_path / "plain", scorer=False, bank=0)) == ()
