"""Light: a key, a fill and a rim lamp, and surroundings as nine spherical harmonics.

Harmonics after Ramamoorthi and Hanrahan, "An Efficient Representation for Irradiance Environment Maps" (2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.render.geometry import Array, sphere_directions, unit
from training.render.person import Person

DIRECTIONS = sphere_directions(256)
_X, _Y, _Z = DIRECTIONS.T
_BASIS = np.stack(
    [
        0.282095 + 0 * _X,
        0.488603 * _Y,
        0.488603 * _Z,
        0.488603 * _X,
        1.092548 * _X * _Y,
        1.092548 * _Y * _Z,
        0.315392 * (3 * _Z * _Z - 1),
        1.092548 * _X * _Z,
        0.546274 * (_X * _X - _Y * _Y),
    ]
)
_FACTOR = np.array([0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274])
_BAND = np.array([1, 2 / 3, 2 / 3, 2 / 3, 0.25, 0.25, 0.25, 0.25, 0.25])


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


def irradiance(radiance: Array) -> Array:
    """Radiance (256, 3) along DIRECTIONS -> nine polynomial coefficients (9, 3) of irradiance over pi."""
    return ((_BASIS @ radiance) * (4 * np.pi / len(DIRECTIONS)) * (_BAND * _FACTOR)[:, None]).astype(np.float32)


def light(person: Person, backdrop: Array) -> Lighting:
    """The lamps and surroundings of a picture.

    Args:
        person: `light_x` and `light_y` say where the key stands, `light_hardness` how it outweighs the rest.
        backdrop: mean colour (3,) of the background, sRGB; it lights from behind.

    Returns:
        Lighting.
    """
    rng = person.stream("light")
    hard = person.light_hardness
    key = unit(np.array([person.light_x * 1.15, 0.05 + 0.95 * person.light_y, 1.0 - 0.35 * abs(person.light_x)]))
    fill = unit(np.array([-np.sign(key[0]) * rng.uniform(0.5, 1.2), rng.uniform(-0.1, 0.5), rng.uniform(0.5, 1.0)]))
    rim = unit(
        np.array([np.sign(rng.uniform(-1, 1)) * rng.uniform(0.6, 1), rng.uniform(0.1, 0.8), -rng.uniform(0.5, 1)])
    )
    sky = (0.50 + 0.25 * rng.random()) * _warm(-person.warmth * 0.4 + rng.uniform(-0.15, 0.15))
    ground = np.array([0.30, 0.26, 0.23]) * rng.uniform(0.6, 1.1)
    radiance = np.where(DIRECTIONS[:, 1:2] > 0, sky, ground) + backdrop**2.2 * 0.5 * np.clip(-DIRECTIONS[:, 2:3], 0, 1)
    radiance = radiance * (0.55 + 0.45 * DIRECTIONS[:, 2:3])
    for _ in range(2):
        lamp = unit(np.array([rng.uniform(-1, 1), rng.uniform(-0.3, 1), rng.uniform(-0.2, 1)]))
        cone = np.clip((DIRECTIONS @ lamp - 0.6) / 0.4, 0, 1)[:, None]
        radiance = radiance + _warm(rng.uniform(-0.5, 0.5)) * rng.uniform(0.3, 1.0) * cone
    rim_on = rng.random() < 0.6
    return Lighting(
        key,
        _warm(person.warmth * 0.6 + rng.uniform(-0.15, 0.15)) * (0.55 + 1.05 * hard),
        fill,
        _warm(rng.uniform(-0.4, 0.4)) * rng.uniform(0.12, 0.32),
        rim,
        _warm(rng.uniform(-0.5, 0.5)) * rng.uniform(0.1, 0.8) * rim_on,
        irradiance(radiance * (1.25 - 0.55 * hard)),
        0.84 * 2 ** rng.uniform(-0.12, 0.16) * (1 + 0.45 * person.skin_darkness),
        0.006 + 0.012 * (1 - hard),
    )


def _warm(amount: float) -> Array:
    return np.array([1 + 0.16 * amount, 1 + 0.01 * amount, 1 - 0.20 * amount])
