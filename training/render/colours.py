"""Colours of skin, hair, lips and cloth, in linear light."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from training.render.geometry import Array
from training.render.person import Person


def to_linear(values: ArrayLike) -> Array:
    """sRGB (0 to 1) to linear light (IEC 61966-2-1)."""
    x = np.asarray(values, np.float32)
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def _srgb(*rows: tuple[int, int, int]) -> Array:
    return to_linear(np.array(rows) / 255.0)


SKIN_TONES = _srgb(
    (74, 47, 36),
    (94, 60, 44),
    (122, 80, 58),
    (160, 110, 82),
    (194, 142, 110),
    (214, 164, 134),
    (226, 180, 153),
    (232, 192, 168),
)  # dark to light
HAIR = np.array(
    [
        (0.010, 0.009, 0.009),
        (0.075, 0.040, 0.022),
        (0.42, 0.27, 0.12),
        (0.22, 0.060, 0.018),
        (0.21, 0.21, 0.21),
    ]
)  # in the order of person.HAIR_COLOURS
LIPSTICKS = _srgb((150, 25, 40), (190, 50, 75), (175, 60, 70), (120, 20, 45), (205, 70, 80), (160, 35, 30))
EYE_SHADOWS = np.array(
    [
        (0.35, 0.25, 0.22),
        (0.30, 0.22, 0.35),
        (0.20, 0.22, 0.30),
        (0.45, 0.28, 0.20),
        (0.15, 0.13, 0.13),
        (0.30, 0.32, 0.28),
    ]
)
FRAMES = np.array(
    [
        (0.008, 0.008, 0.008),
        (0.05, 0.022, 0.01),
        (0.02, 0.02, 0.022),
        (0.12, 0.12, 0.13),
        (0.12, 0.01, 0.012),
        (0.01, 0.02, 0.08),
    ]
)


def along(palette: Array, position: float) -> Array:
    """The colour at `position` (0 to 1) along a palette (n, 3), interpolated."""
    place = float(np.clip(position, 0, 1)) * (len(palette) - 1)
    index = min(int(place), len(palette) - 2)
    return palette[index] * (1 - place + index) + palette[index + 1] * (place - index)


def skin_tone(person: Person) -> Array:
    """Mean colour (3,) of a person's skin."""
    tint = 1 + np.array([0.05, -0.06, -0.07]) * person.skin_redness
    return along(SKIN_TONES, 1 - person.skin_darkness) * tint * person.stream("skin").uniform(0.97, 1.03)


def hair_root(person: Person) -> Array:
    """Colour (3,) of a person's hair at the roots."""
    return np.maximum(np.asarray(person.hair_mix) @ HAIR, 0.004) * 2 ** (person.hair_brightness * 1.1)


def hair_tip(person: Person) -> Array:
    """Colour (3,) of the tips: a little lighter, as the sun leaves it; gray stays gray."""
    lighter = person.stream("hair tips").uniform(-0.1, 0.4) * (1 - person.hair_mix[4])
    return hair_root(person) * (1 + lighter * np.array([1.1, 0.9, 0.7]))


def gray_strands(person: Person) -> tuple[float, float, float, float]:
    """Threshold of the noise from which strands are gray, and their colour."""
    share = person.hair_mix[4]
    mottled = 0 < share < 0.98
    return (1.3 - 0.75 * share if mottled else 2.0, 0.28, 0.277, 0.272)


def at_most(colour: Array, brightest: float) -> Array:
    """A colour (3,) darkened until no channel is above `brightest`; its hue stays."""
    return colour * min(1.0, brightest / float(colour.max()))


def brow_colour(person: Person, skin: Array) -> Array:
    """Colour (3,) of the brows: darker than the hair, never bright."""
    share = person.stream("brow colour").uniform(0.45, 0.8)
    return at_most(hair_root(person) * share, 0.16) * 0.8 + 0.004 + 0.03 * skin


def cloth(person: Person) -> tuple[Array, Array]:
    """Colours (3,) of the shirt and of its stripes: mostly quiet."""
    rng = person.stream("cloth")
    gray = np.full(3, rng.uniform(0.02, 0.7) ** 2)
    bright = rng.uniforms(0.05, 0.6, 3) ** 1.5
    stripes = rng.uniforms(0.05, 0.7, 3) ** 1.5
    return (bright if rng.random() < 0.4 else gray), stripes
