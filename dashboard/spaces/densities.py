"""Densities of samples with more points than a browser draws: counts in a window of two components."""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.density import cell_counts
from dashboard.errors import InputError
from dashboard.spaces.projection import Projection
from dashboard.spaces.sample import MOST_POINTS, SetSpace, Space

KEPT = 24
"""Number of windows whose counts are cached, 0.6 MB each."""

FARTHEST = 1e6

Window = tuple[float, float, float, float]


def is_dense(space: Space) -> bool:
    """Return whether a space has too many points to draw individually."""
    return isinstance(space, SetSpace) and space.held.n > MOST_POINTS


def read_window(text: str) -> Window:
    """Parse the window of an address.

    Args:
        text: left, right, bottom and top, such as `-3_3_-2_2.5`.

    Returns:
        The four numbers.

    Raises:
        InputError: the text is not a window.
    """
    try:
        numbers = [float(part) for part in text[:200].split("_")]
        left, right, bottom, top = numbers
    except ValueError:
        left = right = bottom = top = math.nan
    if not (-FARTHEST <= left < right <= FARTHEST and -FARTHEST <= bottom < top <= FARTHEST):
        raise InputError(f"Expected a window such as -3_3_-2_2. Received: {text[:60]}. Open the page again.")
    return left, right, bottom, top


def window_counts(projection: Projection, axes: tuple[int, int], window: Window) -> NDArray[np.int64]:
    """Return the counts in the cells of a window; those requested last are cached.

    Args:
        projection: of a sample.
        axes: the two components, from 0.
        window: left, right, bottom and top.

    Returns:
        (HIGH, WIDE), see `dashboard.analysis.density`.
    """
    return _counts(projection, axes, window)


@functools.lru_cache(maxsize=KEPT)
def _counts(projection: Projection, axes: tuple[int, int], window: Window) -> NDArray[np.int64]:
    return cell_counts(projection.points[:, list(axes)], window)
