"""Stability: the angle between directions found on different faces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.directions import fit_directions

Array = NDArray[np.float64]


def cosines_of_halves(latents: np.ndarray, scores: np.ndarray) -> Array:
    """Compute |cosine| between the directions of two disjoint halves of the faces.

    Args:
        latents: (n, L); each half more than L + 1.
        scores: (n, F).

    Returns:
        (F,) 0 to 1. The squared error of a direction found on all faces is about half of what the halves
        show.
    """
    even, odd = (fit_directions(latents[half::2], scores[half::2]) for half in (0, 1))
    return np.abs((even * odd).sum(axis=0))
