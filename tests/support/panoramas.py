"""High dynamic range panoramas as Debian's blender-data has them, small and plain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenEXR

from training.assets.surroundings import LICENCE, ORDER


def write_panoramas(folder: Path) -> Path:
    """Write a panorama of 128 x 256 for each name, redder one after another, with a sun; and the licence."""
    for index, name in enumerate(ORDER):
        pixels = np.full((128, 256, 3), [0.5 + 0.1 * index, 0.5, 0.5], np.float32)
        pixels[30:32, 126:130] = 30_000.0
        header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
        OpenEXR.File(header, {"RGB": pixels}).write(str(folder / f"{name}.exr"))
    (folder / LICENCE).write_text("All HDRIs are licensed as CC0.", encoding="utf-8")
    return folder
