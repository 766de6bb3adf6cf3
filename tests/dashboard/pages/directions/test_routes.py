from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import dash
import numpy as np
import pytest
from support.application import runtime_of, tiny_app

from dashboard.web.data_response import data_answer


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    app = tiny_app(tmp_path_factory.mktemp("directions"))
    yield app
    runtime_of(app).close()


@pytest.fixture
def client(app: Any) -> Any:
    return app.server.test_client()


def test_a_matrix_can_be_taken_away_as_csv_and_npz(app: Any, client: Any) -> None:
    model = runtime_of(app).model
    answer = client.get("/directions/matrix.csv?order=name")
    lines = answer.text.splitlines()
    assert lines[0] == "row,moved,seen,value"
    assert len(lines) == 1 + 64
    assert 'filename="tiny-cosine.csv"' in answer.headers["Content-Disposition"]
    with np.load(io.BytesIO(client.get("/directions/matrix.npz?matrix=scores").data), allow_pickle=False) as arrays:
        assert set(arrays.files) == {"moved", "seen", "value", "low", "high"}
        own = arrays["moved"] == arrays["seen"]
        assert arrays["value"][own] == pytest.approx(1)
        assert set(arrays["moved"]) == set(model.names)


def test_locks_are_in_what_is_taken_away(client: Any) -> None:
    answer = client.get("/directions/matrix.csv?locked=Male&after=1")
    assert "Smiling,Male,0\r\n" in answer.text
    assert "tiny-cosine-locked.csv" in answer.headers["Content-Disposition"]


def test_the_population_of_a_pair(client: Any) -> None:
    lines = client.get("/directions/pair.csv?cell=Smiling,Male").text.splitlines()
    assert lines[0] == "row,x_Smiling,y_Male"
    assert len(lines) == 1 + 48


def test_the_table_has_the_rows_that_are_asked_for_in_their_order(client: Any) -> None:
    lines = client.get("/directions/reliability.csv?rows=Yaw,Male").text.splitlines()
    assert lines[0].startswith("row,name,group,measure,scorer,r2,angle_low")
    assert [line.split(",")[1:5] for line in lines[1:]] == [
        ["Yaw", "Camera and light", "R²", "0.91"],
        ["Male", "Person", "AUC", "0.99"],
    ]
    assert len(client.get("/directions/reliability.csv").text.splitlines()) == 1 + 8


def test_cells_that_a_spreadsheet_would_take_for_a_formula_are_escaped(app: Any) -> None:
    columns = {"group": np.array(["=1+1", "@x", "-y", "Hair"]), "value": np.array([-1.0, 0, 1, 2])}
    with app.server.test_request_context():
        lines = data_answer("table", "csv", columns).get_data(as_text=True).splitlines()
    assert lines[1:] == ["0,'=1+1,-1", "1,'@x,0", "2,'-y,1", "3,Hair,2"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("reliability.csv?rows=Nose", 404, "Expected directions of model"),
        ("matrix.csv?matrix=sine", 404, "Expected matrix to be one of"),
        ("matrix.xls", 404, ".csv or .npz"),
        ("matrix.csv?matrix=effect", 404, "press Measure"),
        ("curves.csv?cell=Smiling,Male", 404, "press Measure"),
        ("people.csv?cell=Smiling,Male", 404, "press Measure"),
        ("audit.csv", 404, "press Measure"),
        ("pair.csv?cell=Smiling", 400, "a cell such as"),
        ("pair.csv", 400, "Name two directions"),
        ("pair.csv?cell=Smiling,Nose", 404, "Received: Nose"),
    ],
)
def test_what_is_not_there_gets_a_sentence(client: Any, path: str, status: int, words: str) -> None:
    answer = client.get(f"/directions/{path}")
    assert answer.status_code == status
    assert words in answer.json["error"]
