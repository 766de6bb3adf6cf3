from types import SimpleNamespace

import numpy as np
import pytest
from support.models import random_variables, tiny_config
from support.official_models import NAMES, directions_bytes, network_bytes
from support.reference_generator import reference_generator

from dashboard.errors import FaceError
from dashboard.faces.bases import latent_of, latent_of_base
from dashboard.faces.demo import BLOCKED, allowed, controlled_features, demo_face, demo_features, demo_latent
from dashboard.faces.face import Demo, Face, Seed, parse
from dashboard.synthesis.imports import has_tlgan_directions, import_model
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.pixels import to_bytes


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("official")
    (folder / "network.pkl").write_bytes(network_bytes())
    (folder / "directions.pkl").write_bytes(directions_bytes())
    return open_model(import_model(folder / "network.pkl", "famous", folder / "shelf", folder / "directions.pkl"))


def original(directions, names, controlled):
    """Compute what Streamlit's demo computes, written from its description."""
    state = np.random.get_state()
    np.random.seed(27834096)
    features = {name: 40 + np.random.randint(0, 21) for name in names}
    np.random.set_state(state)
    features.update(controlled)
    columns = directions / np.linalg.norm(directions, axis=0)
    return np.dot(columns, np.array([features[name] for name in names]) - 50) / 250


@pytest.mark.parametrize(
    "controlled",
    [
        {"Young": 50, "Smiling": 50, "Male": 50},
        {"Young": 75, "Smiling": 85, "Male": 70},
        {"Young": 0, "Smiling": 100, "Male": 0, "Eyeglasses": 95},
        {},
        dict.fromkeys(NAMES, 50),
    ],
)
def test_latents_are_the_original_s(model, controlled):
    raw = np.random.RandomState(0).randn(512, len(NAMES)) * np.linspace(0.5, 3, len(NAMES))
    expected = original(raw, NAMES, controlled)
    z = demo_latent(model.directions, demo_features(model.names, controlled))
    np.testing.assert_allclose(z, expected, atol=1e-10, rtol=0)
    face = parse(str(Face(Demo(tuple(controlled.items())))), model.names)
    length = np.sqrt(np.mean(expected**2)) or 1.0
    np.testing.assert_allclose(latent_of(face, model), expected / length, atol=1e-10, rtol=0)


@pytest.mark.parametrize("controlled", [{"Young": 75, "Smiling": 85, "Male": 70}, {"Young": 50, "Smiling": 50}])
def test_pictures_are_the_original_s_to_one_grey_level(model, controlled):
    raw = np.random.RandomState(0).randn(512, len(NAMES)) * np.linspace(0.5, 3, len(NAMES))
    config = tiny_config(resolution=32)
    wanted = reference_generator(config, random_variables(config, 0), original(raw, NAMES, controlled)[None])["image"][
        0
    ]
    face = Face(Demo(tuple(controlled.items())))
    latent = latent_of(face, model).astype(np.float32)
    made = to_bytes(open_engine(model, "openvino", "exact").run(latent[None])["image"][0])
    assert np.abs(made.astype(int) - to_bytes(wanted).astype(int)).max() <= 1


def test_a_demo_of_features_that_a_model_does_not_have_is_refused(model):
    with pytest.raises(FaceError, match=r"a feature of this model\. Received: Bald\."):
        latent_of_base(parse("1:demo(Bald=10)").base, model)


def test_a_demo_can_be_mixed_and_pinned(model):
    z = latent_of(parse("1:mix(demo(Young=90),7,0.5);Male=1"), model)
    assert z @ z == pytest.approx(512)
    assert z @ model.directions[:, model.names.index("Male")] == pytest.approx(1)


def test_four_features_have_no_slider():
    assert allowed(NAMES) == ["Young", "Smiling", "Male", "Eyeglasses"]
    assert len(BLOCKED) == 4


@pytest.mark.parametrize(
    ("names", "literal", "face"),
    [
        (NAMES, True, "1:demo(Male=50,Smiling=50,Young=50)"),
        (NAMES, False, "1:31"),
        (("Hat", "Male", "Attractive"), False, "1:31"),
        (("Attractive", "Hat", "Bald", "Age", "Beard"), True, "1:demo(Age=50,Bald=50,Hat=50)"),
        ((), False, "1:31"),
    ],
)
def test_what_the_demo_begins_with(names, literal, face):
    assert str(demo_face(names, literal, Face(Seed(31)))) == face


@pytest.mark.parametrize(
    ("face", "names"),
    [
        ("1:demo(Male=70,Smiling=85)", ["Smiling", "Male"]),
        ("1:demo(Eyeglasses=71)", ["Eyeglasses"]),
        ("1:31", ["Young", "Smiling", "Male"]),
        ("1:31;Eyeglasses=0.8;pc~1=2;Attractive=1", ["Young", "Smiling", "Male", "Eyeglasses"]),
    ],
)
def test_which_features_have_a_slider(face, names):
    assert controlled_features(parse(face), allowed(NAMES)) == names


def test_the_official_directions_are_distinguished(model):
    assert has_tlgan_directions(model)
    assert not has_tlgan_directions(SimpleNamespace(provenance={}))  # type: ignore[arg-type]
