"""Pictures of the scatter and of the matrix for slides, drawn without a browser, each with its scale."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dashboard.exports.image_export import FONT
from dashboard.figures.base import Stops, colour, signed_scale
from dashboard.figures.first_sight import HIGH, WIDE, first_sight
from dashboard.figures.scatter import axis_limits, marker_of
from dashboard.spaces.colours import Colour

SURFACE, LINE, SOFT, INK = (colour(token, "light") for token in ("surface", "line-2", "ink-2", "ink"))
LEFT, TOP = 130, 76
"""Pixels of the scatter's axis titles, and of the scale above it."""

NAMES = 250
"""Pixels of the matrix's names, at the left and above."""

SCALE = (360, 16)
"""Width and height of a scale, in pixels."""


def scatter_picture(points: np.ndarray, ink: Colour, titles: Sequence[str]) -> bytes:
    """Draw a sample.

    Args:
        points: (n, 2).
        ink: the colouring.
        titles: of the two axes.

    Returns:
        A WebP in light colours.
    """
    drawn = Image.open(io.BytesIO(first_sight(points, ink, "light")))
    wide, high = 2 * WIDE, 2 * HIGH
    sheet = Image.new("RGB", (LEFT + wide + 20, TOP + high + 84), SURFACE)
    picture = drawn.convert("RGBA").resize((wide, high), Image.Resampling.LANCZOS)
    sheet.paste(picture, (LEFT, TOP), picture)
    pen = ImageDraw.Draw(sheet)
    pen.line([(LEFT, TOP), (LEFT, TOP + high), (LEFT + wide, TOP + high)], fill=LINE, width=2)
    (low_x, high_x), (low_y, high_y) = axis_limits(points)
    for value in range(math.ceil(low_x), math.floor(high_x) + 1):
        x = LEFT + (value - low_x) / (high_x - low_x) * wide
        pen.text((x, TOP + high + 10), _number(value), SOFT, _font(22), "mt")
    for value in range(math.ceil(low_y), math.floor(high_y) + 1):
        y = TOP + (high_y - value) / (high_y - low_y) * high
        pen.text((LEFT - 12, y), _number(value), SOFT, _font(22), "rm")
    pen.text((LEFT + wide / 2, TOP + high + 46), titles[0], INK, _font(26), "mt")
    _paste_upright(sheet, titles[1], TOP + high / 2)
    if not ink.groups:
        marker = marker_of(ink, "light", len(points))
        ends = float(marker["cmin"]), float(marker["cmax"])
        _draw_scale(sheet, (LEFT + wide - SCALE[0], 14), marker["colorscale"], ends, ink.title)
    return _webp(sheet)


def matrix_picture(values: np.ndarray, names: Sequence[str]) -> bytes:
    """Draw a matrix.

    Args:
        values: (n, n) from -1 to 1, in the order of display.
        names: of its rows and columns.

    Returns:
        A WebP in light colours.
    """
    cell = max(16, 1120 // len(names))
    side, below = cell * len(names), 80
    sheet = Image.new("RGB", (NAMES + side + 180, NAMES + side + below), SURFACE)
    pen, font, scale = ImageDraw.Draw(sheet), _font(min(26, cell - 6)), signed_scale("light")
    for row, name in enumerate(names):
        pen.text((NAMES - 10, NAMES + cell * (row + 0.5)), name, INK, font, "rm")
        for column in range(len(names)):
            left, top = NAMES + cell * column, NAMES + cell * row
            fill = _colour_at(scale, (float(values[row, column]) + 1) / 2)
            pen.rectangle([left, top, left + cell - 2, top + cell - 2], fill=fill)
    for column, name in enumerate(names):
        label = Image.new("RGBA", (NAMES, NAMES), (0, 0, 0, 0))
        ImageDraw.Draw(label).text((0, NAMES // 2), name, INK, font, "lm")
        turn = (0, NAMES // 2)
        turned = label.rotate(52, Image.Resampling.BICUBIC, center=turn, translate=(4, NAMES // 2 - 26))
        sheet.paste(turned, (round(NAMES + cell * (column + 0.5)), 0), turned)
    _draw_scale(sheet, (NAMES, NAMES + side + 22), scale, (-1.0, 1.0), "cosine")
    return _webp(sheet)


def _draw_scale(sheet: Image.Image, at: tuple[int, int], scale: Stops, ends: tuple[float, float], title: str) -> None:
    """Draw a scale of colours with the numbers of its ends and of 0, and its title at its right or left."""
    pen, (left, top), (wide, high) = ImageDraw.Draw(sheet), at, SCALE
    for k in range(wide):
        pen.line([(left + k, top), (left + k, top + high)], fill=_colour_at(scale, k / (wide - 1)))
    low, most = ends
    for value in dict.fromkeys((low, 0.0, most) if low < 0 < most else (low, most)):
        x = left + (value - low) / (most - low) * wide
        anchor = "lt" if value == low else "rt" if value == most else "mt"
        pen.text((x, top + high + 6), _number(value), SOFT, _font(20), anchor)
    room = left > sheet.width / 2
    pen.text((left - 16 if room else left + wide + 16, top + high / 2), title, INK, _font(24), "rm" if room else "lm")


def _paste_upright(sheet: Image.Image, words: str, middle: float) -> None:
    """Write a title from bottom to top at the left edge."""
    label = Image.new("RGBA", (600, 40), (0, 0, 0, 0))
    ImageDraw.Draw(label).text((300, 20), words, INK, _font(26), "mm")
    turned = label.transpose(Image.Transpose.ROTATE_90)
    sheet.paste(turned, (16, round(middle - turned.height / 2)), turned)


def _colour_at(scale: Stops, share: float) -> tuple[int, int, int]:
    """Return the colour at a position from 0 to 1 on a scale."""
    positions, names = zip(*scale, strict=True)
    channels = np.array([[int(name[k : k + 2], 16) for k in (1, 3, 5)] for name in names], np.float64)
    red, green, blue = (round(float(np.interp(share, positions, channels[:, k]))) for k in range(3))
    return red, green, blue


def _number(value: float) -> str:
    """Format a number with at most one decimal and a true minus."""
    return f"{round(value, 1) + 0.0:g}".replace("-", "−")


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def _webp(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=88)
    return stream.getvalue()
