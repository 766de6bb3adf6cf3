"""Each family of generators in Keras: its inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.model import Model
from dashboard.synthesis.pggan import assign_variables, build_generator
from dashboard.synthesis.stylegan.config import StyleGANConfig
from dashboard.synthesis.stylegan.feeds import Feeds
from dashboard.synthesis.stylegan.network_keras import synthesised
from dashboard.synthesis.stylegan.options import DrawingOptions


class KerasNetwork(Protocol):
    """One generator: its inputs and its computation."""

    def feed(self, latents: np.ndarray, labels: np.ndarray, options: DrawingOptions) -> Mapping[str, np.ndarray]:
        """Compute the network's inputs by name, all float32."""
        ...

    def compute(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Compute outputs, by tensors."""
        ...


def network_of(model: Model, outputs: Sequence[str]) -> KerasNetwork:
    """Return the network of a model, ready to compute."""
    config = model.config
    return _PGGAN(model, config, outputs) if isinstance(config, GeneratorConfig) else _StyleGAN(model, config)


class _PGGAN:
    def __init__(self, model: Model, config: GeneratorConfig, outputs: Sequence[str]) -> None:
        self._network = build_generator(config, outputs)
        assign_variables(self._network, model.variables())
        self._labelled = bool(config.label_size)

    def feed(self, latents: np.ndarray, labels: np.ndarray, options: DrawingOptions) -> Mapping[str, np.ndarray]:
        return {"latents": latents, "labels": labels} if self._labelled else {"latents": latents}

    def compute(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        given: Any = self._network([inputs["latents"], inputs["labels"]] if self._labelled else inputs["latents"])
        return given


class _StyleGAN:
    def __init__(self, model: Model, config: StyleGANConfig) -> None:
        from keras import ops

        variables = model.variables()
        self._config, self._feeds = config, Feeds(config, variables)
        self._variables = {name: ops.convert_to_tensor(array) for name, array in variables.items()}

    def feed(self, latents: np.ndarray, labels: np.ndarray, options: DrawingOptions) -> Mapping[str, np.ndarray]:
        labelled = labels if self._config.label_size else None
        given = {f"style:{name}": x for name, x in self._feeds.styles(latents, labelled, options).items()}
        if self._config.movable:
            return given | {"transform": self._feeds.transform(options)}
        return given | self._feeds.noise(options)

    def compute(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        styles = {name.removeprefix("style:"): x for name, x in inputs.items() if name.startswith("style:")}
        noise = {name.removeprefix("noise:"): x for name, x in inputs.items() if name.startswith("noise:")}
        variables = self._variables
        if "transform" in inputs:
            variables = {**variables, "input.transform": inputs["transform"]}
        return synthesised(self._config, variables, styles, noise)
