from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import ATTRIBUTES, write_tiny_model

from dashboard.analysis.rescoring import traverse
from dashboard.entanglement.findings import Findings, Question, findings, headline, sentence
from dashboard.entanglement.findings_export import FORMS, as_file
from dashboard.entanglement.findings_question import question_of
from dashboard.entanglement.rescoring_results import Measured, measured_of
from dashboard.pages.directions.findings_panel import evidence
from dashboard.synthesis.model import Model

BASES = 80


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return write_tiny_model(tmp_path_factory.mktemp("findings") / "tiny", attributes=ATTRIBUTES, correlation=0)


def measured(model: Model, locked: tuple[str, ...] = (), bases: int = BASES) -> Measured:
    """Return a run on scores in which Smiling lowers Male and raises Yaw, and nothing else goes with anything."""
    entanglement = np.eye(len(model.names))
    smiling, male, yaw = (model.names.index(name) for name in ("Smiling", "Male", "Yaw"))
    entanglement[male, smiling], entanglement[yaw, smiling] = -1.2, 0.4
    engine = FakeEngine(np.asarray(np.linalg.qr(model.directions)[0]), entanglement=entanglement, noise=0.3)
    latents = np.random.RandomState(0).randn(bases, model.config.latent_size)
    columns = [model.column(name) for name in locked]
    directions = np.asarray(np.linalg.qr(model.directions)[0])
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], latents, directions, locked=columns)
    read = measured_of({"steps": run.steps, "scores": run.scores, "feasible": run.feasible}, model)
    assert read is not None
    return replace(read, deviations=np.ones(len(model.names)))


@pytest.fixture(scope="module")
def found(model: Model) -> Findings:
    return findings(model, measured(model), measured(model, ("Male", "Young")), Question(least=0.1))


def test_what_is_there_is_found_the_largest_first_and_nothing_else(model: Model, found: Findings) -> None:
    assert [(each.moved, each.seen) for each in found.listed[:2]] == [("Smiling", "Male"), ("Smiling", "Yaw")]
    assert found.tested == len(model.names) * (len(model.names) - 1)
    assert found.people == BASES
    assert 2 <= found.passed <= 8
    assert 0.95 < found.level < 1
    top = found.listed[0]
    assert top.low < top.effect < top.high < 0
    assert (top.same.hits, top.same.n) == (BASES, BASES)
    assert top.target is not None
    assert top.flips is not None
    assert top.flips.value > 0.5
    assert found.listed[1].target is found.listed[1].flips is None


def test_sentences_say_what_was_measured_and_never_what_causes_what(found: Findings) -> None:
    top, second = found.listed[:2]
    assert headline(top) == ("Smiling", "makes faces read as", "female", "")
    assert headline(second) == ("Smiling", "raises", "Yaw", "")
    assert headline(replace(second, effect=-0.4)) == ("Smiling", "lowers", "Yaw", "")
    assert top.flips is not None
    words = sentence(top, ["perceived gender", "perceived age"])
    assert words.startswith(
        f"Smiling from −2 to +2 flips perceived gender in {top.flips.of_hundred} % of people (n = 80)"
    )
    assert "; with perceived gender and perceived age held in " in words
    assert "raises the score of Yaw by" in sentence(second)
    assert "lowers the score of Yaw by" in sentence(replace(second, effect=-0.4))
    assert "perceived gender · interval" in evidence(top)
    assert not any("cause" in sentence(each) for each in found.listed)


def test_questions_narrow_the_list_without_changing_what_passed(model: Model, found: Findings) -> None:
    run = measured(model)
    gender = findings(model, run, None, Question(on="Male"))
    assert {each.seen for each in gender.listed} == {"Male"}
    assert gender.passed == found.passed
    assert all("Yaw" in (each.moved, each.seen) for each in findings(model, run, None, Question("Yaw")).listed)
    none = findings(model, run, None, Question("Yaw", on="Male", least=0.5))
    assert not none.listed
    assert none.largest is not None
    by_flips = findings(model, run, None, Question(order="flips")).listed
    shares = [each.flips.value if each.flips else -1 for each in by_flips]
    assert shares == sorted(shares, reverse=True)


def test_below_fifty_people_all_is_rough_and_nothing_has_an_interval(model: Model) -> None:
    rough = findings(model, measured(model, bases=12), None)
    assert rough.rough
    assert rough.listed[0].seen == "Male"
    assert np.isnan([(each.low, each.p) for each in rough.listed]).all()


@pytest.mark.parametrize("form", FORMS)
def test_files_name_the_model_its_digest_and_every_finding(model: Model, found: Findings, form: str) -> None:
    text = as_file(model, found, Question(least=0.1), form)
    assert model.digest in text
    assert sentence(found.listed[0], ["perceived gender", "perceived age"]) in text.replace('""', '"')
    if form == "json":
        exported = json.loads(text)
        assert len(exported["findings"]) == len(found.listed)
        assert exported["findings"][1]["flips"] is None
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert float(rows[0]["effect"]) == pytest.approx(found.listed[0].effect, rel=1e-5)
        assert rows[1]["flips"] == ""


def test_a_question_is_read_from_an_address_and_what_is_wrong_in_it_is_a_first_visits() -> None:
    assert question_of({"about": "Male", "least": "0.25", "false": "0.01", "by": "flips"}) == Question(
        "Male", "", 0.25, 0.01, "flips"
    )
    assert question_of({"least": "1e9", "false": "x", "by": "size"}) == Question()


def test_a_model_of_another_shape_still_has_findings(tmp_path: Path) -> None:
    plain = write_tiny_model(
        tmp_path / "plain", attributes=tuple(a for a in ATTRIBUTES if a.name not in ("Male", "Young"))
    )
    found = findings(plain, _plain_run(plain), None)
    assert all(each.target is None for each in found.listed)


def _plain_run(model: Model) -> Measured:
    engine = FakeEngine(model.directions, noise=0.3)
    latents = np.random.RandomState(0).randn(60, model.config.latent_size)
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], latents, model.directions)
    read = measured_of({"steps": run.steps, "scores": run.scores, "feasible": run.feasible}, model)
    assert read is not None
    return read
