"""Marks in features: a true labelling is found, a random one is detected, and more marks reduce the angle."""

import numpy as np
import pytest
from scipy.stats import binomtest

from dashboard.analysis.feature_marks import FeatureSpace, _wilson, angle_at, expected_angles, learn
from dashboard.errors import InputError

N, SIZE, LIVE = 3000, 40, 10


@pytest.fixture(scope="module")
def bank():
    random = np.random.default_rng(0)
    latents = random.normal(size=(N, SIZE))
    directions = np.linalg.qr(random.normal(size=(SIZE, LIVE)))[0]
    features = np.zeros((N, LIVE + 6))
    features[:, :LIVE] = latents @ directions + 0.3 * random.normal(size=(N, LIVE))
    ones = np.hstack([latents, np.ones((N, 1))])
    return latents, features, directions, ones.T @ ones


@pytest.fixture(scope="module")
def space(bank):
    latents, features, _, gram = bank
    return FeatureSpace(features, latents, gram)


def marked(direction, count, seed):
    random = np.random.default_rng(seed)
    ranked = np.argsort(direction)
    rows = np.concatenate(
        [random.choice(ranked[-N // 4 :], count, False), random.choice(ranked[: N // 4], count, False)]
    )
    return rows, np.repeat([True, False], count)


def test_twenty_of_each_give_a_direction_close_to_the_true_one(bank, space):
    latents, _, directions, _ = bank
    rows, labels = marked(latents @ directions[:, 0], 20, 1)
    found = learn(space, rows, labels, permutations=99)
    assert found.features == LIVE
    assert found.accuracy > 0.85
    assert found.low < found.accuracy < found.high
    assert found.p == pytest.approx(1 / 100)
    assert found.warning == ""
    assert np.degrees(np.arccos(found.direction @ directions[:, 0])) < 40
    in_latents = latents[rows[labels]].mean(axis=0) - latents[rows[~labels]].mean(axis=0)
    assert found.direction @ directions[:, 0] > in_latents @ directions[:, 0] / np.linalg.norm(in_latents)


@pytest.mark.timeout(600)  # 200 permuted markings each, far slower next to other work
def test_random_marks_are_said_to_be_random(space):
    random, doubted = np.random.default_rng(3), 0
    for seed in range(6):
        rows, labels = random.choice(N, 40, replace=False), random.permutation(np.repeat([True, False], 20))
        doubted += learn(space, rows, labels, "linear", seed, permutations=39).p > 0.05
    assert doubted >= 4


@pytest.mark.parametrize("classifier", ["linear", "svm"])
def test_other_classifiers_find_it_too(bank, space, classifier):
    latents, _, directions, _ = bank
    rows, labels = marked(latents @ directions[:, 2], 15, 4)
    assert learn(space, rows, labels, classifier, permutations=9).direction @ directions[:, 2] > 0.6


def test_what_is_held_is_left_alone(bank):
    latents, features, directions, gram = bank
    male, wanted = latents @ directions[:, 0], latents @ directions[:, 1]
    rows, labels = marked(wanted + 1.5 * male, 40, 5)
    free = learn(FeatureSpace(features, latents, gram), rows, labels, permutations=9).direction
    given = learn(FeatureSpace(features, latents, gram, features[:, [0]]), rows, labels, permutations=9).direction
    assert abs(given @ directions[:, 0]) < 0.25 < free @ directions[:, 0]
    assert given @ directions[:, 1] > free @ directions[:, 1]


def test_the_angle_to_expect_falls_with_marks(bank, space):
    latents, _, directions, _ = bank
    found = expected_angles(space, latents @ directions[:, :3], directions[:, :3], (5, 50), draws=3)
    assert found[50][0] < found[5][0]
    assert found[50][1] <= found[50][0] <= found[50][2]
    assert angle_at(found, 5) == pytest.approx(found[5][0])
    between = angle_at(found, 15)
    assert between is not None
    assert found[50][0] < between < found[5][0]


def test_the_interval_is_wilsons_and_too_few_marks_are_refused(space):
    low, high = _wilson(34 / 40, 40)
    expected = binomtest(34, 40).proportion_ci(method="wilson")
    assert (low, high) == (pytest.approx(expected.low, abs=1e-6), pytest.approx(expected.high, abs=1e-6))
    with pytest.raises(InputError, match="two marked faces of each kind"):
        learn(space, [1, 2, 3], [True, False, False])
