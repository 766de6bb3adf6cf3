"""Directions are found where they are known, and chosen by the written rule."""

from pathlib import Path

import numpy as np
import pytest

from dashboard.synthesis.manifest import Attribute
from training.errors import TrainingError
from training.fit import MOST_ALIKE, STEPS, Fit, choose, fit

LATENT = 64


def candidate(name: str, **reliability: float) -> Attribute:
    return Attribute(name, "Person", "binary" if "auc" in reliability else "continuous", (-4.0, 4.0), reliability)


def known_directions() -> np.ndarray:
    directions = np.random.default_rng(4).standard_normal((LATENT, 3))
    directions[:, 1] += directions[:, 0]
    return directions / np.linalg.norm(directions, axis=0)


def test_recovers_known_directions_and_ranges() -> None:
    """The generator's parameters are known functions of z here, in place of a GAN."""
    truth, noise = known_directions(), np.random.default_rng(5)
    made: list[int] = []

    def score(latents: np.ndarray) -> np.ndarray:
        s = latents @ truth
        levels_off = np.stack([s[:, 0], np.tanh(s[:, 1]), np.clip(s[:, 2], -9.0, 2.0)], axis=1)
        return levels_off + 0.3 * noise.standard_normal(s.shape)

    candidates = [candidate("A", r2=0.9), candidate("B", auc=0.99), candidate("C", r2=0.7)]
    found = fit(score, candidates, LATENT, 20_000, seed=1, bases=200, told=made.append)
    assert [a.name for a in found.attributes] == ["A", "B", "C"]
    assert np.abs(np.sum(found.directions * truth, axis=0)).min() > 0.99
    assert found.attributes[0].range == (-4.0, 4.0)
    assert 2.0 <= found.attributes[2].range[1] <= 3.0
    assert max(found.attributes[1].range) <= 3.0
    assert found.attributes[0].reliability["linear_r2"] == pytest.approx(1 / 1.09, abs=0.02)
    # In standard deviations of the score over random faces.
    slope = np.polyfit(STEPS, found.responses[0], 1)[0]
    assert slope == pytest.approx(1 / 1.09**0.5, abs=0.02)
    assert sum(made) == 20_000 + 3 * 200 * len(STEPS)


def test_drops_by_the_rule_and_says_why() -> None:
    directions = known_directions()
    directions = np.column_stack([directions, directions[:, 0] * np.sqrt(1 - 0.1) + directions[:, 2] * np.sqrt(0.1)])
    directions /= np.linalg.norm(directions, axis=0)
    assert abs(directions[:, 0] @ directions[:, 3]) > MOST_ALIKE
    candidates = [candidate("A", r2=0.9), candidate("B", auc=0.8), candidate("C", r2=0.9), candidate("D", r2=0.9)]
    kept, dropped = choose(candidates, directions, np.array([0.5, 0.9, 0.1, 0.4]))
    assert kept == [0]
    assert "AUC" in dropped["B"]
    assert "0.10" in dropped["C"]
    assert "same way as A" in dropped["D"]


def test_nothing_expressed_is_an_error() -> None:
    noise = np.random.default_rng(0)
    with pytest.raises(TrainingError, match="at least one attribute"):
        fit(lambda z: noise.standard_normal((len(z), 1)), [candidate("A", r2=0.9)], LATENT, 500, seed=1)


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    kept = (candidate("A", r2=0.9), candidate("B", auc=0.95))
    written = Fit(kept, known_directions()[:, :2], np.zeros((2, len(STEPS))), {"C": "of noise"}, 100)
    written.write(tmp_path)
    again = Fit.read(tmp_path)
    assert (again.attributes, again.dropped, again.latents) == (kept, {"C": "of noise"}, 100)
    assert np.array_equal(again.directions, written.directions)
    with pytest.raises(TrainingError, match="fit step"):
        Fit.read(tmp_path / "nowhere")
