from __future__ import annotations

import numpy as np
import pytest

from dashboard.analysis.reliability import angle_interval, attribute_dependency, leakage
from dashboard.analysis.rescoring import STEPS, Traversal


def linear(effects: np.ndarray, bases: int = 6, noise: float = 0.0) -> Traversal:
    """Return the scores (B, F, T, F) that follow `effects` (F, F), each base from its own starting point."""
    random = np.random.RandomState(3)
    steps = np.array(STEPS)
    own = random.randn(bases, 1, 1, len(effects))
    scores = own + effects[None, :, None, :] * steps[:, None]
    scores = scores + noise * random.randn(*scores.shape)
    return Traversal(steps, scores, np.ones(scores.shape[:3], bool), ())


EFFECTS = np.array([[1.0, 0.2, -0.4], [0.1, 2.0, 0.3], [0.0, 0.0, 0.5]])


def test_an_interval_of_angles_holds_95_of_100() -> None:
    angles = np.column_stack([np.arange(0, 100.5, 0.5), np.full(201, 7.0)])
    low, high = angle_interval(angles)
    np.testing.assert_allclose(low, [2.5, 7])
    np.testing.assert_allclose(high, [97.5, 7])


def test_leakage_is_what_others_change_by_per_unit_of_the_own_score() -> None:
    slopes = EFFECTS + np.random.RandomState(0).randn(400, 3, 3) * 0.1
    found = leakage(slopes)
    expected = [0.3, 0.1, 0.0]
    means = np.abs(slopes.mean(axis=0))
    plain = [(means[i].sum() - means[i, i]) / 2 / means[i, i] for i in range(3)]
    np.testing.assert_allclose(found.value, plain)
    np.testing.assert_allclose(found.value, expected, atol=0.03)
    assert (found.low <= found.value).all()
    assert (found.value <= found.high + 1e-12).all()
    # A mean of the bases: its interval is the smaller, the more of them there are; of few there is none.
    fewer = leakage(slopes[:60])
    assert (fewer.high - fewer.low > 1.5 * (found.high - found.low)).all()
    few = leakage(slopes[:20])
    assert np.isnan([few.low, few.high, few.size_low, few.size_high]).all()


def test_leakage_of_sizes_counts_effects_of_both_signs() -> None:
    slopes = np.zeros((60, 2, 2))
    slopes[:, 0, 0] = slopes[:, 1, 1] = 1
    slopes[::2, 0, 1], slopes[1::2, 0, 1] = 0.6, -0.6
    found = leakage(slopes)
    assert found.value[0] == pytest.approx(0)
    assert found.size[0] == pytest.approx(0.6)
    assert found.size_low[0] == pytest.approx(0.6)


def test_leakage_leaves_out_what_has_no_score() -> None:
    slopes = np.tile(EFFECTS, (50, 1, 1))
    slopes[:, :, 1] = np.nan
    found = leakage(slopes)
    np.testing.assert_allclose(found.value, [0.4, np.nan, 0.0])
    np.testing.assert_allclose(found.low, found.value)
    with pytest.raises(ValueError, match="of one base at least"):
        leakage(slopes[:0])


def test_dependency_of_straight_curves_follows_from_their_slopes() -> None:
    deviations = np.array([1.0, 2.0, 0.5])
    found = attribute_dependency(linear(EFFECTS), deviations, change=0.5)
    scaled = np.abs(EFFECTS / deviations)
    others = (scaled.sum(axis=1) - np.diag(scaled)) / 2
    np.testing.assert_allclose(found.value, 0.5 * others / np.diag(scaled), atol=1e-12)
    np.testing.assert_array_equal(found.reached, 1)


def test_dependency_is_read_where_each_curve_first_comes_so_far() -> None:
    """Against each curve by itself, interpolated by NumPy."""
    run = linear(EFFECTS, bases=40, noise=0.3)
    found = attribute_dependency(run, np.ones(3), change=0.7)
    fine = np.linspace(0, 2, 20_001)
    for i in range(3):
        changes, traversals = [], 0
        for scores in run.scores[:, i]:
            for sign in (1, -1):
                curve = np.column_stack(
                    [
                        np.interp(sign * fine, run.steps, scores[:, j]) - np.interp(0.0, run.steps, scores[:, j])
                        for j in range(3)
                    ]
                )
                traversals += 1
                come = sign * curve[:, i] >= 0.7
                if come.any():
                    changes.append(np.abs(np.delete(curve[come.argmax()], i)).mean())
        assert found.value[i] == pytest.approx(np.mean(changes), abs=1e-3)
        assert found.reached[i] == pytest.approx(len(changes) / traversals)


def test_dependency_of_a_direction_that_never_comes_so_far_is_unknown() -> None:
    run = linear(np.diag([0.1, 1.0]))
    run.feasible[:, 1, -1] = False
    found = attribute_dependency(run, np.ones(2), change=1.5)
    assert np.isnan(found.value[0])
    assert found.value[1] == 0
    np.testing.assert_array_equal(found.reached, [0, 0.5])
    with pytest.raises(ValueError, match="above 0"):
        attribute_dependency(run, np.ones(2), change=0)
