"""The backdrop: surroundings out of focus, tinted per person."""

from __future__ import annotations

import cv2
import numpy as np

from training.render.colours import lab_to_linear, to_srgb
from training.render.formats import ByteArray
from training.render.geometry import Array
from training.render.person import Person
from training.render.surroundings import WIDTH, Surroundings

SIZE = 128
VIEW = 64.0  # degrees of the surroundings that the backdrop shows, in width and height
STRENGTH = 0.70


def paint(person: Person, surroundings: Surroundings) -> tuple[Array, ByteArray]:
    """Paint a backdrop: the surroundings' differences from their mean, around the person's colour.

    Args:
        person: `backdrop` is its mean colour, `backdrop_detail` how strongly the surroundings show in it.
        surroundings: of the kit.

    Returns:
        Mean colour (3,) in linear light, and a picture uint8 (128, 128, 3), sRGB.
    """
    per_degree = WIDTH / 360
    side = round(VIEW * per_degree)
    seen = surroundings.behind(person.surroundings, person.turn, side)
    varied = (seen - seen.mean((0, 1))) * (STRENGTH * person.backdrop_detail)
    mean = np.array(person.backdrop)
    small = to_srgb(lab_to_linear(mean + varied)).astype(np.float32)
    large = cv2.resize(small, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    large = cv2.GaussianBlur(large, (0, 0), SIZE / side * 0.55)
    return lab_to_linear(mean), (np.clip(large, 0, 1) * 255 + 0.5).astype(np.uint8)
