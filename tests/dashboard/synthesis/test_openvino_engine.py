from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.models import random_variables, write_tiny_model
from support.networks import CASES, case_of, inputs_of
from support.psnr import psnr
from support.reference_generator import reference_generator

from dashboard.synthesis.families import pggan_config
from dashboard.synthesis.model_folder import Model, write_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.openvino_engine import OpenVINOEngine, numeric_of


def mean_of_squares(image: np.ndarray, size: int) -> np.ndarray:
    n, side = len(image), image.shape[1] // size
    return image.reshape(n, size, side, size, side, 3).mean(axis=(2, 4))


def reference_scores(model: Model, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scorer in NumPy, tap by tap."""
    config, v = model.scorer, model.scorer_variables()
    assert config is not None
    x = mean_of_squares(image.astype(np.float64), config.size)
    for k in range(len(config.channels)):
        side = x.shape[1]
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        taps = [
            padded[:, dy : dy + side, dx : dx + side] @ v[f"Conv{k}/weight"][dy, dx]
            for dy in range(3)
            for dx in range(3)
        ]
        x = np.maximum(sum(taps) + v[f"Conv{k}/bias"], 0)
        n, side, _, channels = x.shape
        x = x.reshape(n, side // 2, 2, side // 2, 2, channels).mean(axis=(2, 4))
    features = np.maximum(x.reshape(len(x), -1) @ v["Features/weight"] + v["Features/bias"], 0)
    return features @ v["Scores/weight"] + v["Scores/bias"], features


# The graph is the network.


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_generator_is_the_reference(tmp_path: Path, case: str) -> None:
    options, lod = case_of(CASES[case])
    size = options.get("resolution", 32)
    model = write_tiny_model(tmp_path / "m", lod=lod, scorer=False, bank=0, **options)
    latents, labels = inputs_of(pggan_config(model.config), 3)
    engine = open_engine(model, "openvino", "exact")
    blocks = [name for name in ("block4", "block8") if name in engine.outputs]
    assert len(blocks) == (1 if size == 4 else 2)
    received = engine.run(latents, labels, ["image", *blocks])
    expected = reference_generator(pggan_config(model.config), model.variables(), latents, labels)
    assert received["image"].shape == (3, size, size, model.config.num_channels)
    assert np.ptp(expected["image"]) > 0.2
    for name, values in received.items():
        assert values.dtype == np.float32
        np.testing.assert_allclose(values, expected[name], atol=2e-4, err_msg=name)


def test_bf16_pictures_are_above_40_db(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "m", resolution=64, fmap_base=1024, fmap_max=64)
    latents, _ = inputs_of(pggan_config(model.config), 4)
    expected = reference_generator(pggan_config(model.config), model.variables(), latents)
    assert psnr(open_engine(model, "openvino", "fast").run(latents)["image"], expected["image"]) > 40


def test_scores_and_features_are_those_of_the_picture(tiny_model: Model) -> None:
    latents, _ = inputs_of(pggan_config(tiny_model.config), 5)
    received = open_engine(tiny_model, "openvino", "exact").run(latents, outputs=["scores", "features", "image"])
    scores, features = reference_scores(tiny_model, received["image"])
    assert list(received) == ["scores", "features", "image"]
    assert np.ptp(scores, axis=0).min() > 0
    np.testing.assert_allclose(received["scores"], scores, atol=1e-4)
    np.testing.assert_allclose(received["features"], features, atol=1e-4)


def test_a_bank_is_reproduced_from_its_seed(tiny_model: Model) -> None:
    bank = tiny_model.bank()
    latents = np.random.RandomState(bank.base_seed).randn(len(bank.scores), 512)
    received = open_engine(tiny_model, "openvino", "exact").run(latents, outputs=["scores", "features"])
    np.testing.assert_allclose(received["scores"], bank.scores, atol=1e-4)
    np.testing.assert_allclose(received["features"], bank.features, atol=2e-3)


def test_scores_alone_are_the_same(tiny_model: Model) -> None:
    latents, _ = inputs_of(pggan_config(tiny_model.config), 2)
    engine = open_engine(tiny_model, "openvino", "exact")
    alone, both = engine.run(latents, outputs=["scores"]), engine.run(latents, outputs=["image", "scores"])
    assert list(alone) == ["scores"]
    np.testing.assert_array_equal(alone["scores"], both["scores"])


@pytest.mark.parametrize("count", [1, 7, 8, 9, 17])
def test_any_number_of_faces_is_as_one_by_one(tiny_model: Model, count: int) -> None:
    latents, _ = inputs_of(pggan_config(tiny_model.config), count)
    engine = open_engine(tiny_model, "openvino", "exact")
    outputs = ("image", "block8", "scores")
    together = engine.run(latents, outputs=outputs)
    for i in range(count):
        alone = engine.run(latents[i : i + 1], outputs=outputs)
        for name in outputs:
            np.testing.assert_allclose(together[name][i], alone[name][0], atol=1e-5)


def test_results_stay_as_they_are_when_the_next_are_computed(tiny_model: Model) -> None:
    engine = open_engine(tiny_model, "openvino", "exact")
    latents, _ = inputs_of(pggan_config(tiny_model.config), 2)
    first = engine.run(latents[:1])["image"]
    kept = first.copy()
    engine.run(latents[1:])
    np.testing.assert_array_equal(first, kept)


def test_labels_left_out_are_zeros(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "m", label_size=3)
    latents, _ = inputs_of(pggan_config(model.config), 1)
    engine = open_engine(model, "openvino", "exact")
    zeros = engine.run(latents, np.zeros((1, 3)))["image"]
    np.testing.assert_array_equal(engine.run(latents)["image"], zeros)
    assert np.abs(engine.run(latents, np.ones((1, 3)) * 9)["image"] - zeros).max() > 0.01


def test_a_latent_of_zeros_gives_a_finite_picture(tiny_model: Model) -> None:
    for precision in ("exact", "fast"):
        engine = open_engine(tiny_model, "openvino", precision)
        assert np.isfinite(engine.run(np.zeros((1, 512)))["image"]).all()


# Requests that make no sense.


@pytest.mark.parametrize(
    ("latents", "labels", "outputs", "named"),
    [
        (np.zeros(512), None, ["image"], r"\(N, 512\)"),
        (np.zeros((0, 512)), None, ["image"], r"\(0, 512\)"),
        (np.zeros((2, 511)), None, ["image"], r"\(2, 511\)"),
        (np.zeros((2, 512)), np.zeros((2, 1)), ["image"], r"\(2, 0\)"),
        (np.zeros((2, 512)), None, ["block16"], "block16"),
        (np.zeros((2, 512)), None, [], "none"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(
    tiny_model: Model, latents: np.ndarray, labels: np.ndarray | None, outputs: list[str], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        open_engine(tiny_model, "openvino").run(latents, labels, outputs)


def test_scores_of_a_model_without_scorer_are_refused(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "m", scorer=False, bank=0)
    engine = open_engine(model, "openvino")
    assert engine.outputs == ("image", "block4", "block8")
    with pytest.raises(ValueError, match="scores"):
        engine.run(np.zeros((1, 512)), outputs=["scores"])


# Numbers, threads, what it is not allowed to load.


def test_the_numeric_class_is_what_the_networks_are_compiled_in(tiny_model: Model) -> None:
    for precision in ("fast", "exact"):
        engine = OpenVINOEngine(tiny_model, precision, threads=1)
        assert engine.numeric == numeric_of(precision)
        compiled = engine._compile("picture", 1)
        kept_in = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        assert engine.numeric == f"openvino-{kept_in}"
        assert compiled.get_property("INFERENCE_NUM_THREADS") == 1


def test_a_first_face_loads_no_tensorflow(tiny_model: Model, tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
import numpy as np
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.model_folder import open_model
engine = open_engine(open_model(Path({str(tiny_model.path)!r})), cache_dir=Path({str(tmp_path / "compiled")!r}))
print(engine.name, engine.run(np.zeros((1, 512)), outputs=("image", "scores"))["image"].shape)
print(sorted({{"tensorflow", "keras", "dash", "flask"}} & set(sys.modules)))
"""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=200, check=True
    )
    assert done.stdout.splitlines() == ["openvino (1, 32, 32, 3)", "[]"]


