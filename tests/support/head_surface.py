"""The surface of the procedural head: a body in base.obj's numbering, made of a few curves and bumps.

Rings of 60 vertices run from the crown to the feet (60 x 223 = 13380, the number of body vertices of MakeHuman's mesh),
closer together in the face; after them come the ranges that MakeHuman gives to tongue, eyes, lashes, teeth and hair.
Unit: 10 cm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

VERTICES = 19158
COLUMNS, RINGS = 60, 223
SUBNASAL, MOUTH_CORNER = 5072, 7139  # vertices that the renderer takes landmarks from
RIGHT_EAR, LEFT_EAR, NAPE, BROW, CHIN, CROWN = 5399, 11998, 962, 5320, 791, 881
SCALES = {"x": (RIGHT_EAR, LEFT_EAR), "z": (NAPE, BROW), "y": (CHIN, CROWN)}  # what .mhclo files measure scale by

HELPERS: dict[str, tuple[int, int, int]] = {
    "helper-tongue": (13380, 13606, 2),
    "helper-l-eye": (14598, 14670, 8),
    "helper-r-eye": (14670, 14742, 8),
    "helper-l-eyelashes-1": (14742, 14867, 5),
    "helper-r-eyelashes-1": (14867, 14992, 5),
    "helper-lower-teeth": (14992, 15060, 34),
    "helper-upper-teeth": (15060, 15128, 34),
    "helper-genital": (15128, 15328, 20),
    "helper-tights": (15328, 18002, 14),
    "helper-skirt": (18002, 18722, 24),
    "helper-hair": (18722, 19150, 4),
}
"""Group: first vertex, the one after its last, vertices a row."""
JOINTS = (*range(13606, 14598, 8), 19150)
"""First vertices of the joints, little cubes of eight vertices."""

#             y      half width  front z  back z  z of the widest point
PROFILE = np.array([
    (8.4913, 0.00, 0.70, 0.69, 0.70), (8.45, 0.30, 0.97, 0.32, 0.62), (8.30, 0.53, 1.17, -0.04, 0.56),
    (8.15, 0.64, 1.32, -0.20, 0.52), (8.00, 0.70, 1.39, -0.30, 0.50), (7.85, 0.73, 1.46, -0.36, 0.50),
    (7.70, 0.74, 1.50, -0.39, 0.50), (7.40, 0.74, 1.48, -0.39, 0.50), (7.10, 0.73, 1.44, -0.33, 0.48),
    (6.95, 0.72, 1.45, -0.26, 0.48), (6.80, 0.69, 1.48, -0.18, 0.50), (6.65, 0.62, 1.50, -0.14, 0.52),
    (6.50, 0.56, 1.48, -0.10, 0.50), (6.35, 0.50, 1.47, -0.11, 0.45), (6.25, 0.46, 1.44, -0.12, 0.40),
    (6.18, 0.45, 1.36, -0.14, 0.36), (6.13, 0.45, 0.90, -0.16, 0.25), (6.02, 0.46, 0.75, -0.20, 0.15),
    (5.90, 0.55, 0.71, -0.23, 0.12), (5.78, 0.95, 0.69, -0.30, 0.10), (5.65, 1.60, 0.70, -0.40, 0.09),
    (5.50, 2.00, 0.74, -0.44, 0.08), (5.30, 2.20, 0.90, -0.48, 0.08), (5.00, 2.40, 1.00, -0.50, 0.10),
    (4.70, 2.55, 1.10, -0.48, 0.20), (3.50, 1.60, 1.20, -0.50, 0.20), (0.00, 1.30, 1.10, -0.70, 0.20),
    (-8.17, 0.90, 1.60, -0.60, 0.20),
])  # fmt: skip
EYE = np.array([0.3077, 7.2841, 1.245])
MOUTH_Y = 6.61
EYE_RADIUS = 0.138


Groups = dict[str, tuple[np.ndarray, np.ndarray]]
"""Group: its quads of vertices (n, 4) and of texture coordinates (n, 4)."""


@dataclass(frozen=True)
class BaseMesh:
    """Vertices (19158, 3), texture coordinates (n, 2) and quads per group as (vertex, texture coordinate) corners."""

    vertices: np.ndarray
    coordinates: np.ndarray
    groups: Groups

    def head(self) -> np.ndarray:
        """Return which vertices (19158,) bool a kit keeps: head, neck and shoulders, their helpers, and the joints."""
        kept = np.zeros(VERTICES, bool)
        for name, (quads, _) in self.groups.items():
            centre = self.vertices[quads].mean(1)
            if name == "body":
                quads = quads[(centre[:, 1] > 4.8) & (abs(centre[:, 0]) < 2.3)]
            elif name in ("helper-tights", "helper-skirt", "helper-genital"):
                quads = quads[centre[:, 1] > 4.8]
            kept[quads] = True
        return kept


def bump(points: np.ndarray, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> np.ndarray:
    """Return a Gaussian over points (..., 3), 1 at its centre; an infinite radius leaves that axis out."""
    return np.exp(-(((points - np.array(centre)) / np.array(radii)) ** 2).sum(-1))


def ring_heights() -> np.ndarray:
    """Return the heights (223,) of the rings, falling; four of them close together are the lips' edges and the fold
    between.
    """
    y = np.concatenate([
        np.linspace(8.4913, 7.58, 16, endpoint=False), np.linspace(7.58, 7.02, 24, endpoint=False),
        np.linspace(7.02, 6.64, 15, endpoint=False), [6.628, 6.616, 6.604, 6.592],
        np.linspace(6.572, 6.18, 14, endpoint=False), np.linspace(6.18, 5.65, 11, endpoint=False),
        np.linspace(5.65, 4.40, 12),
    ])  # fmt: skip
    return np.concatenate([y, np.linspace(4.40, -8.1676, RINGS - len(y) + 1)[1:]])


def body_rings() -> tuple[np.ndarray, np.ndarray]:
    """Return the positions (223, 60, 3) of the body and the part of each vertex: 0 skin, 1 fold of the mouth, 2 eye
    socket.
    """
    y = ring_heights()
    s = -1 + 2 * np.arange(COLUMNS) / COLUMNS
    angle = np.pi * (0.45 * s + 0.55 * s**3)  # closer together in the face
    width, front, back, middle = (np.interp(-y, -PROFILE[:, 0], PROFILE[:, i])[:, None] for i in range(1, 5))
    depth = np.where(np.cos(angle) > 0, front - middle, middle - back)
    p = np.stack([width * np.sin(angle), np.broadcast_to(y[:, None], depth.shape), middle + depth * np.cos(angle)], -1)
    ax = np.abs(p[..., 0])
    side = np.stack([ax, p[..., 1], p[..., 2]], -1)
    at_front = p[..., 2] > 0.9
    nose = np.interp(-p[..., 1], [-7.35, -7.20, -6.94, -6.86, -6.78], [0.0, 0.08, 0.21, 0.17, 0.0])
    p[..., 2] += at_front * nose * np.exp(-((ax / (0.07 + 0.35 * nose)) ** 2))
    lips = bump(side, (0, 6.67, 1.5), (0.22, 0.04, 9)) + bump(side, (0, 6.55, 1.5), (0.2, 0.04, 9))
    p[..., 2] += at_front * 0.05 * lips
    p[..., 2] += at_front * 0.05 * bump(side, (0.3077, 7.29, 1.4), (0.2, 0.16, 9))  # lids
    p[..., 0] += np.sign(p[..., 0]) * 0.14 * bump(side, (0.74, 7.25, 0.42), (9, 0.14, 0.09))  # ears
    part = np.zeros(ax.shape, int)
    socket = at_front & (((ax - EYE[0]) / 0.15) ** 2 + ((p[..., 1] - EYE[1]) / 0.062) ** 2 < 1)
    p[socket, 2] = 1.13
    part[socket] = 2
    fold = at_front & (ax < 0.27) & (np.abs(p[..., 1] - 6.61) < 0.009)
    p[fold, 2] -= 0.4
    part[fold] = 1
    return p, part


def body_coordinates(p: np.ndarray, part: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return texture coordinates and quads of the rings, each chart at MakeHuman's position: head, mouth, eyes, torso.

    Returns:
        Coordinates (4 * 223 * 61, 2); quads of vertices (13320, 4); quads of coordinates (13320, 4).
    """
    r, c = np.mgrid[0:RINGS, 0 : COLUMNS + 1]
    across, down = c / COLUMNS, np.interp(p[:, :1, 1], [5.6, 8.5], [0.0, 1.0])
    square = np.stack([across, np.broadcast_to(down, across.shape)], -1)
    long = np.stack([across, 1 - r / RINGS], -1)
    charts = np.stack([
        square * [0.355, 0.660] + [0.640, 0.155], square * [0.25, 0.12] + [0.72, 0.01],
        square * [0.15, 0.5] + [0.01, 0.4], long * [0.40, 0.9] + [0.18, 0.05],
    ])  # fmt: skip
    i, j = (a.ravel() for a in np.mgrid[0 : RINGS - 1, 0:COLUMNS])
    corners = ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))
    quads = np.stack([a * COLUMNS + b % COLUMNS for a, b in corners], 1)
    chart = part.ravel()[quads].max(1)
    chart[p.reshape(-1, 3)[quads][:, :, 1].mean(1) < 5.93] = 3
    uv_quads = np.stack([(chart * RINGS + a) * (COLUMNS + 1) + b for a, b in corners], 1)
    return charts.reshape(-1, 2), quads, uv_quads


