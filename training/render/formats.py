"""Readers of MakeHuman's text formats (.obj, .mhclo, .target) and of pictures.

Every reader has limits of size and count, and its errors name the file and the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from training.render.errors import KitError

MAX_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 500_000
MAX_SIDE = 8192

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]


class ObjMesh(NamedTuple):
    """A Wavefront mesh: positions (V, 3), uvs (T, 2), faces and face_uvs (F, 4), indices from 0.

    Triangles repeat their last corner. `face_groups` (F,) indexes `groups`.
    """

    positions: FloatArray
    uvs: FloatArray
    faces: IntArray
    face_uvs: IntArray
    face_groups: IntArray
    groups: tuple[str, ...]


class AxisScale(NamedTuple):
    """An offset along one axis is scaled by the distance of two body vertices over a reference length."""

    first: int
    second: int
    length: float


class Fitting(NamedTuple):
    """The fit of a proxy to the body: references (n, 3), weights (n, 3), offsets (n, 3), and the scale per axis."""

    references: IntArray
    weights: FloatArray
    offsets: FloatArray
    scales: tuple[AxisScale | None, AxisScale | None, AxisScale | None]


class Target(NamedTuple):
    """A morph target: vertex indices (n,) and displacements (n, 3), in units of 10 cm."""

    indices: IntArray
    displacements: FloatArray


def read_obj(path: Path) -> ObjMesh:
    """Read a Wavefront .obj of triangles and quads with texture coordinates.

    Args:
        path: The file.

    Returns:
        ObjMesh.

    Raises:
        KitError: The file is missing, too large, or malformed.
    """
    positions: list[list[str]] = []
    uvs: list[list[str]] = []
    faces: list[list[int]] = []
    face_uvs: list[list[int]] = []
    face_groups: list[int] = []
    groups: dict[str, int] = {"": 0}
    group = 0
    for number, line in _lines(path):
        words = line.split()
        if not words:
            continue
        try:
            if words[0] == "v":
                positions.append(words[1:4])
            elif words[0] == "vt":
                uvs.append(words[1:3])
            elif words[0] == "g":
                group = groups.setdefault(words[1] if len(words) > 1 else "", len(groups))
            elif words[0] == "f":
                corners = [word.split("/") for word in words[1:]]
                if len(corners) not in (3, 4):
                    raise ValueError("a face has three or four corners")
                corners += corners[-1:] * (4 - len(corners))
                faces.append([int(corner[0]) - 1 for corner in corners])
                face_uvs.append([int(corner[1]) - 1 for corner in corners])
                face_groups.append(group)
        except (ValueError, IndexError) as error:
            raise _malformed(path, number, "an .obj line with texture coordinates (f v/vt ...)", line) from error
        _check_count(path, max(len(positions), len(uvs), len(faces)))
    try:
        mesh = ObjMesh(
            np.array(positions, np.float32).reshape(-1, 3),
            np.array(uvs, np.float32).reshape(-1, 2),
            np.array(faces, np.int32).reshape(-1, 4),
            np.array(face_uvs, np.int32).reshape(-1, 4),
            np.array(face_groups, np.int32),
            tuple(groups),
        )
    except ValueError as error:
        raise KitError(
            f"Expected {path} to hold numbers after v and vt. Received: {error}. Build the kit again."
        ) from error
    if not len(mesh.faces):
        raise KitError(f"Expected a mesh with faces in {path}. Received: none. Build the kit again.")
    for name, indices, count in (
        ("vertex", mesh.faces, len(mesh.positions)),
        ("texture", mesh.face_uvs, len(mesh.uvs)),
    ):
        if indices.min() < 0 or indices.max() >= count:
            raise KitError(
                f"Expected {name} numbers from 1 to {count} in {path}. Received: {indices.min() + 1} to "
                f"{indices.max() + 1}. Build the kit again."
            )
    return mesh


def read_mhclo(path: Path) -> Fitting:
    """Read a .mhclo file: how a proxy mesh follows the body.

    After `verts 0` each line is `v` (glued to one vertex) or `v1 v2 v3 w1 w2 w3 dx dy dz`
    (barycentric point plus offset). A `material` line may precede the data.

    Args:
        path: The file.

    Returns:
        Fitting, vertex numbers from 0.

    Raises:
        KitError: The file is missing, too large, or malformed.
    """
    references: list[tuple[int, int, int]] = []
    weights: list[tuple[float, float, float]] = []
    offsets: list[tuple[float, float, float]] = []
    scales: list[AxisScale | None] = [None, None, None]
    reading = False
    for number, line in _lines(path):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            if words[0] in ("x_scale", "y_scale", "z_scale"):
                scale = AxisScale(int(words[1]), int(words[2]), float(words[3]))
                if scale.length <= 0:
                    raise ValueError("a scale needs a positive length")
                scales["xyz".index(words[0][0])] = scale
            elif words[0] == "verts":
                reading = True
            elif reading and not words[0].lstrip("-").isdigit():
                reading = words[0] not in ("delete_verts", "weights")
            elif reading and len(words) == 1:
                vertex = int(words[0])
                references.append((vertex, vertex, vertex))
                weights.append((1.0, 0.0, 0.0))
                offsets.append((0.0, 0.0, 0.0))
            elif reading:
                if len(words) not in (6, 9):
                    raise ValueError("1, 6 or 9 numbers")
                references.append((int(words[0]), int(words[1]), int(words[2])))
                weights.append((float(words[3]), float(words[4]), float(words[5])))
                rest = [float(word) for word in words[6:9]] or [0.0, 0.0, 0.0]
                offsets.append((rest[0], rest[1], rest[2]))
        except (ValueError, IndexError) as error:
            raise _malformed(path, number, "`v` or `v1 v2 v3 w1 w2 w3 dx dy dz`", line) from error
        _check_count(path, len(references))
    if not references:
        raise KitError(f"Expected vertex lines after `verts 0` in {path}. Received: none. Build the kit again.")
    return Fitting(
        np.array(references, np.int32),
        np.array(weights, np.float32),
        np.array(offsets, np.float32),
        (scales[0], scales[1], scales[2]),
    )


def read_target(path: Path) -> Target:
    """Read a morph target: lines `vertex dx dy dz`; comments start with #.

    Args:
        path: The file.

    Returns:
        Target; empty if the file moves nothing.

    Raises:
        KitError: The file is missing, too large, or malformed.
    """
    check_file(path)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    data = [line for line in lines if line.strip() and not line.startswith("#")]
    _check_count(path, len(data))
    if not data:
        return Target(np.zeros(0, np.int32), np.zeros((0, 3), np.float32))
    try:
        table = np.loadtxt(data, comments=None, ndmin=2)  # hundreds of files: not line by line
    except ValueError:
        table = None
    if table is None or table.shape[1] != 4 or (table[:, 0] != np.floor(table[:, 0])).any() or table[:, 0].min() < 0:
        raise _malformed_target(path, lines)
    return Target(table[:, 0].astype(np.int32), table[:, 1:].astype(np.float32))


def read_picture(path: Path) -> ByteArray:
    """Read a picture (WebP, PNG, JPEG) as RGB or RGBA.

    Args:
        path: The file.

    Returns:
        uint8 (height, width, 3 or 4).

    Raises:
        KitError: The file is missing, too large, or not a colour picture.
    """
    check_file(path)
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (3, 4):
        raise KitError(f"Expected an 8-bit colour picture in {path}. Received: something else. Build the kit again.")
    if max(picture.shape[:2]) > MAX_SIDE:
        raise KitError(
            f"Expected at most {MAX_SIDE} pixels a side in {path}. Received: {picture.shape[:2]}. Reduce it."
        )
    order = cv2.COLOR_BGRA2RGBA if picture.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(picture, order), np.uint8)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    check_file(path)
    with path.open(encoding="utf-8", errors="replace") as stream:
        yield from enumerate(stream, start=1)


def check_file(path: Path) -> None:
    """Refuse a file that is missing or too large.

    Raises:
        KitError: It names the file.
    """
    if not path.is_file():
        raise KitError(f"Expected the asset file {path}. Received: no such file. Build the kit with `training assets`.")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise KitError(f"Expected at most {MAX_BYTES} bytes in {path}. Received: {size}. Is this the right file?")


def _check_count(path: Path, count: int) -> None:
    if count > MAX_ELEMENTS:
        raise KitError(f"Expected at most {MAX_ELEMENTS} elements in {path}. Received: more. Is this the right file?")


def _malformed_target(path: Path, lines: list[str]) -> KitError:
    """Name the first line that is not `vertex dx dy dz`."""
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        try:
            whole = int(words[0]) >= 0 and len([float(word) for word in words[1:]]) == 3
        except ValueError:
            whole = False
        if not whole:
            return _malformed(path, number, "`vertex dx dy dz`", line)
    return _malformed(path, 1, "`vertex dx dy dz`", lines[0])


def _malformed(path: Path, number: int, expected: str, line: str) -> KitError:
    return KitError(
        f"Expected {expected} in {path}, line {number}. Received: {line.strip()[:80]!r}. Build the kit again."
    )
