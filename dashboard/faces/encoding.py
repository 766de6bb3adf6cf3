"""Picture files: sizes, formats, and encoding."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
from PIL import Image

Format = Literal["webp", "png"]

FORMATS: dict[Format, str] = {"webp": "image/webp", "png": "image/png"}
"""Media type of each format."""

SIZES = (64, 128, 256, 512, 1024)
"""Sizes in pixels offered in addition to the model's own."""

VERSION = 2
"""Part of every cache key: increased when the bytes of a picture would change."""

WEBP_QUALITY = 90
WEBP_EFFORT = 0

LOSSLESS_UP_TO = 128
"""Largest size in pixels of lossless WebP: small pictures are shown enlarged, so that lossy blocks would be visible;
lossless ones take the same time and a few kilobytes.
"""


def resize(picture: np.ndarray, size: int) -> np.ndarray:
    """Scale a square picture.

    Args:
        picture: (H, H, 3) or (H, H, 1) uint8.
        size: edge of the result in pixels; larger or smaller than H.

    Returns:
        (size, size, C) uint8; `picture` itself if it already has that size.
    """
    if picture.shape[0] == size:
        return picture
    # Lanczos shrinks without moire; when enlarging, its ringing adds halos to 64-pixel faces, unlike bicubic.
    resampling = Image.Resampling.LANCZOS if size < picture.shape[0] else Image.Resampling.BICUBIC
    scaled = np.asarray(_image(picture).resize((size, size), resampling))
    return scaled.reshape(size, size, picture.shape[2])


def encode(picture: np.ndarray, form: Format) -> bytes:
    """Write a picture as a file.

    Args:
        picture: (H, W, 3) or (H, W, 1) uint8.
        form: "webp" to look at (without loss up to 128 pixels, then quality 90), "png" without loss.

    Returns:
        The file's bytes.
    """
    out = io.BytesIO()
    if form == "webp":
        small = max(picture.shape[:2]) <= LOSSLESS_UP_TO
        # In lossless mode, quality is the compression effort.
        quality = 0 if small else WEBP_QUALITY
        _image(picture).save(out, "WEBP", lossless=small, quality=quality, method=WEBP_EFFORT)
    else:
        _image(picture).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _image(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
