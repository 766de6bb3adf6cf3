"""Sheets for the card: many pictures in one, with optional names next to the rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.render.contact import contact_sheet

MARGIN = 0.9
"""Width of the names' column, in pictures."""

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
        margin = round(MARGIN * side)
        wide = Image.new("RGB", (sheet.width + margin, sheet.height), "white")
        wide.paste(sheet, (margin, 0))
        draw, font = ImageDraw.Draw(wide), ImageFont.load_default(max(side // 9, 6))
        for row, name in enumerate(names):
            draw.text((margin - side // 16, (row + 0.5) * side), name.replace("_", " "), "black", font, anchor="rm")
        sheet = wide
    sheet.save(path, "WEBP", quality=QUALITY, method=6)
