from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
from support.models import random_variables, tiny_scorer

from dashboard.synthesis.openvino_graph import scorer_graph
from dashboard.synthesis.scorer_network import assign_scorer_variables, build_scorer, read_scorer_variables


def test_variables_are_those_of_the_config_and_read_as_assigned() -> None:
    config = tiny_scorer()
    network = build_scorer(config)
    variables = random_variables(config)
    assign_scorer_variables(network, variables)
    read = read_scorer_variables(network)
    assert {name: values.shape for name, values in read.items()} == config.variables()
    for name, values in read.items():
        np.testing.assert_array_equal(values, variables[name])


def test_larger_pictures_are_averaged_down_first() -> None:
    config = tiny_scorer(size=16)
    variables = random_variables(config)
    small, large = build_scorer(config), build_scorer(config, 64)
    for network in (small, large):
        assign_scorer_variables(network, variables)
    picture = np.random.default_rng(0).uniform(-1, 1, (2, 64, 64, 3)).astype(np.float32)
    averaged = picture.reshape(2, 16, 4, 16, 4, 3).mean(axis=(2, 4))
    for name, values in large(picture).items():
        np.testing.assert_allclose(values, small(averaged)[name], atol=1e-5)
    assert small(averaged)["scores"].shape == (2, 8)
    assert small(averaged)["features"].shape == (2, 64)


@pytest.mark.parametrize("residual", [0, 2])
def test_the_graph_that_serves_is_the_network_that_was_trained(residual: int) -> None:
    config = tiny_scorer(size=16, residual=residual)
    variables = random_variables(config)
    network = build_scorer(config, 32)
    assign_scorer_variables(network, variables)
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3)).astype(np.float32)
    graph = ov.Core().compile_model(scorer_graph(config, variables, 32, 2), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    received = graph([pictures])
    for name, values in network(pictures).items():
        np.testing.assert_allclose(received[name], values, rtol=1e-4, atol=1e-3)


def test_residual_blocks_begin_as_nothing() -> None:
    plain, residual = build_scorer(tiny_scorer()), build_scorer(tiny_scorer(residual=2))
    begun = read_scorer_variables(residual)
    assign_scorer_variables(plain, {name: v for name, v in begun.items() if not name.startswith("Res")})
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 3)).astype(np.float32)
    np.testing.assert_allclose(residual(pictures)["scores"], plain(pictures)["scores"], atol=1e-6)
    assert sum(name.startswith("Res") for name in begun) == 2 * 2 * 2 * 2


def test_scores_are_float32_whatever_the_network_computes_in() -> None:
    config = tiny_scorer(residual=1)
    exact, fast = build_scorer(config), build_scorer(config, dtype="mixed_bfloat16")
    for network in (exact, fast):
        assign_scorer_variables(network, random_variables(config))
    pictures = np.random.default_rng(0).uniform(-1, 1, (4, 16, 16, 3)).astype(np.float32)
    wanted, received = (np.asarray(network(pictures)["scores"]) for network in (exact, fast))
    assert received.dtype == np.float32
    assert 0 < np.abs(received - wanted).max() < 0.05 * np.abs(wanted).max()


def test_pictures_of_an_odd_size_are_refused() -> None:
    with pytest.raises(ValueError, match="24 px"):
        build_scorer(tiny_scorer(), 24)


def test_missing_unknown_and_misshapen_variables_are_named() -> None:
    config = tiny_scorer()
    network, variables = build_scorer(config), random_variables(config)
    with pytest.raises(ValueError, match="Conv1/bias"):
        assign_scorer_variables(network, {n: v for n, v in variables.items() if n != "Conv1/bias"})
    with pytest.raises(ValueError, match="Extra"):
        assign_scorer_variables(network, {**variables, "Extra": np.zeros(1)})
    with pytest.raises(ValueError, match=r"Scores/bias.*\(3,\)"):
        assign_scorer_variables(network, {**variables, "Scores/bias": np.zeros(3)})
