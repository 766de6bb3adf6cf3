"""Stability against references: sklearn's subspace angles by SciPy, adjusted Rand, trustworthiness, Procrustes."""

import numpy as np
import pytest
from scipy.linalg import orth, subspace_angles
from scipy.spatial import procrustes
from sklearn.cluster import KMeans
from sklearn.manifold import trustworthiness

from dashboard.analysis.stability import (
    cluster_stability,
    component_agreement,
    layout_stability,
    split_half,
)


def test_cosines_are_those_of_subspace_angles():
    random = np.random.default_rng(0)
    first, second = orth(random.normal(size=(9, 4))), orth(random.normal(size=(9, 4)))
    alone, planes = component_agreement(first, second)
    for k in range(4):
        assert alone[k] == pytest.approx(np.cos(subspace_angles(first[:, [k]], second[:, [k]])[0]))
        pairs = [[j, j + 1] for j in (k - 1, k) if 0 <= j < 3]
        expected = max(np.cos(subspace_angles(first[:, pair], second[:, pair])).min() for pair in pairs)
        assert planes[k] == pytest.approx(expected)


def test_what_stands_out_holds_equal_ones_hold_as_a_plane_and_noise_does_not():
    random = np.random.default_rng(1)
    rows = random.normal(size=(4000, 8)) * np.sqrt([30, 9, 9, 1, 1, 1, 1, 1])
    turned = rows.copy()
    turned[:, 1], turned[:, 2] = -rows[:, 2], rows[:, 1]
    found = split_half(np.vstack([rows, turned]), 8)  # the two are equal to the last digit in the whole sample
    assert found.words(0) == "stable"
    assert {found.words(k) for k in (1, 2)} == {"stable as a plane"}
    assert {found.words(k) for k in (4, 5, 6)} == {"not stable"}
    assert found.words(8) == "not tested"
    assert found.holds.sum() == 1


def test_two_clusters_are_found_again_and_clusters_of_noise_are_not():
    random = np.random.default_rng(2)

    def label(part):
        found = KMeans(2, n_init=3, random_state=0).fit(part)  # pyright: ignore[reportArgumentType]  # an int, too
        return lambda others: np.asarray(found.predict(others))

    apart = np.vstack([random.normal(size=(150, 2)), random.normal(size=(150, 2)) + 8])
    assert cluster_stability(apart, label) == 1.0
    assert cluster_stability(random.normal(size=(300, 6)), label) < 0.6


def test_layouts_are_compared_as_the_libraries_do():
    random = np.random.default_rng(3)
    rows = random.normal(size=(200, 5))
    layout, turned = rows[:, :2], rows[:, [1, 0]] * 3 + 1
    same = layout_stability(rows, [layout, turned])
    assert same.trust == pytest.approx(trustworthiness(rows, layout, n_neighbors=10))
    assert (same.procrustes, same.overlap) == (pytest.approx(0, abs=1e-9), 1.0)
    other = random.normal(size=(200, 2))
    found = layout_stability(rows, [layout, other])
    assert found.procrustes == pytest.approx(procrustes(layout, other)[2])
    assert found.overlap < 0.2
