"""A generator and its scorers, on the available engine.

Two engines give the same numbers (both in float32; to 1e-3, checked by a test): OpenVINO with the serving graphs, for
processors, and the Keras networks compiled by JAX, for GPUs, where 20,000 faces take seconds.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.pixels import to_bytes
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions
from dashboard.synthesis.stylegan.standard_w import StandardW
from training.errors import TrainingError
from training.label.scorer import Scorer

EngineName = Literal["auto", "openvino", "jax"]
ENGINES: tuple[EngineName, ...] = ("auto", "openvino", "jax")

Looks = list[tuple[np.ndarray, np.ndarray]]
"""For each scorer its scores (n, F) and features (n, 64), float32."""


class Pictures(ABC):
    """Makes faces from latents and scores them, in float32."""

    batch: int
    """Faces computed together."""

    def images(self, latents: np.ndarray) -> np.ndarray:
        """Return the pictures float32 (n, H, W, C) of latents (n, L)."""
        return np.concatenate([self._made(part)[:count] for part, count in self._batches(latents)])

    def bytes(self, latents: np.ndarray) -> np.ndarray:
        """Return the same as bytes, uint8 (n, H, W, C)."""
        return np.concatenate([to_bytes(self._made(part)[:count]) for part, count in self._batches(latents)])

    def scores(self, latents: np.ndarray) -> Looks:
        """Return for each scorer its scores (n, F) and features (n, 64), float32, of the faces of latents (n, L)."""
        return _joined((self._seen(part), count) for part, count in self._batches(latents))

    def scores_of(self, images: np.ndarray) -> Looks:
        """Return the same for given pictures (n, H, W, 3), bytes or numbers from -1 to 1, of the generator's size."""
        return _joined((self._looked_at(_numbers(part)), count) for part, count in self._batches(images))

    def compile(self) -> None:
        """Prepare whatever the first face needs; nothing here."""
        return

    @abstractmethod
    def _made(self, latents: np.ndarray) -> np.ndarray:
        """Return the pictures of one batch of latents, float32."""

    @abstractmethod
    def _looked_at(self, images: np.ndarray) -> Looks:
        """Score one batch of pictures with each scorer, float32."""

    def _seen(self, latents: np.ndarray) -> Looks:
        return self._looked_at(self._made(latents))

    def _batches(self, rows: np.ndarray) -> Iterator[tuple[np.ndarray, int]]:
        """Yield the rows in batches of one size, the last one filled up with its own first row, and how many count."""
        for first in range(0, len(rows), self.batch):
            part = rows[first : first + self.batch]
            part = part if part.dtype == np.uint8 else part.astype(np.float32)
            yield np.concatenate([part, part[:1].repeat(self.batch - len(part), axis=0)]), len(part)


BATCH, BATCH_PIXELS = 32, 2 << 20
"""Faces that OpenVINO computes together, and pixels: 32 faces of 256 px, two of 1024."""


