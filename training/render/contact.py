"""Contact sheets: many faces in one picture, for inspection before training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from training.render.errors import DatasetError
from training.render.formats import ByteArray


def contact_sheet(faces: Sequence[ByteArray] | ByteArray, columns: int = 8) -> ByteArray:
    """Lay faces out in rows.

    Args:
        faces: uint8 pictures (n, S, S, 3) of one size.
        columns: Pictures per row.

    Returns:
        uint8 (rows * S, columns * S, 3); black where the last row is not full.
    """
    side = faces[0].shape[0]
    rows = -(-len(faces) // columns)
    sheet = np.zeros((rows * side, columns * side, 3), np.uint8)
    for index, face in enumerate(faces):
        top, left = index // columns * side, index % columns * side
        sheet[top : top + side, left : left + side] = face
    return sheet


def write_png(path: Path, picture: ByteArray) -> None:
    """Write an RGB picture as PNG."""
    written, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    if not written:
        raise DatasetError(f"Expected a picture that PNG can hold. Received: {picture.shape}.")
    path.write_bytes(data.tobytes())
