from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import dash
import numpy as np
import pytest
from support.application import runtime_of, tiny_app
from support.fake_engine import FakeEngine
from support.models import random_variables, tiny_config, write_tiny_model

from dashboard.analysis.rescoring import traverse
from dashboard.entanglement.rescoring_results import measured_of
from dashboard.library.extra_directions import EXTENSION
from dashboard.pages.directions.rescoring_runs import Run
from dashboard.synthesis.model_folder import write_model


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    app = tiny_app(tmp_path_factory.mktemp("pages"))
    shelf = runtime_of(app).own_shelf
    write_tiny_model(shelf / "plain", scorer=False, bank=0)
    config = tiny_config()
    none = np.zeros((config.latent_size, 0))
    write_model(
        shelf / "bare", config, random_variables(config), (), none, licence="CC0-1.0", provenance={}, card="# Bare"
    )
    yield app
    runtime_of(app).close()


def laid_out(app: Any, path: str, **words: Any) -> str:
    page = next(page for page in dash.page_registry.values() if page["path"] == path)
    with app.server.test_request_context(path):
        layout = page["layout"](**words)
    return json.dumps(layout, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def test_the_matrix_page_stands_at_the_view_of_its_address(app: Any) -> None:
    html = laid_out(
        app, "/directions/matrix", matrix="scores", locked="Male,Young", after="1", cell="Yaw,Male", unknown="x"
    )
    assert '"value": "scores"' in html
    assert '"value": ["Male", "Young"]' in html
    assert '"data": ["Yaw", "Male"]' in html
    assert "has no scorer" not in html


def test_extra_directions_are_rows(app: Any) -> None:
    model, library = runtime_of(app).model, app.server.extensions[EXTENSION]
    own = f"own~{library.user_directions.keep('My_own', model.directions[:, 0], model, {'kind': 'imported'})}"
    html = laid_out(app, "/directions/matrix", face="1:5;sefa~2=1", cell=f"{own},Smiling")
    assert f'"data": ["{own}", "Smiling"]' in html
    assert '"data": ["sefa~2"]' in html
    directions = sys.modules[
        next(page["module"] for page in dash.page_registry.values() if page["path"] == "/directions/matrix")
    ]
    rows = ["sefa~2", "pc~scores.1", "own~" + "0" * 32]
    with app.server.test_request_context("/directions/matrix"):
        for kind in ("cosine", "pearson", "scores"):
            view = (kind, "effect", "cosine", "name", [], "0", "0.05", "scorer", "")
            figure = directions.draw_matrix(*view, rows, None, "light", None, "tiny")[0]
            keys = figure.layout.meta["keys"]
            assert set(keys) == {*model.names, "sefa~2", "pc~scores.1", own}
            values = np.array(figure.data[0].z, float)
            assert np.isfinite(values).all()
            if kind == "cosine":
                assert values[keys.index(own), keys.index(model.names[0])] == pytest.approx(1)
                assert "My own → My own" in str(figure.data[0].text)
        cell = [own, "Smiling"]
        body, *_, note = directions.open_cell(cell, [], "0", "scorer", None, "light", rows, "tiny")[:5]
        assert "My own" in json.dumps(body, default=lambda part: part.to_plotly_json())
        assert note == "Score curves come with the measured effect."
        note = directions.open_cell([own, "sefa~2"], [], "0", "scorer", None, "light", rows, "tiny")[4]
        assert note.startswith("The scorer has no score of an extra direction")
        assert directions.draw_pair(cell, "scores", "light", "tiny")[1] == "Scores in the bank"
    table = app.server.test_client().get("/directions/matrix.csv?matrix=cosine&with=sefa~2").text
    assert f"{own},sefa~2," in table


def test_a_wrong_word_is_reported(app: Any) -> None:
    assert "Expected matrix to be one of" in laid_out(app, "/directions/matrix", matrix="sine")


def test_without_a_scorer_only_geometry_is_offered_and_the_page_says_so(app: Any) -> None:
    html = laid_out(app, "/directions/matrix", model="plain")
    assert "plain has no scorer" in html
    assert "Measured effect" not in html


def test_without_directions_the_page_says_how_to_get_some(app: Any) -> None:
    assert "This model has no directions" in laid_out(app, "/directions/matrix", model="bare")


def test_the_audit_says_what_a_model_lacks_and_how_to_get_it(app: Any) -> None:
    html = laid_out(app, "/directions/bias-audit")
    assert "no direction with a score for skin tone (Skin Tone)" in html
    assert "plain has no scorer" in laid_out(app, "/directions/bias-audit", model="plain")
    assert "No audit of this model" in laid_out(app, "/directions/bias-audit", model="bare")


def test_the_reliability_tab_says_what_a_model_cannot_have(app: Any) -> None:
    html = laid_out(app, "/directions/reliability", model="plain", find="hair")
    assert "plain has no scorer: response, leakage and dependency cannot be measured" in html
    assert '"value": "hair"' in html
    assert "no bank large enough" in laid_out(app, "/directions/reliability")
    assert "This model has no directions" in laid_out(app, "/directions/reliability", model="bare")
    with app.server.test_client() as client:
        assert "dash_ag_grid/" not in client.get("/directions/reliability").text


def test_findings_open_the_page_and_an_old_address_of_the_matrix_still_shows_it(app: Any) -> None:
    html = laid_out(app, "/directions", least="0.25", on="Male", by="odd")
    assert '"id": "filter-least"' in html
    assert '"value": "0.25"' in html
    assert '"value": "Male"' in html
    assert '"value": "effect"' in html
    assert "matrix-kind" not in html
    assert "matrix-kind" in laid_out(app, "/directions", cell="Yaw,Male")
    assert "No findings of this model" in laid_out(app, "/directions", model="plain")
    assert "No findings of this model" in laid_out(app, "/directions", model="bare")


def test_the_audit_counts_the_people_that_its_address_names(app: Any) -> None:
    html = laid_out(app, "/directions/bias-audit", gender="more", age="odd")
    assert '"value": "more"' in html
    assert '"id": "filter-gender"' in html


@pytest.mark.parametrize(("bases", "expected"), [(12, "rough: 12 people so far"), (60, "same direction in ")])
def test_what_was_measured_is_listed_and_audited(
    app: Any, monkeypatch: pytest.MonkeyPatch, bases: int, expected: str
) -> None:
    model = runtime_of(app).model
    engine = FakeEngine(model.directions, entanglement=np.eye(len(model.names)) + 0.5)
    latents = np.random.RandomState(0).randn(bases, model.config.latent_size)
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], latents, model.directions)
    read = measured_of({"steps": run.steps, "scores": run.scores, "feasible": run.feasible}, model)
    words = ("any", "any", "0.05", "0.05", "effect", "scorer")
    pages = {page["path"]: sys.modules[page["module"]] for page in dash.page_registry.values()}
    for path, call, values in (
        ("", "show_findings", words),
        ("/bias-audit", "show_audit", ("all", "all", "all", "scorer")),
    ):
        module = pages[f"/directions{path}"]
        monkeypatch.setattr(
            module, "run_of", lambda model, locks, measuring, by="": Run(tuple(locks), None, read, True)
        )
        tail = (None, "1:1", "tiny") if call == "show_findings" else (None, "tiny")
        with app.server.test_request_context("/directions"):
            shown = getattr(module, call)(*values, None, "light", *tail)
        text = json.dumps(shown[0], default=lambda part: part.to_plotly_json(), ensure_ascii=False)
        assert shown[2] == []
        if call == "show_findings":
            assert expected in text
            assert "/directions/matrix?face=1:1&matrix=effect&cell=" in text
        else:
            assert "Does it differ between people?" in text
    if bases == 12:
        with app.server.test_request_context("/directions"):
            few = pages["/directions/bias-audit"].show_audit(
                "more", "more", "all", "scorer", None, "light", None, "tiny"
            )[0]
        assert "Too few people" in json.dumps(few, default=lambda part: part.to_plotly_json())
