"""Given directions are found, and attributes chosen by the rule."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.scorer_config import ScorerConfig
from training.choice import Rule, choose
from training.errors import TrainingError
from training.fit import PART, STEPS, Fit, candidates_of, fit
from training.kept import Kept
from training.label.learning import train_scorer
from training.label.lesson import Lesson, load_scorer, predict
from training.label.scorer import Scorer
from training.label.truth import Truth
from training.spaces import FaceSpace

LATENT = 64
RULE = Rule(r2=0.5, auc=0.9)


def candidate(name: str, **reliability: float) -> Attribute:
    return Attribute(name, "Person", "binary" if "auc" in reliability else "continuous", (-4.0, 4.0), reliability)


def true_directions(size: int = LATENT) -> np.ndarray:
    directions = np.random.default_rng(4).standard_normal((size, 3))
    directions[:, 1] += directions[:, 0]
    return directions / np.linalg.norm(directions, axis=0)


def test_recovers_true_directions_and_ranges() -> None:
    """Scores are given functions of z here, instead of a GAN and its scorers."""
    truth, noise = true_directions(), np.random.default_rng(5)
    made: list[int] = []

    def score(latents: np.ndarray) -> np.ndarray:
        s = latents @ truth
        levels_off = np.stack([s[:, 0], np.tanh(s[:, 1]), np.clip(s[:, 2], -9.0, 2.0)], axis=1)
        return levels_off[:, None] + 0.3 * noise.standard_normal((len(s), 2, 3))

    candidates = [candidate("A", r2=0.9), candidate("B", auc=0.99), candidate("C", r2=0.7)]
    found = fit(score, candidates, FaceSpace(LATENT), 20_000, seed=1, bases=200, rule=RULE, progress=made.append)
    assert found.names == ("A", "B", "C")
    assert np.abs(np.sum(found.directions * truth, axis=0)).min() > 0.99
    assert found.attributes[0].range == (-4.0, 4.0)
    assert 2.0 <= found.attributes[2].range[1] <= 3.0
    assert max(found.attributes[1].range) <= 3.0
    assert found.attributes[0].reliability["linear_r2"] == pytest.approx(1 / 1.09, abs=0.02)
    assert found.attributes[0].reliability["agreement"] == pytest.approx(1 / 1.09, abs=0.02)
    # In standard deviations of the score over random faces.
    slope = np.polyfit(STEPS, found.responses[0], 1)[0]
    assert slope == pytest.approx(1 / 1.09**0.5, abs=0.02)
    assert sum(made) == 20_000 + 3 * 200 * len(STEPS)
    assert found.scores.shape == (20_000, 3)
    assert np.allclose((found.points(FaceSpace(LATENT)) ** 2).sum(axis=1), LATENT)


def painted(parameters: np.ndarray) -> np.ndarray:
    """Return the pictures uint8 (n, 16, 16, 3) of three parameters: brightness, a bar's height, and whether there is a
    square.
    """
    light, height, square = parameters.T
    rows = np.arange(16)[None, :, None]
    images = np.empty((len(parameters), 16, 16, 3))
    images[:] = (90.0 + 25.0 * np.clip(light, -3, 3))[:, None, None, None]
    images[:, :, 10:14] += np.clip(rows - 8.0 - 2.0 * height[:, None, None], 0.0, 1.0)[..., None] * 60.0
    images[square > 0.5, 2:8, 2:8, 0] += 70.0
    return np.clip(images, 0, 255).astype(np.uint8)


def test_a_painter_instead_of_the_gan_reveals_its_directions() -> None:
    """Parameters of the pictures are given functions of z; scorer and judge learn from labelled pictures alone."""
    size, random = 24, np.random.default_rng(0)
    truth = true_directions(size)

    def parameters(latents: np.ndarray) -> np.ndarray:
        s = latents @ truth
        return np.stack([s[:, 0], s[:, 1], s[:, 2] > 0.3], axis=1)

    values = parameters(random.standard_normal((1200, size))).astype(np.float32)
    labels = Truth(("Light", "Height", "Square"), ("Person",) * 3, ("continuous", "continuous", "binary"), values)
    lessons = Lesson((12, 16), 16, 1, precision="float32"), Lesson((8, 12), 16, 2, held=4, precision="float32")
    scorers = [train_scorer(painted(values), labels, lesson) for lesson in lessons]
    networks = [load_scorer(scorer) for scorer in scorers]

    def score(latents: np.ndarray) -> np.ndarray:
        images = painted(parameters(latents))
        return np.stack([predict(network, images) for network in networks], axis=1)

    found = fit(score, candidates_of(*scorers), FaceSpace(size), 3000, seed=1, bases=8)
    assert found.names == labels.names, found.dropped
    assert np.sum(found.directions * truth, axis=0).min() > 0.97
    assert min(a.reliability["agreement"] for a in found.attributes) > 0.9


def test_drops_by_the_rule_and_says_why() -> None:
    directions = true_directions()
    directions = np.column_stack([directions, directions[:, 0] * np.sqrt(1 - 0.1) + directions[:, 2] * np.sqrt(0.1)])
    directions = np.column_stack([directions, np.random.default_rng(1).standard_normal(LATENT)])
    directions /= np.linalg.norm(directions, axis=0)
    assert abs(directions[:, 0] @ directions[:, 3]) > RULE.alike
    candidates = [candidate(name, r2=0.9) for name in "ABCDE"]
    candidates[1] = candidate("B", auc=0.8)
    agreement = np.array([0.9, 0.9, 0.9, 0.9, 0.79])
    kept, dropped = choose(candidates, directions, np.array([0.5, 0.9, 0.1, 0.4, 0.9]), agreement, RULE)
    assert kept == [0]
    assert "AUC" in dropped["B"]
    assert "0.10" in dropped["C"]
    assert "same way as A" in dropped["D"]
    assert "disagree" in dropped["E"]
    assert "R2" in choose(candidates, directions, np.ones(5), np.ones(5), Rule(r2=0.95))[1]["A"]
    assert "disagree" in choose(candidates, directions, np.ones(5), np.full(5, np.nan), RULE)[1]["A"]


def test_what_was_scored_is_not_scored_again(tmp_path: Path) -> None:
    truth = true_directions()
    scored: list[int] = []

    class Stopped(Exception):
        """Stands for SIGTERM."""

    def score(latents: np.ndarray) -> np.ndarray:
        scored.append(len(latents))
        if sum(scored) > 1.5 * PART and len(scored) < 100:
            scored.extend([0] * 100)
            raise Stopped
        return np.stack([latents @ truth, latents @ truth], axis=1)

    candidates = [candidate(name, r2=0.9) for name in "ABC"]
    kept = Kept(tmp_path / "parts", truth)
    with pytest.raises(Stopped):
        fit(score, candidates, FaceSpace(LATENT), 2 * PART, 1, 4, RULE, kept)
    scored[:] = [0] * 100
    found = fit(score, candidates, FaceSpace(LATENT), 2 * PART, 1, 4, RULE, kept)
    assert sum(scored) == PART + 3 * 4 * len(STEPS), "the first part was there"
    scored[:] = [0] * 100
    again = fit(score, candidates, FaceSpace(LATENT), 2 * PART, 1, 4, RULE, kept)
    assert sum(scored) == 0
    assert np.array_equal(again.directions, found.directions)
    fit(score, candidates, FaceSpace(LATENT), 2 * PART, 1, 4, RULE, Kept(tmp_path / "parts", 2 * truth))
    assert sum(scored) == 2 * PART + 3 * 4 * len(STEPS), "another network has other scores"


def test_the_first_latents_are_the_same_whatever_the_count() -> None:
    assert np.array_equal(FaceSpace(8).random(3, 10), FaceSpace(8).random(3, 20)[:10])


def test_nothing_expressed_is_an_error() -> None:
    noise = np.random.default_rng(0)
    with pytest.raises(TrainingError, match="at least one attribute"):
        fit(lambda z: noise.standard_normal((len(z), 2, 1)), [candidate("A", r2=0.9)], FaceSpace(LATENT), 500, seed=1)
    with pytest.raises(TrainingError, match="128 latents"):
        fit(lambda z: noise.standard_normal((len(z), 2, 1)), [candidate("A", r2=0.9)], FaceSpace(LATENT), 100, seed=1)


def test_scorers_of_other_attributes_are_refused() -> None:
    one, other = (
        Scorer(
            ScorerConfig(size=8, channels=(4,), attributes=(name,), kinds=("continuous",)), {}, ("Person",), figures, 9
        )
        for name, figures in (("A", {"A": {"r2": 0.8}}), ("B", {"B": {"r2": 0.7}}))
    )
    with pytest.raises(TrainingError, match="Label again"):
        candidates_of(one, other)
    assert candidates_of(one, replace(one, figures={"A": {"r2": 0.6}}))[0].reliability == {"r2": 0.8, "judge_r2": 0.6}


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    kept = (candidate("A", r2=0.9), candidate("B", auc=0.95))
    scores = np.ones((5, 2), np.float32)
    written = Fit(kept, true_directions()[:, :2], np.zeros((2, len(STEPS))), scores, {"C": "of noise"}, 7, RULE)
    written.write(tmp_path)
    again = Fit.read(tmp_path)
    for part in ("attributes", "dropped", "seed", "rule"):
        assert getattr(again, part) == getattr(written, part)
    assert np.array_equal(again.directions, written.directions)
    with pytest.raises(TrainingError, match="fit step"):
        Fit.read(tmp_path / "nowhere")
