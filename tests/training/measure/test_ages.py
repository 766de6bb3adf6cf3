"""Apparent ages: the summaries, and the networks' parts on cases worked by hand."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from training.errors import TrainingError
from training.measure import photo_networks
from training.measure.ages import by_drawn_age, command, drawn_ages, look, pinned, range_of
from training.measure.photo_networks import ANCHORS, PhotoNetworks, cut, find_faces, mobilenet_ages, read_weights


def test_ages_are_summed_up_of_faces_that_were_found() -> None:
    ages = np.array([[20.0, 40.0, np.nan, 60.0], [30.0, 40.0, np.nan, 40.0]])
    found = look("some", ages)
    assert (found.faces, found.found) == (4, 3)
    assert (found.xception, found.mobilenet, found.age) == (40.0, 40.0, 40.0)
    assert (found.low, found.high) == (32.5, 45.0)
    assert np.isnan(look("none", ages[:, 2:3]).age)


def test_faces_are_counted_at_the_age_that_they_are_drawn_at() -> None:
    drawn = drawn_ages(np.array([1.0, 0.0, 0.5]))
    assert drawn.tolist() == [18.0, 80.0, 49.0]
    counts = {a.name: a.faces for a in by_drawn_age(drawn, np.ones((2, 3)))}
    assert counts == {
        **{"drawn at 18 to 25": 1, "drawn at 25 to 35": 0, "drawn at 35 to 45": 0, "drawn at 45 to 55": 1},
        **{"drawn at 55 to 65": 0, "drawn at 65 to 80": 1},
    }


def test_the_range_is_that_of_the_pinned_attribute() -> None:
    """Pictures whose brightness is the coordinate; a higher one reads as a lower age."""
    direction = np.zeros(64)
    direction[3] = 1.0

    def see(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        years = 50.0 - 4.0 * images[:, 0, 0, 0]
        return years, years

    ages = pinned(direction, lambda z: np.round(z[:, 3], 4)[:, None, None, None] * np.ones((1, 2, 2, 3)), see, bases=5)
    assert ages.shape == (2, 7, 5)
    assert range_of(ages) == pytest.approx(24.0)
    ages[:, 0, :] = np.nan
    assert np.isnan(range_of(ages))


def test_packed_weights_are_read_as_they_were_meant(tmp_path: Path) -> None:
    weights = [
        {"name": "a", "shape": [2, 2], "dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1}},
        {"name": "b", "shape": [3], "dtype": "float32", "quantization": {"dtype": "float16"}},
        {"name": "c", "shape": [], "dtype": "int32"},
    ]
    data = bytes([0, 2, 4, 255]) + np.array([1, 2, 0.5], "<f2").tobytes() + np.array(7, "<i4").tobytes()
    (tmp_path / "one.bin").write_bytes(data)
    (tmp_path / "m.json").write_text(json.dumps([{"paths": ["../../one.bin"], "weights": weights}]))
    found = read_weights(tmp_path / "m.json")
    assert found["a"].tolist() == [[-1.0, 0.0], [1.0, 126.5]]
    assert found["b"].tolist() == [1.0, 2.0, 0.5]
    assert found["c"].shape == ()
    (tmp_path / "one.bin").write_bytes(data[:-1])
    with pytest.raises(TrainingError, match="npm ci"):
        read_weights(tmp_path / "m.json")
    with pytest.raises(TrainingError, match="npm ci"):
        PhotoNetworks(tmp_path / "nowhere")


def test_the_detector_gives_the_likeliest_box() -> None:
    """A network that detects one anchor everywhere, most strongly in the brightest cell."""
    weights: dict[str, np.ndarray] = {"conv0/filters": np.zeros((3, 3, 3, 1), np.float32)}
    weights["conv0/filters"][1, 1] = 1 / 3
    weights["conv0/bias"] = np.zeros(1, np.float32)
    for k in range(1, 6):
        depth = np.zeros((3, 3, 1, 1), np.float32)
        depth[1, 1] = 1.0
        weights |= {
            f"conv{k}/depthwise_filter": depth,
            f"conv{k}/pointwise_filter": np.ones((1, 1, 1, 1), np.float32),
            f"conv{k}/bias": np.zeros(1, np.float32),
        }
    weights["conv8/filters"] = np.zeros((1, 1, 1, 25), np.float32)
    weights["conv8/filters"][0, 0, 0, 4] = 20.0  # score of the first anchor: brightness
    weights["conv8/bias"] = np.full(25, -9.0, np.float32)
    weights["conv8/bias"][:4] = 0.0
    images = np.zeros((2, 160, 160, 3), np.uint8)
    images[0, 72:88, 72:88] = 255
    boxes = find_faces(weights, images)
    assert np.isnan(boxes[1]).all()
    width, height = ANCHORS[0] / 5
    # The last pooling looks at a cell and its neighbours to the right and below: the first of four equals is one up.
    assert boxes[0] == pytest.approx([0.3 - width / 2, 0.3 - height / 2, width, height])


def test_a_square_is_cut_around_a_box_and_black_outside_the_picture() -> None:
    image = np.full((100, 100, 3), 9, np.uint8)
    image[40:60, 40:60] = 200
    assert (cut(image, np.array([0.4, 0.4, 0.2, 0.2]), 1.0, 20) == 200).all()
    wide = cut(image, np.array([0.0, 0.4, 0.2, 0.2]), 2.0, 40)
    assert (wide[:, :10] == 0).all()
    assert (wide[:, 12:] >= 9).all()


def test_a_graph_is_computed_as_its_nodes_say() -> None:
    """A picture's mean through a matrix, the ReLU and the softmax: worked by hand."""
    relu = base64.b64encode(b"Relu").decode()
    graph = [
        {"name": "image", "op": "Placeholder"},
        {"name": "axes", "op": "Const"},
        {"name": "kernel", "op": "Const"},
        {"name": "bias", "op": "Const"},
        {"name": "mean", "op": "Mean", "input": ["image", "axes"]},
        {
            "name": "dense",
            "op": "_FusedMatMul",
            "input": ["mean", "kernel", "bias"],
            "attr": {"fused_ops": {"list": {"s": [relu]}}},
        },
        {"name": "age_pred/Softmax", "op": "Softmax", "input": ["dense"]},
    ]
    weights = {
        "axes": np.array([1, 2], np.int32),
        "kernel": np.array([[np.log(3) / 2, -1.0]], np.float32),
        "bias": np.zeros(2, np.float32),
    }
    faces = np.full((1, 2, 2, 1), 2, np.uint8)
    assert mobilenet_ages(graph, weights, faces) == pytest.approx([1 * 0.75 + 2 * 0.25])
    graph[5]["op"] = "Sqrt"
    with pytest.raises(TrainingError, match="Sqrt"):
        mobilenet_ages(graph, weights, faces)


def test_features_are_of_pictures_with_a_face(monkeypatch: pytest.MonkeyPatch) -> None:
    networks = PhotoNetworks.__new__(PhotoNetworks)
    networks.detector, networks.graph, networks.mobilenet = {}, [], {}
    boxes = np.array([[0.2, 0.2, 0.5, 0.5], [np.nan] * 4, [0.2, 0.2, 0.5, 0.5]])
    monkeypatch.setattr(photo_networks, "find_faces", lambda _weights, images: boxes[: len(images)])
    monkeypatch.setattr(
        photo_networks, "run_graph", lambda *given: np.repeat(given[2].mean((1, 2, 3))[:, None], 1024, 1)
    )
    images = np.full((3, 64, 64, 3), 100, np.uint8)
    images[2] = 50
    found = networks.features(images)
    assert found.shape == (3, photo_networks.FEATURES)
    assert np.isnan(found[1]).all()
    assert found[0, 7] == pytest.approx(2 * found[2, 7])


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [])
    assert isinstance(done.exception, TrainingError) or "Expected one of" in done.output
