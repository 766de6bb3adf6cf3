"""Soft masks over the head as functions of the rest position: where beard, scalp hair, paint and wrinkles lie."""

from __future__ import annotations

import numpy as np

from training.render.geometry import Array, smoothstep


def head_masks(rest: Array) -> dict[str, Array]:
    """Compute every mask at once.

    Args:
        rest: (..., 3) rest positions in MakeHuman's coordinates.

    Returns:
        Name -> (...) in 0 to 1: beard, moustache, scalp (higher where hair goes later with age), scalp_wide, lips
        (a box; the skin's redness decides inside), shadow, blush, under_eye, wrinkles, plain (skin to measure).
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


def _wrinkles(side: Array, y: Array, z: Array) -> Array:
    def line(distance: Array, width: float) -> Array:
        return np.exp(-((distance / width) ** 2))

    total = np.zeros_like(y)
    for centre, depth in ((7.70, 0.7), (7.80, 0.9), (7.90, 0.8)):  # forehead
        curve = y - centre - 0.03 * np.sin(side * 6 + centre * 9) + 0.10 * side * side
        total = total + depth * line(curve, 0.014) * smoothstep(0.52, 0.30, side)
    total = total + 0.8 * line(side - 0.055, 0.012) * _between(y, 7.40, 7.46, 7.54, 7.60)  # between the brows
    fold = side - (0.20 + 0.17 * (6.93 - y) / 0.36)  # nose to mouth
    total = total + 0.55 * line(fold, 0.018) * _between(y, 6.48, 6.58, 6.88, 6.97) * smoothstep(1.1, 1.2, z)
    for slope in (-0.5, -0.1, 0.3):  # crow's feet
        total = total + 0.7 * line((y - 7.25) - slope * (side - 0.52), 0.012) * _between(side, 0.52, 0.55, 0.62, 0.70)
    for drop in (0.035, 0.075):  # under the eyes
        curve = y - (7.13 - drop) - 0.5 * (side - 0.33) ** 2
        total = total + 0.6 * line(curve, 0.010) * _between(side, 0.14, 0.2, 0.42, 0.5)
    corner = side - 0.33 - 0.10 * (6.58 - y)  # below the mouth's corners
    total = total + 0.5 * line(corner, 0.014) * _between(y, 6.36, 6.42, 6.54, 6.60) * (z > 1.1)
    return np.clip(total, 0, 1) * (z > 0.5)
