"""The asset folder as arrays: the head of MakeHuman's base mesh, its morph targets, and the parts that sit on it.

Required, in MakeHuman's formats and coordinates (unit 10 cm, y up, face towards +z):

    data/3dobjs/base.obj                    group `body` is drawn; other vertices are helpers that parts refer to;
                                            the head is everything above y = 4.9; texture chart of the head in CROP
    data/targets/macrodetails/*.target      names `{african,asian,caucasian}-{male,female}-{young,old}`
    base/eyes/high-poly/high-poly.{obj,mhclo}, base/eyes/materials/*_eye.webp (one or more)

Optional: all other targets, base/hair/NAME, base/eyebrows/NAME,
base/eyelashes/NAME (each NAME.obj, NAME.mhclo, a texture), base/teeth, base/tongue, base/skins/textures, and
surroundings.npy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy import sparse

from training.render.errors import KitError
from training.render.formats import Fitting, FloatArray, IntArray, ObjMesh, read_mhclo, read_obj
from training.render.geometry import Array
from training.render.mesh import Mesh, build_mesh
from training.render.surroundings import Surroundings, read_surroundings
from training.render.targets import Targets, read_targets

CROP = (0.635, 0.175, 1.0, 0.86)  # the head chart in the skin textures: u0, v0, u1, v1, v downwards
HEAD, MOUTH, SOCKET, TORSO = 0, 1, 2, 3


@dataclass(frozen=True, eq=False)
class Part:
    """A proxy mesh that follows the body: hair, eyes, brows, lashes, teeth, tongue."""

    name: str
    folder: Path
    mesh: Mesh
    vertices: int
    references: IntArray
    barycentric: sparse.csr_matrix
    offsets: FloatArray
    scales: tuple[tuple[int, int, float] | None, ...]

    def fit(self, positions: Array) -> Array:
        """Return the positions (vertices, 3) on a morphed body: barycentric point plus scaled offset (.mhclo)."""
        scale = np.ones(3, np.float32)
        for axis, entry in enumerate(self.scales):
            if entry:
                scale[axis] = abs(positions[entry[0], axis] - positions[entry[1], axis]) / entry[2]
        return self.barycentric @ positions + self.offsets * scale


@dataclass(frozen=True, eq=False)
class Kit:
    """Everything the renderer reads from the asset folder except pictures.

    Attributes:
        root: the folder.
        positions: (V, 3) rest positions of the vertices that are used.
        vertex_numbers: (V,) their numbers in base.obj.
        body: the head, neck and shoulders.
        regions: (R,) HEAD, MOUTH, SOCKET or TORSO for each render vertex of the body.
        rest: (R, 3) rest positions of the body's render vertices.
        parts: by name: "eyes", "teeth", "tongue", and those listed in hair, brows and lashes.
        eyes: vertices of the left (+x) and the right eyeball helper. upper_teeth: those of the upper jaw's helper.
        surroundings: they light the face and form its background.
    """

    root: Path
    positions: FloatArray
    vertex_numbers: IntArray
    body: Mesh
    regions: FloatArray
    rest: FloatArray
    parts: dict[str, Part]
    hair: tuple[str, ...]
    brows: tuple[str, ...]
    lashes: tuple[str, ...]
    targets: Targets
    eyes: tuple[IntArray, IntArray]
    upper_teeth: IntArray
    surroundings: Surroundings
    _nearest: dict[tuple[float, float, float], int] = field(default_factory=dict)

    def nearest(self, point: tuple[float, float, float]) -> int:
        """Return the vertex nearest to a rest position."""
        if point not in self._nearest:
            self._nearest[point] = int(np.argmin(((self.positions - np.array(point, np.float32)) ** 2).sum(1)))
        return self._nearest[point]


def part_folders(root: Path, kind: str) -> tuple[Path, ...]:
    """Return the folders of one kind of part ("hair", "eyebrows", "eyelashes") that hold a mesh, sorted."""
    found = (root / "base" / kind).glob("*")
    return tuple(sorted(folder for folder in found if (folder / f"{folder.name}.mhclo").is_file()))


def load_kit(root: Path) -> Kit:
    """Read an asset folder.

    Args:
        root: The folder; the module's docstring lists its content.

    Returns:
        Kit.

    Raises:
        KitError: A required file is missing, or a file is malformed; the message names it.
    """
    base = read_obj(root / "data" / "3dobjs" / "base.obj")
    if "body" not in base.groups:
        raise KitError(
            f"Expected a group `body` in {root / 'data/3dobjs/base.obj'}. Received: none. Build the kit again."
        )
    centres = base.positions[base.faces].mean(1)
    drawn = (base.face_groups == base.groups.index("body")) & (centres[:, 1] > 4.9) & (np.abs(centres[:, 0]) < 2.2)
    faces, face_uvs = base.faces[drawn], base.face_uvs[drawn]
    if not len(faces):
        raise KitError(f"Expected a head above y = 4.9 in {root / 'data/3dobjs/base.obj'}. Received: nothing there.")
    folders = _find_parts(root)
    raw = {name: _read_part(folder, len(base.positions)) for name, folder in folders.items()}
    eyes = _eye_helpers(base, root)
    used = np.zeros(len(base.positions), bool)
    used[faces.ravel()] = True
    for helper in eyes:
        used[helper] = True
    for _, fitting in raw.values():
        used[fitting.references.ravel()] = True
        for scale in fitting.scales:
            if scale:
                used[[scale.first, scale.second]] = True
    numbers = np.flatnonzero(used).astype(np.int32)
    position_of = np.full(len(base.positions), -1, np.int32)
    position_of[numbers] = np.arange(len(numbers))
    body = build_mesh(base.uvs, position_of[faces], face_uvs, len(numbers))
    regions = _regions(body.uvs)
    left, upper, right, lower = CROP
    crop = np.stack([(body.uvs[:, 0] - left) / (right - left), (1 - body.uvs[:, 1] - upper) / (lower - upper)], 1)
    body = Mesh(body.source, crop.astype(np.float32), body.quads, body.triangles, body.morph_quads, body.gather)
    positions = base.positions[numbers]
    return Kit(
        root,
        positions,
        numbers,
        body,
        regions,
        positions[body.source],
        {name: _build_part(name, folders[name], raw[name], position_of, len(numbers)) for name in folders},
        tuple(folder.name for folder in part_folders(root, "hair")),
        tuple(folder.name for folder in part_folders(root, "eyebrows")),
        tuple(folder.name for folder in part_folders(root, "eyelashes")),
        read_targets(root / "data" / "targets", position_of),
        (position_of[eyes[0]], position_of[eyes[1]]),
        position_of[_group_vertices(base, "helper-upper-teeth")],
        read_surroundings(root),
    )


def morph(kit: Kit, weights: Mapping[str, float]) -> Array:
    """Return the positions (V, 3) of the rest head plus the weighted sum of targets; unknown names are ignored."""
    return kit.positions + kit.targets.displacement(weights)


def _find_parts(root: Path) -> dict[str, Path]:
    fixed = {"eyes": "eyes/high-poly", "teeth": "teeth/teeth_base", "tongue": "tongue/tongue01"}
    folders = {name: root / "base" / where for name, where in fixed.items()}
    found = {
        name: folder
        for name, folder in folders.items()
        if name == "eyes" or (folder / f"{folder.name}.mhclo").is_file()
    }
    for kind in ("hair", "eyebrows", "eyelashes"):
        found |= {folder.name: folder for folder in part_folders(root, kind)}
    return found


def _read_part(folder: Path, vertices: int) -> tuple[ObjMesh, Fitting]:
    mesh = read_obj(folder / f"{folder.name}.obj")
    path = folder / f"{folder.name}.mhclo"
    fitting = read_mhclo(path)
    if len(fitting.references) != len(mesh.positions):
        raise KitError(
            f"Expected {len(mesh.positions)} vertex lines in {path}, as in its .obj. "
            f"Received: {len(fitting.references)}. Build the kit again."
        )
    numbers = [*fitting.references.ravel(), *(n for scale in fitting.scales if scale for n in scale[:2])]
    if min(numbers) < 0 or max(numbers) >= vertices:
        raise KitError(
            f"Expected vertex numbers below {vertices} in {path}. Received: {max(numbers)}. Another base mesh?"
        )
    return mesh, fitting


def _build_part(name: str, folder: Path, raw: tuple[ObjMesh, Fitting], position_of: IntArray, used: int) -> Part:
    obj, fitting = raw
    mesh = build_mesh(obj.uvs, obj.faces, obj.face_uvs, len(obj.positions))
    uvs = np.stack([mesh.uvs[:, 0], 1 - mesh.uvs[:, 1]], 1).astype(np.float32)
    mesh = Mesh(mesh.source, uvs, mesh.quads, mesh.triangles, mesh.morph_quads, mesh.gather)
    references = position_of[fitting.references]
    count = len(references)
    rows = np.repeat(np.arange(count), 3)
    barycentric = sparse.csr_matrix((fitting.weights.ravel(), (rows, references.ravel())), (count, used))
    scales = tuple(
        (int(position_of[s.first]), int(position_of[s.second]), s.length) if s else None for s in fitting.scales
    )
    return Part(name, folder, mesh, count, references, barycentric, fitting.offsets, scales)


def _eye_helpers(base: ObjMesh, root: Path) -> tuple[IntArray, IntArray]:
    """Return the base mesh vertices of the left (+x) and right eyeball helpers."""
    found: list[IntArray] = []
    for name in ("helper-l-eye", "helper-r-eye"):
        if name not in base.groups:
            raise KitError(f"Expected a group `{name}` in {root / 'data/3dobjs/base.obj'}. Received: none.")
        found.append(_group_vertices(base, name))
    return found[0], found[1]


def _group_vertices(base: ObjMesh, name: str) -> IntArray:
    if name not in base.groups:
        return np.zeros(0, np.int32)
    return np.unique(base.faces[base.face_groups == base.groups.index(name)]).astype(np.int32)


def _regions(uvs: FloatArray) -> FloatArray:
    """Return HEAD, MOUTH, SOCKET or TORSO from the chart of the base mesh's texture coordinates (v upwards)."""
    regions = np.full(len(uvs), HEAD, np.float32)
    regions[(uvs[:, 0] > 0.7) & (uvs[:, 1] < 0.145)] = MOUTH
    regions[uvs[:, 0] < 0.17] = SOCKET
    regions[(uvs[:, 0] > 0.17) & (uvs[:, 0] < 0.6)] = TORSO
    return regions
