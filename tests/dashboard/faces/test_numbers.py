from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
from support.application import runtime_of, tiny_app

from dashboard.analysis.pins import coordinates
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.faces.routes import face_address

FACE = parse("1:7;Smiling=1.5")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("numbers"))
    yield app.server.test_client(), runtime_of(app).model
    runtime_of(app).close()


def test_the_latent_is_a_file_that_numpy_and_the_command_read(client):
    browser, model = client
    latent = np.load(io.BytesIO(browser.get(face_address(model, FACE, "npy")).data), allow_pickle=False)
    assert latent.shape == (1, model.config.latent_size)
    np.testing.assert_allclose(latent[0], latent_of(FACE, model), atol=1e-6)


def test_csv_and_json_say_where_a_face_stands_and_what_it_scores(client):
    browser, model = client
    rows = list(csv.DictReader(io.StringIO(browser.get(face_address(model, FACE, "csv")).text)))
    answer = json.loads(browser.get(face_address(model, FACE, "numbers.json")).text)
    scores = browser.get(face_address(model, FACE, "scores.json")).json["scores"]
    assert {row["digest"] for row in rows} == {answer["digest"]} == {model.digest}
    at = coordinates(latent_of(FACE, model), model.directions)
    for row, entry, name, value in zip(rows, answer["attributes"], model.names, at, strict=True):
        assert row["attribute"] == entry["attribute"] == name
        assert float(row["coordinate"]) == pytest.approx(value, abs=1e-3)
        assert entry["pinned"] == (name == "Smiling") == (row["pinned"] == "1")
        assert entry["score"] == scores.get(name)
    assert len(answer["latent"]) == model.config.latent_size
