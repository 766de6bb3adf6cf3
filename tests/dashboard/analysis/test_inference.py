from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from dashboard.analysis.inference import (
    FEWEST,
    adjusted_p,
    correlation_error,
    correlation_freedom,
    correlation_interval,
    correlation_p,
    mean_interval,
    means_of,
    p_values,
    select,
    wilson,
)

DRAWS = 400
TOLERANCE = 0.035
"""More than three standard errors of a coverage of 0.95 over so many draws."""


def test_a_share_has_the_interval_of_wilsons_worked_case() -> None:
    # 81 of 100: the formula by hand gives 0.7222 to 0.8749.
    assert wilson(81, 100) == pytest.approx((0.7222, 0.8749), abs=1e-4)
    for hits, n in ((0, 10), (10, 10), (3, 500), (250, 500)):
        expected = stats.binomtest(hits, n).proportion_ci(0.9, method="wilson")
        assert wilson(hits, n, 0.9) == pytest.approx((expected.low, expected.high))
    assert np.isnan(wilson(0, 0)).all()


def test_means_have_the_p_and_the_interval_of_scipys_t_test() -> None:
    values = np.random.default_rng(0).normal(0.1, 1, (80, 2))
    values[:3, 1] = np.nan
    means = means_of(values)
    for k, column in enumerate((values[:, 0], values[3:, 1])):
        expected: Any = stats.ttest_1samp(column, 0)
        assert p_values(means)[k] == pytest.approx(expected.pvalue)
        ends = expected.confidence_interval(0.95)
        assert [end[k] for end in mean_interval(means)] == pytest.approx([ends.low, ends.high])


def test_nothing_is_said_of_few_people() -> None:
    means = means_of(np.random.default_rng(0).normal(1, 1, (FEWEST - 1, 1)))
    assert np.isnan(p_values(means)).all()
    assert np.isnan(mean_interval(means)).all()
    assert np.isnan(correlation_error(np.random.default_rng(0).normal(size=(FEWEST - 1, 2)))).all()


def test_p_values_are_adjusted_as_benjamini_and_hochberg_do() -> None:
    # Their own worked example (1995, section 4): of these fifteen the first four differ significantly from 0.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528]
    p = np.array([*p, 0.7590, 1.0, np.nan])
    assert select(p).chosen.tolist() == [True] * 4 + [False] * 12
    assert select(p).level == pytest.approx(1 - 0.05 * 4 / 15)
    assert adjusted_p(p)[3] == pytest.approx(0.0095 * 15 / 4)
    assert np.isnan(adjusted_p(p)[-1])
    assert adjusted_p(p)[:-1] == pytest.approx(stats.false_discovery_control(p[:-1]))
    assert not select(np.full(3, np.nan)).chosen.any()


def test_the_intervals_of_what_was_selected_miss_no_more_often_than_they_say() -> None:
    generator = np.random.default_rng(1)
    truth = np.where(np.arange(60) < 40, 0.0, 0.35)
    missed, plain = [], []
    for _ in range(60):
        means = means_of(generator.normal(truth, 1.0, (60, 60)))
        choice = select(p_values(means))
        for level, into in ((choice.level, missed), (0.95, plain)):
            low, high = mean_interval(means, level)
            into.extend(((truth < low) | (truth > high))[choice.chosen])
    assert np.mean(missed) < 0.05
    assert np.mean(plain) > np.mean(missed)


@pytest.mark.parametrize("size", [50, 200])
@pytest.mark.parametrize("kind", ["normal", "bimodal", "skewed"])
def test_intervals_of_means_and_of_correlations_hold_the_truth_as_often_as_they_say(kind: str, size: int) -> None:
    generator = np.random.default_rng(2)
    held = np.zeros((DRAWS, 2), bool)
    big = _drawn(kind, 400_000, generator)
    truth, rho = big[:, 0].mean(), np.corrcoef(big, rowvar=False)[0, 1]
    for k in range(DRAWS):
        x = _drawn(kind, size, generator)
        low, high = mean_interval(means_of(x))
        error, freedom = correlation_error(x), correlation_freedom(x)
        ends = correlation_interval(np.corrcoef(x, rowvar=False), error, freedom=freedom)
        held[k] = low[0] <= truth <= high[0], ends[0][0, 1] <= rho <= ends[1][0, 1]
    assert held.mean(axis=0) == pytest.approx(0.95, abs=TOLERANCE)


def test_the_jackknife_is_that_of_leaving_each_face_out() -> None:
    x = _drawn("skewed", 60, np.random.default_rng(8))
    z = np.arctanh([np.corrcoef(np.delete(x, k, axis=0), rowvar=False)[0, 1] for k in range(60)])
    assert correlation_error(x)[0, 1] == pytest.approx(np.sqrt(59 / 60 * ((z - z.mean()) ** 2).sum()))
    assert correlation_error(x)[0, 0] == pytest.approx(0, abs=1e-5)
    assert correlation_freedom(x)[0, 1] < correlation_freedom(_drawn("normal", 60, np.random.default_rng(8)))[0, 1]


def test_the_error_of_a_correlation_is_that_of_the_bootstrap_where_fishers_is_not() -> None:
    x = _drawn("bimodal", 2000, np.random.default_rng(3))
    generator = np.random.default_rng(4)
    drawn = [np.corrcoef(x[generator.integers(0, len(x), len(x))], rowvar=False)[0, 1] for _ in range(400)]
    assert correlation_error(x)[0, 1] == pytest.approx(np.arctanh(drawn).std(), rel=0.12)
    normal = np.random.default_rng(5).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 4000)
    assert correlation_error(normal)[0, 1] == pytest.approx(1 / np.sqrt(4000 - 3), rel=0.06)
    assert correlation_error(x)[0, 1] > 1.2 / np.sqrt(len(x) - 3)


def test_correlations_of_what_has_nothing_to_do_with_each_other_have_even_p_values() -> None:
    x = np.random.default_rng(6).normal(size=(300, 40))
    p = correlation_p(np.corrcoef(x, rowvar=False), correlation_error(x))[np.triu_indices(40, 1)]
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.03)
    assert correlation_interval(np.eye(40), correlation_error(x))[0].diagonal() == pytest.approx(1)


def _drawn(kind: str, n: int, generator: np.random.Generator) -> np.ndarray:
    """Return two correlated scores: normal, bimodal (a mixture with a rare peak), or skewed."""
    if kind == "normal":
        return generator.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n)
    if kind == "skewed":
        shared = generator.exponential(size=(n, 1))
        return shared + generator.exponential(size=(n, 2))
    peak = generator.random(n) < 0.2
    return (
        np.where(peak[:, None], 3.0, 0.0) + generator.normal(0, [1.0, 0.6], (n, 2)) * np.where(peak, 2.0, 0.7)[:, None]
    )
