"""The training settings and the measures of a scorer; each backend trains by its own ``learning``."""

# Keras annotates its operations as possibly returning None, which they never do.
# pyright: reportOptionalOperand=false

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from dashboard.synthesis.scorer_network import assign_scorer_variables, build_scorer
from training.label.figures import auc, r2
from training.label.scorer import FOLDS, Scorer
from training.label.truth import Truth
from training.muon import Muon

BATCH = 64
"""Faces in a batch."""

PEAK, FIRST, WARM = 5e-3, 5e-4, 0.14
"""Muon's highest and first learning rate, and the share of the lesson over which it rises; it then falls to 0 on a
cosine schedule. With a rate of 2e-2, training on 24,000 faces diverged."""

SMOOTHED = 0.02
"""Binary labels are smoothed to this and 1 minus this (Szegedy et al., CVPR 2016, section 7). Without it, scores of
faces that are classified without error would grow without limit, and two scorers would differ mostly by that."""

PRECISIONS = {"bf16": "mixed_bfloat16", "float32": "float32"}
"""Keras's names of the training precisions."""


@dataclass(frozen=True)
class Lesson:
    """Training settings of a scorer.

    Args:
        channels: feature maps of each convolution.
        epochs: passes over the training faces.
        seed: of weights, shuffling and augmentation.
        residual: residual blocks after each convolution.
        held: which tenth of the faces is held out, 0 to 9.
        precision: "bf16" or "float32", used in training.
    """

    channels: tuple[int, ...]
    epochs: int
    seed: int
    residual: int = 0
    held: int = FOLDS - 1
    precision: str = "bf16"


SCORER = Lesson(channels=(32, 64, 96, 128), epochs=14, seed=1, residual=1)
"""Settings of the scorer that finds the directions and is published."""

JUDGE = Lesson(channels=(48, 80, 112, 160), epochs=14, seed=2, residual=0, held=4)
"""Settings of the judge, which has another architecture and another split, and checks the scorer's directions."""


def optimiser_of(rate: Any, precision: str) -> keras.optimizers.Optimizer:
    """Return the optimiser of a scorer.

    Args:
        rate: learning rate, or a Keras schedule of it.
        precision: of the lesson.
    """
    return Muon(rate, beta2=0.99, dtype="bfloat16" if precision == "bf16" else "float32")


def loss_of(scores: Any, wanted: Any, binary: Any) -> Any:
    """Return the mean over faces and attributes: half the squared error of continuous ones, cross-entropy of binary
    ones.

    Args:
        scores, wanted: float32 (N, F); for a binary attribute, the score is a logit and the target 0 or 1.
        binary: bool (F,).
    """
    likely = SMOOTHED + (1.0 - 2.0 * SMOOTHED) * wanted
    doubt = ops.binary_crossentropy(likely, scores, from_logits=True)
    return ops.mean(ops.where(binary, doubt, ops.square(scores - wanted) / 2))


def predict(model: keras.Model, images: np.ndarray, batch: int = 256) -> np.ndarray:
    """Return the scores float32 (n, F) of uint8 pictures (n, S, S, 3)."""
    parts = [images[i : i + batch].astype(np.float32) / 127.5 - 1.0 for i in range(0, len(images), batch)]
    return np.concatenate([np.asarray(model(part)["scores"]) for part in parts])


def measure(truth: Truth, targets: np.ndarray, scores: np.ndarray) -> dict[str, dict[str, float]]:
    """Compute "auc" (binary) or "r2" (continuous) of each attribute; targets and scores are (n, F)."""
    kinds = zip(truth.names, truth.kinds, strict=True)
    return {
        name: {"auc": auc(targets[:, k], scores[:, k])} if kind == "binary" else {"r2": r2(targets[:, k], scores[:, k])}
        for k, (name, kind) in enumerate(kinds)
    }


def load_scorer(scorer: Scorer, resolution: int | None = None, dtype: str = "float32") -> keras.Model:
    """Return the scorer as a Keras model; arguments as in :func:`build_scorer`."""
    model = build_scorer(scorer.config, resolution, dtype)
    assign_scorer_variables(model, scorer.variables)
    return model
