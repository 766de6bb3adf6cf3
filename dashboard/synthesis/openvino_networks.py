"""Each family of generators on OpenVINO: its graph, and the inputs of the graph."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
import openvino as ov

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.model import Model
from dashboard.synthesis.openvino_graph import generator_graph
from dashboard.synthesis.stylegan.config import StyleGANConfig
from dashboard.synthesis.stylegan.options import DrawingOptions


class OpenVINONetwork(Protocol):
    """One generator: the builder of its graph, and its inputs."""

    def graph(self, outputs: Sequence[str], batch: int) -> ov.Model:
        """Build the graph of these outputs for a fixed batch size."""
        ...

    def feed(self, latents: np.ndarray, labels: np.ndarray, options: DrawingOptions) -> Mapping[str, np.ndarray]:
        """Compute the graph's inputs by name."""
        ...


Load = Callable[[], Mapping[str, np.ndarray]]
"""Function that reads a generator's variables."""


def network_of(model: Model) -> OpenVINONetwork:
    """Return the network of a model; its weights are read on first use."""
    return network_for(model.config, model.variables)


def network_for(config: NetworkConfig, load: Load) -> OpenVINONetwork:
    """Return the network of a config, of any family.

    Args:
        config: architecture of the generator.
        load: reads its variables, on first use.
    """
    return _PGGAN(load, config) if isinstance(config, GeneratorConfig) else _StyleGAN(load, config)


class _PGGAN:
    def __init__(self, load: Load, config: GeneratorConfig) -> None:
        self._load, self._config = load, config

    def graph(self, outputs: Sequence[str], batch: int) -> ov.Model:
        return generator_graph(self._config, dict(self._load()), outputs, batch)

    def feed(self, latents: np.ndarray, labels: np.ndarray, options: DrawingOptions) -> Mapping[str, np.ndarray]:
        return {"latents": latents, "labels": labels}


class _StyleGAN:
    def __init__(self, load: Load, config: StyleGANConfig) -> None:
        self._load, self._config = load, config
        self._feeds = None
        self._lock = threading.Lock()

    def graph(self, outputs: Sequence[str], batch: int) -> ov.Model:
        from dashboard.synthesis.stylegan.network_openvino import synthesis_graph

        return synthesis_graph(self._config, dict(self._load()), outputs, batch)

    def feed(self, latents: np.ndarray, labels: np.ndarray, options: DrawingOptions) -> Mapping[str, np.ndarray]:
        with self._lock:
            if self._feeds is None:
                from dashboard.synthesis.stylegan.feeds import Feeds

                self._feeds = Feeds(self._config, dict(self._load()))
        return self._feeds.feed(latents, labels if self._config.label_size else None, options)