def helper_points() -> np.ndarray:
    """Return the positions (19158 - 13380, 3) of everything after the body: mouth, eyes, lashes, clothes, hair and
    joints.
    """
    v = np.zeros((VERTICES, 3))

    def put(name: str, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> None:
        first, last, _ = HELPERS[name]
        v[first:last] = np.stack(np.broadcast_arrays(x, y, z), -1)

    t = np.linspace(0, 1, 226)
    put("helper-tongue", 0.2 * np.sin(2.4 * np.arange(226)), 6.50 + 0.04 * np.sin(3 * t), 0.7 + 0.62 * t)
    turn, tilt = (a.ravel() for a in np.meshgrid(np.arange(8) * np.pi / 4, np.linspace(0, np.pi, 9)))
    ball = EYE_RADIUS * np.stack([np.sin(tilt) * np.sin(turn), np.cos(tilt), np.sin(tilt) * np.cos(turn)])
    lid, edge = (a.ravel() for a in np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 25)))
    lash = (0.15 * edge, 0.062 * lid * np.sqrt(np.maximum(1 - edge**2, 0)), 0.14 + 0.03 * np.abs(lid))
    for sign, name in ((1, "l"), (-1, "r")):
        put(f"helper-{name}-eye", sign * EYE[0] + ball[0], EYE[1] + ball[1], EYE[2] + ball[2])
        put(f"helper-{name}-eyelashes-1", sign * EYE[0] + lash[0], EYE[1] + lash[1], EYE[2] + lash[2])
    row, arc = np.divmod(np.arange(68), 34)
    x = 0.31 * np.sin((arc / 33 - 0.5) * np.pi)
    for name, low, high in (("helper-lower-teeth", 6.46, 6.58), ("helper-upper-teeth", 6.60, 6.75)):
        put(name, x, low + (high - low) * row, 0.95 + 0.42 * np.cos((arc / 33 - 0.5) * np.pi))
    put("helper-genital", 0.3 * np.sin(np.arange(200)), np.linspace(-0.98, -0.06, 200), np.full(200, 1.0))
    for name, top, bottom, wide in (("helper-tights", 6.17, -8.22, 1.08), ("helper-skirt", 1.84, -7.28, 1.4)):
        first, last, columns = HELPERS[name]
        row, column = np.divmod(np.arange(last - first), columns)
        y = top + (bottom - top) * row / row.max()
        angle = 2 * np.pi * column / columns
        put(name, wide * profile_width(y) * np.sin(angle), y, 0.3 + 0.9 * np.cos(angle))
    y = 8.4967 - 6.4 * (np.arange(428) / 427) ** 2
    angle = np.arange(428) * np.pi * (3 - 5**0.5)
    wide = np.maximum(np.minimum(profile_width(np.maximum(y, 7.0)), 0.9), 0.05) + 0.04
    put("helper-hair", wide * np.sin(angle), y, 0.5 + 1.15 * wide * np.cos(angle))
    corner = np.arange(8)
    cube = 0.07 * np.stack([corner & 1, corner >> 1 & 1, corner >> 2], 1)
    for first in JOINTS:
        v[first : first + 8] = cube + np.array([0, -8 + 16 * first / VERTICES, 0.1])
    return v[COLUMNS * RINGS :]


