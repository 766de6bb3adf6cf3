"""Training the scorer, and the folder it is kept in."""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from dashboard.synthesis.scorer_config import ScorerConfig
from dashboard.synthesis.scorer_network import assign_scorer_variables, build_scorer, read_scorer_variables
from training.errors import TrainingError
from training.label.augment import augment
from training.label.figures import auc, r2
from training.label.truth import Truth

HELD_OUT = 10
"""Every tenth face is held out: it is never trained on, and all figures are measured on these."""

BATCH = 64
"""Faces a step."""


@dataclass(frozen=True)
class Scorer:
    """A trained scorer with its figures.

    Args:
        config: what network it is.
        variables: its weights by name.
        groups: heading of each attribute.
        figures: for each attribute, its R2 or AUC on held-out renders.
    """

    config: ScorerConfig
    variables: dict[str, np.ndarray]
    groups: tuple[str, ...]
    figures: dict[str, dict[str, float]]

    def write(self, folder: Path) -> None:
        """Keep it in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self.variables, folder / "scorer.safetensors")
        told = {"config": self.config.as_dict(), "groups": self.groups, "figures": self.figures}
        (folder / "scorer.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")

    @staticmethod
    def read(folder: Path) -> Scorer:
        """The scorer that :meth:`write` kept.

        Raises:
            TrainingError: there is none.
        """
        try:
            told = json.loads((folder / "scorer.json").read_text(encoding="utf-8"))
            variables = load_file(folder / "scorer.safetensors")
        except OSError as error:
            raise TrainingError(
                f"Expected a scorer in {folder}. Received: {error}. Run the label step first."
            ) from error
        config = {k: tuple(v) if isinstance(v, list) else v for k, v in told["config"].items()}
        return Scorer(ScorerConfig(**config), variables, tuple(told["groups"]), told["figures"])


@dataclass(frozen=True)
class Lesson:
    """How a scorer is trained.

    Args:
        channels: feature maps of each convolution.
        epochs: passes over the training faces.
        seed: of weights, order and augmentation.
    """

    channels: tuple[int, ...]
    epochs: int
    seed: int


def train_scorer(
    images: np.ndarray,
    truth: Truth,
    lesson: Lesson,
    folder: Path | None = None,
    told: Callable[[int, float], object] = lambda epoch, loss: None,
) -> Scorer:
    """Train an attribute network on renders and measure it on held-out ones.

    Args:
        images: uint8 (n, S, S, 3), S = 4 * 2**len(channels).
        truth: labels of the same faces.
        lesson: how; the same in a folder whose training was stopped.
        folder: where each finished epoch is kept, so that training goes on from there; None to keep nothing.
        told: called after each epoch with its number, from 1, and the mean loss.

    Returns:
        The scorer, with R2 or AUC of each attribute on every tenth face.
    """
    keras.utils.set_random_seed(lesson.seed)
    held = np.arange(len(images)) % HELD_OUT == HELD_OUT - 1
    rows, binary = np.flatnonzero(~held), tf.constant(truth.binary)
    targets = np.stack([truth.targets(~held), truth.targets(~held, mirrored=True)])
    size, names, kinds = images.shape[1], truth.names, truth.kinds
    config = ScorerConfig(size=size, channels=lesson.channels, attributes=names, kinds=kinds)
    model, steps = build_scorer(config), max(len(rows) // BATCH, 1)
    rate = keras.optimizers.schedules.CosineDecay(
        2e-4, lesson.epochs * steps, warmup_target=2e-3, warmup_steps=2 * steps
    )
    optimiser = keras.optimizers.AdamW(rate, weight_decay=1e-4)
    optimiser.build(model.trainable_variables)
    progress = Progress(folder, repr((lesson, len(images))), model, optimiser)

    @tf.function(reduce_retracing=True)
    def step(pictures: tf.Tensor, wanted: tf.Tensor, number: tf.Tensor) -> tf.Tensor:
        x = augment(tf.cast(pictures, tf.float32) / 127.5 - 1.0, tf.stack([number, lesson.seed]))
        with tf.GradientTape() as tape:
            scores = model(x)["scores"]
            doubt = tf.nn.sigmoid_cross_entropy_with_logits(labels=wanted, logits=scores)
            loss = tf.reduce_mean(tf.where(binary, doubt, tf.square(scores - wanted) / 2))
        gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
        optimiser.apply(gradients, model.trainable_variables)
        return loss

    for epoch in range(progress.read(), lesson.epochs):
        random = np.random.default_rng([lesson.seed, epoch])
        order, losses = random.permutation(rows), []
        for number in range(steps):
            chosen = order[number * BATCH : (number + 1) * BATCH]
            mirrored = (random.random(len(chosen)) < 0.5).astype(int)
            pictures = np.where(mirrored[:, None, None, None], images[chosen, :, ::-1], images[chosen])
            wanted = targets[mirrored, chosen]
            losses.append(step(pictures, wanted, tf.constant(epoch * steps + number, tf.int32)))
        progress.write(epoch + 1)
        told(epoch + 1, float(np.mean([float(loss) for loss in losses])))
    figures = measure(truth, targets[0][held], predict(model, images[held]))
    return Scorer(config, read_scorer_variables(model), truth.groups, figures)


class Progress:
    """The epochs that are done, kept in a folder; for another lesson or other faces it starts anew.

    Args:
        folder: where; None to keep nothing.
        lesson: what is being learnt, in words; epochs of another one are not gone on with.
        model, optimiser: what is kept.
    """

    def __init__(
        self, folder: Path | None, lesson: str, model: keras.Model, optimiser: keras.optimizers.Optimizer
    ) -> None:
        self.path, self.lesson = folder and folder / "epochs.safetensors", lesson
        self.variables = [*model.variables, *optimiser.variables]

    def read(self) -> int:
        """Take up what is kept; returns how many epochs are done."""
        if self.path is None or not self.path.is_file():
            return 0
        with safe_open(self.path, framework="numpy") as file:
            told = file.metadata()
            if told["lesson"] != self.lesson:
                return 0
            for number, variable in enumerate(self.variables):
                variable.assign(file.get_tensor(str(number)))
        return int(told["epochs"])

    def write(self, epochs: int) -> None:
        """Keep what has been learnt, whole or not at all."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        arrays = {str(k): np.asarray(v.numpy(), order="C") for k, v in enumerate(self.variables)}
        save_file(arrays, part, metadata={"lesson": self.lesson, "epochs": str(epochs)})
        part.replace(self.path)


def predict(model: keras.Model, images: np.ndarray, batch: int = 256) -> np.ndarray:
    """Scores float32 (n, F) of uint8 pictures (n, S, S, 3)."""
    parts = [images[i : i + batch].astype(np.float32) / 127.5 - 1.0 for i in range(0, len(images), batch)]
    return np.concatenate([np.asarray(model(part)["scores"]) for part in parts])


def measure(truth: Truth, targets: np.ndarray, scores: np.ndarray) -> dict[str, dict[str, float]]:
    """For each attribute its "auc" (binary) or "r2" (continuous); targets and scores are (n, F)."""
    kinds = zip(truth.names, truth.kinds, strict=True)
    return {
        name: {"auc": auc(targets[:, k], scores[:, k])} if kind == "binary" else {"r2": r2(targets[:, k], scores[:, k])}
        for k, (name, kind) in enumerate(kinds)
    }


def load_scorer(scorer: Scorer) -> keras.Model:
    """The scorer as a Keras model."""
    model = build_scorer(scorer.config)
    assign_scorer_variables(model, scorer.variables)
    return model
