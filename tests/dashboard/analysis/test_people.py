from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from dashboard.analysis.people import (
    flips,
    group_difference,
    group_p,
    paired_difference,
    people_a_dot,
    remaining,
    share_of,
    spread_of,
    stacked_dots,
)


def test_an_effect_that_moves_half_of_them_up_and_half_down_has_no_mean_but_a_size() -> None:
    effects = np.tile([0.5, -0.5], 100)
    found = spread_of(effects)
    assert found.mean.value == 0
    assert not found.mean.sure
    assert found.size.value == 0.5
    assert found.quantiles == (-0.5, -0.5, 0.0, 0.5, 0.5)
    assert (found.same.hits, found.same.n) == (100, 200)
    assert np.isnan(spread_of([np.nan]).mean.value)


def test_people_flip_across_the_threshold_between_the_ends_only() -> None:
    scores = [[-1, 0, 2], [1, -3, 2], [2, 0, -2], [-1, 5, -2], [-1, 0, 2]]
    feasible = np.ones((5, 3), bool)
    feasible[4, 2] = False
    assert flips(scores, feasible, 0.0).tolist()[:4] == [1, 0, 1, 0]
    assert np.isnan(flips(scores, feasible, 0.0)[4])
    assert flips(scores, feasible, 3.0).tolist()[:4] == [0, 0, 0, 0]


def test_a_share_counts_finite_values_only() -> None:
    found = share_of([1.0] * 65 + [0.0] * 35 + [np.nan])
    assert (found.hits, found.n, found.of_hundred) == (65, 100, 65)
    assert found.low < 0.65 < found.high
    assert np.isnan(share_of([1.0, 0.0]).low)
    assert share_of([]).of_hundred == 0


def test_differences_of_the_same_people_are_surer_than_those_of_groups() -> None:
    generator = np.random.default_rng(0)
    own = generator.normal(0, 2, 200)
    free, held = own + 0.5, own + generator.normal(0, 0.1, 200)
    paired, groups = paired_difference(free, held), group_difference(free, held)
    expected = stats.ttest_rel(free, held).confidence_interval()
    assert (paired.low, paired.high) == pytest.approx((expected.low, expected.high), abs=0.005)
    assert paired.sure
    assert groups.value == pytest.approx(paired.value)
    assert groups.high - groups.low > 5 * (paired.high - paired.low)
    assert np.isnan(paired_difference([1.0] * 20, [0.0] * 20).low)
    assert np.isnan(paired_difference([np.nan], [1.0]).value)


def test_two_groups_have_the_p_of_welchs_test() -> None:
    generator = np.random.default_rng(1)
    a, b = generator.normal(0, 1, 60), generator.normal(0.6, 2, 80)
    expected: Any = stats.ttest_ind(a, b, equal_var=False)
    assert group_p(a, b) == pytest.approx(expected.pvalue)
    assert np.isnan(group_p(a[:20], b))
    assert np.isnan(group_p(np.zeros(60), np.zeros(60)))


def test_the_effect_left_after_locking_is_measured_by_sizes_not_means() -> None:
    assert remaining([1.0, -1.0, np.nan], [0.2, -0.2, 5.0]) == pytest.approx(0.2)
    assert np.isnan(remaining([0.0], [1.0]))


def test_a_dot_is_the_people_with_the_next_larger_effects_and_stands_on_those_of_its_bin() -> None:
    found = stacked_dots([0.42, np.nan, -0.34, 0.0, 0.02, 0.01, 0.4, 0.45], each=2, width=0.1)
    np.testing.assert_allclose(found.mean, [-0.17, 0.015, 0.41, 0.45])
    np.testing.assert_allclose(found.at, [-0.2, 0.0, 0.4, 0.4])
    assert found.height.tolist() == [1, 1, 1, 2]
    assert found.words == "2 people"
    assert [people_a_dot(count) for count in (1, 60, 200, 500)] == [1, 1, 2, 4]
    effects = np.random.default_rng(0).normal(size=500)
    every = stacked_dots(effects, 4, 1 / 24)
    assert len(every.at) == 125
    assert np.abs(every.at - every.mean).max() <= 1 / 48 + 1e-12
    assert every.mean.mean() == pytest.approx(effects.mean())
    for position in np.unique(every.at):
        stack = every.height[every.at == position]
        assert sorted(stack) == list(range(1, len(stack) + 1))
    assert len(stacked_dots([np.nan], 1, 0.1).at) == 0
