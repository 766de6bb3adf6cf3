import json

import numpy as np
import pytest
from support.models import ATTRIBUTES, write_tiny_model

from dashboard.analysis.pins import coordinates_from_gram
from dashboard.faces.describe import describe_face, describe_model, in_words, model_address, signed
from dashboard.faces.face import parse


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def test_the_model_in_plain_values(model):
    described = json.loads(json.dumps(describe_model(model), allow_nan=False))
    assert described["name"] == "tiny"
    assert described["latent_size"] == model.config.latent_size
    assert described["address"] == model_address(model) == f"/faces/tiny@{model.digest[:8]}/"
    assert [attribute["name"] for attribute in described["attributes"]] == [attribute.name for attribute in ATTRIBUTES]
    assert described["attributes"][0] == {
        "name": "Smiling",
        "group": "Expression",
        "kind": "binary",
        "range": [-3.5, 3.5],
        "ends": [-4.0, 4.0],
        "reliability": {"auc": 0.97, "r2": 0.61},
    }
    np.testing.assert_allclose(described["gram"], model.directions.T @ model.directions, atol=1e-12)


@pytest.mark.parametrize("text", ["1:4217", "1:1000.83;Smiling=2.2", "1:mix(1,2,0.3);Male=-1.5;Young=0.7"])
def test_the_browser_can_tell_every_coordinate_from_it(model, text):
    face, described = parse(text), describe_model(model)
    description = describe_face(face, model)
    names = [attribute["name"] for attribute in described["attributes"]]
    found = coordinates_from_gram(
        described["gram"],
        description["base_coordinates"],
        description["norm2"],
        [names.index(name) for name in face.names],
        face.values,
        described["latent_size"] if described["normalised"] else None,
        described["spare"],
    )
    np.testing.assert_allclose(found, description["coordinates"], atol=1e-9)
    assert description["face"] == text
    assert description["base"] == text.removeprefix("1:").split(";")[0]
    for name, value in face.pins:
        assert description["coordinates"][names.index(name)] == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1:4217", "Face of seed 4217"),
        ("1:1000.83;Smiling=2.2", "Face of seed 1000.83 with Smiling +2.20"),
        ("1:4217;Male=-1.5;Young=0", "Face of seed 4217 with Male −1.50, Young +0.00"),
        ("1:mix(1,2,0.5)", "Face of mix(1,2,0.5)"),
    ],
)
def test_a_face_in_words(text, words):
    assert in_words(parse(text)) == words


@pytest.mark.parametrize(("value", "text"), [(-0.001, "+0.00"), (2, "+2.00"), (-4, "−4.00"), (0.005, "+0.01")])
def test_signs_are_always_shown_and_nothing_is_minus_zero(value, text):
    assert signed(value) == text
