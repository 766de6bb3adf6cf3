"""Addresses of the Latent space page."""

import csv
import io

import numpy as np
import pytest
from support.application import runtime_of, tiny_app

from dashboard.analysis.pins import on_sphere
from dashboard.faces.bases import base_latent, latent_of
from dashboard.faces.face import parse, parse_base
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import SCORES, faces_of

ALL = "1~scores.pca.1.2~48~48~-99_-99_99_-99_99_99_-99_99"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("latent"))
    yield app
    runtime_of(app).close()


@pytest.fixture
def client(app):
    return app.server.test_client()


def test_a_base_is_projected_as_its_latent(app, client):
    answer = client.get("/latent-space/place.json?space=scores&base=5.2").json
    model = runtime_of(app).model
    latent = base_latent(parse_base("5.2"), model.config.latent_size, normalised=model.config.normalize_latents)
    slopes = projection_of(model, SCORES).latent_map[0][:, :2]
    np.testing.assert_allclose(answer["values"], latent @ slopes, rtol=1e-6)


def test_points_are_taken_away_as_csv_and_npz(app, client):
    points = projection_of(runtime_of(app).model, SCORES).points
    table = list(csv.DictReader(io.StringIO(client.get("/latent-space/points.csv?space=scores").text)))
    np.testing.assert_allclose([float(row["PC1"]) for row in table], points[:, 0], rtol=1e-4, atol=1e-5)
    with np.load(io.BytesIO(client.get("/latent-space/points.npz?space=scores").data), allow_pickle=False) as kept:
        np.testing.assert_array_equal(kept["PC2"], points[:, 1])
    shares = np.load(io.BytesIO(client.get("/latent-space/scree.npz?space=scores").data))["share"]
    assert shares.sum() == pytest.approx(1)


def test_a_selection_is_taken_away_with_its_scores(client):
    table = list(csv.DictReader(io.StringIO(client.get(f"/latent-space/selection.csv?sel={ALL}").text)))
    assert [row["face"] for row in table] == [f"7.{row}" for row in range(48)]
    assert "Smiling" in table[0]


def test_the_average_of_a_selection_becomes_a_face(app, client):
    answer = client.post("/latent-space/average", json={"model": "tiny", "selection": ALL})
    assert answer.json["count"] == 48
    model = runtime_of(app).model
    latent = latent_of(parse(answer.json["face"], model.names), model)
    np.testing.assert_allclose(latent, on_sphere(faces_of(model).latents.mean(axis=0)), rtol=1e-4, atol=1e-4)
    nobody = ALL.replace("-99", "98")
    for body in ({"selection": nobody}, {"selection": ""}, [], {"selection": ALL, "model": 3}):
        assert client.post("/latent-space/average", json=body).status_code == 400
    elsewhere = {"Origin": "http://elsewhere.example"}
    assert client.post("/latent-space/average", json={"selection": ALL}, headers=elsewhere).status_code == 403


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("place.json?space=scores&base=<b>", 400),
        ("place.json?space=scores&base=" + "1" * 3000, 400),
        ("place.json?space=nowhere&base=1", 404),
        ("place.json?space=scores&x=99&base=1", 404),
        ("points.pickle", 404),
        ("selection.csv?sel=1", 400),
        ("selection.csv?sel=" + ALL.replace("48", "47"), 400),
        (f"average.webp?sel={ALL}", 404),
        ("atlas.webp", 404),
        ("points.csv?model=nobody", 404),
    ],
)
def test_bad_input_gets_a_sentence(client, address, status):
    answer = client.get(f"/latent-space/{address}")
    assert answer.status_code == status
    assert answer.json["error"].endswith(".")


def test_a_view_has_a_picture_of_its_points_in_either_scheme(client):
    light, dark = (client.get(f"/latent-space/first-sight.webp?space=z&x=3&y=1&scheme={k}") for k in ("light", "dark"))
    assert light.mimetype == "image/webp"
    assert light.data[8:12] == b"WEBP"
    assert light.data != dark.data
    again = client.get(light.request.full_path, headers={"If-None-Match": light.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("words", ["view=3d", "space=block4", "method=umap", "x=99", "colour=none"])
def test_a_missing_picture_is_reported(client, words):
    answer = client.get(f"/latent-space/first-sight.webp?{words}")
    assert answer.status_code == 404
    assert "Expected" in answer.json["error"]
