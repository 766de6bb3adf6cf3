"""Eyeglasses, built around the eyes of each head: two rims, a bridge, two temples, lenses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from training.render.geometry import Array, unit
from training.render.person import Person

AROUND = 40
SEGMENTS = 6


class Landmarks(NamedTuple):
    """Points (3,) of a morphed head where glasses rest; pairs are left (+x), right."""

    eyes: tuple[Array, Array]
    nose_root: Array
    brows: tuple[Array, Array]
    temples: tuple[Array, Array]
    ears: tuple[Array, Array]


@dataclass(frozen=True, eq=False)
class Glasses:
    """Meshes of the frame and the lenses: positions and normals (n, 3), triangles (m, 3)."""

    frame: tuple[Array, Array, Array]
    lenses: tuple[Array, Array, Array]


def build_glasses(person: Person, marks: Landmarks) -> Glasses:
    """Return the glasses that fit a head.

    Args:
        person: The wearer; `rim` has the glasses' width, height, squareness and thickness.
        marks: Points where they rest.

    Returns:
        Glasses.
    """
    left, right = marks.eyes
    apart = float(left[0] - right[0])
    across, up, squareness, radius = person.rim[:4]
    width = apart * across
    height = width * up
    around = np.arange(AROUND) * 2 * np.pi / AROUND
    cosine, sine = np.cos(around), np.sin(around)
    rim_x = np.sign(cosine) * np.abs(cosine) ** (2 / squareness) * width
    rim_y = np.sign(sine) * np.abs(sine) ** (2 / squareness) * height
    depth = max(marks.nose_root[2] + 0.01, max(brow[2] for brow in marks.brows) - 0.02, left[2] + 0.24)
    middle = (left[1] + right[1]) / 2 - 0.05
    centre = max(apart / 2 * 1.04, width + 0.055)
    tubes: list[tuple[Array, Array, Array]] = []
    lenses: list[tuple[Array, Array]] = []
    for side, ear, temple in ((1, marks.ears[0], marks.temples[0]), (-1, marks.ears[1], marks.temples[1])):
        bend = 0.30 * np.maximum(0, side * rim_x) ** 2 + 0.10 * (side * rim_x + width)
        rim = np.stack([side * centre + rim_x, middle + rim_y, depth - bend], 1)
        tubes.append(_tube(rim, radius, closed=True))
        lenses.append((np.vstack([rim.mean(0), rim]), _fan(AROUND)))
        hinge = rim[np.argmax(side * rim[:, 0])] + [0, height * 0.35, 0]
        out = max(abs(temple[0]) + 0.04, abs(hinge[0]))
        arm = [
            hinge,
            [side * out, hinge[1] + 0.02, hinge[2] - 0.12],
            [side * max(out, abs(ear[0]) + 0.01), (hinge[1] + ear[1]) / 2 + 0.02, (hinge[2] + ear[2]) / 2],
            [side * (abs(ear[0]) + 0.02), ear[1] + 0.03, ear[2] - 0.1],
        ]
        tubes.append(_tube(np.array(arm), radius * 0.9, closed=False))
    step = np.linspace(-1, 1, 9)[:, None]
    arch = 1 - step * step
    bridge = np.hstack([step * (centre - width), middle + height * 0.28 + 0.04 * arch, depth + 0.015 * arch])
    tubes.append(_tube(bridge, radius * 0.9, closed=False))
    flat = np.vstack([points for points, _ in lenses])
    towards = np.tile(np.array([[0, 0, 1.0]]), (len(flat), 1))
    lens_triangles = np.vstack([triangles + (AROUND + 1) * index for index, (_, triangles) in enumerate(lenses)])
    return Glasses(_join(tubes), (flat, towards, lens_triangles))


def _fan(count: int) -> Array:
    index = np.arange(count)
    return np.stack([0 * index, 1 + index, 1 + (index + 1) % count], 1)


def _join(meshes: list[tuple[Array, Array, Array]]) -> tuple[Array, Array, Array]:
    starts = np.cumsum([0, *(len(points) for points, _, _ in meshes)])
    triangles = [mesh[2] + start for mesh, start in zip(meshes, starts, strict=False)]
    return np.vstack([mesh[0] for mesh in meshes]), np.vstack([mesh[1] for mesh in meshes]), np.vstack(triangles)


def _tube(path: Array, radius: float, closed: bool) -> tuple[Array, Array, Array]:
    """Return a tube around a polyline (n, 3)."""
    count = len(path)
    tangents = unit(np.roll(path, -1, 0) - np.roll(path, 1, 0) if closed else np.gradient(path, axis=0))
    up = np.array([0, 0, 1.0]) if closed else np.array([0, 1, 0.01])
    across = unit(np.cross(tangents, up))
    other = np.cross(tangents, across)
    angle = np.arange(SEGMENTS) * 2 * np.pi / SEGMENTS
    normals = across[:, None] * np.cos(angle)[None, :, None] + other[:, None] * np.sin(angle)[None, :, None]
    ring = np.arange(count if closed else count - 1)[:, None]
    spoke = np.arange(SEGMENTS)[None]
    next_ring, next_spoke = (ring + 1) % count, (spoke + 1) % SEGMENTS
    corners = [
        ring * SEGMENTS + spoke,
        next_ring * SEGMENTS + spoke,
        next_ring * SEGMENTS + next_spoke,
        ring * SEGMENTS + spoke,
        next_ring * SEGMENTS + next_spoke,
        ring * SEGMENTS + next_spoke,
    ]
    points = path[:, None] + normals * radius
    return points.reshape(-1, 3), normals.reshape(-1, 3), np.stack(np.broadcast_arrays(*corners), -1).reshape(-1, 3)
