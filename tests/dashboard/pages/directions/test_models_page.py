"""The Models tab: metrics of every installed model, and two of them side by side."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import dash
import numpy as np
import pytest
from support.application import runtime_of, tiny_app
from support.models import ATTRIBUTES, write_tiny_model

from dashboard.entanglement.disentanglement_results import BY_SCORER, BY_TRUTH, KIND, disentanglement_of
from dashboard.jobs.shipped_results import compute, tasks_of
from dashboard.stores.shipped_results import shipped_of


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    app = tiny_app(tmp_path_factory.mktemp("two"))
    shelf = runtime_of(app).own_shelf
    models = [
        write_tiny_model(shelf / "one", truth=True, bank=200),
        write_tiny_model(shelf / "two", seed=5, attributes=ATTRIBUTES[:5], bank=200),
    ]
    write_tiny_model(shelf / "plain", scorer=False, bank=0)
    for model in models:
        for task in tasks_of(model, 60, 60):
            if task.title == "Measured effects, everything free" or (task.title == "Disentanglement"):
                compute(task, model, lambda *_: None)
    yield app
    runtime_of(app).close()


def text(parts: Any) -> str:
    return json.dumps(parts, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def test_codes_are_measured_against_scores_and_against_the_truth(app: Any) -> None:
    model = runtime_of(app).open_model("one").model
    found = disentanglement_of(shipped_of(KIND, 1, model)[0].arrays())
    rows = {(row.codes, row.factors): row for row in found.rows}
    assert {row.factors for row in found.rows} == {BY_SCORER, BY_TRUTH}
    # The true labels are its own coordinates: shown by one code each, in full.
    true = dict(zip(("D", "C", "I", "MIG", "SAP", "modularity"), rows["coordinates", BY_TRUTH].numbers, strict=True))
    assert true["I"] > 0.95
    assert true["D"] > 0.8 > rows["SeFa", BY_TRUTH].numbers[0]
    assert found.length > 0
    assert found.pairs == 100


def test_the_tab_lists_models_and_says_what_is_missing(app: Any) -> None:
    page = next(page for page in dash.page_registry.values() if page["path"] == "/directions/models")
    module = sys.modules[page["module"]]
    with app.server.test_request_context("/directions/models"):
        laid = text(page["layout"](model="one", other="two"))
        assert "Disentanglement of tiny" in laid
        assert '"value": "two"' in laid
        shown = text(module.show_codes(None, "one"))
        assert "true labels" in shown
        assert re.search(r"from training on pairs: [^.]*\bone\b", shown)
        assert "Not measured, without directions, scorer and bank: plain" in shown
        words, hidden, *figures = module.show_two("two", "light", "one")[:5]
        assert not hidden
        assert "5 attributes of both" in text(words)
        assert "chance" in text(words)
        assert np.array(figures[2].data[0].z).shape == (5, 5)
        nothing = module.show_two("", "light", "one")
        assert nothing[1]
        assert "Choose another model" in text(nothing[0])


def test_differences_are_those_of_both_matrices(app: Any) -> None:
    client = app.server.test_client()

    def rows(address: str) -> dict[tuple[str, str], dict[str, str]]:
        table = csv.DictReader(io.StringIO(client.get(address).text))
        return {(row["moved"], row["seen"]): row for row in table}

    one, two = (rows(f"/directions/matrix.csv?model={name}&matrix=effect") for name in ("one", "two"))
    both = rows("/directions/models.csv?model=one&other=two")
    assert len(both) == 25
    for pair, row in both.items():
        expected = float(one[pair]["value"]) - float(two[pair]["value"])
        assert float(row["difference"]) == pytest.approx(expected, abs=1e-4)
        assert float(row["low"]) <= float(row["difference"]) <= float(row["high"])
    assert client.get("/directions/models.csv?model=one&other=plain").status_code == 404
