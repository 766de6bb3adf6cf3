"""The angle between true and found directions, on cases with a given angle."""

import numpy as np
import pytest

from dashboard.analysis.directions import fit_directions
from training.measure.true_directions import angles, fit_directions_weighted, true_directions
from training.train.pairs import frame_of

SIZE, CODE = 48, 12


def test_the_angle_is_the_true_one() -> None:
    """Labels follow the code; the generator's scores follow another direction, 30 degrees from the label's."""
    random = np.random.default_rng(0)
    codes = random.standard_normal((20_000, CODE)).astype(np.float32)
    slope = random.standard_normal(CODE)
    slope /= np.linalg.norm(slope)
    labels = (codes @ slope + random.standard_normal(len(codes)))[:, None].astype(np.float32)
    turn = frame_of(SIZE).astype(np.float64)
    true, other = turn[:CODE].T @ slope, turn[SIZE - 1]
    shown = np.cos(np.radians(30)) * true + np.sin(np.radians(30)) * other
    latents = random.standard_normal((8000, SIZE))
    scores = (latents @ shown)[:, None] + 1.0 * random.standard_normal((8000, 1))
    directions = fit_directions(latents, scores)
    found = true_directions(codes, labels, directions, latents, scores, resamples=40)
    assert angles(found.directions, true[:, None])[0] < 2.0
    assert found.r2[0] == pytest.approx(0.5, abs=0.02)
    assert found.angle[0] == pytest.approx(30.0, abs=1.5)
    assert found.low[0] < 30.0 < found.high[0]
    # A direction from 8,000 faces with as much noise as signal has an error of 0.6 degrees in any one dimension.
    assert 0.5 < found.high[0] - found.low[0] < 5.0


def test_a_weight_is_a_face_that_comes_so_often() -> None:
    random = np.random.default_rng(1)
    latents, scores = random.standard_normal((200, 10)), random.standard_normal((200, 2))
    weights = random.integers(0, 3, 200)
    expected = fit_directions(np.repeat(latents, weights, axis=0), np.repeat(scores, weights, axis=0))
    np.testing.assert_allclose(fit_directions_weighted(latents, scores, weights), expected, atol=1e-4)
