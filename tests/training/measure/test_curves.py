"""Curves and bands of scores with a given distribution."""

import numpy as np
import pytest
from scipy.special import ndtri

from training.measure.curves import GRID, PINS, curves, levels

SIZE = 64
R = 0.8


def scores_of(latents: np.ndarray) -> np.ndarray:
    """Return the scores of two readers: a linear score with noise from outside the direction, and a step that ends at
    1.
    """
    s, noise = latents[:, 0], latents[:, 1]
    linear, step = R * s + np.sqrt(1 - R * R) * noise, np.clip(2.0 * s, -2.0, 2.0) + 0.1 * noise
    return np.stack([np.stack([linear, step], axis=1)] * 2, axis=1)


@pytest.fixture(scope="module")
def found() -> object:
    directions = np.eye(SIZE)[:, [0, 0]]
    return curves(scores_of, ("Linear", "Step"), directions, (0, 1), np.ones((2, 2)), faces=400, seed=1)


def test_the_expected_score_is_r_times_the_coordinate_or_a_step(found) -> None:
    assert found.faces == 400
    np.testing.assert_allclose(found.expected_at("Linear", GRID), R * GRID, atol=0.1)
    np.testing.assert_allclose(found.expected_at("Step", GRID, "judge"), np.clip(2 * GRID, -2, 2), atol=0.05)
    assert (np.diff(found.expected, axis=2) >= 0).all()
    assert found.coordinate_of("Linear", R * 1.5) == pytest.approx(1.5, abs=0.15)
    assert found.ends[0, 0].tolist() == [-4.0, 4.0]
    assert found.ends[0, 1] == pytest.approx([-1.0, 1.0], abs=0.3)
    assert found.present[0, 1, -1] == 1.0


@pytest.mark.parametrize("pins", [1, 8])
def test_as_many_faces_stand_outside_as_the_level_says(found, pins: int) -> None:
    level = 1 - 0.95 ** (1 / pins)
    at = np.random.default_rng(2).uniform(-3.5, 3.5, 40_000)
    score = R * at + np.sqrt(1 - R * R) * np.random.default_rng(3).standard_normal(len(at))
    low, high = found.band("Linear", at, level)
    outside = ((score < low) | (score > high)).mean()
    # Of 2,000 faces in each band; on the sphere of 64 numbers the noise is a little narrower far out.
    assert outside == pytest.approx(level, rel=0.35)


def test_levels_are_those_of_as_many_pins() -> None:
    probabilities = levels()
    assert (np.diff(probabilities) > 0).all()
    np.testing.assert_allclose(probabilities, 1 - probabilities[::-1])
    for pins in PINS:
        assert np.isclose(probabilities, (1 - 0.95 ** (1 / pins)) / 2).any()
    assert np.isfinite(ndtri(probabilities)).all()
