"""Extra directions, and stored latents, wherever a face is named."""

import numpy as np
import pytest
from support.application import runtime_of, tiny_app

from dashboard.analysis.pins import coordinates_from_gram
from dashboard.errors import FaceError
from dashboard.faces.bases import latent_of
from dashboard.faces.describe import describe_direction, describe_face, describe_model
from dashboard.faces.direction_names import DirectionNames, columns_of
from dashboard.faces.face import parse
from dashboard.library.extra_directions import EXTENSION
from dashboard.spaces import projections


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("models"))
    yield app
    runtime_of(app).close()


@pytest.fixture(scope="module")
def model(app):
    return runtime_of(app).model


@pytest.fixture(scope="module")
def own(app, model):
    vector = np.random.RandomState(4).randn(model.config.latent_size)
    return "own~" + app.server.extensions[EXTENSION].user_directions.keep("Mine", vector, model, {})


def test_every_kind_of_direction_can_be_pinned(app, model, own):
    names = ("Smiling", "pc~z.1", "pc~scores.2", "sefa~3", own)
    face = parse("1:4217;" + ";".join(f"{name}=0.5" for name in names), DirectionNames(model))
    columns = columns_of(model, names)
    np.testing.assert_allclose(np.linalg.norm(columns, axis=0), 1, atol=1e-6)
    np.testing.assert_allclose(latent_of(face, model) @ columns, 0.5, atol=1e-6)
    at = f"/faces/tiny@{model.digest8}/"
    client = app.server.test_client()
    assert client.get(f"{at}{face}.webp").status_code == 200
    answer = client.get(f"{at}{face}.json?with={','.join(names[1:])}").get_json()
    np.testing.assert_allclose(answer["coordinates"][len(model.attributes) :], 0.5, atol=1e-6)
    assert client.get(f"/?face={face}").status_code == 200


def test_the_browser_can_add_a_direction_to_what_it_knows(model, own):
    face = parse(f"1:77;Male=-1;{own}=1.5")
    described, added = describe_model(model), describe_direction(own, model, face.base)
    gram = np.zeros((len(described["gram"]) + 1,) * 2)
    gram[:-1, :-1], gram[-1], gram[:, -1] = described["gram"], added["gram"], added["gram"]
    whole = describe_model(model, [own])
    np.testing.assert_allclose(gram, whole["gram"], atol=1e-12)
    assert added["attribute"] == whole["attributes"][-1]
    assert added["attribute"]["title"] == "Mine"
    base = describe_face(face, model)
    found = coordinates_from_gram(
        gram,
        [*base["base_coordinates"], added["coordinate"]],
        base["norm2"],
        [model.names.index("Male"), len(model.names)],
        [-1, 1.5],
        model.config.latent_size,
        [*described["spare"], added["spare"]],
    )
    np.testing.assert_allclose(found, describe_face(face, model, [own])["coordinates"], atol=1e-6)


UNKNOWN = ["pc~blocks.1", "pc~z.17", "pc~z.0", "sefa~0", "sefa~17", "sefa~01", "own~" + "0" * 32]


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_the_model_does_not_know_is_refused(app, model, name):
    with pytest.raises(FaceError, match="Expected"):
        parse(f"1:1;{name}=1", DirectionNames(model))
    answer = app.server.test_client().get(f"/faces/tiny@{model.digest8}/directions/{name}.json")
    assert answer.status_code == 400
    assert name[:20] in answer.get_json()["error"]


def test_a_stored_latent_is_a_base(app, model):
    latent = np.random.RandomState(5).randn(model.config.latent_size)
    name = app.server.extensions[EXTENSION].latents.keep(latent)
    client, at = app.server.test_client(), f"/faces/tiny@{model.digest8}/"
    assert client.get(f"{at}1:latent~{name};Smiling=1.webp").status_code == 200
    assert client.get(f"{at}1:mix(4,latent~{name},0.5).json").status_code == 200
    assert client.get(f"{at}1:latent~{'0' * 32}.webp").status_code == 404


def test_looking_a_name_up_computes_no_components(model, monkeypatch):
    monkeypatch.setattr(projections, "projection_of", lambda *_: pytest.fail("components were computed"))
    assert "pc~scores.1" in DirectionNames(model)
    assert "pc~scores.99" not in DirectionNames(model)