def profile_width(y: np.ndarray) -> np.ndarray:
    """Return the half width of the body at heights y, in the unit of the mesh."""
    return np.interp(-y, -PROFILE[:, 0], PROFILE[:, 1])


def swap_in(vertices: np.ndarray, quads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Renumber body vertices so that they match the landmarks of MakeHuman's numbering."""
    vertices, order = vertices.copy(), np.arange(len(vertices))
    landmarks = {
        SUBNASAL: (0, 6.77, 1.56),
        MOUTH_CORNER: (0.288, 6.61, 1.40),
        RIGHT_EAR: (-0.74, 7.55, 0.57),
        LEFT_EAR: (0.74, 7.55, 0.57),
        NAPE: (0, 7.63, -0.39),
        BROW: (0, 7.61, 1.53),
        CHIN: (0, 6.17, 1.3),
        CROWN: (0, 8.4913, 0.7),
    }
    for number, point in landmarks.items():
        there = int(((vertices - np.array(point)) ** 2).sum(1).argmin())
        vertices[[number, there]] = vertices[[there, number]]
        order[[number, there]] = order[[there, number]]
    return vertices, np.argsort(order)[quads]


def base_mesh() -> BaseMesh:
    """Return the whole base mesh: body, helpers and joints, 19158 vertices."""
    p, part = body_rings()
    coordinates, quads, uv_quads = body_coordinates(p, part)
    body, quads = swap_in(p.reshape(-1, 3), quads)
    vertices = np.round(np.concatenate([body, helper_points()]), 4)
    groups = {"body": (quads, uv_quads)}
    for name, (first, last, columns) in HELPERS.items():
        i, j = (a.ravel() for a in np.mgrid[0 : (last - first) // columns - 1, 0 : columns - 1])
        at = first + i * columns + j
        grid = np.stack([at, at + columns, at + columns + 1, at + 1], 1)
        groups[name] = (grid, np.zeros_like(grid))
    for number, first in enumerate(JOINTS):
        cube = first + np.array([[0, 1, 3, 2], [4, 5, 7, 6]])
        groups[f"joint-{number}"] = (cube, np.zeros_like(cube))
    return BaseMesh(vertices, coordinates, groups)


def obj_text(vertices: np.ndarray, coordinates: np.ndarray, groups: Groups, head: str) -> str:
    """Return a Wavefront .obj file as MakeHuman writes it: vertices, texture coordinates, quads by group, counted from
    1.
    """
    lines = [head]
    lines += [f"v {x:.4f} {y:.4f} {z:.4f}" for x, y, z in vertices.tolist()]
    lines += [f"vt {u:.6f} {v:.6f}" for u, v in coordinates.tolist()]
    for name, (quads, uv_quads) in groups.items():
        lines.append(f"g {name}")
        for a, b in zip((quads + 1).tolist(), (uv_quads + 1).tolist(), strict=True):
            lines.append(f"f {a[0]}/{b[0]} {a[1]}/{b[1]} {a[2]}/{b[2]} {a[3]}/{b[3]}")
    return "\n".join(lines) + "\n"
