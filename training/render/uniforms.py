"""Uniforms shared by all passes of one picture: pose, camera, light."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.render.geometry import light_view
from training.render.head import Head
from training.render.lighting import Lighting


def shared_uniforms(head: Head, lamps: Lighting) -> dict[str, Any]:
    """Return the values for the uniforms of posing.glsl and light.glsl, by name."""
    camera = head.camera
    middle = np.array([0, (head.left_eye[1] + head.right_eye[1]) / 2 + 0.1, 0.35])
    return {
        "headRotation": camera.head,
        "bodyRotation": camera.body,
        "pivot": camera.pivot,
        "camera": (camera.distance, camera.scale, *camera.shift),
        "cameraRange": (camera.distance - 3.5, camera.distance + 4.0, float(camera.pivot[1])),
        "lightMatrix": light_view(lamps.key, (0, camera.pivot[1] + 0.45, 0.35), 1.85),
        "harmonics": lamps.harmonics,
        "keyDirection": lamps.key,
        "keyColour": lamps.key_colour,
        "fillDirection": lamps.fill,
        "fillColour": lamps.fill_colour,
        "rimDirection": lamps.rim,
        "rimColour": lamps.rim_colour,
        "eyePoint": camera.eye,
        "exposure": lamps.exposure,
        "shadowBlur": lamps.shadow_blur,
        "headCentre": camera.posed(middle),
        "upward": camera.head @ np.array([0, 1, 0], np.float32),
    }
