"""The scorer learns what the pictures show, in spite of augmentation, and nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from training.errors import TrainingError
from training.label.augment import augment, blur
from training.label.learning import train_scorer
from training.label.lesson import JUDGE, SCORER, SMOOTHED, Lesson, load_scorer, loss_of, measure, predict
from training.label.scorer import FOLDS, Scorer, held_out
from training.label.truth import Truth


def pictures(n: int) -> tuple[np.ndarray, Truth]:
    """Draw pictures: brightness is continuous, a dark square in a corner binary; the third label is in no picture."""
    random = np.random.default_rng(0)
    light, square, nothing = random.random(n), random.random(n) < 0.5, random.random(n)
    images = np.full((n, 16, 16, 3), 60.0) + 150.0 * light[:, None, None, None]
    images[square, 2:8, 2:8] -= 60.0
    values = np.stack([light, square, nothing], axis=1).astype(np.float32)
    groups = ("Camera and light", "Person", "Person")
    truth = Truth(("Light", "Square", "Nothing"), groups, ("continuous", "binary", "continuous"), values)
    return images.astype(np.uint8), truth


def test_figures_are_of_faces_that_were_held_out(tmp_path: Path) -> None:
    images, truth = pictures(800)
    losses: list[float] = []
    scorer = train_scorer(images, truth, Lesson((8, 16), 12, 1), None, lambda epochs, loss: losses.append(loss))
    assert scorer.figures["Light"]["r2"] > 0.8
    assert scorer.figures["Square"]["auc"] > 0.85
    assert scorer.figures["Nothing"]["r2"] < 0.2
    assert losses[-1] < losses[0]
    scorer.write(tmp_path)
    again = Scorer.read(tmp_path)
    for part in ("config", "figures", "groups", "held"):
        assert getattr(again, part) == getattr(scorer, part)
    held = held_out(len(images), again.held)
    scores = predict(load_scorer(again), images[held])
    figures = measure(truth, truth.targets(~held)[held], scores)
    assert figures["Light"]["r2"] == pytest.approx(scorer.figures["Light"]["r2"], abs=1e-4)


def test_a_sure_score_has_an_end_and_a_continuous_one_is_the_label() -> None:
    tried, binary = np.linspace(-8, 8, 1601, dtype=np.float32), tf.constant([True, False])
    for wanted, sure in ((1.0, 1 - SMOOTHED), (0.0, SMOOTHED)):
        losses = [float(loss_of(tf.constant([[x, 0.5]]), tf.constant([[wanted, 0.5]]), binary)) for x in tried]
        assert tried[np.argmin(losses)] == pytest.approx(np.log(sure / (1 - sure)), abs=0.02)
    losses = [float(loss_of(tf.constant([[0.0, x]]), tf.constant([[1.0, 0.5]]), binary)) for x in tried]
    assert tried[np.argmin(losses)] == pytest.approx(0.5, abs=0.02)


def test_the_judge_is_another_network_that_learnt_from_other_faces() -> None:
    assert (JUDGE.channels, JUDGE.residual) != (SCORER.channels, SCORER.residual)
    assert not (held_out(1000, JUDGE.held) & held_out(1000, SCORER.held)).any()
    assert held_out(1000, JUDGE.held).sum() == 1000 / FOLDS


def test_goes_on_after_the_last_epoch_that_was_kept(tmp_path: Path) -> None:
    images, truth = pictures(192)
    lesson = Lesson((4, 4), 3, 1, residual=1, precision="float32")

    class Stopped(Exception):
        """Stands for Ctrl-C in the third epoch."""

    def stop(epochs: float, _loss: float) -> None:
        if epochs > 2:
            raise Stopped

    with pytest.raises(Stopped):
        train_scorer(images, truth, lesson, tmp_path, stop)
    epochs: list[float] = []
    resumed = train_scorer(images, truth, lesson, tmp_path, lambda done, loss: epochs.append(done))
    assert epochs == [2.5, 3]
    whole = train_scorer(images, truth, lesson)
    for name, array in whole.variables.items():
        assert np.allclose(array, resumed.variables[name], atol=1e-4), name
    other: list[float] = []
    train_scorer(images, truth, replace(lesson, epochs=1, seed=2), tmp_path, lambda done, loss: other.append(done))
    assert other == [0.5, 1], "another lesson starts again"


def test_augmentation_is_decided_by_its_seed_and_stays_a_picture() -> None:
    images = tf.constant(np.random.default_rng(0).uniform(-1, 1, (6, 16, 16, 3)).astype(np.float32))
    once, again, other = (np.asarray(augment(images, tf.constant([n, 5]))) for n in (1, 1, 2))
    assert np.array_equal(once, again)
    assert np.abs(once - other).max() > 0.05
    assert np.abs(once).max() <= 1.001
    assert once.shape == images.shape


def test_blur_keeps_a_flat_picture_and_spreads_a_point() -> None:
    flat = np.full((1, 8, 8, 3), 0.3, np.float32)
    assert np.allclose(blur(tf.constant(flat)), flat, atol=1e-6)
    point = np.zeros((1, 8, 8, 3), np.float32)
    point[0, 4, 4, 1] = 16.0
    assert np.allclose(np.asarray(blur(tf.constant(point)))[0, 3:6, 3:6, 1], [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


def test_says_that_there_is_no_scorer(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="label step"):
        Scorer.read(tmp_path)
