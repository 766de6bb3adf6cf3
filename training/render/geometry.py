"""Small geometry: unit vectors, rotations, directions on the sphere, smooth steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def unit(vectors: ArrayLike) -> Array:
    """Scale vectors (..., 3) to length one; zero stays zero."""
    values = np.asarray(vectors)
    return values / np.maximum(np.sqrt((values * values).sum(-1, keepdims=True)), 1e-9)


def smoothstep(start: ArrayLike, end: ArrayLike, value: ArrayLike) -> Array:
    """Compute the Hermite step from 0 at `start` to 1 at `end`, as in GLSL; `start` may be larger than `end`."""
    share = np.clip((np.asarray(value) - start) / (np.asarray(end) - np.asarray(start)), 0, 1)
    return share * share * (3 - 2 * share)


def rotation(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Array:
    """Return the rotation matrix (3, 3): roll about z, then pitch about x, then yaw about y; angles in radians."""
    cos_yaw, sin_yaw = np.cos(yaw), np.sin(yaw)
    cos_pitch, sin_pitch = np.cos(pitch), np.sin(pitch)
    cos_roll, sin_roll = np.cos(roll), np.sin(roll)
    about_y = np.array([[cos_yaw, 0, sin_yaw], [0, 1, 0], [-sin_yaw, 0, cos_yaw]])
    about_x = np.array([[1, 0, 0], [0, cos_pitch, -sin_pitch], [0, sin_pitch, cos_pitch]])
    about_z = np.array([[cos_roll, -sin_roll, 0], [sin_roll, cos_roll, 0], [0, 0, 1]])
    return (about_y @ about_x @ about_z).astype(np.float32)


def sphere_directions(count: int) -> Array:
    """Return the evenly spread unit directions (count, 3) on a Fibonacci spiral."""
    index = np.arange(count) + 0.5
    polar = np.arccos(1 - 2 * index / count)
    around = np.pi * (1 + 5**0.5) * index
    return np.stack([np.cos(around) * np.sin(polar), np.cos(polar), np.sin(around) * np.sin(polar)], 1).astype(
        np.float32
    )


def light_view(direction: ArrayLike, centre: ArrayLike = (0, 7.15, 0.35), radius: float = 2.1) -> Array:
    """Return the orthographic view (4, 4) from a direction that contains a ball around `centre`, for depth maps."""
    towards = unit(np.asarray(direction, np.float64))
    up = np.array([0.0, 1.0, 0.0]) if abs(towards[1]) < 0.95 else np.array([1.0, 0.0, 0.0])
    right = unit(np.cross(up, towards))
    view = np.eye(4)
    scales = (1 / radius, 1 / radius, -1 / (radius * 1.6))
    for row, (axis, scale) in enumerate(zip((right, np.cross(towards, right), towards), scales, strict=True)):
        view[row, :3] = axis * scale
        view[row, 3] = -np.dot(axis, np.asarray(centre, np.float64)) * scale
    return view.astype(np.float32)
