import tracemalloc

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import cross_val_predict
from support.fake_engine import FakeEngine

from dashboard.analysis.directions import (
    bootstrap_angles,
    cosine_matrix,
    fit_directions,
    held_out_r2,
    least_squares,
    moments,
    without_parallel,
)
from dashboard.analysis.pins import on_sphere


def drawn(n=3000, size=24, count=4, noise=0.5, seed=0):
    """Draw latents, scores that follow given directions up to noise, and those directions."""
    random = np.random.RandomState(seed)
    directions = random.randn(size, count) + random.randn(size, 1)
    directions /= np.linalg.norm(directions, axis=0)
    latents = random.randn(n, size)
    return latents, latents @ directions * [1, 2, 0.1, 5] + [0, 3, -50, 1] + noise * random.randn(n, count), directions


def degrees_between(a, b):
    return np.degrees(np.arccos(np.clip((a * b).sum(axis=0), -1, 1)))


def test_slopes_are_those_of_scikit_learn():
    latents, scores, _ = drawn()
    slopes, intercepts = least_squares(moments(latents, scores))
    reference = LinearRegression().fit(latents, scores)
    np.testing.assert_allclose(slopes, reference.coef_.T, atol=1e-9)
    np.testing.assert_allclose(intercepts, reference.intercept_, atol=1e-9)


def test_the_fit_recovers_directions_that_scores_were_made_of():
    latents, scores, directions = drawn(noise=0.0)
    found = fit_directions(latents, scores)
    np.testing.assert_allclose(found, directions, atol=1e-8)
    np.testing.assert_allclose(np.linalg.norm(found, axis=0), 1)


def test_the_fit_recovers_the_directions_of_an_engine():
    directions = drawn(size=64)[2]
    entanglement = np.array([[1, 0.5, 0, 0], [0, 1, 0, 0], [0, 0, 1, -0.7], [0, 0, 0, 1]])
    engine = FakeEngine(directions, entanglement=entanglement, binary=[False, True, False, True], noise=0.3)
    latents = on_sphere(np.random.RandomState(1).randn(6000, 64))
    scores = engine.run(latents.astype(np.float32), outputs=("scores",))["scores"]
    wanted = directions @ entanglement.T
    wanted /= np.linalg.norm(wanted, axis=0)
    assert degrees_between(fit_directions(latents, scores), wanted).max() < 4
    signal = np.sum((directions @ entanglement.T) ** 2, axis=0)
    np.testing.assert_allclose(held_out_r2(latents, scores), signal / (signal + 0.3**2), atol=0.03)


def test_held_out_r2_is_that_of_cross_validation_in_scikit_learn():
    latents, scores, _ = drawn(n=400, noise=2.0)
    folds = [(np.flatnonzero(np.arange(400) % 5 != k), np.flatnonzero(np.arange(400) % 5 == k)) for k in range(5)]
    predicted = cross_val_predict(LinearRegression(), latents, scores, cv=folds)
    np.testing.assert_allclose(held_out_r2(latents, scores), r2_score(scores, predicted, multioutput="raw_values"))


def test_scores_without_any_signal_explain_nothing():
    latents = np.random.RandomState(2).randn(500, 20)
    scores = np.column_stack([np.random.RandomState(3).randn(500), np.full(500, 0.7)])
    r2 = held_out_r2(latents, scores)
    assert r2[0] < 0
    assert r2[1] == 0
    assert np.isfinite(fit_directions(latents, scores)).all()


def test_many_faces_are_summed_in_blocks():
    latents = np.lib.stride_tricks.as_strided(np.ones(64, np.float32), (100_000, 64), (0, 4))
    tracemalloc.start()
    sums = moments(latents, np.ones((100_000, 2), np.float32))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (sums.n, sums.xx[0, 5], sums.xy[3, 1]) == (100_000, 100_000, 100_000)
    assert peak < 10e6  # as float64 the latents would take 51 MB


@pytest.mark.parametrize(
    ("latents", "scores", "sentence"),
    [
        (np.ones((4, 3)), np.ones((5, 1)), "Expected latents"),
        (np.ones((4, 3)), np.ones(4), "Expected latents"),
        (np.random.RandomState(0).randn(4, 3), np.ones((4, 1)), "more than 4 faces. Received: 4"),
        (np.zeros((50, 3)), np.ones((50, 1)), "vary in every dimension"),
    ],
)
def test_what_cannot_be_fitted_is_refused(latents, scores, sentence):
    with pytest.raises(ValueError, match=sentence):
        fit_directions(latents, scores)


def test_one_fold_holds_nothing_out():
    with pytest.raises(ValueError, match="two folds"):
        held_out_r2(np.ones((9, 1)), np.ones((9, 1)), folds=1)


def test_bootstrapped_angles_are_as_large_as_the_error_of_the_direction():
    """Of L - 1 dimensions across a unit slope each errs by noise / sqrt(n): tan^2 = (L - 1) noise^2 / n."""
    latents, scores, directions = drawn(n=4000, noise=1.0)
    angles = bootstrap_angles(latents, scores, repeats=60)
    assert angles.shape == (60, 4)
    significant = [0, 1, 3]  # the third slope is as small as the noise
    expected = np.degrees(np.arctan(np.sqrt(23 / 4000) / np.array([1, 2, 5])))
    np.testing.assert_allclose(angles.mean(axis=0)[significant], expected, rtol=0.25)
    assert angles[:, 2].mean() > 15
    assert (degrees_between(fit_directions(latents, scores), directions) < 2 * np.quantile(angles, 0.95, axis=0)).all()


def test_the_bootstrap_is_the_same_each_time():
    latents, scores, _ = drawn(n=1000)
    first, second = (bootstrap_angles(latents, scores, repeats=3, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_cosines_are_those_of_the_angles():
    directions = np.array([[1.0, 1.0, 0.0, -2.0, 0.0], [0.0, 1.0, 3.0, 0.0, 0.0]])
    half = np.sqrt(0.5)
    expected = [[1, half, 0, -1, 0], [half, 1, half, -half, 0], [0, half, 1, 0, 0], [-1, -half, 0, 1, 0], [0] * 5]
    np.testing.assert_allclose(cosine_matrix(directions), expected, atol=1e-15)


def test_of_parallel_directions_the_most_reliable_stays():
    angles = np.radians([0, 10, 100, 185, 50])
    directions = np.array([np.cos(angles), np.sin(angles)])
    assert without_parallel(directions, [0.3, 0.9, 0.1, 0.5, 0.2], 0.9) == ([1, 2, 4], {0: 1, 3: 1})
    assert without_parallel(directions, [0.3, 0.9, 0.1, 0.5, 0.2], 1.0) == ([0, 1, 2, 3, 4], {})
    assert without_parallel(directions[:, [0, 0]], [0.4, 0.4]) == ([0], {1: 0})
