"""The Frechet distance is that of SciPy's matrix square root."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from training.measure.frechet import frechet_distance


def reference(a: np.ndarray, b: np.ndarray) -> float:
    c1, c2 = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    shift = a.mean(axis=0) - b.mean(axis=0)
    return float(shift @ shift + np.trace(c1 + c2 - 2.0 * np.real(sqrtm(c1 @ c2))))


def test_is_scipys() -> None:
    random = np.random.default_rng(0)
    a, b = (random.standard_normal((300, 8)) @ random.standard_normal((8, 8)) for _ in range(2))
    assert frechet_distance(a, b + 0.5) == pytest.approx(reference(a, b + 0.5), rel=1e-6)
    assert frechet_distance(a, a) == pytest.approx(0.0, abs=1e-6)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))


def test_features_that_are_always_zero_do_no_harm() -> None:
    random = np.random.default_rng(0)
    a, b = random.standard_normal((2, 100, 4))
    with_dead = [np.column_stack([x, np.zeros(100)]) for x in (a, b)]
    assert frechet_distance(*with_dead) == pytest.approx(frechet_distance(a, b), rel=1e-6)
