"""Hair styles: which there are, who wears them, and how each is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Style:
    """One hair style.

    Attributes:
        long: it reaches the chin or below.
        bangs: hair falls over the forehead.
        men, women: share of those who are not bald.
        trimmed: the hair over the forehead is cut to a length of the person's own.
        contrast: exponent on the strands' brightness.
    """

    long: bool
    bangs: bool
    men: float
    women: float
    trimmed: bool = False
    contrast: float = 0.95


STYLES: dict[str, Style] = {
    "bald": Style(False, False, 0.0, 0.0),
    "buzz": Style(False, False, 0.15, 0.02),
    "short01": Style(False, False, 0.12, 0.03),
    "short02": Style(False, True, 0.13, 0.05),
    "short03": Style(False, True, 0.10, 0.07, trimmed=True),
    "short04": Style(False, False, 0.11, 0.03),
    "afro01": Style(False, False, 0.06, 0.05),
    "ponytail01": Style(False, False, 0.04, 0.10, contrast=0.75),
    "braid01": Style(True, True, 0.02, 0.06, trimmed=True, contrast=0.55),
    "bob01": Style(True, True, 0.03, 0.08, trimmed=True),
    "bob02": Style(True, True, 0.04, 0.10, trimmed=True),
    "long01": Style(True, False, 0.20, 0.41),
}
PROCEDURAL = ("bald", "buzz")  # drawn on the scalp: no mesh needed


def choose_style(rng: np.random.Generator, man: bool, available: Sequence[str]) -> str:
    """Draw a style (never "bald") from those a kit has; "buzz" is always there."""
    names = [name for name in STYLES if name == "buzz" or name in available]
    shares = np.array([STYLES[name].men if man else STYLES[name].women for name in names])
    return str(rng.choice(names, p=shares / shares.sum()))


def fringe_edge(style: str, depth: float) -> float:
    """Height (rest y) below which hair over the forehead is cut away; -9 where nothing is cut.

    Args:
        style: Name of the style.
        depth: 0 high on the forehead to 1 down to the brows.
    """
    return 7.47 + 0.22 * (1 - depth) if style in STYLES and STYLES[style].trimmed else -9.0


def lower_edge(style: str, cut: float) -> float:
    """Height (rest y) below which long hair is cut away; -9 where nothing is cut.

    Args:
        style: Name of the style.
        cut: 0 not at all, else up to 1 from the chest towards the jaw.
    """
    return 5.2 + 1.5 * cut if style == "long01" and cut > 0 else -9.0