class OpenVINOPictures(Pictures):
    """On OpenVINO, with the serving graphs of every family of generators.

    Args:
        config, variables: of the generator.
        scorers: networks that score the faces.
        w: standardised w, if faces are given as points of it instead of latents z.
    """

    def __init__(
        self,
        config: NetworkConfig,
        variables: Mapping[str, np.ndarray],
        scorers: Sequence[Scorer],
        w: StandardW | None = None,
    ) -> None:
        import openvino as ov

        from dashboard.synthesis.openvino_graph import scorer_graph
        from dashboard.synthesis.openvino_networks import network_for

        self.batch = max(1, min(BATCH, BATCH_PIXELS // config.resolution**2))
        self._w = w
        core, options = ov.Core(), {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        self._network = network_for(config, lambda: variables)
        self._labels = np.zeros((self.batch, config.label_size), np.float32)
        self._generator = core.compile_model(self._network.graph(("image",), self.batch), "CPU", options)
        self._inputs = [one.any_name for one in self._generator.inputs]
        graphs = [scorer_graph(s.config, s.variables, config.resolution, self.batch) for s in scorers]
        self._scorers = [core.compile_model(graph, "CPU", options) for graph in graphs]

    def _made(self, latents: np.ndarray) -> np.ndarray:
        w, options = self._w, PLAIN
        if w is not None:
            latents, options = w.w_of(latents).astype(np.float32), DrawingOptions(space="w")
        given = self._network.feed(latents, self._labels, options)
        return self._generator({name: given[name] for name in self._inputs})[0]

    def _looked_at(self, images: np.ndarray) -> Looks:
        results = [scorer([images]) for scorer in self._scorers]
        return [(result["scores"], result["features"]) for result in results]


class JaxPictures(Pictures):
    """With the Keras networks, compiled by JAX. Keras must be set up for JAX.

    Args:
        config, variables: of the generator.
        scorers: networks that score the faces.
        batch: faces computed together.
    """

    def __init__(
        self, config: GeneratorConfig, variables: Mapping[str, np.ndarray], scorers: Sequence[Scorer], batch: int = 256
    ) -> None:
        import jax
        import jax.numpy as jnp

        from dashboard.synthesis.pggan import assign_variables, build_generator
        from dashboard.synthesis.scorer_network import assign_scorer_variables, build_scorer

        self.batch = batch
        generator = build_generator(config)
        assign_variables(generator, variables)
        networks = []
        for scorer in scorers:
            networks.append(build_scorer(scorer.config, config.resolution))
            assign_scorer_variables(networks[-1], scorer.variables)
        self._weights = [[v.value for v in network.variables] for network in (generator, *networks)]

        def make(weights: Any, latents: Any) -> Any:
            return generator.stateless_call(weights[0], [], latents)[0]["image"]

        def look(weights: Any, images: Any) -> Any:
            found = [n.stateless_call(w, [], images)[0] for n, w in zip(networks, weights[1:], strict=True)]
            return [(one["scores"], one["features"]) for one in found]

        def look_at_bytes(weights: Any, images: Any) -> Any:
            return look(weights, images.astype(jnp.float32) / 127.5 - 1.0)

        def see(weights: Any, latents: Any) -> Any:
            return look(weights, make(weights, latents))

        def as_bytes(weights: Any, latents: Any) -> Any:
            return jnp.clip(jnp.round((make(weights, latents) + 1.0) * 127.5), 0.0, 255.0).astype(jnp.uint8)

        # TF32 would round like bf16, although the figures say float32.
        self._precision = lambda: jax.default_matmul_precision("highest")
        self._make, self._look, self._see, self._bytes = (jax.jit(f) for f in (make, look, see, as_bytes))
        self._look_at_bytes = jax.jit(look_at_bytes)
        self._size, self._side = config.latent_size, config.resolution

    def compile(self) -> None:
        """Compile the most used functions in parallel: each takes seconds on a GPU, and one core."""

        def first(run: Any, given: np.ndarray) -> None:
            with self._precision():
                run(self._weights, given)

        latents = np.zeros((self.batch, self._size), np.float32)
        images = np.zeros((self.batch, self._side, self._side, 3), np.uint8)
        with ThreadPoolExecutor(3) as pool:
            parts = (self._see, latents), (self._bytes, latents), (self._look_at_bytes, images)
            for done in [pool.submit(first, *part) for part in parts]:
                done.result()

    def bytes(self, latents: np.ndarray) -> np.ndarray:
        """Return the pictures as bytes, uint8 (n, H, W, C), of latents (n, L)."""
        with self._precision():
            parts = [(self._bytes(self._weights, part), count) for part, count in self._batches(latents)]
        return np.concatenate([np.asarray(part)[:count] for part, count in parts])

    def _made(self, latents: np.ndarray) -> np.ndarray:
        with self._precision():
            return np.asarray(self._make(self._weights, latents))

    def _looked_at(self, images: np.ndarray) -> Looks:
        with self._precision():
            return [(np.asarray(s), np.asarray(f)) for s, f in self._look(self._weights, images)]

    def scores_of(self, images: np.ndarray) -> Looks:
        """Score pictures (n, H, W, 3) with each scorer, and return features too; bytes become numbers on the device."""
        with self._precision():
            look = self._look_at_bytes if images.dtype == np.uint8 else self._look
            parts = [(look(self._weights, part), count) for part, count in self._batches(images)]
        return _joined(([(np.asarray(s), np.asarray(f)) for s, f in part], count) for part, count in parts)

    def scores(self, latents: np.ndarray) -> Looks:
        """Score the faces of latents (n, L) with each scorer, and return features too; pictures stay on the device."""
        with self._precision():
            # All batches are sent before the first is waited for.
            parts = [(self._see(self._weights, part), count) for part, count in self._batches(latents)]
        return _joined(([(np.asarray(s), np.asarray(f)) for s, f in part], count) for part, count in parts)


def open_pictures(
    config: NetworkConfig,
    variables: Mapping[str, np.ndarray],
    *scorers: Scorer,
    engine: EngineName = "auto",
    w: StandardW | None = None,
) -> Pictures:
    """Return a generator with the scorers that look at its faces.

    Args:
        config, variables: of the generator, of any family.
        *scorers: networks that score the faces.
        engine: "openvino", "jax", or "auto": JAX if Keras is configured for it and the generator is a PG-GAN, else
            OpenVINO.
        w: standardised w of a StyleGAN, if faces are given as points of it instead of latents z.

    Raises:
        TrainingError: "jax" was asked for, and the generator is not a PG-GAN.
    """
    if isinstance(config, GeneratorConfig):
        network = JaxPictures if resolved(engine) == "jax" else OpenVINOPictures
        return network(config, variables, scorers)
    if engine == "jax":
        raise TrainingError(f"Expected a PG-GAN for --engine jax. Received: {config.family}. Use --engine openvino.")
    return OpenVINOPictures(config, variables, scorers, w)


def resolved(engine: EngineName) -> Literal["openvino", "jax"]:
    """Return the engine that "auto" selects on this machine."""
    if engine == "auto":
        return "jax" if os.environ.get("KERAS_BACKEND") == "jax" else "openvino"
    return engine


def _joined(batches: Iterator[tuple[Looks, int]] | Any) -> Looks:
    found = [[(s[:count], f[:count]) for s, f in looks] for looks, count in batches]
    every = zip(*found, strict=True)
    return [(np.concatenate([s for s, _ in one]), np.concatenate([f for _, f in one])) for one in every]


def _numbers(images: np.ndarray) -> np.ndarray:
    """Convert pictures to the generator's range, -1 to 1."""
    if images.dtype == np.uint8:
        return images.astype(np.float32) / np.float32(127.5) - np.float32(1.0)
    return images.astype(np.float32)
