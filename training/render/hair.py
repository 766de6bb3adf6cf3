"""Hair styles: names, lengths, and how each is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """One hair style.

    Attributes:
        long: it reaches the chin or below.
        bangs: hair falls over the forehead.
        trimmed: the hair over the forehead is cut to a length of the person's own.
        contrast: exponent on the strands' brightness.
    """

    long: bool
    bangs: bool
    trimmed: bool = False
    contrast: float = 0.95


STYLES: dict[str, Style] = {
    "bald": Style(False, False),
    "buzz": Style(False, False),
    "short01": Style(False, False),
    "short02": Style(False, True),
    "short03": Style(False, True, trimmed=True),
    "short04": Style(False, False),
    "afro01": Style(False, False),
    "ponytail01": Style(False, False, contrast=0.75),
    "braid01": Style(True, True, trimmed=True, contrast=0.55),
    "bob01": Style(True, True, trimmed=True),
    "bob02": Style(True, True, trimmed=True),
    "long01": Style(True, False),
}
PROCEDURAL = ("bald", "buzz")  # drawn on the scalp: no mesh needed
BANDS: tuple[tuple[float, tuple[str, ...], tuple[str, ...]], ...] = (
    (-1.15, ("buzz",), ("buzz",)),
    (-0.60, ("short04",), ("short02", "short03")),
    (-0.10, ("short01", "short04"), ("short03", "short02")),
    (0.25, ("ponytail01", "short01"), ("bob01", "bob02")),
    (0.90, ("long01",), ("bob02", "bob01")),
    (9.0, ("long01",), ("braid01", "bob02")),
)
"""Upper length of each band, and its styles without and with bangs, each followed by its substitute."""
CURLY = 1.35
"""Curl number from which short hair without bangs is an afro."""
LONG = 0.25
CROPPED = 0.35


def style_of(length: float, bangs: bool, curl: float, to_bald: float, available: Sequence[str]) -> str:
    """Return the style of hair, in bands of its length.

    Args:
        length: a standard normal number, low for short hair.
        bangs: whether hair falls over the forehead.
        curl: a standard normal number.
        to_bald: standard deviations above which there is no hair; slightly below, short hair is cropped.
        available: styles of a kit; "bald" and "buzz" always exist.
    """
    if to_bald > 0:
        return "bald"
    if to_bald > -CROPPED and length < LONG:
        return "buzz"
    without, fringed = next((plain, fringed) for end, plain, fringed in BANDS if length < end or end == BANDS[-1][0])
    wanted = fringed if bangs else without
    if curl > CURLY and not bangs and length < LONG:
        wanted = ("afro01", *wanted)
    return next((name for name in wanted if name in available), "buzz")


def fringe_edge(style: str, depth: float) -> float:
    """Return the height (rest y) below which hair over the forehead is cut; -9 where nothing is cut.

    Args:
        style: Name of the style.
        depth: 0 high on the forehead to 1 down to the brows.
    """
    return 7.47 + 0.22 * (1 - depth) if style in STYLES and STYLES[style].trimmed else -9.0


def lower_edge(style: str, length: float) -> float:
    """Return the height (rest y) below which long hair is cut; -9 where nothing is cut.

    Args:
        style: Name of the style.
        length: a standard normal number; just long enough for the style it ends at the jaw, later at the chest.
    """
    return max(6.55 - 1.0 * (length - LONG), 4.5) if style == "long01" else -9.0
