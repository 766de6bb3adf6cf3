"""Directions of scores of faces, through their addresses and on the page of a model that has neither scorer nor
directions.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import numpy as np
import pytest
from support.application import runtime_of, tiny_app
from support.brought import npy
from support.models import write_tiny_model
from support.score_tables import write_face_scores
from support.stylegan_models import imported_stylegan

from dashboard.library.extra_directions import EXTENSION
from dashboard.synthesis.model import Model

ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    folder = tmp_path_factory.mktemp("scores")
    found = imported_stylegan("stylegan2", folder, z=12, w=10)
    app = tiny_app(folder / "home", model=str(found.path))
    write_tiny_model(runtime_of(app).own_shelf / "plain", attributes=(), scorer=False, bank=0, latent_size=12)
    yield app
    runtime_of(app).close()


@pytest.fixture
def model(app: Any) -> Model:
    return runtime_of(app).model


@pytest.fixture
def client(app: Any) -> Any:
    return app.server.test_client()


def laid_out(app: Any, path: str, **words: Any) -> str:
    page = next(page for page in dash.page_registry.values() if page["path"] == path)
    with app.server.test_request_context(path):
        layout = page["layout"](**words)
    return json.dumps(layout, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


@pytest.mark.parametrize("name", ["stylegan2", "plain"])
def test_scores_of_faces_become_directions_with_sliders(name: str, app: Any, client: Any, tmp_path: Path) -> None:
    model = runtime_of(app).open_model(name).model
    scores, manifest = write_face_scores(model, tmp_path)
    sent = client.post("/directions/scores/manifest?file=manifest.csv", data=manifest.read_bytes(), headers=ORIGIN)
    address = f"/directions/scores/directions?model={name}&manifest={sent.json['token']}&file=scores.csv"
    wrong = client.post(address, data=b"picture,kind\nseed-1.png,cat\n", headers=ORIGIN)
    assert wrong.status_code == 400
    assert wrong.json["error"].startswith("Expected 1 to 64 columns of scores")
    made = client.post(address, data=scores.read_bytes(), headers=ORIGIN)
    assert made.status_code == 200, made.text
    assert made.json["titles"] == ["old age", "Smiling"]
    assert made.json["words"].startswith("400 faces, scores of old age, Smiling")
    again = client.post(address, data=scores.read_bytes(), headers=ORIGIN)
    assert (again.status_code, "Send it again" in again.json["error"]) == (404, True)
    face = f"1:4;{made.json['names'][1]}=2"
    assert client.get(f"/faces/{name}@{model.digest8}/{face}.webp").status_code == 200
    module = sys.modules["dashboard.pages.directions.user_directions_page"]
    with app.server.test_request_context("/directions/own"):
        listed = json.dumps(module.list_made(None, name), default=lambda part: part.to_plotly_json())
    assert "400 faces with scores; correlation with those held out" in listed
    assert listed.count("Add as slider") == 2
    # Without attributes and components the directions are the sliders.
    generator = laid_out(app, "/", model=name)
    assert "This model has no directions" not in generator
    assert (made.json["names"][0] in generator) == (name == "plain")


def test_the_page_says_how_on_a_model_with_neither_scorer_nor_directions(app: Any, model: Model) -> None:
    page = laid_out(app, "/directions/own", model=model.name)
    assert f"faces --model {model.name} --seeds 0-1999 --out pictures --manifest manifest.csv" in page
    assert "regression in w" in page
    assert "python -m training label" in page
    assert f"python -m dashboard scores {model.name} FILE" in laid_out(app, "/directions", model=model.name)
    assert "python -m dashboard scores plain FILE" in laid_out(app, "/models", model="plain")


def test_scores_of_single_faces_are_no_judge_and_the_sentence_says_what_they_are(
    client: Any, model: Model, tmp_path: Path
) -> None:
    scores, manifest = write_face_scores(model, tmp_path)
    token = client.post("/directions/scores/manifest", data=manifest.read_bytes(), headers=ORIGIN).json["token"]
    answer = client.post(f"/directions/scores?name=x&manifest={token}", data=scores.read_bytes(), headers=ORIGIN)
    assert answer.status_code == 400
    assert "Scores of single faces give directions: import them on the tab Make your own." in answer.json["error"]


def test_a_file_of_directions_is_read_again_in_the_other_space(app: Any, client: Any, model: Model) -> None:
    library = app.server.extensions[EXTENSION]
    assert (model.space, model.config.latent_size, model.size) == ("w", 12, 10)
    file = npy(np.arange(1.0, 13))
    address = "/directions/own/import/read"
    refused = client.post(f"{address}?file=smile.npy", data=file, headers=ORIGIN)
    assert (refused.status_code, "Expected" in refused.json["error"]) == (400, True)
    waiting = client.post(f"{address}?file=smile.npy&space=z", data=file, headers=ORIGIN).json
    assert (waiting["space"], waiting["spaces"], waiting["count"], waiting["notes"]) == ("z", ["z", "w"], 1, [])
    other = client.post(f"{address}?token={waiting['token']}&space=w", headers=ORIGIN)
    assert other.status_code == 400, "it has 12 numbers, and w 10"
    again = client.post(f"{address}?token={waiting['token']}&space=z", headers=ORIGIN)
    assert again.json == waiting
    kept = client.post(f"/directions/own/import?token={waiting['token']}&space=z&take=1", headers=ORIGIN)
    assert kept.status_code == 200, kept.text
    assert [one.title for one in library.user_directions.listed(model, "z")] == ["smile"]


def test_the_space_that_the_name_says_is_the_first_choice(client: Any, model: Model) -> None:
    for name, space, notes in (("smile_w_boundary.npy", "w", 0), ("smile.npy", "w", 1)):
        file = npy(np.arange(1.0, 11))
        waiting = client.post(f"/directions/own/import/read?file={name}", data=file, headers=ORIGIN).json
        assert (waiting["space"], len(waiting["notes"])) == (space, notes)
        assert client.post(f"/directions/own/incoming/{waiting['token']}/drop", headers=ORIGIN).status_code == 200
