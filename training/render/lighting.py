"""Light: a key, a fill and a rim lamp, and surroundings as nine spherical harmonics.

Harmonics after Ramamoorthi and Hanrahan, "An Efficient Representation for Irradiance Environment Maps" (2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.render.geometry import Array, unit
from training.render.person import Person
from training.render.surroundings import Surroundings

_FACTOR = np.array([0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274])
_BAND = np.array([1, 2 / 3, 2 / 3, 2 / 3, 0.25, 0.25, 0.25, 0.25, 0.25])
PALER = 0.55
"""Share of white mixed into the colour of the surroundings' light, as cameras balance it too."""


@dataclass(frozen=True, eq=False)
class Lighting:
    """Directions and colours (3,) of three lamps, harmonics (9, 3), exposure, blur of the key's shadow."""

    key: Array
    key_colour: Array
    fill: Array
    fill_colour: Array
    rim: Array
    rim_colour: Array
    harmonics: Array
    exposure: float
    shadow_blur: float


def polynomials(directions: Array) -> Array:
    """Return the harmonics' polynomials (9, n) without their factors, of unit vectors (n, 3), as light.glsl computes
    them.
    """
    x, y, z = directions.T
    return np.stack([np.ones_like(x), y, z, x, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y])


def irradiance(directions: Array, flux: Array) -> Array:
    """Return the coefficients (9, 3) of irradiance over pi for `polynomials`.

    Args:
        directions: (n, 3) that light comes from.
        flux: (n, 3) radiance times solid angle.
    """
    return ((polynomials(directions) @ flux) * (_BAND * _FACTOR**2)[:, None]).astype(np.float32)


def light(person: Person, backdrop: Array, surroundings: Surroundings) -> Lighting:
    """Return the lamps and surroundings of a picture.

    Args:
        person: `light_x` and `light_y` give the key light's position, `light_hardness` its relative strength.
        backdrop: mean colour (3,) of the background in linear light; it lights from behind.
        surroundings: of the kit.

    Returns:
        Lighting.
    """
    hard = person.light_hardness
    key = unit(np.array([person.light_x * 1.15, 0.05 + 0.95 * person.light_y, 1.0 - 0.35 * abs(person.light_x)]))
    fill = unit(np.array([-0.9 * person.light_x, 0.2, 0.8]))
    rim = unit(np.array([-0.8 * person.light_x - 0.3, 0.45, -0.75]))
    directions, flux = surroundings.radiance(person.surroundings, person.turn)
    brightness = flux @ np.array([0.2126, 0.7152, 0.0722])
    flux = flux * (1 - PALER) + PALER * brightness[:, None]
    harmonics = irradiance(directions, flux / max(float(brightness.sum()) / (4 * np.pi), 1e-6) * 0.42)
    harmonics[0] += 0.10 * (0.5 + backdrop)
    harmonics[2] -= 0.10 * backdrop
    return Lighting(
        key,
        _warm(person.warmth) * (0.55 + 1.05 * hard),
        fill,
        _warm(-0.4 * person.warmth) * person.fill,
        rim,
        (0.4 + 0.6 * _warm(-person.warmth)) * person.rim_light * 0.9,
        harmonics * (1.35 - 0.60 * hard),
        0.76 * 2**person.exposure * (1 + 0.60 * person.skin_darkness),
        0.006 + 0.012 * (1 - hard),
    )


def _warm(amount: float) -> Array:
    return np.array([1 + 0.16 * amount, 1 + 0.01 * amount, 1 - 0.20 * amount])
