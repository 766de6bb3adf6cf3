"""Parts of the procedural head: hair, brows, lashes, eyes, teeth and tongue, bound to the base mesh (.obj, .mhclo)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from support.head_surface import EYE, EYE_RADIUS, HELPERS, SCALES, BaseMesh, obj_text, profile_width

HAIR = {  # lower end at the sides and at the back, thickness
    "afro01": (6.9, 6.8, 0.40), "bob01": (6.5, 6.4, 0.16), "bob02": (6.3, 6.2, 0.14), "braid01": (7.0, 5.2, 0.10),
    "long01": (5.7, 5.4, 0.15), "ponytail01": (7.1, 5.6, 0.10), "short01": (7.2, 6.7, 0.10),
    "short02": (7.3, 6.8, 0.09), "short03": (7.0, 6.6, 0.12), "short04": (7.4, 6.9, 0.07),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A mesh on the head: folder below base, file stem, grids of points (r, c, 3), base vertices each may hang on."""

    folder: str
    name: str
    grids: tuple[np.ndarray, ...]
    hosts: tuple[np.ndarray, ...]
    material: str

    def obj(self, head: str) -> str:
        """Return the .obj file: grids one after another, each over the whole texture, or over what texture() says."""
        quads, first = [], 0
        for grid in self.grids:
            rows, columns = grid.shape[:2]
            i, j = (a.ravel() for a in np.mgrid[0 : rows - 1, 0 : columns - 1])
            at = first + i * columns + j
            quads.append(np.stack([at, at + columns, at + columns + 1, at + 1], 1))
            first += rows * columns
        points = np.concatenate([grid.reshape(-1, 3) for grid in self.grids])
        coordinates = np.concatenate([self.texture(grid) for grid in self.grids])
        both = np.concatenate(quads)
        return obj_text(points, coordinates, {self.name: (both, both)}, head)

    def texture(self, grid: np.ndarray) -> np.ndarray:
        """Return texture coordinates (r * c, 2) of a grid; eyes are seen from the front, the iris in the middle."""
        if self.folder == "eyes/high-poly":
            ball = grid.reshape(-1, 3) - grid.reshape(-1, 3).mean(0)
            return 0.5 + 0.4 * ball[:, :2] / EYE_RADIUS
        v, u = np.meshgrid(np.linspace(1, 0, grid.shape[0]), np.linspace(0, 1, grid.shape[1]), indexing="ij")
        return np.stack([u.ravel(), v.ravel()], 1)

    def mhclo(self, base: BaseMesh, head: str) -> str:
        """Return the .mhclo file: each vertex hangs on the three nearest hosts, or on one that coincides with it."""
        v = base.vertices
        lines = [head, "basemesh hm08", f"name {self.name}", f"obj_file {self.name}.obj"]
        lines += [f"{axis}_scale {a} {b} {abs(v[a] - v[b])['xyz'.index(axis)]:.4f}" for axis, (a, b) in SCALES.items()]
        lines += ["z_depth 50", "verts 0", f"material {self.material}"]
        for grid, hosts in zip(self.grids, self.hosts, strict=True):
            points = grid.reshape(-1, 3)
            distance = ((points[:, None] - v[hosts][None]) ** 2).sum(-1)
            nearest = np.argsort(distance, 1, kind="stable")[:, :3]
            for point, three, d in zip(points, hosts[nearest], np.take_along_axis(distance, nearest, 1), strict=True):
                if d[0] < 1e-10:
                    lines.append(str(three[0]))
                    continue
                w = np.round(1 / np.maximum(d, 1e-6) / (1 / np.maximum(d, 1e-6)).sum(), 5)
                off = point - w @ v[three]
                lines.append(f"{three[0]} {three[1]} {three[2]} " + " ".join(f"{x:.5f}" for x in (*w, *off)))
        return "\n".join(lines) + "\n"


def drape(base: BaseMesh, x: np.ndarray, y: np.ndarray, over: float) -> np.ndarray:
    """Return the points (..., 3) in front of the face at given x and y, `over` before the skin."""
    front = base.vertices[:13380]
    front = front[(front[:, 2] > 1.0) & (front[:, 1] > 6) & (front[:, 1] < 8)]
    d = (x[..., None] - front[:, 0]) ** 2 + (y[..., None] - front[:, 1]) ** 2
    nearest = np.argsort(d, -1)[..., :4]
    return np.stack([x, y, front[nearest][..., 2].max(-1) + over], -1)


def mirrored(grid: np.ndarray) -> np.ndarray:
    """Return the same grid on the other side of the face, its rows turned so that it faces outwards too."""
    return (grid * [-1, 1, 1])[:, ::-1]


