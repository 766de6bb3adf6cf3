"""Measured figures by several judges: a model's own second scorer, and scores imported from a file."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import numpy as np
import pytest
from support.application import runtime_of, tiny_app
from support.models import write_tiny_model
from support.score_tables import write_score_tables

from dashboard.entanglement.rescoring_results import KIND
from dashboard.jobs.registry import kind_of
from dashboard.jobs.shipped_results import compute, measure, scorers_of, tasks_of
from dashboard.library.extra_directions import EXTENSION
from dashboard.stores.result import Origin, model_parts
from dashboard.stores.shipped_results import ship
from dashboard.synthesis.model import Model

BASES, JUDGED, IMPORTED = 56, 52, 6


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Return a model with a judge, and what both have read; and a run in which Young alone is held."""
    made = write_tiny_model(tmp_path_factory.mktemp("judges") / "tiny", judge=True, bank=60)
    for task in tasks_of(made, BASES, JUDGED):
        if task.title.startswith("Measured"):
            compute(task, made, lambda *_: None)
    kind = kind_of(KIND)
    params = kind.canonical({"bases": BASES, "locked": ["Young"], "seed": 0}, made)
    found = measure(made, [scorers_of(made)[0][1]], [BASES], ("Young",), lambda *_: None)
    ship(Origin(KIND, kind.version, model_parts(made), params), found[0], made)
    return made


