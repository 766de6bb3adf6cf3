"""The reference engine: the Keras networks themselves, on TensorFlow; the default where a GPU is visible."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf

from dashboard.synthesis.engine import available_outputs, check_request, labels_of, latent_shape
from dashboard.synthesis.keras_networks import network_of
from dashboard.synthesis.model import Model
from dashboard.synthesis.scorer_network import assign_scorer_variables, build_scorer
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

BATCH_PIXELS = 8 * 256 * 256
"""Pixels computed together at most: 8 faces of 256 px, or one of 1024."""


class TensorFlowEngine:
    """A model as Keras networks in float32; see :class:`dashboard.synthesis.engine.Engine`.

    Args:
        model: a verified model folder.
        threads: number of compute threads, set by the first engine of a process; None for TensorFlow's default.
    """

    name = "tensorflow"
    numeric = "tensorflow-f32"

    def __init__(self, model: Model, threads: int | None = None) -> None:
        if threads is not None:
            _limit_threads(threads)
        # TF32 would round like bf16 on newer GPUs, although this class promises float32.
        tf.config.experimental.enable_tensor_float_32_execution(False)
        config = model.config
        self.latent_size, self.label_size, self.resolution = config.latent_size, config.label_size, config.resolution
        self.outputs = available_outputs(config, model.has_scorer)
        parts = [name for name in self.outputs if name not in ("scores", "features")]
        self.config = config
        self._network = network_of(model, parts)
        self._scorer: keras.Model | None = None
        if model.scorer is not None:
            self._scorer = build_scorer(model.scorer, config.resolution)
            assign_scorer_variables(self._scorer, model.scorer_variables())
        self._functions: dict[tuple[str, ...], Callable] = {}
        self._lock = threading.Lock()

    def run(
        self,
        latents: np.ndarray,
        labels: np.ndarray | None = None,
        outputs: Sequence[str] = ("image",),
        options: DrawingOptions = PLAIN,
    ) -> dict[str, np.ndarray]:
        """Compute outputs for latents; see :meth:`dashboard.synthesis.engine.Engine.run`."""
        shape = latent_shape(self.config, options)
        labels = labels_of(options, labels, len(latents), self.label_size)
        latents, labels = check_request(self, latents, labels, outputs, shape)
        size = max(1, BATCH_PIXELS // self.resolution**2)
        with self._lock:
            function = self._function(tuple(dict.fromkeys(outputs)))
            chunks = [
                function(self._network.feed(latents[start : start + size], labels[start : start + size], options))
                for start in range(0, len(latents), size)
            ]
            return {name: np.concatenate([chunk[name].numpy() for chunk in chunks]) for name in outputs}

    def _function(self, outputs: tuple[str, ...]) -> Callable:
        """Return a traced function of these outputs only: TensorFlow prunes everything else."""
        if outputs not in self._functions:

            def compute(inputs: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
                given = self._network.compute(inputs)
                if self._scorer is not None and {"scores", "features"} & set(outputs):
                    given = {**given, **self._scorer(given["image"])}
                return {name: given[name] for name in outputs}

            self._functions[outputs] = tf.function(compute, reduce_retracing=True)
        return self._functions[outputs]


def _limit_threads(threads: int) -> None:
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        # TensorFlow has already started: its first engine has set the threads.
        return
