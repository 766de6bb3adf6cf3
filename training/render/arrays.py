"""Vertex arrays: what is drawn, from which buffers, with which program."""

from __future__ import annotations

import moderngl
import numpy as np

from training.render import gpu, occlusion
from training.render.geometry import Array
from training.render.growth import AFRO
from training.render.scene import Scene


def build_arrays(scene: Scene, light_on: dict[str, Array]) -> dict[str, moderngl.VertexArray]:
    """Create every vertex array that a picture can need.

    Args:
        scene: The kit on the GPU.
        light_on: Ambient occlusion, from `occlusion.load_or_compute`.

    Returns:
        "body STYLE", "beard STYLE", "scalp STYLE", "depth STYLE", "afro shell", and the parts by name.
    """
    kit, context = scene.kit, scene.context
    arrays: dict[str, moderngl.VertexArray] = {}
    for style in (occlusion.BALD, *kit.hair):
        dark = gpu.float_buffer(context, occlusion.body_light(light_on, style))
        arrays |= {f"{name} {style}": array for name, array in _body_arrays(scene, dark).items()}
    for style in kit.hair:
        dark = occlusion.hair_light(light_on, style)
        scene.parts[style].occlusion.write(dark.astype(np.float32).tobytes())
        arrays[style] = scene.part_array(style, "hair")
        arrays[f"depth {style}"] = scene.part_array(style, "depth")
    for name in (*kit.brows, *kit.lashes):
        arrays[name] = scene.part_array(name, "card")
    for name in ("teeth", "tongue"):
        if name in scene.parts:
            arrays[name] = scene.part_array(name, "mouth")
    if AFRO in scene.parts:
        arrays["afro shell"] = _afro_shell(scene)
    return arrays


def _body_arrays(scene: Scene, occlusion_buffer: moderngl.Buffer) -> dict[str, moderngl.VertexArray]:
    still = (scene.body_still, "2f 3f 2f", "uv", "rest", "region")
    dark = (occlusion_buffer, "1f", "occlusion")
    moving = (scene.body_moving, "3f 3f 3f", "position", "normal", "wideNormal")
    arrays = {"body": scene.array("body", [moving, still, dark], scene.body_indices)}
    bare = (scene.body_moving, "3f 3f 12x", "position", "normal")
    for name, (mask, indices) in scene.shells.items():
        arrays[name] = scene.array("shell", [bare, still, dark, (mask, "2f", "growth")], indices)
    return arrays


def _afro_shell(scene: Scene) -> moderngl.VertexArray:
    part = scene.parts[AFRO]
    everywhere = gpu.float_buffer(scene.context, np.tile([[1.0, 0.0]], (len(part.part.mesh.source), 1)))
    layout = [
        (part.moving, "3f 3f", "position", "normal"),
        (part.still, "2f 3f", "uv", "rest"),
        (part.occlusion, "1f", "occlusion"),
        (everywhere, "2f", "growth"),
    ]
    return scene.array("shell", layout, part.indices)
