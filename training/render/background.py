"""Soft plain backgrounds: two close colours in a smooth gradient, a little darker at the corners."""

from __future__ import annotations

import colorsys

import numpy as np

from training.render.formats import ByteArray
from training.render.geometry import Array
from training.render.person import Person

SIZE = 64


def paint(person: Person) -> tuple[Array, ByteArray]:
    """Paint a background.

    Args:
        person: `background` is its brightness, 0 to 1.

    Returns:
        Mean colour (3,) in sRGB, and a picture uint8 (64, 64, 3).
    """
    rng = person.stream("background")
    hue, saturation = rng.random(), 0.45 * rng.beta(1.2, 2.6)
    value = 0.12 + 0.80 * person.background
    near = _colour(hue, saturation, value + rng.normal() * 0.03)
    far = _colour(hue + rng.normal() * 0.04, saturation + rng.normal() * 0.06, value + rng.normal() * 0.08)
    y, x = np.mgrid[0:SIZE, 0:SIZE] / (SIZE - 1.0) - 0.5
    slope = rng.uniforms(-1, 1, 2)
    share = np.clip(x * slope[0] + y * slope[1] + 0.5, 0, 1)[..., None]
    picture = near * (1 - share) + far * share
    picture = picture * (1 - rng.uniform(0, 0.5) * (x**2 + y**2)[..., None])
    return (near + far) / 2, (np.clip(picture, 0, 1) * 255).astype(np.uint8)


def _colour(hue: float, saturation: float, value: float) -> Array:
    return np.array(colorsys.hsv_to_rgb(hue % 1, float(np.clip(saturation, 0, 0.6)), float(np.clip(value, 0.05, 0.98))))
