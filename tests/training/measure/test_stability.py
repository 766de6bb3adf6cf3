"""Directions of two halves agree as least squares says they must; given directions are found again on renders."""

import numpy as np
from scipy.stats import kstest

from training.label.figures import correlations
from training.measure.stability import cosines_of_halves
from training.measure.truth import assigned_latents, recovered, true_directions


def test_halves_agree_as_far_as_the_noise_lets_them() -> None:
    random = np.random.default_rng(0)
    size, count, noise = 40, 4000, 3.0
    latents = random.standard_normal((count, size))
    truth = random.standard_normal((size, 2))
    truth /= np.linalg.norm(truth, axis=0)
    clear = latents @ truth
    scores = np.column_stack([clear, clear[:, :1] + noise * random.standard_normal((count, 1))])
    found = cosines_of_halves(latents, scores)
    assert found[:2].min() > 0.999999
    # A slope of length 1 with independent errors of variance noise^2 / (n / 2) in each of L - 1 other dimensions.
    expected = 1 / (1 + noise**2 * (size - 1) / (count / 2))
    assert abs(found[2] - expected) < 0.03


def test_latents_are_assigned_so_that_labels_are_given_functions_of_them() -> None:
    random = np.random.default_rng(0)
    labels = np.column_stack([random.exponential(size=500), random.random(500) < 0.2]).astype(np.float32)
    directions = true_directions(64, 2)
    latents = assigned_latents(labels, directions)
    assert np.allclose((latents**2).sum(axis=1), 64.0)
    coordinates = latents @ directions
    assert (np.diff(labels[np.argsort(coordinates[:, 0]), 0]) >= 0).all()
    threshold = np.sort(coordinates[:, 1])[-int(labels[:, 1].sum())]
    assert ((coordinates[:, 1] >= threshold) == (labels[:, 1] > 0.5)).all()
    assert kstest(coordinates[:, 1], "norm").pvalue > 0.5
    assert 0.3 < abs(directions[:, 0] @ directions[:, 1]) < 1.0


def test_true_directions_are_recovered_and_others_are_not() -> None:
    random = np.random.default_rng(3)
    labels = random.random((3000, 3))
    labels[:, 1] = labels[:, 0] + 0.5 * labels[:, 1]  # labels are correlated, directions need not be
    scores = labels + 0.1 * random.standard_normal(labels.shape)
    scores[:, 2] = random.random(3000)
    found = recovered(labels, scores, 64)
    assert found[:2].min() > 0.98
    assert abs(found[2]) < 0.6


def test_correlations_are_numpys() -> None:
    random = np.random.default_rng(0)
    a = random.standard_normal((50, 3))
    b = a + random.standard_normal((50, 3))
    a[:, 2] = 1.0
    found = correlations(a, b)
    assert np.allclose(found[:2], [np.corrcoef(a[:, k], b[:, k])[0, 1] for k in range(2)])
    assert np.isnan(found[2])


def test_latents_without_room_for_the_labels_of_some_face_recover_nothing() -> None:
    labels = np.random.default_rng(0).standard_normal((300, 10)).repeat(2, axis=1)  # alike: some faces are far out
    assert np.isnan(recovered(labels, labels, 21)).all()
    assert np.isfinite(recovered(labels, labels, 200)).all()