def hair_grid(side: float, back: float, thickness: float) -> np.ndarray:
    """Return a cap (14, 33, 3) from the crown down to the hairline, the sides and the back."""
    angle = np.linspace(-np.pi, np.pi, 33)
    turn = np.abs(angle)
    end = np.interp(turn, [0.0, 0.8, 1.3, 2.2, 2.8, np.pi], [7.95, 7.90, side, (side + back) / 2, back, back])
    t = np.linspace(0, 1, 14)[:, None]
    y = 8.49 + (end - 8.49) * t
    wide = np.where(y < 7.2, 0.76, profile_width(y))
    reach = np.where(np.cos(angle) > 0, np.sqrt(np.maximum(1 - ((y - 7.3) / 1.25) ** 2, 0)) * 1.05, wide * 1.2)
    p = np.stack([wide * np.sin(angle), y, 0.5 + reach * np.cos(angle)], -1)
    away = np.stack([np.sin(angle) + 0 * y, np.clip((y - 7.4) / 1.1, 0, 1), np.cos(angle) + 0 * y], -1)
    return p + thickness * away / np.linalg.norm(away, axis=-1, keepdims=True)


def eye_grid() -> np.ndarray:
    """Return the left eyeball (9, 13, 3)."""
    tilt, turn = np.meshgrid(np.linspace(0, np.pi, 9), np.linspace(-np.pi, np.pi, 13), indexing="ij")
    return EYE + EYE_RADIUS * np.stack([np.sin(tilt) * np.sin(turn), np.cos(tilt), np.sin(tilt) * np.cos(turn)], -1)


def teeth_grid(low: float, high: float) -> np.ndarray:
    """Return one row of teeth (3, 17, 3)."""
    turn = np.linspace(-1.2, 1.2, 17)
    y = np.linspace(high, low, 3)[:, None]
    return np.stack(np.broadcast_arrays(0.26 * np.sin(turn), y, 0.98 + 0.36 * np.cos(turn)), -1)


def parts(base: BaseMesh) -> Iterator[Part]:
    """Yield every part of the kit."""
    hosts = {name: np.arange(first, last) for name, (first, last, _) in HELPERS.items()}
    body = np.flatnonzero(base.head()[:13380])
    face = body[(base.vertices[body, 2] > 0.9) & (base.vertices[body, 1] > 6.9)]
    for name, (side, back, thickness) in HAIR.items():
        yield Part(f"hair/{name}", name, (hair_grid(side, back, thickness),), (hosts["helper-hair"],), f"{name}.mhmat")
    t = np.linspace(0, 1, 10)
    for number in range(1, 13):
        arch, height = 0.015 * (number % 4), 0.03 + 0.006 * (number % 5)
        y = 7.47 + (0.05 + arch) * np.sin(2.4 * t) + height * np.linspace(1, -1, 3)[:, None] * (1 - 0.6 * t)
        brow = drape(base, np.broadcast_to(0.10 + 0.42 * t, y.shape), y, 0.02)
        name = f"eyebrow{number:03d}"
        yield Part(f"eyebrows/{name}", name, (brow, mirrored(brow)), (face, face), f"{name}.mhmat")
    edge = np.linspace(-1, 1, 9)
    for number in range(1, 5):
        out = np.linspace(1, 0, 2)[:, None] * (0.025 + 0.01 * number)
        rim = 0.062 * np.sqrt(1 - edge**2)
        upper = np.stack(np.broadcast_arrays(EYE[0] + 0.15 * edge, EYE[1] + rim + out, 1.43 + out), -1)
        down = 0.4 * out[::-1]
        lower = np.stack(np.broadcast_arrays(EYE[0] + 0.15 * edge, EYE[1] - rim - down, 1.42 + down), -1)
        name, left, right = f"eyelashes{number:02d}", hosts["helper-l-eyelashes-1"], hosts["helper-r-eyelashes-1"]
        grids = (upper, lower, mirrored(upper), mirrored(lower))
        yield Part(f"eyelashes/{name}", name, grids, (left, left, right, right), f"{name}.mhmat")
    eyes = (hosts["helper-l-eye"], hosts["helper-r-eye"])
    yield Part("eyes/high-poly", "high-poly", (eye_grid(), mirrored(eye_grid())), eyes, "../materials/brown.mhmat")
    teeth = (hosts["helper-upper-teeth"], hosts["helper-lower-teeth"])
    grids = (teeth_grid(6.6, 6.74), teeth_grid(6.47, 6.58))
    yield Part("teeth/teeth_base", "teeth_base", grids, teeth, "../materials/teeth.mhmat")
    tongue = base.vertices[hosts["helper-tongue"]].reshape(113, 2, 3)
    yield Part("tongue/tongue01", "tongue01", (tongue,), (hosts["helper-tongue"],), "tongue01.mhmat")
