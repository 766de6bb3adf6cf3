"""Training on pairs: the position of a code in the latent, and the network that compares the faces of a pair."""

from __future__ import annotations

import keras
import numpy as np

from training.label.lesson import load_scorer
from training.label.scorer import Scorer


def frame_of(size: int) -> np.ndarray:
    """Return the rotation (size, size) of codes into the latent: orthonormal, float32, always the same.

    Without it every trait would be one number of the latent, unlike in any model trained on pictures.
    """
    q, r = np.linalg.qr(np.random.RandomState(size).randn(size, size))
    return (q * np.sign(np.diag(r))).astype(np.float32)


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
