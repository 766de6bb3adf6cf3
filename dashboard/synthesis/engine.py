"""Engines compute pictures and scores: the common protocol and the checks of inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

EngineKind = Literal["auto", "openvino", "tensorflow"]
Precision = Literal["fast", "exact"]


class Engine(Protocol):
    """A generator, and its scorer if any, ready to compute.

    Attributes:
        name: "openvino" or "tensorflow".
        numeric: class of numbers it computes with, e.g. "openvino-bf16"; pictures of two classes may differ by a shade.
        latent_size: numbers in a latent.
        label_size: numbers in a label, 0 for none.
        resolution: side of a picture in pixels.
        outputs: available outputs of `run`; with "preview" if the network is large and the engine has previews.
    """

    name: str
    numeric: str
    latent_size: int
    label_size: int
    resolution: int
    outputs: tuple[str, ...]

    def run(
        self,
        latents: np.ndarray,
        labels: np.ndarray | None = None,
        outputs: Sequence[str] = ("image",),
        options: DrawingOptions = PLAIN,
    ) -> dict[str, np.ndarray]:
        """Compute outputs for latents. Calls are serialised.

        Args:
            latents: (N, latent_size), N at least 1; (N, w) or (N, rows, w) according to `options.space`.
            labels: (N, label_size); zeros where None.
            outputs: some of `self.outputs`: "image" (N, H, W, C) with -1 for black and 1 for white, not clipped;
                "preview" (N, 128, 128, C), nearly the same and sooner, or (N, H, W, C) where the network's previews
                would show another picture; activations "block4" (N, 4, 4, c) and "block8" (N, 8, 8, c); "scores" (N, S)
                and "features" (N, 64).
            options: truncation, noise, and the space of the latents, as far as the network offers them.

        Returns:
            A float32 array for each output.

        Raises:
            ValueError: the arrays have another shape, or the engine does not have an output.
            InputError: the network does not offer the options.
        """
        ...


def available_outputs(config: NetworkConfig, has_scorer: bool) -> tuple[str, ...]:
    """List the outputs of an engine for a model."""
    return ("image", *config.activations, *(("scores", "features") if has_scorer else ()))


def check_request(
    engine: Engine,
    latents: np.ndarray,
    labels: np.ndarray | None,
    outputs: Sequence[str],
    shape: tuple[int, ...] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Check and convert the arguments of `run`.

    Args:
        engine: the engine with the expected sizes.
        latents, labels, outputs: as for `run`.
        shape: of one latent; None for (latent_size,).

    Returns:
        Latents and labels, float32 and contiguous; labels (N, 0) if the network takes none.

    Raises:
        ValueError: the arrays have another shape, or the engine does not have an output.
    """
    latents = np.ascontiguousarray(latents, np.float32)
    shape = (engine.latent_size,) if shape is None else shape
    if latents.ndim != len(shape) + 1 or latents.shape[0] < 1 or latents.shape[1:] != shape:
        wanted = ", ".join(["N", *map(str, shape)])
        raise ValueError(f"Expected latents of shape ({wanted}), N at least 1. Received: {latents.shape}.")
    expected = (len(latents), engine.label_size)
    labels = np.zeros(expected, np.float32) if labels is None else np.ascontiguousarray(labels, np.float32)
    if labels.shape != expected:
        raise ValueError(f"Expected labels of shape {expected}. Received: {labels.shape}.")
    if not outputs or set(outputs) - set(engine.outputs):
        raise ValueError(
            f"Expected outputs among {', '.join(engine.outputs)}. Received: {', '.join(outputs) or 'none'}."
        )
    return latents, labels


def labels_of(options: DrawingOptions, labels: np.ndarray | None, count: int, size: int) -> np.ndarray | None:
    """Return the labels of a request: those given, or the class that the options name, one-hot.

    Args:
        options: checked options.
        labels: (N, size), or None.
        count: N.
        size: numbers in a label.

    Raises:
        ValueError: both are given.
    """
    if options.label is None:
        return labels
    if labels is not None:
        raise ValueError("Expected labels or the options' label. Received: both.")
    one_hot = np.zeros((count, size), np.float32)
    one_hot[:, options.label] = 1.0
    return one_hot


def latent_shape(config: NetworkConfig, options: DrawingOptions) -> tuple[int, ...]:
    """Return the shape of one latent in the space that the options name, once they are checked.

    Raises:
        InputError: the network does not offer the options.
    """
    options.check(config)
    if options.space == "z" or isinstance(config, GeneratorConfig):
        return (config.latent_size,)
    return (config.style_size,) if options.space == "w" else (config.rows, config.style_size)
