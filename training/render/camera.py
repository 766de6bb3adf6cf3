"""Pose and framing: every face is aligned as the pictures of CelebA-HQ are.

From the centres of the eyes and the middle of the mouth's corners, as they lie in the picture (the mouth without its
expression, so that a smile does not move the whole face): with e from eye to eye
and m from between the eyes to the mouth, the picture's centre is a tenth of m below the eyes, its horizontal lies along
e - turned(m), and its half side is the longer of 2.0 |e| and 1.8 |m| (Karras et al., "Progressive Growing of GANs",
appendix C). So a pose shows in the picture as yaw and pitch, not as position.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.render.geometry import Array, rotation
from training.render.person import Person

EYES, MOUTH, DOWN = 2.0, 1.8, 0.1
"""Half the picture in distances of the eyes, and of the mouth from them; its centre below the eyes."""


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
        """Return points (..., 3) of the head after its rotation."""
        return (points - self.pivot) @ self.head.T + self.pivot

    def project(self, points: Array) -> Array:
        """Project points (..., 3) in space to (..., 2) in the picture, -1 to 1, y upwards."""
        depth = self.distance - points[..., 2]
        x = self.scale * points[..., 0] / depth + self.shift[0]
        y = self.scale * (points[..., 1] - self.pivot[1]) / depth + self.shift[1]
        return np.stack([x, y], -1)

    @property
    def eye(self) -> Array:
        """Position of the camera (3,)."""
        return np.array([0, self.pivot[1], self.distance], np.float32)


def frame(person: Person, left_eye: Array, right_eye: Array, mouth: Array) -> Camera:
    """Aim the camera.

    Args:
        person: yaw and pitch in degrees, how the shoulders are turned, the camera's distance.
        left_eye, right_eye: (3,) centres of the eyeballs (left is +x).
        mouth: (3,) middle of the mouth's corners.

    Returns:
        Camera.
    """
    yaw, pitch = np.radians([person.yaw, person.pitch])
    turned, tilted = person.shoulders
    eyes = (left_eye + right_eye) / 2
    pivot = np.array([0, eyes[1] - 0.55, 0.15], np.float32)
    head = rotation(yaw, pitch)
    body = rotation(yaw * 0.35 + turned, pitch * 0.15, tilted)
    plain = Camera(head, body, pivot, person.distance, 1.0, (0.0, 0.0))
    left, right, lips = plain.project(plain.posed(np.stack([left_eye, right_eye, mouth])))
    across, down = left - right, lips - (left + right) / 2
    parallel = across - np.array([down[1], -down[0]])
    upright = rotation(0.0, 0.0, -float(np.arctan2(parallel[1], parallel[0])))
    half = max(EYES * float(np.hypot(*across)), MOUTH * float(np.hypot(*down)))
    centre = (left + right) / 2 + DOWN * down
    x, y = -(upright[:2, :2] @ centre) / half
    return Camera(upright @ head, upright @ body, pivot, person.distance, 1 / half, (float(x), float(y)))