@pytest.fixture(scope="module")
def app(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    app = tiny_app(tmp_path_factory.mktemp("app"), model=str(model.path))
    yield app
    runtime_of(app).close()


@pytest.fixture
def client(app: Any) -> Any:
    return app.server.test_client()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_findings_are_by_either_and_say_by_whom_and_how_far_both_differ(client: Any) -> None:
    own, judged = (
        client.get(f"/directions/findings.json?least=0&false=0.2{word}").json for word in ("", "&judge=judge")
    )
    assert (own["judge"], own["people"]) == ("the model's own scorer", BASES)
    assert (judged["judge"].split(",")[0], judged["people"]) == ("the model's judge", JUDGED)
    pairs = {(each["moved"], each["seen"]): each for each in judged["findings"]}
    both = [(each, pairs[pair]) for each in own["findings"] if (pair := (each["moved"], each["seen"])) in pairs]
    assert both
    for mine, theirs in both:
        assert mine["other_judge"] == pytest.approx(theirs["effect"], abs=1e-6)
        assert mine["apart"] == pytest.approx(-theirs["apart"], abs=1e-6)
        assert mine["apart_low"] <= mine["apart"] <= mine["apart_high"]


def test_the_audit_and_the_table_have_a_column_of_disagreement(client: Any) -> None:
    rows = table(client.get("/directions/audit.csv").text)
    free = [row for row in rows if row["state"] == "free"]
    assert {row["judge"] for row in rows} == {"scorer"}
    assert all(row["apart"] for row in free)
    again = {(r["slider"], r["target"]): r for r in table(client.get("/directions/audit.csv?judge=judge").text)}
    assert {row["people"] for row in again.values()} == {str(JUDGED)}
    trust = table(client.get("/directions/reliability.csv?judge=judge").text)
    assert all(row["apart"] and row["other"] and row["size"] for row in trust)
    matrix = client.get("/directions/matrix.csv?matrix=effect&judge=judge").text
    assert matrix != client.get("/directions/matrix.csv?matrix=effect").text


def test_pages_offer_the_judge_and_show_what_it_says(app: Any, model: Model) -> None:
    pages = {page["path"]: sys.modules[page["module"]] for page in dash.page_registry.values()}

    def text(parts: Any) -> str:
        return json.dumps(parts, default=lambda part: part.to_plotly_json(), ensure_ascii=False)

    with app.server.test_request_context("/directions"):
        laid = text(pages["/directions"].layout(judge="judge", found="Smiling,Male"))
        assert '"value": "judge", "label": "Judge"' in laid
        assert '"data": ["Smiling", "Male"]' in laid
        asked = ("any", "any", "0", "0.2", "apart", "judge")
        shown = text(pages["/directions"].show_findings(*asked, None, "light", None, "1:1", model.name))
        assert "by the judge" in shown
        assert "less scorer" in shown
        assert "Scored by the model's judge" in shown
        body = pages["/directions"].open_finding(["Smiling", "Male"], "judge", None, "light", model.name)
        assert "Effect by judge" in text(body[0])
        assert "people by the judge" in body[3]
        audit = pages["/directions/bias-audit"]
        audit_text = text(audit.show_audit("all", "all", "all", "scorer", None, "light", None, model.name)[0])
        assert "by judge" in audit_text
        cell = pages["/directions/matrix"].open_cell(
            ["Smiling", "Male"], [], "0", "judge", None, "light", [], model.name
        )
        assert "By scorer" in text(cell[0])


def test_the_effect_in_every_person_is_shown_and_comes_as_data(client: Any, app: Any, model: Model) -> None:
    free = table(client.get("/directions/matrix.csv?matrix=effect").text)
    cell = {(row["moved"], row["seen"]): float(row["value"]) for row in free}
    rows = table(client.get("/directions/people.csv?cell=Male,Smiling&locked=Male,Young&after=1").text)
    assert [row["face"] for row in rows] == [f"0.{row}" for row in range(BASES)]
    effects, locked = (np.array([float(row[name]) for row in rows]) for name in ("free", "locked"))
    assert effects.mean() == pytest.approx(cell["Male", "Smiling"], abs=1e-3)
    # Young is next to Male, so holding it changes the path by far more than the precision of any processor.
    assert np.abs(locked - effects).max() > 0.02
    assert "locked" not in table(client.get("/directions/people.csv?cell=Male,Smiling").text)[0]
    module = sys.modules["dashboard.pages.directions.findings_page"]
    with app.server.test_request_context("/directions"):
        shown = module.open_finding(["Male", "Smiling"], "scorer", None, "light", model.name)
        figure, caption, box = shown[8:11]
        assert caption == f"of {BASES} people by the scorer; one dot: 1 person"
        assert box == {}
        drawn = [np.asarray(trace.x, float) for trace in figure.data]
        assert [len(x) for x in drawn] == [BASES, BASES]
        half = (figure.layout.xaxis.range[1] - figure.layout.xaxis.range[0]) / 48 / 2
        np.testing.assert_allclose(drawn[0], np.sort(effects), atol=half + 1e-3)
        assert shown[11].startswith("/directions/people.csv?")


def test_a_lock_alone_is_reported_in_flips_and_decomposed(client: Any, app: Any, model: Model) -> None:
    rows = table(client.get("/directions/lock.csv?cell=Smiling,Male&hold=Young").text)
    found = {row["figure"]: float(row["value"]) for row in rows}
    assert found["taken"] == pytest.approx(found["total"] - found["left"], abs=1e-6)
    assert {row["people"] for row in rows} == {str(BASES)}
    free = table(client.get("/directions/matrix.csv?matrix=effect").text)
    cell = {(row["moved"], row["seen"]): float(row["value"]) for row in free}
    assert found["total"] == pytest.approx(cell["Smiling", "Male"], abs=1e-3)
    assert found["drift"] == pytest.approx(cell["Smiling", "Young"], abs=1e-3)
    assert client.get("/directions/lock.csv?cell=Smiling,Male&hold=Male").status_code == 400
    assert client.get("/directions/lock.csv?cell=Smiling,Male&hold=Yaw").status_code == 404
    findings = client.get("/directions/findings.json?on=Young&least=0&false=0.2").json["findings"]
    assert all(each["alone_flips"] is not None for each in findings)
    panel = sys.modules["dashboard.pages.directions.lock_panel"]
    with app.server.test_request_context("/directions/matrix"):
        shown = panel.show_lock(["Smiling", "Male"], "Young", "scorer", None, None, model.name)
        assert "left with only Young locked" in json.dumps(shown[0], default=lambda part: part.to_plotly_json())
        wanted = panel.show_lock(["Smiling", "Male"], "Yaw", "scorer", None, None, model.name)
        assert len(wanted[2]) == 1, "the run with nothing held is there already"


def test_an_extra_direction_finds_the_run_that_was_read_without_it(client: Any) -> None:
    plain = table(client.get("/directions/matrix.csv?matrix=effect").text)
    assert len(plain) == 64
    wide = table(client.get("/directions/matrix.csv?matrix=effect&with=sefa~1").text)
    assert len(wide) == 81
    assert {(row["moved"], row["seen"], row["value"]) for row in plain} <= {
        (row["moved"], row["seen"], row["value"]) for row in wide
    }


def test_scores_by_others_are_matched_to_the_manifest_and_are_a_judge(
    client: Any, app: Any, model: Model, tmp_path: Path
) -> None:
    manifest, scores = write_score_tables(model, tmp_path, IMPORTED)
    origin = {"Origin": "http://localhost"}
    sent = client.post("/directions/scores/manifest?file=manifest.csv", data=manifest.read_bytes(), headers=origin)
    assert sent.status_code == 200, sent.text
    words = f"name=Theirs&manifest={sent.json['token']}"
    taken = client.post(f"/directions/scores?{words}", data=scores.read_bytes(), headers=origin)
    assert taken.status_code == 200, taken.text
    assert "columns that are no attribute: Colour" in taken.json["words"]
    name = taken.json["name"]
    assert [each["title"] for each in client.get("/directions/scores").json["scores"]] == ["Theirs"]
    # The same network read the same pictures: the same effects, in its own standard deviations.
    library = app.server.extensions[EXTENSION]
    arrays = library.scores.arrays(name, model, ())
    theirs, own = (
        {(row["moved"], row["seen"]): row["value"] for row in table(client.get(f"/directions/matrix.csv?{words}").text)}
        for words in (f"matrix=effect&judge={name}", "matrix=effect")
    )
    assert theirs["Yaw", "Young"] == "nan", "they have no such score"
    assert own["Yaw", "Young"] != ""
    from dashboard.entanglement.rescoring_results import measured_of, score_deviations
    from dashboard.stores.shipped_results import shipped_of

    kept = next(
        r for r in shipped_of(KIND, kind_of(KIND).version, model) if not r.params["locked"] and "by" not in r.params
    )
    mine = measured_of({k: v[:IMPORTED] if k in ("scores", "feasible") else v for k, v in kept.arrays().items()}, model)
    read = measured_of(arrays, model, name)
    assert mine is not None
    assert read is not None
    for column in (model.column("Male"), model.column("Mouth_Open")):
        raw = read.found.matrix[:, column] * read.deviations[column]
        bank = score_deviations(model)[column]
        np.testing.assert_allclose(raw, mine.found.matrix[:, column] * bank, atol=0.02 * bank)
    assert client.post(f"/directions/scores/{name}/remove", headers=origin).status_code == 200
    assert client.get("/directions/scores").json["scores"] == []
    assert client.post(f"/directions/scores/{name}/restore", headers=origin).status_code == 200
    assert client.post(f"/directions/scores/{name}/remove", headers=origin).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda row: (*row[:-1], "0" * 64), "Make them again"),
        (lambda row: (*row[:3], "", "", "", *row[6:]), "python -m dashboard faces --traversals"),
        (lambda row: ("one.png", *row[1:]), "twice"),
        (lambda row: (*row[:2], "7.1", *row[3:]), "Leave the manifest as it was"),
    ],
)
def test_scores_that_do_not_fit_are_refused_with_a_sentence(
    client: Any, model: Model, tmp_path: Path, change: Any, words: str
) -> None:
    manifest, scores = write_score_tables(model, tmp_path, IMPORTED, change)
    origin = {"Origin": "http://localhost"}
    token = client.post("/directions/scores/manifest", data=manifest.read_bytes(), headers=origin).json["token"]
    answer = client.post(f"/directions/scores?name=x&manifest={token}", data=scores.read_bytes(), headers=origin)
    assert answer.status_code == 400
    assert words in answer.json["error"]
