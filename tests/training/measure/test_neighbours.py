"""Neighbours are scikit-learn's; precision and recall follow from them as in the paper."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from training.measure import neighbours
from training.measure.neighbours import covered, nearest, precision_recall


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "BLOCK", 16)


def test_the_nearest_are_scikit_learns() -> None:
    random = np.random.default_rng(0)
    queries, points = random.standard_normal((50, 6)), random.standard_normal((80, 6))
    expected, rows = NearestNeighbors(n_neighbors=4).fit(points).kneighbors(queries)
    distances, found = nearest(queries, points, 4)
    np.testing.assert_allclose(distances, expected, atol=1e-9)
    np.testing.assert_array_equal(found, rows)
    # Without a query scikit-learn leaves every point out of its own neighbours.
    expected, rows = NearestNeighbors(n_neighbors=3).fit(points).kneighbors()
    distances, found = nearest(points, points, 3, same=True)
    np.testing.assert_allclose(distances, expected, atol=1e-9)
    np.testing.assert_array_equal(found, rows)


def test_precision_and_recall_are_the_papers_formula() -> None:
    random = np.random.default_rng(1)
    renders, samples = random.standard_normal((60, 3)), 0.5 * random.standard_normal((70, 3)) + 0.5

    def by_hand(queries: np.ndarray, points: np.ndarray) -> float:
        between = np.linalg.norm(points[:, None] - points[None], axis=2)
        radii = np.sort(between, axis=1)[:, 3]  # the first is the point itself
        return float(np.mean([(np.linalg.norm(points - q, axis=1) <= radii).any() for q in queries]))

    precision, recall = precision_recall(samples, renders)
    assert precision == pytest.approx(by_hand(samples, renders))
    assert recall == pytest.approx(by_hand(renders, samples))
    assert recall < precision, "narrower than the renders: all its samples are like them, and many of them are not had"
    assert covered(samples + 100.0, renders) == 0.0
