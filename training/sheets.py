"""Sheets for the card: many pictures in one, with optional names next to the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.render.contact import contact_sheet

QUALITY = 85
"""WebP quality at which a face hardly differs from the lossless one."""


def save_sheet(path: Path, images: np.ndarray, columns: int, names: Sequence[str] = ()) -> None:
    """Write pictures side by side as WebP.

    Args:
        path: of the file.
        images: uint8 (n, S, S, 3).
        columns: pictures per row.
        names: of the rows, drawn to their left; empty for no such column.
    """
    sheet = Image.fromarray(contact_sheet(images, columns))
    if names:
        side = images.shape[1]
        shown, gap = [name.replace("_", " ") for name in names], side // 16
        font = ImageFont.load_default(max(side // 9, 6))
        margin = math.ceil(max(font.getlength(name) for name in shown)) + 2 * gap
        wide = Image.new("RGB", (sheet.width + margin, sheet.height), "white")
        wide.paste(sheet, (margin, 0))
        draw = ImageDraw.Draw(wide)
        for row, name in enumerate(shown):
            draw.text((margin - gap, (row + 0.5) * side), name, "black", font, anchor="rm")
        sheet = wide
    sheet.save(path, "WEBP", quality=QUALITY, method=6)
