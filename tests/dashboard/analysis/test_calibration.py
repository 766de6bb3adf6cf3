"""The calibrated range of a slider."""

import numpy as np
import pytest

from dashboard.analysis.calibration import LEAST_RISE, calibrated_range

STEPS = np.arange(-4.0, 4.01, 0.5)


def test_a_linear_response_holds_over_the_whole_range() -> None:
    assert calibrated_range(STEPS, 0.3 * STEPS) == (-4.0, 4.0)
    assert calibrated_range(STEPS, 1.1 * LEAST_RISE * STEPS) == (-4.0, 4.0)


def test_ends_where_the_response_levels_off() -> None:
    low, high = calibrated_range(STEPS, np.clip(STEPS, -2.0, 2.0)) or (0.0, 0.0)
    # The slope is taken over one unit on either side, so the last rise counts up to one unit past it.
    assert -3.0 <= low <= -2.0
    assert 2.0 <= high <= 3.0


def test_a_logit_that_rests_for_a_moment_is_still_rising() -> None:
    response = np.where(STEPS < 0.0, 0.15 * STEPS, 1.2 * STEPS)
    response[STEPS == -0.5] = response[STEPS == -1.0]
    assert calibrated_range(STEPS, response) == (-4.0, 4.0)


def test_stops_at_a_fall() -> None:
    response = STEPS.copy()
    response[STEPS >= 2.0] -= 3.0
    low, high = calibrated_range(STEPS, response) or (0.0, 0.0)
    assert low == -4.0
    assert 0.5 <= high <= 1.5


def test_no_range_where_nothing_rises() -> None:
    assert calibrated_range(STEPS, -STEPS) is None
    assert calibrated_range(STEPS, 0.5 * LEAST_RISE * STEPS) is None


@pytest.mark.parametrize("steps", [STEPS[::-1], STEPS[:4], np.array([-0.5, 0.0, 0.5])])
def test_refuses_steps_that_say_nothing(steps: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Expected"):
        calibrated_range(steps, steps)
