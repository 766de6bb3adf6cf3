"""Training of a scorer in TensorFlow, epoch by epoch, resumable."""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from safetensors import safe_open

from dashboard.synthesis.scorer_config import ScorerConfig
from dashboard.synthesis.scorer_network import build_scorer, read_scorer_variables
from training.kept import write_arrays
from training.label.augment import augment
from training.label.lesson import (
    BATCH,
    FIRST,
    PEAK,
    PRECISIONS,
    WARM,
    Lesson,
    load_scorer,
    loss_of,
    measure,
    optimiser_of,
    predict,
)
from training.label.scorer import Scorer, held_out
from training.label.truth import Truth


def train_scorer(
    images: np.ndarray,
    truth: Truth,
    lesson: Lesson,
    folder: Path | None = None,
    report: Callable[[float, float], object] = lambda epochs, loss: None,
) -> Scorer:
    """Train an attribute network on renders and measure it on held-out ones.

    Args:
        images: uint8 (n, S, S, 3), S = 4 * 2**len(channels).
        truth: labels of the same faces.
        lesson: settings; they must not change when a training is resumed.
        folder: of checkpoints, one per finished epoch, from which training resumes; None for no checkpoints.
        report: called after each step with the epochs done so far and the mean loss of the current epoch; at a whole
            number, that epoch is on disk.

    Returns:
        The scorer, with R2 or AUC of each attribute on the held-out faces.
    """
    keras.utils.set_random_seed(lesson.seed)
    held = held_out(len(images), lesson.held)
    rows, binary = np.flatnonzero(~held), tf.constant(truth.binary)
    targets = np.stack([truth.targets(~held), truth.targets(~held, mirrored=True)])
    size, names, kinds = images.shape[1], truth.names, truth.kinds
    config = ScorerConfig(size=size, channels=lesson.channels, attributes=names, kinds=kinds, residual=lesson.residual)
    model, steps = build_scorer(config, dtype=PRECISIONS[lesson.precision]), max(len(rows) // BATCH, 1)
    every = lesson.epochs * steps
    warm = round(WARM * every)
    rate = keras.optimizers.schedules.CosineDecay(FIRST, every - warm, warmup_target=PEAK, warmup_steps=warm)
    optimiser = optimiser_of(rate, lesson.precision)
    optimiser.build(model.trainable_variables)
    progress = Progress(folder, repr((lesson, len(images))), model, optimiser)

    @tf.function(reduce_retracing=True)
    def step(pictures: tf.Tensor, wanted: tf.Tensor, number: tf.Tensor) -> tf.Tensor:
        x = augment(tf.cast(pictures, tf.float32) / 127.5 - 1.0, tf.stack([number, lesson.seed]))
        with tf.GradientTape() as tape:
            loss = loss_of(model(x)["scores"], wanted, binary)
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
            losses.append(float(step(pictures, wanted, tf.constant(epoch * steps + number, tf.int32))))
            if number + 1 < steps:
                report(epoch + (number + 1) / steps, float(np.mean(losses)))
        progress.write(epoch + 1)
        report(epoch + 1, float(np.mean(losses)))
    trained = Scorer(config, read_scorer_variables(model), truth.groups, {}, lesson.held)
    # Measured in float32, as it is served.
    figures = measure(truth, targets[0][held], predict(load_scorer(trained), images[held]))
    return replace(trained, figures=figures)


class Progress:
    """Checkpoints of the completed epochs in a folder; with another lesson or other faces, training starts again.

    Args:
        folder: of the checkpoints; None for none.
        lesson: description of the training; epochs of another one are not used.
        model, optimiser: contents of a checkpoint.
    """

    def __init__(
        self, folder: Path | None, lesson: str, model: keras.Model, optimiser: keras.optimizers.Optimizer
    ) -> None:
        self.path, self.lesson = folder and folder / "epochs.safetensors", lesson
        self.variables = [*model.variables, *optimiser.variables]

    def read(self) -> int:
        """Read the checkpoint; return how many epochs are done."""
        if self.path is None or not self.path.is_file():
            return 0
        with safe_open(self.path, framework="numpy") as file:
            metadata = file.metadata()
            if metadata["lesson"] != self.lesson:
                return 0
            for number, variable in enumerate(self.variables):
                variable.assign(file.get_tensor(str(number)))
        return int(metadata["epochs"])

    def write(self, epochs: int) -> None:
        """Write a checkpoint atomically."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        arrays = {str(k): v.numpy() for k, v in enumerate(self.variables)}
        write_arrays(self.path, arrays, {"lesson": self.lesson, "epochs": str(epochs)})
