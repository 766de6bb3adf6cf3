"""Hair styles: which there are, who wears them, and how each is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.render.chance import Chance


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


def style_shares(man: bool, available: Sequence[str]) -> dict[str, float]:
    """Shares of all styles among men or among women: 0 for "bald" and what a kit lacks ("buzz" is always there)."""
    shares = {name: style.men if man else style.women for name, style in STYLES.items()}
    return {name: share if name == "buzz" or name in available else 0.0 for name, share in shares.items()}


def choose_style(rng: Chance, man: bool, available: Sequence[str]) -> str:
    """Draw a style (never "bald") from those a kit has."""
    shares = style_shares(man, available)
    return list(shares)[rng.choice(list(shares.values()))]


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
