from __future__ import annotations

import numpy as np
import pytest

from dashboard.analysis.partial_correlations import normal_scores, partial_correlations


def chain(n: int) -> np.ndarray:
    """Return three scores in a chain, 0 to 1 to 2, whose ends correlate through the middle only, and a constant."""
    random = np.random.default_rng(0)
    first = random.normal(size=n)
    second = 0.8 * first + 0.6 * random.normal(size=n)
    third = 0.8 * second + 0.6 * random.normal(size=n)
    return np.column_stack([first, second, third, np.ones(n)])


def test_what_goes_through_another_is_gone_when_that_is_held() -> None:
    found = partial_correlations(chain(5000))
    assert np.corrcoef(chain(5000)[:, :3], rowvar=False)[0, 2] > 0.6
    assert found.values[0, 2] == pytest.approx(0, abs=0.05)
    # By hand, of the correlations r01 = r12 = 0.8, r02 = 0.64: (0.8 - 0.64 x 0.8) / sqrt((1 - 0.64^2)(1 - 0.8^2)).
    assert found.values[0, 1] == pytest.approx(0.288 / np.sqrt(0.5904 * 0.36), abs=0.03)
    assert found.choice is not None
    assert found.choice.chosen[0, 1]
    assert not found.choice.chosen[0, 2]
    assert np.isnan(found.values[3]).all()


def test_ranks_alone_count() -> None:
    x = chain(300)
    bent = partial_correlations(np.exp(3 * x))
    assert bent.values[:3, :3] == pytest.approx(partial_correlations(x).values[:3, :3])
    assert normal_scores(x[:, :1]).std() == pytest.approx(1, abs=0.02)


def test_intervals_hold_the_truth_and_few_faces_have_none() -> None:
    random = np.random.default_rng(1)
    held = []
    for _ in range(300):
        x = random.normal(size=(80, 3))
        x[:, 1] += x[:, 0]
        found = partial_correlations(np.exp(x))
        held.append(found.low[0, 2] <= 0 <= found.high[0, 2])
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)
    assert np.isnan(partial_correlations(chain(40)).low[np.triu_indices(4, 1)]).all()
