"""Colours of skin, hair, lips and cloth, in linear light."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from training.render.geometry import Array, smoothstep
from training.render.person import Person

WHITE = np.array([0.95047, 1.0, 1.08883])
FROM_XYZ = np.array([(3.2406, -1.5372, -0.4986), (-0.9689, 1.8758, 0.0415), (0.0557, -0.2040, 1.0570)])


def to_linear(values: ArrayLike) -> Array:
    """Convert sRGB (0 to 1) to linear light (IEC 61966-2-1)."""
    x = np.asarray(values, np.float32)
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def lab_to_linear(lab: ArrayLike) -> Array:
    """Convert CIELAB (..., 3), L 0 to 100, D65, to linear light, clipped to sRGB (CIE 15:2004)."""
    values = np.asarray(lab, np.float64)
    fy = (values[..., 0] + 16) / 116
    f = np.stack([fy + values[..., 1] / 500, fy, fy - values[..., 2] / 200], -1)
    xyz = np.where(f > 6 / 29, f**3, (f - 4 / 29) * 3 * (6 / 29) ** 2) * WHITE
    return np.clip(xyz @ FROM_XYZ.T, 0, 1)


def linear_to_lab(linear: ArrayLike) -> Array:
    """Convert linear light (..., 3) to CIELAB, D65."""
    xyz = np.asarray(linear, np.float64) @ np.linalg.inv(FROM_XYZ).T / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(np.maximum(xyz, 0)), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def to_srgb(linear: ArrayLike) -> Array:
    """Convert linear light to sRGB, both 0 to 1."""
    x = np.asarray(linear)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-9) ** (1 / 2.4) - 0.055)


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
SKIN_CHROMA = np.array([12.5, 18.5])  # a*, b* around which skins lie
MELANIN = np.array(
    [
        (0.56, 0.41, 0.22),
        (0.40, 0.26, 0.12),
        (0.20, 0.115, 0.052),
        (0.085, 0.046, 0.024),
        (0.030, 0.018, 0.012),
        (0.011, 0.009, 0.0085),
    ]
)  # colour of hair, from light blond to black
GRAYS = np.array([(0.16, 0.157, 0.155), (0.48, 0.475, 0.465)])  # of gray hair, at 30 and at 80 years
LIPSTICKS = _srgb((120, 20, 45), (150, 25, 40), (175, 60, 70), (190, 50, 75), (205, 80, 85), (215, 120, 105))
EYE_SHADOWS = np.array(
    [(0.20, 0.22, 0.32), (0.30, 0.22, 0.33), (0.30, 0.24, 0.22), (0.36, 0.25, 0.19), (0.46, 0.28, 0.2)]
)


def interpolate(palette: Array, position: float) -> Array:
    """Return the colour at `position` (0 to 1) of a palette (n, 3), interpolated."""
    at = float(np.clip(position, 0, 1)) * (len(palette) - 1)
    index = min(int(at), len(palette) - 2)
    return palette[index] * (1 - at + index) + palette[index + 1] * (at - index)


def skin_tone(person: Person) -> Array:
    """Return the mean colour (3,) of a person's skin; the old are a little paler and yellower."""
    lab = linear_to_lab(interpolate(SKIN_TONES, 1 - person.skin_darkness))
    own = np.array([4.5 * person.skin_redness, 6.0 * person.skin_yellowness + 1.5 * person.oldness])
    lab[1:] = SKIN_CHROMA + 0.35 * (lab[1:] - SKIN_CHROMA) + own * (0.5 + 0.5 * lab[0] / 80)
    return lab_to_linear(lab)


def hair_root(person: Person) -> Array:
    """Return the colour (3,) of a person's hair at the roots, gray mixed in."""
    natural = np.exp(interpolate(np.log(MELANIN), person.melanin))
    redness = person.hair_redness * (1 - 0.8 * person.gray) * (1.05 - 0.65 * person.melanin)
    natural = natural * (1 + redness * np.array([1.0, -0.14, -0.60]))
    white = interpolate(GRAYS, (person.age - 30) / 50)
    share = _gray_share(person)
    return natural * (1 - share) + white * share


def hair_tip(person: Person) -> Array:
    """Return the colour (3,) of the tips: a little lighter, as if bleached by the sun; gray stays gray."""
    return hair_root(person) * (1 + person.hair_tips * (1 - person.gray) * np.array([1.1, 0.9, 0.7]))


def gray_strands(person: Person) -> tuple[float, float, float, float]:
    """Return the threshold of the noise from which strands are gray, and their colour."""
    red, green, blue = interpolate(GRAYS, (person.age - 30) / 50)
    return (1.15 - 0.75 * person.gray, float(red), float(green), float(blue))


def _gray_share(person: Person) -> float:
    """Return how gray the roots are as a whole: at first less than single strands."""
    return float(smoothstep(0.25, 0.85, person.gray))


def at_most(colour: Array, brightest: float) -> Array:
    """Return a colour (3,) darkened until no channel is above `brightest`; its hue stays."""
    return colour * min(1.0, brightest / float(colour.max()))


def brow_colour(person: Person, skin: Array) -> Array:
    """Return the colour (3,) of the brows: darker than the hair, and bright only where it is gray."""
    return at_most(hair_root(person) * 0.65, 0.13 + 0.16 * _gray_share(person)) * 0.85 + 0.004 + 0.03 * skin


def lash_colour(person: Person) -> Array:
    """Return the colour (3,) of the lashes: dark, lighter with fair and gray hair, painted dark."""
    return 0.006 + (0.10 * hair_root(person) + 0.02 * person.oldness) * (1 - person.makeup)


def rim_colour(person: Person) -> Array:
    """Return the colour (3,) of the rims of glasses: black, by way of brown and red or blue, to metal."""
    *_, lightness, redness = person.rim
    hue = np.array([0.25 + 1.5 * redness, 0.6, 1.45 - 1.2 * redness])
    return (0.006 + 0.16 * lightness) * (0.45 * hue + 0.55)


def cloth(person: Person) -> Array:
    """Return the colour (3,) of the shirt."""
    return 0.012 + 0.85 * lab_to_linear(person.shirt)
