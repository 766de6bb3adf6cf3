"""Both implementations of StyleGAN's pictures, against float64 NumPy written from the definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.stylegan_files import Module, nvidia_file
from support.stylegan_reference import mapped, picture, random_stylegan2, random_stylegan3, truncated

from dashboard.synthesis.official.stylegan import parse_stylegan
from dashboard.synthesis.stylegan import styles
from dashboard.synthesis.stylegan.config import StyleGAN2Config, StyleGAN3Config, StyleGANConfig

CASES: dict[str, Module] = {
    "skip": random_stylegan2(),
    "orig": random_stylegan2(architecture="orig"),
    "resnet, clamped": random_stylegan2(architecture="resnet", clamp=0.7),
    "labels, clamped": random_stylegan2(labels=4, clamp=1.0),
    "filter of 3 taps": random_stylegan2(taps=(1, 2, 1)),
    "filter that is not symmetric": random_stylegan2(taps=(1, 2, 5, 7)),
    "filter of 8 taps, kept as a row": random_stylegan2(taps=(1, 2, 5, 7, 7, 5, 2, 1)),
    "filter of 1 tap": random_stylegan2(taps=(1,)),
    "heavy tails, large styles, clamp reached": random_stylegan2(heavy=True, activation="swish", clamp=2.0),
    "gray": random_stylegan2(channels=1),
    "StyleGAN3-T": random_stylegan3(),
    "StyleGAN3-R": random_stylegan3(radial=True, kernel=1),
    "StyleGAN3, labels, clamped": random_stylegan3(labels=3, clamp=0.5),
}
TOLERANCE = 1e-4
FACES = 2


def inputs_of(config: StyleGANConfig) -> tuple[np.ndarray, np.ndarray | None]:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(FACES, config.latent_size)).astype(np.float32)
    return z, rng.normal(size=(FACES, config.label_size)).astype(np.float32) if config.label_size else None


def expected(generator: Module, psi: float, cutoff: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return w and pictures of the reference."""
    config = parse_stylegan(nvidia_file(generator)).config
    z, labels = inputs_of(config)
    w = np.stack([mapped(generator, z[i], None if labels is None else labels[i]) for i in range(FACES)])
    return w, np.stack([picture(generator, truncated(generator, one, psi, cutoff)) for one in w])


def openvino_picture(config: StyleGANConfig, v: dict[str, np.ndarray], ws: np.ndarray, precision: str = "f32") -> Any:
    import openvino as ov

    from dashboard.synthesis.stylegan.network_openvino import synthesis_graph

    styled = styles.styles_of(config, v, ws)
    before, after = styles.scales_of(config, v, styles.powers_of(config, v), styled)
    given = {f"before:{name}": x for name, x in before.items()} | {f"after:{name}": x for name, x in after.items()}
    if isinstance(config, StyleGAN2Config):
        given |= {
            f"noise:{layer.name}": (v[f"{layer.name}.noise"] * v[f"{layer.name}.noise_strength"])[None, None]
            for layer in config.layers
            if layer.noise
        }
    else:
        given["waves"] = styles.fourier_input(config, v, styled["input"])
    graph = synthesis_graph(config, v, ("image",), len(ws))
    options = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1}
    model = ov.Core().compile_model(graph, "CPU", options)
    return model({one.any_name: given[one.any_name] for one in model.inputs})[0]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("psi", "cutoff"), [(1.0, None), (0.6, 2), (-0.5, None)])
def test_w_and_openvinos_pictures_are_those_of_the_definitions(case: str, psi: float, cutoff: int | None) -> None:
    read = parse_stylegan(nvidia_file(CASES[case]))
    config, v = read.config, read.variables
    w_expected, image_expected = expected(CASES[case], psi, cutoff)
    w = styles.mapped(config, v, *inputs_of(config))
    assert np.abs(w - w_expected).max() < 2e-5 * max(1, np.sqrt(np.mean(w_expected**2)))
    image = openvino_picture(config, v, styles.truncated(config, v, w, psi, cutoff))
    assert image.shape == image_expected.shape
    assert np.abs(image - image_expected).max() < TOLERANCE * max(1, np.sqrt(np.mean(image_expected**2)))


@pytest.mark.parametrize("case", CASES)
def test_keras_gives_the_pictures_of_the_definitions(case: str) -> None:
    from dashboard.synthesis.stylegan.network_keras import assign_stylegan, build_stylegan

    read = parse_stylegan(nvidia_file(CASES[case]))
    w_expected, image_expected = expected(CASES[case], 1.0, None)
    model = build_stylegan(read.config)
    assign_stylegan(model, read.variables)
    z, labels = inputs_of(read.config)
    given: Any = model(z if labels is None else [z, labels])
    assert np.abs(given["w"] - w_expected).max() < 2e-5 * max(1, np.sqrt(np.mean(w_expected**2)))
    assert np.abs(given["image"] - image_expected).max() < TOLERANCE * max(1, np.sqrt(np.mean(image_expected**2)))


@pytest.mark.parametrize("case", ["skip", "heavy tails, large styles, clamp reached", "StyleGAN3-T", "StyleGAN3-R"])
def test_bfloat16_is_above_40_db(case: str) -> None:
    read = parse_stylegan(nvidia_file(CASES[case]))
    config, v = read.config, read.variables
    _, image_expected = expected(CASES[case], 1.0, None)
    w = styles.mapped(config, v, *inputs_of(config))
    image = openvino_picture(config, v, styles.truncated(config, v, w), "bf16")
    scale = max(1.0, float(np.sqrt(np.mean(image_expected**2))))
    error = np.sqrt(np.mean((image - image_expected) ** 2)) / scale
    assert 20 * np.log10(2 / error) > 40


def test_large_filters_in_parts_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.synthesis.stylegan import network_openvino

    read = parse_stylegan(nvidia_file(CASES["StyleGAN3-R"]))
    config, v = read.config, read.variables
    ws = styles.truncated(config, v, styles.mapped(config, v, *inputs_of(config)))
    whole = openvino_picture(config, v, ws)
    monkeypatch.setattr(network_openvino, "ENLARGED_VALUES", 2000)
    np.testing.assert_allclose(openvino_picture(config, v, ws), whole, atol=1e-6)


def test_stylegan3s_picture_turns_and_moves_by_the_transform_of_its_input() -> None:
    generator = random_stylegan3()
    read = parse_stylegan(nvidia_file(generator))
    config, v = read.config, read.variables
    assert isinstance(config, StyleGAN3Config)
    transform = styles.transform_of(30.0, (0.1, -0.2))
    generator.parts["synthesis"].parts["input"].buffers["transform"] = transform
    w, image_expected = expected(generator, 1.0, None)
    image = openvino_picture(config, {**v, "input.transform": transform}, styles.truncated(config, v, w))
    assert np.abs(image - image_expected).max() < TOLERANCE


def test_psi_needs_the_mean_of_w() -> None:
    generator = random_stylegan2(resolution=8)
    generator.parts["mapping"].buffers["w_avg"] = None
    read = parse_stylegan(nvidia_file(generator))
    w = styles.mapped(read.config, read.variables, *inputs_of(read.config))
    assert styles.truncated(read.config, read.variables, w).shape == (FACES, read.config.rows, read.config.style_size)
    with pytest.raises(ValueError, match="psi of 1"):
        styles.truncated(read.config, read.variables, w, 0.7)
