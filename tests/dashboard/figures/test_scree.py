from __future__ import annotations

import pytest

from dashboard.figures.scree import log_ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0.004, 3.0, [0.01, 0.1, 1]), (0.4, 12.0, [1, 3, 10]), (0.6, 2.3, [1, 2])],
)
def test_a_logarithmic_axis_has_few_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    assert log_ticks(low, high) == pytest.approx(ticks)
