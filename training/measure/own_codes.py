"""Latents of the codes of renders."""

from __future__ import annotations

import numpy as np


def latents_of(codes: np.ndarray, size: int) -> np.ndarray:
    """Return the latents (n, L) of codes (n, K), as in training; the rest is noise, the same in every call."""
    from training.train.pairs import frame_of

    rest = np.random.RandomState(1).randn(len(codes), size - codes.shape[1])
    return np.concatenate([codes, rest], axis=1) @ frame_of(size).astype(np.float64)
