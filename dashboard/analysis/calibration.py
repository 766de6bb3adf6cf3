"""Calibrated ranges of sliders: the coordinates between which an attribute's own score responds."""

from __future__ import annotations

import numpy as np

LEAST_RISE = 0.05
"""Slope below which a response counts as level, in standard deviations of the score per unit of the coordinate."""

REACH = 1.0
"""Half the width over which a slope is taken: a logit may be constant before it rises again."""


def calibrated_range(steps: np.ndarray, response: np.ndarray) -> tuple[float, float] | None:
    """Return the largest interval around 0 in which the mean response rises.

    Args:
        steps: (T,) pinned coordinates, ascending, on both sides of 0, in standard deviations.
        response: (T,) mean score measured at each, in standard deviations of the score over random faces.

    Returns:
        Smallest and largest coordinate of the range; None if the response does not rise around 0.

    Raises:
        ValueError: the steps do not ascend, do not reach from -1 to 1, or do not match the responses.
    """
    steps, response = np.asarray(steps, np.float64), np.asarray(response, np.float64)
    if steps.ndim != 1 or steps.shape != response.shape or not (np.diff(steps) > 0).all():
        raise ValueError(f"Expected ascending steps and a response each. Received: {steps.shape} and {response.shape}.")
    if steps[0] > -1.0 or steps[-1] < 1.0:
        raise ValueError(f"Expected steps that reach from -1 to 1. Received: {steps[0]:g} to {steps[-1]:g}.")
    middles = (steps[1:] + steps[:-1]) / 2
    left, right = np.maximum(middles - REACH, steps[0]), np.minimum(middles + REACH, steps[-1])
    slopes = (np.interp(right, steps, response) - np.interp(left, steps, response)) / (right - left)
    rises = slopes >= LEAST_RISE
    low = high = int(np.argmin(np.abs(steps)))
    while high < len(rises) and rises[high]:
        high += 1
    while low > 0 and rises[low - 1]:
        low -= 1
    return (float(steps[low]), float(steps[high])) if low < high else None
