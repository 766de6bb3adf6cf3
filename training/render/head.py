"""The shape of one person's head: morphed positions, normals, landmarks for other parts, the parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from training.render.camera import Camera, frame
from training.render.geometry import Array, rotation, smoothstep, unit
from training.render.glasses import Landmarks
from training.render.kit import Kit, Part, morph
from training.render.morphs import expression_weights, target_weights
from training.render.person import Person

NOSE_ROOT = (0.0, 7.29, 1.51)  # rest positions of landmarks
MOUTH_CORNER = (0.288, 6.6087, 1.4086)
BROW = (0.33, 7.55, 1.42)
TEMPLE = (0.70, 7.35, 0.9)
EAR = (0.74, 7.32, 0.45)
CHIN = (0.0, 6.16, 1.30)
HAIRLINE = (0.0, 8.0, 1.40)
CURLS = np.array([8.0, 6.5, 7.0])  # waves of curly hair, radians per unit


@dataclass(frozen=True, eq=False)
class Head:
    """A morphed head.

    Attributes:
        positions: (V, 3). normals, wide_normals: (V, 3), the wide ones blurred as light blurs under skin.
        left_eye, right_eye: (3,) centres of the eyeballs, left is +x.
        camera: how it is posed and seen.
        mouth: (3,) middle of the mouth's corners without the expression, by which the picture is aligned.
    """

    positions: Array
    normals: Array
    wide_normals: Array
    left_eye: Array
    right_eye: Array
    camera: Camera
    mouth: Array


def shape_head(kit: Kit, blur: sparse.csr_matrix, person: Person) -> Head:
    """Morph the head to a person and aim the camera."""
    positions = morph(kit, target_weights(kit.targets, person))
    normals = kit.body.normals(positions)
    wide = unit(blur @ (blur @ normals))
    left, right = positions[kit.eyes[0]].mean(0), positions[kit.eyes[1]].mean(0)
    corners = [kit.nearest((side * MOUTH_CORNER[0], *MOUTH_CORNER[1:])) for side in (1, -1)]
    mouth = (positions[corners] - kit.targets.displacement(expression_weights(person))[corners]).mean(0)
    camera = frame(person, left, right, mouth)
    return Head(positions, normals, wide, left, right, camera, mouth)


def landmark(kit: Kit, head: Head, rest: tuple[float, float, float]) -> Array:
    """Return the morphed position (3,) of the vertex nearest to a rest position."""
    return head.positions[kit.nearest(rest)]


def pair(kit: Kit, head: Head, rest: tuple[float, float, float]) -> tuple[Array, Array]:
    """Return the same for a point of the left side and its mirror image."""
    return landmark(kit, head, rest), landmark(kit, head, (-rest[0], rest[1], rest[2]))


def glasses_marks(kit: Kit, head: Head) -> Landmarks:
    """Return the points where glasses rest."""
    return Landmarks(
        (head.left_eye, head.right_eye),
        landmark(kit, head, NOSE_ROOT),
        pair(kit, head, BROW),
        pair(kit, head, TEMPLE),
        pair(kit, head, EAR),
    )


def fit_hair(part: Part, head: Head, person: Person) -> Array:
    """Return the positions (v, 3) of a hair style: fuller or flatter, and slightly wavy."""
    middle = np.array([0, (head.left_eye[1] + head.right_eye[1]) / 2 + 0.15, 0.3])
    volume = (0.035 * person.hair_volume + 0.012) * np.array([1, 1, 0.8])
    points = middle + (part.fit(head.positions) - middle) * (1 + volume)
    fine, points_by_axis = 0.006 + 0.034 * person.curl, points[:, [1, 2, 0]]
    return (
        points
        + 0.012 * np.sin(points_by_axis * 3.1)
        + fine * np.sin(points_by_axis * CURLS) * smoothstep(8.3, 7.4, points[:, 1:2])
    )


def fit_brows(part: Part, head: Head, person: Person) -> Array:
    """Return the positions (v, 3) of the brows, stretched in height by how bushy they are."""
    points = part.fit(head.positions)
    for side in (points[:, 0] > 0, points[:, 0] <= 0):
        middle = points[side, 1].mean()
        points[side, 1] = middle + (points[side, 1] - middle) * (1 + 0.32 * person.bushy_eyebrows)
    points[:, 2] += 0.012
    return points


def fit_teeth(part: Part, head: Head, person: Person, upper: Array) -> Array:
    """Return the positions (v, 3) of the teeth, corrected: the morphs show too much of the lower and too little of the
    upper.
    """
    show = min(1.0, person.mouth_open * 2.5)
    points = part.fit(head.positions)
    points[upper] -= np.array([0, 0.09, -0.01], np.float32) * show
    points[~upper] -= np.array([0, 0.11, 0.03], np.float32) * show
    return points


def fit_eyes(part: Part, head: Head, person: Person, left_half: Array) -> tuple[Array, Array, Array]:
    """Turn the eyes nearly towards the camera.

    Args:
        part: The eyes.
        head: The head.
        person: The person; the gaze varies a little.
        left_half: (n,) which render vertices belong to the left eye.

    Returns:
        Positions, normals and eyeball centres (n, 3) of the render vertices.
    """
    fitted = part.fit(head.positions)
    points, normals = fitted[part.mesh.source], part.mesh.normals(fitted)[part.mesh.source]
    wander = person.gaze
    for half, centre in ((left_half, head.left_eye), (~left_half, head.right_eye)):
        towards = unit((head.camera.eye - head.camera.posed(centre)) @ head.camera.head)
        yaw = np.clip(np.arctan2(towards[0], towards[2]), -0.42, 0.42) * 0.9 + wander[0]
        pitch = np.clip(-np.arcsin(towards[1]), -0.2, 0.2) * 0.8 + wander[1]
        turn = rotation(float(yaw), float(pitch))
        points[half] = (points[half] - centre) @ turn.T + centre
        normals[half] = normals[half] @ turn.T
    return points, normals, np.where(left_half[:, None], head.left_eye, head.right_eye)
