from __future__ import annotations

import numpy as np
import pytest
from support.models import random_variables, tiny_config
from support.networks import CASES, case_of, inputs_of
from support.reference_generator import reference_generator

from dashboard.synthesis.pggan import assign_variables, build_generator, read_variables
from dashboard.synthesis.pixels import to_bytes


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_generator_is_the_reference(case: str) -> None:
    options, lod = case_of(CASES[case])
    config = tiny_config(**options)
    variables = {**random_variables(config), "lod": np.array(lod, np.float32)}
    outputs = ("image", "block4", "block8") if config.resolution > 4 else ("image", "block4")
    network = build_generator(config, outputs)
    assign_variables(network, variables)
    latents, labels = inputs_of(config, 3)
    received = network(latents if labels is None else [latents, labels])
    expected = reference_generator(config, variables, latents, labels)
    assert set(received) == set(outputs)
    for name, values in received.items():
        np.testing.assert_allclose(values, expected[name], atol=2e-4, err_msg=name)
    levels = to_bytes(np.asarray(received["image"])).astype(int) - to_bytes(expected["image"])
    assert np.abs(levels).max() <= 1


def test_variables_are_read_as_they_were_assigned() -> None:
    config = tiny_config(resolution=8)
    variables = random_variables(config)
    network = build_generator(config)
    assign_variables(network, variables)
    read = read_variables(network)
    assert {name: v.shape for name, v in read.items()} == config.variables()
    for name, values in read.items():
        np.testing.assert_array_equal(values, variables[name])


def test_a_missing_or_misshapen_variable_is_named_and_nothing_changed() -> None:
    config = tiny_config(resolution=8)
    network = build_generator(config)
    before = read_variables(network)
    variables = random_variables(config, 9)
    with pytest.raises(ValueError, match="8x8/Conv1/bias"):
        assign_variables(network, {n: v for n, v in variables.items() if n != "8x8/Conv1/bias"})
    with pytest.raises(ValueError, match=r"4x4/Conv/bias.*\(5,\)"):
        assign_variables(network, {**variables, "4x4/Conv/bias": np.zeros(5)})
    for name, values in read_variables(network).items():
        np.testing.assert_array_equal(values, before[name])


def test_unknown_outputs_are_refused() -> None:
    with pytest.raises(ValueError, match="block8"):
        build_generator(tiny_config(resolution=4), ("block8",))
    with pytest.raises(ValueError, match="none"):
        build_generator(tiny_config(resolution=8), ())


def test_bf16_computes_what_float32_does_but_for_rounding() -> None:
    config = tiny_config()
    variables = random_variables(config)
    network = build_generator(config, dtype="mixed_bfloat16")
    assign_variables(network, variables)
    latents, _ = inputs_of(config, 4)
    image = np.asarray(network(latents)["image"])
    assert image.dtype == np.float32
    difference = image - reference_generator(config, variables, latents)["image"]
    assert 10 * np.log10(4 / np.mean(difference**2)) > 40