# Compiled networks on disk.


def test_a_compiled_network_is_kept_and_gives_the_same_picture(
    tiny_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "compiled"
    latents, _ = inputs_of(pggan_config(tiny_model.config), 1)
    outputs = ("image", "block4", "scores")
    first = open_engine(tiny_model, "openvino", "exact", cache_dir=folder).run(latents, outputs=outputs)
    assert len(list(folder.glob("*.blob"))) == 3
    # From here on, a graph that is built is an error.
    monkeypatch.setattr(OpenVINOEngine, "_graph", lambda *_: pytest.fail("compiled again"))
    second = open_engine(tiny_model, "openvino", "exact", cache_dir=folder).run(latents, outputs=outputs)
    for name in outputs:
        np.testing.assert_array_equal(first[name], second[name])


def test_other_weights_and_options_are_other_compiled_networks(tiny_model: Model, tmp_path: Path) -> None:
    folder = tmp_path / "compiled"
    other = write_tiny_model(tmp_path / "other", seed=5)
    latents, _ = inputs_of(pggan_config(tiny_model.config), 1)
    pictures = [
        open_engine(model, "openvino", "exact", threads, folder).run(latents)["image"]
        for model, threads in [(tiny_model, 1), (other, 1), (tiny_model, 2)]
    ]
    assert len(list(folder.glob("*.blob"))) == 3
    assert np.abs(pictures[0] - pictures[1]).max() > 0.1
    np.testing.assert_allclose(pictures[0], pictures[2], atol=1e-5)


def test_another_scorer_of_the_same_generator_is_another_compiled_network(tmp_path: Path) -> None:
    first = write_tiny_model(tmp_path / "a", bank=0)
    assert first.scorer is not None
    second = write_model(
        tmp_path / "b",
        first.config,
        first.variables(),
        first.attributes,
        first.directions,
        first.licence,
        {},
        scorer=(first.scorer, random_variables(first.scorer, 6)),
    )
    assert first.digest == second.digest
    latents, _ = inputs_of(pggan_config(first.config), 1)
    scores = [
        open_engine(model, "openvino", "exact", cache_dir=tmp_path / "compiled").run(latents, outputs=["scores"])[
            "scores"
        ]
        for model in (first, second)
    ]
    assert np.abs(scores[0] - scores[1]).max() > 0.01


def test_a_blob_that_is_no_network_is_compiled_anew(
    tiny_model: Model, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "compiled"
    latents, _ = inputs_of(pggan_config(tiny_model.config), 1)
    engine = OpenVINOEngine(tiny_model, "exact", cache_dir=folder)
    engine._cache.save(engine._key("picture", 1), b"no network at all")
    with caplog.at_level(logging.WARNING):
        picture = engine.run(latents)["image"]
    assert "made again" in caplog.text
    np.testing.assert_array_equal(picture, open_engine(tiny_model, "openvino", "exact").run(latents)["image"])
    assert engine._cache.load(engine._key("picture", 1)) not in (None, b"no network at all")
