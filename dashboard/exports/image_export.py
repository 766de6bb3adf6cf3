"""Images of sheets: faces with their captions in rows and columns, as a picture or a frame of an animation."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dashboard.sheets.sheet import Sheet

BACKGROUND, INK, CAPTION, LOCKED, NOWHERE = "#FFFFFF", "#17202B", "#616C7B", "#1263AD", "#EEF0F3"
"""The light scheme's surface, ink, ink-3, accent and sunk, as in dashboard/figures/theme.py."""

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"

LEAST, MOST, SHARE = 12, 40, 10
"""Text is a tenth of a face high, between these bounds in pixels."""

NARROWEST = 18
"""Minimum width of a layout, in text heights, to fit the title."""

WIDEST_HEAD = 20
"""Largest width of a row's heading, in text heights."""

ELLIPSIS = "…"


@dataclass(frozen=True)
class SheetLayout:
    """The layout of one sheet, in pixels.

    Args:
        sheet: what is drawn.
        size: edge of a face.
        captions: whether each face has a caption.
        stepped: whether there is a second line below the title.
    """

    sheet: Sheet
    size: int
    captions: bool = False
    stepped: bool = False

    @property
    def text(self) -> int:
        """Height of the text."""
        return min(MOST, max(LEAST, self.size // SHARE))

    @property
    def gap(self) -> int:
        """Gap between faces."""
        return max(2, self.text // 3)

    @property
    def margin(self) -> int:
        """Margin of the sheet."""
        return 2 * self.text

    @functools.cached_property
    def head(self) -> int:
        """Width of the headings of rows."""
        words = [part for row in self.sheet.rows for part in (row.title, row.note) if part]
        widest = max((_font(self.text).getlength(part) for part in words), default=0)
        return math.ceil(min(widest, WIDEST_HEAD * self.text)) + self.text if words else 0

    @property
    def top(self) -> int:
        """Top of the first row: below the title, the second line, and the headings."""
        return self.margin + round((5.6 if self.stepped else 4) * self.text)

    @property
    def step(self) -> tuple[int, int]:
        """Distance from a face to the next one, across and down."""
        caption = round(2.9 * self.text) if self.captions else 0
        return self.size + self.gap, self.size + self.gap + caption

    @property
    def extent(self) -> tuple[int, int]:
        """Width and height, both even, as video needs them."""
        across, down = self.step
        width = 2 * self.margin + max(self.head + across * len(self.sheet.columns) - self.gap, NARROWEST * self.text)
        height = self.top + down * len(self.sheet.rows) + 2 * self.text + self.margin
        return width + width % 2, height + height % 2

    def corner(self, row: int, column: int) -> tuple[int, int]:
        """Return the upper left corner of a face."""
        across, down = self.step
        return self.margin + self.head + column * across, self.top + row * down


def draw(
    layout: SheetLayout, pictures: Mapping[tuple[int, int], np.ndarray], step: str = "", foot: str = ""
) -> Image.Image:
    """Draw a sheet.

    Args:
        layout: the sheet with all positions.
        pictures: (size, size, 3) uint8 by row and column; a cell without one is labelled as empty.
        step: the second line, such as the position of an animation.
        foot: the last line.

    Returns:
        The picture, in RGB.
    """
    image = Image.new("RGB", layout.extent, BACKGROUND)
    pen, text, margin = ImageDraw.Draw(image), layout.text, layout.margin
    room = layout.extent[0] - 2 * margin
    _write(pen, (margin, margin), layout.sheet.title, round(1.3 * text), INK, room)
    _write(pen, (margin, margin + 2 * text), step, text, CAPTION, room)
    for column, words in enumerate(layout.sheet.columns):
        middle = layout.corner(0, column)[0] + layout.size // 2
        _write(pen, (middle, layout.top - layout.gap), words, text, CAPTION, layout.size, "ms")
    for index, row in enumerate(layout.sheet.rows):
        _heading(pen, layout, index)
        for column, cell in enumerate(row.cells):
            corner = layout.corner(index, column)
            picture = pictures.get((index, column))
            if picture is None:
                pen.rectangle((*corner, corner[0] + layout.size - 1, corner[1] + layout.size - 1), NOWHERE)
                middle = (corner[0] + layout.size // 2, corner[1] + layout.size // 2)
                _write(pen, middle, "no face", text, CAPTION, layout.size, "mm")
            else:
                image.paste(Image.fromarray(np.ascontiguousarray(picture)), corner)
            if layout.captions:
                _caption(pen, layout, (corner[0], corner[1] + layout.size), cell.words)
    _write(pen, (margin, layout.extent[1] - margin), foot, text, CAPTION, room, "ls")
    return image


def _heading(pen: ImageDraw.ImageDraw, layout: SheetLayout, index: int) -> None:
    """Draw the heading of a row, once for both of its runs."""
    rows, text = layout.sheet.rows, layout.text
    row, y = rows[index], layout.corner(index, 0)[1] + layout.size // 2
    again = index > 0 and rows[index - 1].title == row.title and bool(row.locked)
    if row.title and not again:
        _write(pen, (layout.margin, y - round(0.8 * text)), row.title, text, INK, layout.head - text, "lm")
        y += round(0.8 * text)
    _write(pen, (layout.margin, y), row.note, text, LOCKED if row.locked else CAPTION, layout.head - text, "lm")


def _caption(pen: ImageDraw.ImageDraw, layout: SheetLayout, corner: tuple[int, int], words: str) -> None:
    """Draw two lines below a face: its base, and its pins."""
    name, _, pins = words.removeprefix("Face of ").partition(" with ")
    x, y = corner[0], corner[1] + layout.gap
    _write(pen, (x, y), name[:1].upper() + name[1:], layout.text, INK, layout.size)
    _write(pen, (x, y + round(1.25 * layout.text)), pins, layout.text, CAPTION, layout.size)


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], words: str, height: int, ink: str, room: float, anchor: str = "la"
) -> None:
    """Write a line, truncated to its width."""
    if words:
        pen.text(at, _fitting(words, height, int(room)), ink, _font(height), anchor)


@functools.lru_cache(maxsize=2000)
def _fitting(words: str, height: int, room: int) -> str:
    font = _font(height)
    if font.getlength(words) <= room:
        return words
    while words and font.getlength(words + ELLIPSIS) > room:
        words = words[:-1]
    return words.rstrip() + ELLIPSIS


@functools.lru_cache(maxsize=16)
def _font(height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), height)
