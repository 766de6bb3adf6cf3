"""Density of points in a window: counts in cells, for more points than can be drawn one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

WIDE, HIGH = 320, 240
"""Number of cells of a picture in x and in y."""


def cell_counts(points: ArrayLike, window: tuple[float, float, float, float]) -> NDArray[np.int64]:
    """Count the points in every cell of a window, like `numpy.histogram2d` with equal cells.

    Args:
        points: (n, 2).
        window: left, right, bottom and top; left under right, bottom under top.

    Returns:
        (HIGH, WIDE) counts, the first row at the bottom.
    """
    left, right, bottom, top = window
    x, y = np.asarray(points, np.float64).T
    inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    column = np.minimum((x[inside] - left) / (right - left) * WIDE, WIDE - 1).astype(np.int64)
    row = np.minimum((y[inside] - bottom) / (top - bottom) * HIGH, HIGH - 1).astype(np.int64)
    return np.bincount(row * WIDE + column, minlength=WIDE * HIGH).reshape(HIGH, WIDE)
