"""How near two pictures are."""

from __future__ import annotations

import numpy as np


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """Return the peak signal to noise ratio in dB, of pictures from -1 to 1; infinite if they are equal."""
    with np.errstate(divide="ignore"):  # a processor without bfloat16 computes in float32 where others are fast
        return 10 * np.log10(4.0 / np.mean((a - b) ** 2))
