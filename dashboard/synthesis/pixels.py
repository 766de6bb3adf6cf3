"""Conversion of the generator's numbers to bytes."""

from __future__ import annotations

import numpy as np


def to_bytes(image: np.ndarray) -> np.ndarray:
    """Return the picture as bytes, as Streamlit's Face-GAN demo rounds them.

    Args:
        image: (H, W, C) or (N, H, W, C), -1 for black to 1 for white; values outside are clipped.

    Returns:
        uint8 of the same shape: ``clip(rint((x + 1) / 2 * 255), 0, 255)``.
    """
    return np.clip(np.rint((image + 1.0) * 127.5), 0.0, 255.0).astype(np.uint8)
