"""The random numbers of a face: named standard normal numbers, and functions that convert one to a drawn property.

A face's numbers are its code, on which the generator is trained (``training.codes``). So every drawn property must have
a slope in few of them: continuous properties rise or fall with one number or a weighted sum (`Numbers.index`), switches
(glasses, a beard) turn on where such a sum passes a threshold, and ordered classes (lengths of hair) are intervals of
one sum. There are no angles, and no choice by the largest of several numbers, because neither has a slope.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from training.render.geometry import Array
from training.render.shapes import ASYMMETRIES, INDIVIDUAL

NAMES: tuple[str, ...] = (
    *("sex", "age", "ancestry_1", "ancestry_2", "skin_darkness", "skin_redness", "skin_yellowness"),
    *("chubby", "muscle", "smiling", "mouth_open", "brow_raise", "frown", "eyes_closed", "pout", "gaze_x", "gaze_y"),
    *("narrow_eyes", "eye_size", "eye_distance", "eye_slant", "big_nose", "pointy_nose", "nose_length", "big_lips"),
    *("wide_mouth", "bushy_eyebrows", "arched_eyebrows", "oval_face", "high_cheekbones", "double_chin", "square_jaw"),
    *("long_chin", "forehead", "ear_size", "neck_width"),
    *("wrinkles", "eye_bags", "freckles", "shine", "iris", "teeth"),
    *("melanin", "hair_redness", "gray", "hair_tips", "hair_length", "fringe", "curl", "volume", "parting", "baldness"),
    *("beard", "beard_width", "moustache", "stubble", "makeup", "lipstick", "lipstick_hue", "eye_shadow_hue"),
    *("eyeglasses", "rim_width", "rim_height", "rim_squareness", "rim_thickness", "rim_lightness", "rim_redness"),
    *("yaw", "pitch", "shoulders", "distance"),
    *("light_x", "light_y", "light_hardness", "warmth", "fill", "rim_light", "surroundings", "turn", "exposure"),
    *("backdrop_lightness", "backdrop_a", "backdrop_b", "backdrop_detail"),
    *("shirt_lightness", "shirt_a", "shirt_b", "collar", "vee"),
    *(f"shape {name}" for name in INDIVIDUAL),
    *(f"asymmetry {name}" for name in ASYMMETRIES),
)
"""Meaning of each number of a code, in sequence."""
INDEX = {name: index for index, name in enumerate(NAMES)}


class Numbers:
    """A code's numbers by name.

    Args:
        code: (len(NAMES),) standard normal numbers.
    """

    def __init__(self, code: Array) -> None:
        if np.shape(code) != (len(NAMES),):
            raise ValueError(f"Expected {len(NAMES)} numbers. Received: shape {np.shape(code)}.")
        self._code = np.asarray(code, np.float64)

    def __getitem__(self, name: str) -> float:
        return float(self._code[INDEX[name]])

    def index(self, **weights: float) -> float:
        """Return the weighted sum of numbers, divided so that it is a standard normal number again."""
        length = sum(weight * weight for weight in weights.values()) ** 0.5
        return sum(weight * self[name] for name, weight in weights.items()) / length

    def several(self, prefix: str, names: tuple[str, ...]) -> Array:
        """Return the numbers (n,) that share a prefix."""
        return np.array([self[f"{prefix} {name}"] for name in names])


def share(normal: float) -> float:
    """Return a number from 0 to 1, uniform, that rises with a standard normal number."""
    return float(ndtr(normal))


def between(normal: float, low: float, high: float) -> float:
    """Return a number from `low` to `high`, uniform, that rises with a standard normal number."""
    return low + (high - low) * share(normal)


def bell(normal: float, spread: float, centre: float = 0.0, low: float = -1.0, high: float = 1.0) -> float:
    """Return a normal number with that mean and standard deviation, clipped to `low` and `high`."""
    return float(np.clip(centre + spread * normal, low, high))


def grown(normal: float, frequency: float, least: float, span: float = 1.6) -> float:
    """Return a switch's amount: 0 for most faces, above 0 for the `frequency` of faces with the highest numbers.

    Args:
        normal: standard normal number.
        frequency: share of faces for which the switch is on, 0 to 1.
        least: its amount at the threshold, small; from there it grows to 1.
        span: over how many standard deviations it grows.
    """
    excess = normal - float(ndtri(1 - frequency))
    return 0.0 if excess <= 0 else least + (1 - least) * min(1.0, excess / span)
