"""The scorer as a Keras network: trained by ``training/label``, served by the TensorFlow engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from dashboard.synthesis import keras_variables
from dashboard.synthesis.scorer_config import ScorerConfig


class AverageDown(keras.layers.Layer):
    """Pictures of any whole multiple of `size` averaged down to it."""

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = size

    def call(self, image: Any) -> Any:
        """Scale an image (N, H, W, C) down; H = W is a whole multiple of the size."""
        times = image.shape[1] // self.size
        if times == 1:
            return image
        return ops.average_pool(image, times, times, padding="valid", data_format="channels_last")


def build_scorer(config: ScorerConfig, resolution: int | None = None, dtype: str = "float32") -> keras.Model:
    """Return the scorer as a Keras model.

    Args:
        config: what network it is.
        resolution: side of the pictures in pixels, `config.size` (the default) times a power of two.
        dtype: Keras dtype policy of the convolutions and of the features; scores are computed in float32 always.

    Returns:
        A model from pictures (N, H, W, 3), -1 to 1, to {"features": (N, 64), "scores": (N, S)}.

    Raises:
        ValueError: the pictures are smaller than the network's input, or not a multiple of its size.
    """
    resolution = resolution or config.size
    if resolution % config.size:
        raise ValueError(f"Expected pictures of a multiple of {config.size} px. Received: {resolution} px.")
    image = keras.Input((resolution, resolution, 3), name="image", dtype="float32")
    x = AverageDown(config.size, name="average_down")(image)
    shape: dict[str, Any] = {"padding": "same", "data_format": "channels_last", "dtype": dtype}
    for k, channels in enumerate(config.channels):
        x = keras.layers.Conv2D(channels, 3, activation="relu", name=f"Conv{k}", **shape)(x)
        x = keras.layers.AveragePooling2D(2, data_format="channels_last", name=f"half_{k}", dtype=dtype)(x)
        for first, second in config.residual_names(k):
            inner = keras.layers.Conv2D(channels, 3, activation="relu", name=first, **shape)(x)
            # A zero-initialised block lets a deep network learn without normalisation (Zhang et al., "Fixup
            # initialization", ICLR 2019).
            inner = keras.layers.Conv2D(channels, 3, kernel_initializer="zeros", name=second, **shape)(inner)
            x = ops.relu(x + inner)
    x = keras.layers.Flatten(data_format="channels_last", name="flat", dtype=dtype)(x)
    features = keras.layers.Dense(config.features, activation="relu", name="Features", dtype=dtype)(x)
    scores = keras.layers.Dense(len(config.attributes), name="Scores", dtype="float32")(features)
    outputs = {"features": ops.cast(features, "float32"), "scores": scores}
    return keras.Model(image, outputs, name="scorer")


def assign_scorer_variables(model: keras.Model, arrays: Mapping[str, np.ndarray]) -> None:
    """Set every variable of the scorer.

    Args:
        model: from :func:`build_scorer`.
        arrays: one array a variable, by name, shaped as `ScorerConfig.variables` says.

    Raises:
        ValueError: a variable is missing, unknown or of a wrong shape; the model is unchanged.
    """
    variables = _named_variables(model)
    if different := sorted(set(variables) ^ set(arrays)):
        raise ValueError(f"Expected the variables {', '.join(sorted(variables))}. Missing or unknown: {different[0]}.")
    keras_variables.assign(variables, arrays)


def read_scorer_variables(model: keras.Model) -> dict[str, np.ndarray]:
    """Return every variable of the scorer as a float32 array, by name."""
    return keras_variables.read(_named_variables(model))


def _named_variables(model: keras.Model) -> dict[str, keras.Variable]:
    """Rename: Keras calls them kernel and bias; files call them weight and bias, as the generator's are."""
    weighted = [layer for layer in model.layers if layer.weights]
    return {
        f"{layer.name}/{'weight' if v.name == 'kernel' else v.name}": v for layer in weighted for v in layer.weights
    }
