"""Soft masks over the head as functions of the rest position: beard, scalp hair, make-up and wrinkles."""

from __future__ import annotations

import numpy as np

from training.render.geometry import Array, smoothstep


def head_masks(rest: Array) -> dict[str, Array]:
    """Compute all masks.

    Args:
        rest: (..., 3) rest positions in MakeHuman's coordinates.

    Returns:
        Name -> (...) in 0 to 1: beard, moustache, scalp (higher where hair goes later with age), scalp_wide, lips
        (a box; the skin's redness decides inside), shadow, blush, under_eye, wrinkles (fine lines), folds (deep ones),
        spots (where freckles and age spots lie), nostrils, chin (where a goatee grows), plain (skin to measure).
    """
    side, y, z = np.abs(rest[..., 0]), rest[..., 1], rest[..., 2]
    return {
        "beard": _beard(side, y, z),
        "moustache": _moustache(side, y, z),
        **_scalp(y, z),
        "lips": _between(side, -1, 0, 0.30, 0.33) * _between(y, 6.44, 6.47, 6.74, 6.77) * smoothstep(1.30, 1.36, z),
        "shadow": _between(side, 0.12, 0.20, 0.50, 0.58)
        * _between(y, 7.27, 7.31, 7.40, 7.50)
        * smoothstep(1.0, 1.15, z),
        "blush": _blob(side, y, 0.50, 6.97, 0.20, 0.16) * smoothstep(0.4, 0.9, z)
        + 0.5 * _blob(side, y, 0.0, 6.95, 0.12, 0.12) * smoothstep(1.4, 1.55, z),
        "under_eye": np.exp(-(((side - 0.32) / 0.17) ** 2 + ((y - 7.14 - 0.25 * (side - 0.32) ** 2) / 0.055) ** 2))
        * smoothstep(1.0, 1.2, z),
        "wrinkles": _wrinkles(side, y, z),
        "folds": _folds(side, y, z),
        "spots": _spots(side, y, z),
        "nostrils": _blob(side, y, 0.085, 6.875, 0.042, 0.022) * smoothstep(1.42, 1.48, z),
        "chin": smoothstep(0.40, 0.26, side),
        "plain": _plain(side, y, z),
    }


def _plain(side: Array, y: Array, z: Array) -> Array:
    cheeks = (side > 0.25) & (side < 0.5) & (y > 6.85) & (y < 7.05)
    forehead = (side < 0.35) & (y > 7.65) & (y < 7.9)
    return ((cheeks | forehead) & (z > 1.0)).astype(np.float32)


def _between(value: Array, rise: float, risen: float, falling: float, fallen: float) -> Array:
    return smoothstep(rise, risen, value) * smoothstep(fallen, falling, value)


def _blob(side: Array, y: Array, centre_side: float, centre_y: float, width: float, height: float) -> Array:
    return np.exp(-(((side - centre_side) / width) ** 2 + ((y - centre_y) / height) ** 2))


def _beard(side: Array, y: Array, z: Array) -> Array:
    cheek = np.where(side > 0.26, 6.58 + 1.05 * (side - 0.26), 6.50)
    chin = np.maximum(smoothstep(6.475, 6.44, y), smoothstep(0.26, 0.33, side) * smoothstep(6.72, 6.60, y))
    area = np.where(side > 0.29, smoothstep(0.10, -0.22, y - cheek), chin)
    area = area * smoothstep(0.30, 0.52, z) * smoothstep(6.10, 6.30, y + 0.22 * (z - 0.8))
    area = area * smoothstep(0.78, 0.64, side)
    return np.clip(area * (0.55 + 0.45 * smoothstep(0.75, 1.25, z)), 0, 1)  # longest at the chin


def _moustache(side: Array, y: Array, z: Array) -> Array:
    lip = smoothstep(0.36, 0.28, side) * smoothstep(1.30, 1.38, z)
    lip = lip * smoothstep(6.845 - 0.25 * side, 6.79 - 0.25 * side, y)
    lip = lip * smoothstep(6.655 - 0.18 * side, 6.70 - 0.18 * side, y)
    corners = _between(side, 0.275, 0.30, 0.33, 0.36) * _between(y, 6.40, 6.48, 6.68, 6.74) * smoothstep(1.2, 1.3, z)
    return np.clip(lip + 0.6 * corners, 0, 1)


