"""The vertices of head, neck and shoulders, and targets reduced to them.

The rule, from the base mesh alone (unit 10 cm, y up, the crown at 8.49, the chin at 6.2): of the body a quad is kept
whose centre is above y = 4.8, under the collar bones, and at most 2.3 from the middle, which excludes the arms; of
the helpers that follow the body (tights, skirt, genital) a quad is kept whose centre is above y = 4.8; all other
helpers (eyes, lashes, teeth, tongue, hair) and the joints are kept whole. A vertex is kept with any of its quads. On
MakeHuman's mesh these are 7,333 of 19,158 vertices.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.errors import TrainingError
from training.render.errors import RenderError
from training.render.formats import read_obj

VERTICES = 19158
"""Vertices of MakeHuman's base mesh "hm08", which all targets number."""
BOTTOM = 4.8
HALF_WIDTH = 2.3
CLOTHES = ("helper-tights", "helper-skirt", "helper-genital")


def head_vertices(path: Path) -> NDArray[np.bool_]:
    """Return which vertices of the base mesh belong to head, neck and shoulders.

    Args:
        path: base.obj.

    Returns:
        (19158,) bool.

    Raises:
        TrainingError: The file is not MakeHuman's base mesh.
    """
    try:
        mesh = read_obj(path)
    except RenderError as error:
        raise TrainingError(str(error)) from error
    if len(mesh.positions) != VERTICES or "body" not in mesh.groups:
        raise TrainingError(
            f"Expected the base mesh hm08 of {VERTICES} vertices with a group `body` in {path}. "
            f"Received: {len(mesh.positions)} vertices in {len(mesh.groups)} groups. Use a newer checkout."
        )
    centres = mesh.positions[mesh.faces].mean(1)
    body, *clothes = (mesh.groups.index(name) if name in mesh.groups else -1 for name in ("body", *CLOTHES))
    kept = np.full(len(mesh.faces), True)
    kept[np.isin(mesh.face_groups, [body, *clothes]) & (centres[:, 1] <= BOTTOM)] = False
    kept[(mesh.face_groups == body) & (np.abs(centres[:, 0]) >= HALF_WIDTH)] = False
    vertices = np.zeros(VERTICES, bool)
    vertices[mesh.faces[kept]] = True
    return vertices


def keep_lines(text: bytes, vertices: NDArray[np.bool_], name: str) -> bytes | None:
    """Return a target's text without the lines of vertices outside a set; all other lines stay as they are, byte for
    byte.

    Args:
        text: The .target file: lines `vertex dx dy dz`, comments from "#".
        vertices: Which vertices to keep (19158,).
        name: Name of the file in errors.

    Returns:
        The text, or None if no line of a vertex is left.

    Raises:
        TrainingError: A line has another form, or names a vertex that the mesh does not have.
    """
    lines, moved = [], 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        words = line.split()
        if not words or words[0].startswith(b"#"):
            lines.append(line)
            continue
        try:
            vertex = int(words[0])
            if len(words) != 4 or not 0 <= vertex < len(vertices):
                raise ValueError
        except ValueError as error:
            raise TrainingError(
                f"Expected `vertex dx dy dz` with a vertex below {len(vertices)} in {name}, line {number}. "
                f"Received: {line[:60]!r}. Is it a target of the base mesh hm08?"
            ) from error
        if vertices[vertex]:
            lines.append(line)
            moved += 1
    return b"".join(lines) if moved else None
