"""Ambient occlusion per vertex, bald and under each hair style, from depth maps of many directions.

It depends on the kit alone, takes some seconds, and is cached in a file next to the data set.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import moderngl
import numpy as np

from training.render import gpu
from training.render.geometry import Array, light_view, sphere_directions
from training.render.kit import Kit
from training.render.scene import Scene

VERSION = 1
SIDE = 256
BALD = "bald"


def kit_fingerprint(kit: Kit) -> str:
    """Return a short name for the kit's geometry and this computation."""
    digest = hashlib.sha256(f"occlusion {VERSION}".encode())
    for array in (kit.positions, kit.body.triangles, *(part.references for part in kit.parts.values())):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(" ".join(kit.hair).encode())
    return digest.hexdigest()[:16]


def load_or_compute(scene: Scene, folder: Path | None) -> dict[str, Array]:
    """Return the occlusion of the body under each style ("body STYLE") and of each style ("hair STYLE"), 0 dark to 1
    open.

    Args:
        scene: The kit on the GPU; its buffers are overwritten.
        folder: Folder of the cache; None for no cache.

    Returns:
        Name -> (render vertices,).
    """
    if folder is None:
        return compute(scene)
    path = folder / f"occlusion-{kit_fingerprint(scene.kit)}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        pass
    except (OSError, ValueError, zipfile.BadZipFile):
        path.unlink(missing_ok=True)
    result = compute(scene)
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"occlusion.{os.getpid()}.npz"
    np.savez(temporary, **result)  # type: ignore[arg-type]
    temporary.replace(path)
    return result


def compute(scene: Scene, directions: int = 64) -> dict[str, Array]:
    """Compute what `load_or_compute` returns."""
    kit, context = scene.kit, scene.context
    normals = kit.body.normals(kit.positions)[kit.body.source]
    points = kit.rest
    scene.body_moving.write(np.hstack([points, normals, normals]).astype(np.float32).tobytes())
    depth = context.depth_texture((SIDE, SIDE))
    frame = context.framebuffer(depth_attachment=depth)
    program = scene.programs["depth"]
    still = {"headRotation": np.eye(3), "bodyRotation": np.eye(3), "pivot": (0.0, 0.0, 0.0), "headOnly": 0.0}
    gpu.set_uniforms(program, still | {"trim": (-9.0, 7.65)})  # a fringe would leave dark patches
    context.enable_only(moderngl.DEPTH_TEST)
    context.depth_func = "<"
    result: dict[str, Array] = {}
    for style in (BALD, *kit.hair):
        hair = None if style == BALD else scene.parts[style]
        hair_array = None if hair is None else scene.part_array(style, "depth")
        if hair is not None:
            fitted = hair.part.fit(kit.positions)
            hair_points = fitted[hair.part.mesh.source]
            hair_normals = hair.part.mesh.normals(fitted)[hair.part.mesh.source]
            hair.moving.write(np.hstack([hair_points, hair_normals]).astype(np.float32).tobytes())
            hair_open, hair_total = np.zeros(len(hair_points)), np.zeros(len(hair_points))
        body_open, body_total = np.zeros(len(points)), np.zeros(len(points))
        for direction in sphere_directions(directions):
            view = light_view(direction)
            frame.use()
            frame.clear(depth=1.0)
            gpu.set_uniforms(program, {"lightMatrix": view, "cutOut": 0.0})
            scene.white.use(0)
            scene.body_depth.render()
            if hair is not None and hair_array is not None:
                gpu.set_uniforms(program, {"cutOut": 1.0})
                assert hair.picture is not None
                hair.picture.use(0)
                hair_array.render()
            visible = _visibility(np.frombuffer(depth.read(), np.float32).reshape(SIDE, SIDE), view)
            weight = np.maximum(normals @ direction, 0)
            body_open += weight * visible(points, 0.006)
            body_total += weight
            if hair is not None:
                weight = (np.abs(hair_normals @ direction) * 0.5 + 0.5) * (direction[1] > -0.6)
                hair_open += weight * visible(hair_points, 0.014)
                hair_total += weight
        result[f"body {style}"] = (body_open / np.maximum(body_total, 1e-6)).astype(np.float32)
        if hair is not None:
            result[f"hair {style}"] = (hair_open / np.maximum(hair_total, 1e-6)).astype(np.float32)
    return result


def _visibility(depths: Array, view: Array) -> Callable[[Array, float], Array]:
    def visible(points: Array, bias: float) -> Array:
        seen = np.hstack([points, np.ones((len(points), 1), np.float32)]) @ view.T
        column = np.clip(((seen[:, 0] * 0.5 + 0.5) * SIDE).astype(int), 0, SIDE - 1)
        row = np.clip(((seen[:, 1] * 0.5 + 0.5) * SIDE).astype(int), 0, SIDE - 1)
        return np.clip(1 - ((seen[:, 2] * 0.5 + 0.5) - depths[row, column] - bias) / 0.006, 0, 1)

    return visible


def body_light(result: dict[str, Array], style: str) -> Array:
    """Return the occlusion of the body for drawing: hair darkens only by half, because real hair covers less than its
    cards.
    """
    under = np.clip(result[f"body {style}"] * 1.12, 0, 1)
    if style != BALD:
        under = 0.5 * under + 0.5 * np.minimum(under, result[f"body {BALD}"] * 1.12)
    return np.clip(under, 0, 1)


def hair_light(result: dict[str, Array], style: str) -> Array:
    """Return the occlusion of a hair style as it is drawn."""
    return np.clip(0.18 + 1.25 * result[f"hair {style}"], 0, 1)