def _scalp(y: Array, z: Array) -> dict[str, Array]:
    depths = [-1, 0.10, 0.26, 0.34, 0.60, 0.68, 0.80, 1.02, 1.22, 1.42]
    heights = [6.55, 6.72, 6.80, 7.42, 7.35, 7.05, 7.62, 7.80, 7.98, 8.06]
    above = y - np.interp(z, depths, heights)
    crown = smoothstep(7.55, 8.35, y) * smoothstep(-0.5, 0.5, z)
    top = np.maximum(crown, 0.97 * smoothstep(7.70, 7.92, y) * smoothstep(0.55, 1.0, z))
    return {
        "scalp": smoothstep(-0.05, 0.10, above) * (0.32 + 0.68 * (1 - top)),
        "scalp_wide": smoothstep(-0.30, -0.06, above),
    }


def _line(distance: Array, width: float) -> Array:
    return np.exp(-((distance / width) ** 2))


def _wrinkles(side: Array, y: Array, z: Array) -> Array:
    total = np.zeros_like(y)
    for centre, depth in ((7.66, 0.7), (7.73, 0.9), (7.80, 1.0), (7.87, 0.9), (7.94, 0.6)):  # forehead
        curve = y - centre - 0.025 * np.sin(side * 6 + centre * 9) + 0.10 * side * side
        total = total + depth * _line(curve, 0.013) * smoothstep(0.58, 0.34, side)
    total = total + 0.9 * _line(side - 0.055, 0.013) * _between(y, 7.38, 7.44, 7.56, 7.64)  # between the brows
    for slope in (-0.65, -0.35, -0.08, 0.18, 0.45):  # crow's feet
        ray = (y - 7.25) - slope * (side - 0.50)
        total = total + 0.85 * _line(ray, 0.011) * _between(side, 0.51, 0.55, 0.64, 0.76)
    for drop, depth in ((0.03, 0.7), (0.06, 0.8), (0.095, 0.6)):  # under the eyes
        curve = y - (7.13 - drop) - 0.5 * (side - 0.33) ** 2 - 0.1 * (side - 0.33)
        total = total + depth * _line(curve, 0.009) * _between(side, 0.14, 0.2, 0.46, 0.56)
    for level in (0.03, 0.09, 0.15, 0.21):  # above the lip
        total = total + 0.5 * _line(side - level, 0.010) * _between(y, 6.68, 6.71, 6.76, 6.81)
    for shift in (0.0, 0.07, 0.14):  # cheeks
        arc = side - (0.40 + shift + 0.16 * (6.85 - y) - 0.25 * (6.75 - y) ** 2)
        total = total + 0.45 * _line(arc, 0.011) * _between(y, 6.50, 6.60, 6.85, 7.00) * smoothstep(0.7, 0.9, z)
    for height in (5.95, 6.07):  # neck
        ring = y - height - 0.10 * side * side
        total = total + 0.6 * _line(ring, 0.014) * smoothstep(0.6, 0.4, side)
    return np.clip(total, 0, 1) * (z > 0.4)


def _folds(side: Array, y: Array, z: Array) -> Array:
    nose_to_mouth = side - (0.19 + 0.20 * (6.93 - y) / 0.36)
    total = 1.0 * _line(nose_to_mouth, 0.024) * _between(y, 6.45, 6.58, 6.86, 6.96) * smoothstep(1.05, 1.2, z)
    below_corner = side - 0.33 - 0.12 * (6.58 - y)
    total = total + 0.8 * _line(below_corner, 0.020) * _between(y, 6.28, 6.38, 6.54, 6.60) * (z > 1.0)
    bag = y - 7.075 - 0.9 * (side - 0.32) ** 2
    total = total + 0.7 * _line(bag, 0.020) * _between(side, 0.12, 0.2, 0.46, 0.54) * (z > 1.0)
    jowl = (side - 0.47) - 0.55 * (6.42 - y)
    total = total + 0.5 * _line(jowl, 0.030) * _between(y, 6.22, 6.32, 6.44, 6.56) * (z > 0.7)
    lid = y - 7.385 + 0.6 * (side - 0.31) ** 2 + 0.12 * np.maximum(side - 0.36, 0)
    total = total + 0.5 * _line(lid, 0.012) * _between(side, 0.14, 0.2, 0.50, 0.58) * (z > 1.0)
    return np.clip(total, 0, 1)


def _spots(side: Array, y: Array, z: Array) -> Array:
    cheeks = _blob(side, y, 0.38, 7.00, 0.26, 0.18) + 0.9 * _blob(side, y, 0.0, 7.05, 0.16, 0.14)
    temples = 0.45 * _between(y, 7.3, 7.6, 8.3, 8.5)
    return np.clip(cheeks + temples + 0.15, 0, 1) * smoothstep(0.2, 0.6, z)
