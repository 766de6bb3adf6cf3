"""Held-out renders, and the latents of their codes."""

from __future__ import annotations

import numpy as np

HELD = 64
"""One in this many faces is left out of training on a GPU (training/accelerated/pool.py)."""

MOST_HELD = 256
"""Largest number of such faces."""


def is_held(numbers: np.ndarray) -> np.ndarray:
    """Return which of the faces with these indices were held out of training, bool."""
    return numbers % HELD == HELD - 1


def latents_of(codes: np.ndarray, size: int) -> np.ndarray:
    """Return the latents (n, L) of codes (n, K), as in training; the rest is noise, the same in every call."""
    from training.train.pairs import frame_of

    rest = np.random.RandomState(1).randn(len(codes), size - codes.shape[1])
    return np.concatenate([codes, rest], axis=1) @ frame_of(size).astype(np.float64)
