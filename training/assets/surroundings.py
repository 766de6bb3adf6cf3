"""Panoramas that light the faces: from high dynamic range pictures to one small array."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.errors import TrainingError
from training.render.surroundings import HEIGHT, NAME, WIDTH

ORDER = ("night", "interior", "studio", "city", "courtyard", "forest", "sunrise", "sunset")
"""The panoramas of Debian's blender-data, ordered so that neighbours are similar: indoors to outdoors, white to warm.
"""
LICENCE = "license.txt"
BRIGHTEST = 25.0
"""Limit of brightness, in medians: brighter texels, the sun and lamps, are clipped, since the key lamp replaces them.
"""


LICENCE_IN_KIT = "LICENSE.surroundings.txt"


def surroundings_files(folder: Path) -> dict[str, bytes]:
    """Return the files of an asset folder for the panoramas in a folder, by name: the reduced panoramas, and their
    licence.

    Raises:
        TrainingError: One is missing, is not a panorama, or they are not CC0.
    """
    licence, stream = read_licence(folder), io.BytesIO()
    np.save(stream, reduced_panoramas(folder), allow_pickle=False)
    return {LICENCE_IN_KIT: licence, NAME: stream.getvalue()}


def read_licence(folder: Path) -> bytes:
    """Return the panoramas' licence text.

    Raises:
        TrainingError: It is missing, or does not release them as CC0.
    """
    path = folder / LICENCE
    text = path.read_bytes()[:10_000] if path.is_file() else b""
    if b"CC0" not in text:
        raise TrainingError(f"Expected a text that releases the panoramas as CC0 in {path}. Received: {text[:60]!r}.")
    return text


def reduced_panoramas(folder: Path) -> NDArray[np.float16]:
    """Return the panoramas of a folder in sequence, reduced, each of mean luminance 1: float16 (8, 64, 128, 3).

    Raises:
        TrainingError: One is missing, or is not a picture twice as wide as high.
    """
    return np.stack([_reduced(folder / f"{name}.exr") for name in ORDER]).astype(np.float16)


def _reduced(path: Path) -> NDArray[np.float32]:
    import OpenEXR

    if not path.is_file():
        raise TrainingError(f"Expected a panorama in {path}. Received: no such file. Install Debian's blender-data.")
    try:
        with OpenEXR.File(str(path)) as picture:
            pixels = np.asarray(picture.channels()["RGB"].pixels, np.float32)
    except (OSError, RuntimeError, KeyError) as error:
        raise TrainingError(f"Expected a panorama with red, green and blue in {path}. Received: {error}.") from error
    height, width = pixels.shape[:2]
    if width != 2 * height or height % HEIGHT:
        raise TrainingError(f"Expected {path} twice as wide as high, {HEIGHT} times n. Received: {width} x {height}.")
    pixels = np.minimum(pixels, BRIGHTEST * float(np.median(pixels)))
    by = height // HEIGHT
    small = pixels.reshape(HEIGHT, by, WIDTH, by, 3).mean((1, 3))
    return small / max(float((small @ np.array([0.2126, 0.7152, 0.0722])).mean()), 1e-6)
