"""Keras networks as functions of their variables, for JAX. One mapping of NVIDIA's names covers every resolution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.pggan import build_generator, named_variables, read_variables
from training.train.discriminator import build_critic
from training.train.names import from_top

Arrays = Mapping[str, Any]

DTYPES = {"bf16": "mixed_bfloat16", "float32": "float32"}


class Function:
    """A Keras network as a function of arrays.

    Args:
        model: the network.
        above: number of blocks that the final network has more; the arrays have the final network's names.
    """

    def __init__(self, model: keras.Model, above: int) -> None:
        self.model = model
        called = {id(variable): from_top(name, above) for name, variable in named_variables(model).items()}
        self.every = [called[id(variable)] for variable in model.variables]
        self.learns = [name for name in self.every if name != "lod"]
        by_name = dict(zip(self.every, model.variables, strict=True))
        self.variables = [by_name[name] for name in self.learns]

    def __call__(self, arrays: Arrays, inputs: Any, lod: Any = None) -> Any:
        """Return the network's outputs.

        Args:
            arrays: its variables by name; others are ignored.
            inputs: of the Keras model.
            lod: the generator's level of detail.
        """
        values = [lod if name == "lod" else arrays[name] for name in self.every]
        return self.model.stateless_call(values, [], inputs)[0]


def generator_at(config: GeneratorConfig, resolution: int, precision: str) -> Function:
    """Return the generator up to a resolution; ``config`` is of the final one, ``precision`` "bf16" or "float32"."""
    model = build_generator(replace(config, resolution=resolution), dtype=DTYPES[precision])
    return Function(model, config.log2 - (resolution.bit_length() - 1))


def critic_at(config: GeneratorConfig, resolution: int, batch: int, precision: str) -> Function:
    """Return the discriminator up to a resolution, with its patch head; ``config`` has its own feature maps."""
    model = build_critic(replace(config, resolution=resolution), batch, DTYPES[precision])
    return Function(model, config.log2 - (resolution.bit_length() - 1))


def first_values(config: GeneratorConfig, critic: GeneratorConfig, batch: int, seed: int) -> dict[str, dict[str, Any]]:
    """Return the variables "G", "Gs" (the same) and "D" of the final networks before any training, float32."""
    keras.utils.set_random_seed(seed)
    generator = read_variables(build_generator(config))
    generator.pop("lod")
    return {
        "G": generator,
        "Gs": {name: array.copy() for name, array in generator.items()},
        "D": read_variables(build_critic(critic, batch)),
    }


class Optimiser:
    """A Keras optimiser as a function of its state.

    Args:
        optimiser: not built yet.
        function: the network whose variables it changes.
    """

    def __init__(self, optimiser: keras.optimizers.Optimizer, function: Function) -> None:
        optimiser.build(function.variables)
        self.optimiser, self.learns = optimiser, function.learns
        rate = optimiser._learning_rate  # placeholder, replaced by the traced rate
        self.rate_index = next(k for k, v in enumerate(optimiser.variables) if v is rate)

    def first(self) -> list[np.ndarray]:
        """Return its state before the first step."""
        return [np.asarray(variable) for variable in self.optimiser.variables]

    def step(self, state: Sequence[Any], arrays: Arrays, gradients: Arrays, rate: Any) -> tuple[list[Any], dict]:
        """Return one step.

        Args:
            state: of the optimiser.
            arrays: variables by name; variables without a gradient stay unchanged.
            gradients: by name.
            rate: its learning rate.

        Returns:
            The state and all the arrays after it.
        """
        state = list(state)
        state[self.rate_index] = rate
        values = [arrays[name] for name in self.learns]
        changed, state = self.optimiser.stateless_apply(state, [gradients[name] for name in self.learns], values)
        return list(state), {**arrays, **dict(zip(self.learns, changed, strict=True))}
