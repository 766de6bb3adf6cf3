"""Textures: cropped to the head, reduced, colour filled in under transparent texels, and encoded as WebP."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from training.errors import TrainingError
from training.render.kit import CROP

SKIN_SIZE = (560, 1024)
"""Width and height of a cropped skin in pixels."""
QUALITY = 88
OPAQUE = 32
"""Alpha from which a texel's own colour counts: below it, 8 bits leave too little of it after the reduction."""
MAX_SIDE = 8192


def crop_skin(picture: Image.Image) -> Image.Image:
    """Cut the head's chart out of a skin texture: u 0.635 to 1, v (downwards) 0.175 to 0.86, as 560 x 1024 pixels."""
    left, upper, right, lower = CROP
    box = (left * picture.width, upper * picture.height, right * picture.width, lower * picture.height)
    return picture.convert("RGB").resize(SKIN_SIZE, Image.Resampling.LANCZOS, box=box)


def reduce_texture(picture: Image.Image, side: int) -> Image.Image:
    """Return a square texture at `side` pixels, averaged with alpha as the weight, with colour under what is
    transparent.

    Args:
        picture: RGB or RGBA.
        side: Width and height of the result in pixels.
    """
    small = picture.resize((side, side), Image.Resampling.BOX)  # Pillow weights the colours of RGBA by alpha
    return fill_transparent(small) if small.mode == "RGBA" else small


def fill_transparent(picture: Image.Image) -> Image.Image:
    """Give every transparent texel the colour of the nearest opaque one: no dark rim shows where a GPU blends them.

    Args:
        picture: RGBA; alpha is left as it is.
    """
    pixels = np.array(picture)
    hidden = pixels[..., 3] < OPAQUE
    if hidden.all() or not hidden.any():
        return picture
    nearest = np.zeros((2, *hidden.shape), np.int32)
    ndimage.distance_transform_edt(hidden, return_distances=False, return_indices=True, indices=nearest)
    pixels[..., :3] = pixels[nearest[0], nearest[1], :3]
    return Image.fromarray(pixels)


def read_texture(path: Path, least: int) -> Image.Image:
    """Read a source texture.

    Args:
        path: PNG or another format that Pillow knows.
        least: The smallest allowed side in pixels.

    Returns:
        RGB or RGBA, square.

    Raises:
        TrainingError: It is not a picture, or not square, or too small or too large.
    """
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            if width != height or not least <= width <= MAX_SIDE:
                raise TrainingError(
                    f"Expected a square texture of {least} to {MAX_SIDE} pixels a side in {path}. "
                    f"Received: {width} x {height}. Use the original file of makehuman-assets."
                )
            transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
            return picture.convert("RGBA" if transparent else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise TrainingError(f"Expected a picture in {path}. Received: {error}. Fetch the file again.") from error


def convert(path: Path, side: int) -> bytes:
    """Return a texture of the kit from its source, as WebP: a skin where side is 0, else reduced to side."""
    least = side or math.ceil(SKIN_SIZE[1] / (CROP[3] - CROP[1]))
    source = read_texture(path, least)
    result = reduce_texture(source, side) if side else crop_skin(source)
    stream = io.BytesIO()
    result.save(stream, "WEBP", quality=QUALITY, method=4, exact=True)  # exact: keeps colour under what is transparent
    return stream.getvalue()
