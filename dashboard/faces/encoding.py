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
"""Edges in pixels that are offered besides the model's own."""

VERSION = 2
"""Part of every cache key: increased when the same picture would get other bytes."""

WEBP_QUALITY = 90
WEBP_EFFORT = 0

LOSSLESS_UP_TO = 128
"""Edge in pixels up to which WebP is lossless: so small a picture is shown enlarged, where lossy blocks are visible;
lossless it takes no longer and a few kilobytes.
"""


def resize(picture: np.ndarray, size: int) -> np.ndarray:
    """Scale a square picture.

    Args:
        picture: (H, H, 3) or (H, H, 1) uint8.
        size: edge of the result in pixels; larger or smaller than H.

    Returns:
        (size, size, C) uint8; `picture` itself where it has that size already.
    """
    if picture.shape[0] == size:
        return picture
    # Lanczos shrinks without moire; enlarging, its ringing puts halos on 64-pixel faces, which a bicubic does not.
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
        # Without loss, quality is the effort of compressing.
        quality = 0 if small else WEBP_QUALITY
        _image(picture).save(out, "WEBP", lossless=small, quality=quality, method=WEBP_EFFORT)
    else:
        _image(picture).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _image(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
