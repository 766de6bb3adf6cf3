"""Pose and framing: every face fills the picture in the same way, its eyes at the same place.

Aligned as FFHQ and CelebA-HQ are, but tighter: chin to hairline fills about three quarters of the height. The scale
comes from the head at rest in its own proportions (between the eyes, eyes to nose), so that neither turning nor
opening the mouth changes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.render.geometry import Array, rotation
from training.render.person import Person

EYE_LINE = 0.43  # from the top of the picture
TIGHTNESS = 1.89  # half the picture's height, in units of the face's own measure


@dataclass(frozen=True, eq=False)
class Camera:
    """Rotations of head and body about `pivot`, and a perspective camera on the z axis at its height."""

    head: Array
    body: Array
    pivot: Array
    distance: float
    scale: float
    shift: tuple[float, float]

    def posed(self, points: Array) -> Array:
        """Points (..., 3) of the head, turned."""
        return (points - self.pivot) @ self.head.T + self.pivot

    def project(self, points: Array) -> Array:
        """Points (..., 3) in space -> (..., 2) in the picture, -1 to 1, y upwards."""
        depth = self.distance - points[..., 2]
        x = self.scale * points[..., 0] / depth + self.shift[0]
        y = self.scale * (points[..., 1] - self.pivot[1]) / depth + self.shift[1]
        return np.stack([x, y], -1)

    @property
    def eye(self) -> Array:
        """Where the camera stands (3,)."""
        return np.array([0, self.pivot[1], self.distance], np.float32)


def frame(person: Person, left_eye: Array, right_eye: Array, nose: Array) -> Camera:
    """Aim the camera.

    Args:
        person: yaw, pitch and roll in degrees.
        left_eye, right_eye: (3,) centres of the eyeballs (left is +x).
        nose: (3,) the point below the nose.

    Returns:
        Camera.
    """
    rng = person.stream("camera")
    yaw, pitch, roll = np.radians([person.yaw, person.pitch, person.roll])
    eyes = (left_eye + right_eye) / 2
    pivot = np.array([0, eyes[1] - 0.55, 0.15], np.float32)
    head = rotation(yaw, pitch, roll)
    body = rotation(yaw * 0.35 + rng.uniform(-0.10, 0.10), pitch * 0.15, rng.uniform(-0.03, 0.03))
    distance = float(rng.uniform(10, 14))
    measure = 0.5 * np.linalg.norm(left_eye - right_eye) + 0.62 * np.linalg.norm(eyes - nose)
    half = TIGHTNESS * float(measure) / (distance - float(eyes[2])) * rng.uniform(0.98, 1.02)
    plain = Camera(head, body, pivot, distance, 1 / half, (0.0, 0.0))
    place = plain.project(plain.posed(eyes))
    axis = plain.project(plain.posed(eyes * np.array([1, 1, 0.5])))  # between the eyes and the head's axis
    x = -(0.7 * place[0] + 0.3 * axis[0]) + rng.normal() * 0.012
    y = 1 - 2 * EYE_LINE - place[1] + rng.normal() * 0.012
    return Camera(head, body, pivot, distance, 1 / half, (float(x), float(y)))
