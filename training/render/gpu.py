"""OpenGL through EGL: the context, programs from shader files, textures. Needs no window and no GPU (Mesa llvmpipe)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import moderngl
import numpy as np

from training.render.errors import DriverError
from training.render.formats import ByteArray
from training.render.geometry import Array

SHADERS = Path(__file__).parent / "shaders"
SOFTWARE = ("llvmpipe", "softpipe", "swrast")
MOST_DEVICES = 16
MATRICES = ("headRotation", "bodyRotation", "lightMatrix")


def open_context() -> moderngl.Context:
    """Open an OpenGL 3.3 context without a window, on a GPU where EGL lists one, else on Mesa's software rasteriser.

    Returns:
        The context. The software rasteriser draws in the calling thread: run one process per core.

    Raises:
        DriverError: There is no driver.
    """
    os.environ.setdefault("LP_NUM_THREADS", "0")
    context: moderngl.Context | None = None
    reason: Exception | None = None
    for device in range(MOST_DEVICES):
        try:
            found = moderngl.create_context(standalone=True, require=330, backend="egl", device_index=device)  # pyright: ignore
        except Exception as error:
            reason = reason or error
            if "requested device index" in str(error):  # past the last device
                break
            continue
        if not any(word in str(found.info["GL_RENDERER"]).lower() for word in SOFTWARE):
            if context is not None:
                context.release()
            return found
        if context is None:
            context = found
        else:
            found.release()
    if context is None:
        raise DriverError(
            f"Expected an OpenGL 3.3 driver reachable by EGL. Received: {reason}. "
            "On Debian: apt-get install libegl1 libgl1-mesa-dri libgles2."
        ) from reason
    context.__enter__()  # a later device may have become the current one
    return context


def build_program(context: moderngl.Context, vertex: str, fragment: str) -> moderngl.Program:
    """Compile a program from two shader files, named without `.vert.glsl` and `.frag.glsl`."""
    return context.program(
        vertex_shader=_source(f"{vertex}.vert.glsl"), fragment_shader=_source(f"{fragment}.frag.glsl")
    )


def _source(name: str) -> str:
    lines = ["#version 330"]
    for line in (SHADERS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#include "):
            lines.extend((SHADERS / line.split('"')[1]).read_text(encoding="utf-8").splitlines())
        else:
            lines.append(line)
    return "\n".join(lines)


def set_uniforms(program: moderngl.Program, values: Mapping[str, Any]) -> None:
    """Set those uniforms that a program has; arrays go as they are, matrices by row."""
    for name, value in values.items():
        uniform = program.get(name, None)
        if not isinstance(uniform, moderngl.Uniform):
            continue
        if name in MATRICES:
            uniform.write(np.ascontiguousarray(np.asarray(value, np.float32).T).tobytes())
        elif name == "harmonics":
            uniform.write(np.ascontiguousarray(value, np.float32).tobytes())
        elif isinstance(value, np.ndarray):
            uniform.value = tuple(map(float, value))
        else:
            uniform.value = value


def bind(program: moderngl.Program, textures: Mapping[str, tuple[int, Any]]) -> None:
    """Bind textures to units, and tell the program: uniform name -> (unit, texture)."""
    for name, (unit_number, texture) in textures.items():
        texture.use(unit_number)
        uniform = program.get(name, None)
        if isinstance(uniform, moderngl.Uniform):
            uniform.value = unit_number


def picture_texture(context: moderngl.Context, picture: ByteArray) -> moderngl.Texture:
    """Return a texture with mipmaps from uint8 (height, width, channels)."""
    height, width, channels = picture.shape
    texture = context.texture((width, height), channels, np.ascontiguousarray(picture).tobytes(), alignment=1)
    return _mipmapped(texture)


def picture_layers(context: moderngl.Context, pictures: Sequence[ByteArray]) -> moderngl.TextureArray:
    """Return a texture array with mipmaps from pictures of one size."""
    height, width, channels = pictures[0].shape
    data = np.ascontiguousarray(np.stack(pictures)).tobytes()
    return _mipmapped(context.texture_array((width, height, len(pictures)), channels, data, alignment=1))


Texture = TypeVar("Texture", moderngl.Texture, moderngl.TextureArray)


def _mipmapped(texture: Texture) -> Texture:
    texture.build_mipmaps()
    texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
    return texture


def float_buffer(context: moderngl.Context, *columns: Array) -> moderngl.Buffer:
    """Return a vertex buffer of float32 columns (n,) or (n, k), interleaved."""
    flat = [np.asarray(column, np.float32).reshape(len(column), -1) for column in columns]
    return context.buffer(np.ascontiguousarray(np.hstack(flat)).tobytes())


def index_buffer(context: moderngl.Context, triangles: Array) -> moderngl.Buffer:
    """Return an index buffer of triangles (n, 3)."""
    return context.buffer(np.ascontiguousarray(triangles, np.int32).tobytes())
