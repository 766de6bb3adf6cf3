"""A StyleGAN file becomes a model, and both engines make its faces."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from support.psnr import psnr
from support.stylegan_files import nvidia_file
from support.stylegan_reference import dense, mapped, picture, random_stylegan2, random_stylegan3, truncated

from dashboard.errors import InputError
from dashboard.synthesis.engine import Engine
from dashboard.synthesis.imports import import_model
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.style_channels import require_styles
from dashboard.synthesis.stylegan.feeds import Feeds
from dashboard.synthesis.stylegan.options import DrawingOptions

NETWORKS = {"stylegan2": random_stylegan2(resolution=16), "stylegan3": random_stylegan3(resolution=16)}


@pytest.fixture(scope="module", params=list(NETWORKS))
def family(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def model(family: str, tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("models")
    (folder / "network.pkl").write_bytes(nvidia_file(NETWORKS[family]))
    return open_model(import_model(folder / "network.pkl", family, folder / "shelf"))


@pytest.fixture(scope="module", params=["openvino", "tensorflow"])
def engine(model: Model, request: pytest.FixtureRequest) -> Engine:
    return open_engine(model, request.param, "exact", threads=1)


def expected(
    family: str, z: np.ndarray, psi: float = 1.0, cutoff: int | None = None, noise: str = "const"
) -> np.ndarray:
    g = NETWORKS[family]
    return np.stack([picture(g, truncated(g, mapped(g, one), psi, cutoff), noise) for one in z])


def test_a_models_faces_are_the_files(family: str, engine: Engine) -> None:
    z = np.random.RandomState(1).randn(3, engine.latent_size).astype(np.float32)
    np.testing.assert_allclose(engine.run(z)["image"], expected(family, z), atol=1e-4)


def test_truncation_draws_faces_towards_the_mean(family: str, engine: Engine) -> None:
    z = np.random.RandomState(2).randn(2, engine.latent_size).astype(np.float32)
    drawn = engine.run(z, options=DrawingOptions(psi=0.5, cutoff=2))["image"]
    np.testing.assert_allclose(drawn, expected(family, z, 0.5, 2), atol=1e-4)


def test_w_and_its_rows_replace_the_latent(family: str, engine: Engine, model: Model) -> None:
    z = np.random.RandomState(3).randn(2, engine.latent_size).astype(np.float32)
    g = NETWORKS[family]
    w = np.stack([mapped(g, one) for one in z])
    rows = np.repeat(w[:, None], g.attributes["num_ws"], axis=1)
    plain = engine.run(z)["image"]
    np.testing.assert_allclose(engine.run(w, options=DrawingOptions(space="w"))["image"], plain, atol=1e-4)
    np.testing.assert_allclose(engine.run(rows, options=DrawingOptions(space="w+"))["image"], plain, atol=1e-4)
    with pytest.raises(ValueError, match="Expected latents of shape"):
        engine.run(z[:, :3], options=DrawingOptions(space="w"))


def test_noise_is_the_networks_own_none_or_a_seeds(family: str, engine: Engine) -> None:
    z = np.random.RandomState(4).randn(1, engine.latent_size).astype(np.float32)
    if family == "stylegan3":
        with pytest.raises(InputError, match="no choice of noise"):
            engine.run(z, options=DrawingOptions(noise="none"))
        return
    without = engine.run(z, options=DrawingOptions(noise="none"))["image"]
    np.testing.assert_allclose(without, expected(family, z, noise="none"), atol=1e-4)
    seeded = [engine.run(z, options=DrawingOptions(noise=seed))["image"] for seed in (7, 7, 8)]
    np.testing.assert_array_equal(seeded[0], seeded[1])
    assert np.abs(seeded[0] - seeded[2]).max() > 1e-3


def test_only_what_a_network_offers_can_be_asked_for(family: str, engine: Engine) -> None:
    z = np.zeros((1, engine.latent_size), np.float32) + 1
    turned = DrawingOptions(degrees=20.0, shift=(0.1, 0.0))
    if family == "stylegan2":
        with pytest.raises(InputError, match="no shift and no turn"):
            engine.run(z, options=turned)
    else:
        assert np.abs(engine.run(z, options=turned)["image"] - engine.run(z)["image"]).max() > 1e-3
    with pytest.raises(InputError, match="finite numbers"):
        engine.run(z, options=DrawingOptions(psi=float("nan")))


def test_stylegan2_gives_its_first_blocks(family: str, engine: Engine, model: Model) -> None:
    assert set(model.config.activations) == ({"block4", "block8"} if family == "stylegan2" else set())
    if family == "stylegan2":
        z = np.random.RandomState(5).randn(2, engine.latent_size).astype(np.float32)
        given = engine.run(z, outputs=("block4", "block8"))
        assert given["block4"].shape[:3] == (2, 4, 4)
        assert given["block8"].reshape(2, -1).shape[1] == model.config.activation_size("block8")


def test_a_style_that_is_set_is_drawn(family: str, engine: Engine, model: Model) -> None:
    """As a network would draw it whose layer gives that style for every face."""
    z = np.random.RandomState(6).randn(2, engine.latent_size).astype(np.float32)
    plain, (w, other) = engine.run(z[:1])["image"][0], (mapped(NETWORKS[family], one) for one in z)
    config = require_styles(model.config)
    styles = Feeds(config, model.variables()).styles(z, None)
    for layer in (config.layers[2].name, config.layers[-1].name):
        network = copy.deepcopy(NETWORKS[family])
        part = network.parts["synthesis"]
        for name in layer.split("."):
            part = part.parts[name]
        affine = part.parts["affine"]
        style = dense(affine, other)[1]
        affine.parameters["weight"][1], affine.parameters["bias"][1] = 0, style / affine.attributes["bias_gain"]
        options = DrawingOptions(styles=((layer, 1, float(styles[layer][1, 1])),))
        drawn = engine.run(z[:1], options=options)["image"][0]
        np.testing.assert_allclose(drawn, picture(network, truncated(network, w)), atol=1e-4)
        assert np.abs(drawn - plain).max() > 1e-3
    for layer, channel in (("nowhere", 0), (config.layers[0].name, 1 << 20)):
        with pytest.raises(InputError, match="a channel of this network's styles"):
            engine.run(z, options=DrawingOptions(styles=((layer, channel, 1.0),)))


def test_a_style_that_is_set_is_drawn_fast(family: str, engine: Engine, model: Model) -> None:
    z = np.random.RandomState(7).randn(4, engine.latent_size).astype(np.float32)
    styles = [
        (layer.name, 1, float(value))
        for layer, value in zip(require_styles(model.config).layers[1:4], (3, -2, 4), strict=True)
    ]
    options = DrawingOptions(styles=tuple(styles))
    exact, fast = (
        open_engine(model, "openvino", each, 1).run(z, options=options)["image"] for each in ("exact", "fast")
    )
    assert psnr(fast, exact) > 40
    assert not np.allclose(exact, engine.run(z)["image"], atol=1e-3)
