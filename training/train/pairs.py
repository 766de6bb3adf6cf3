"""Training on pairs: the position of a code in the latent, the layer that reads it, and the network that compares the
faces of a pair.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from training.label.lesson import load_scorer
from training.label.scorer import Scorer

FIRST_LAYER = "4x4/Dense/weight"
"""Name of the kernel of the generator's first layer, which reads the latent."""


def frame_of(size: int) -> np.ndarray:
    """Return the rotation (size, size) of codes into the latent: orthonormal, float32, always the same.

    Without it every trait would be one number of the latent, unlike in any model trained on pictures.
    """
    q, r = np.linalg.qr(np.random.RandomState(size).randn(size, size))
    return (q * np.sign(np.diag(r))).astype(np.float32)


def of_code(kernel: Any, frame: Any, size: int) -> Any:
    """Return the first layer's kernel without its response to the part of a latent that no code determines.

    That part is noise to the training on pairs. Muon gives every direction of a kernel steps of the same size, so the
    response to noise grows while nothing is learned about it.

    Args:
        kernel: float32 (L, N).
        frame: rotation of :func:`frame_of`, (L, L).
        size: numbers of a code.
    """
    own = frame[:size]
    return ops.matmul(ops.transpose(own), ops.matmul(own, kernel))


def eye_of(scorer: Scorer, resolution: int, dtype: str) -> keras.Model | None:
    """Build a model of a scorer's layers: every feature map, then the features, then the scores.

    Args:
        scorer: a trained one.
        resolution: side of the pictures.
        dtype: Keras dtype policy.

    Returns:
        A model from pictures (N, H, W, 3) to a list of arrays, or None for pictures smaller than the scorer's input.
    """
    config = scorer.config
    if resolution < config.size:
        return None
    model = load_scorer(scorer, resolution, dtype)
    model.trainable = False
    after = [model.get_layer(name).input for name in (*(f"Conv{k}" for k in range(1, len(config.channels))), "flat")]
    return keras.Model(model.input, [*after, model.get_layer("Features").output, model.get_layer("Scores").output])
