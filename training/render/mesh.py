"""A mesh for the renderer: unique (vertex, texture) pairs over seamless morph vertices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from training.render.formats import FloatArray, IntArray
from training.render.geometry import Array, unit


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles over render vertices, and smooth normals over the morph vertices behind them.

    Attributes:
        source: (R,) the morph vertex of each render vertex.
        uvs: (R, 2) texture coordinates, v downwards.
        quads: (F, 4) and triangles (T, 3): render vertices.
        morph_quads: (F, 4) morph vertices.
        gather: (V, F) sparse, adds face normals to their corners.
    """

    source: IntArray
    uvs: FloatArray
    quads: IntArray
    triangles: IntArray
    morph_quads: IntArray
    gather: sparse.csr_matrix

    def normals(self, positions: Array) -> Array:
        """Return the smooth unit normals (V, 3) of morph vertex positions (V, 3)."""
        first, second, third, fourth = (positions[self.morph_quads[:, corner]] for corner in range(4))
        return unit(self.gather @ np.cross(third - first, fourth - second))


def build_mesh(uvs: FloatArray, faces: IntArray, face_uvs: IntArray, vertices: int) -> Mesh:
    """Split vertices at texture seams.

    Args:
        uvs: (T, 2) texture coordinates.
        faces: (F, 4) morph vertices of each quad; triangles repeat their last corner.
        face_uvs: (F, 4) texture coordinates of each corner.
        vertices: number of morph vertices.

    Returns:
        Mesh.
    """
    width = len(uvs) + 1
    pairs, inverse = np.unique(faces.astype(np.int64).ravel() * width + face_uvs.ravel(), return_inverse=True)
    quads = inverse.reshape(-1, 4).astype(np.int32)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    distinct = (
        (triangles[:, 0] != triangles[:, 1])
        & (triangles[:, 1] != triangles[:, 2])
        & (triangles[:, 0] != triangles[:, 2])
    )
    corners = faces.ravel()
    owners = np.repeat(np.arange(len(faces)), 4)
    gather = sparse.csr_matrix((np.ones(len(corners), np.float32), (corners, owners)), (vertices, len(faces)))
    return Mesh(
        (pairs // width).astype(np.int32),
        uvs[pairs % width].astype(np.float32),
        quads,
        np.ascontiguousarray(triangles[distinct]),
        faces,
        gather,
    )


def neighbour_blur(faces: IntArray, vertices: int) -> sparse.csr_matrix:
    """Return the sparse smoothing operator (V, V): four rounds of half self, half mean of the neighbours."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 3]], faces[:, [3, 0]]])
    adjacency = sparse.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (vertices, vertices))
    adjacency = ((adjacency + adjacency.T) > 0).astype(np.float32)
    degree = np.asarray(adjacency.sum(1)).ravel()
    mean = sparse.diags(1 / np.maximum(degree, 1)) @ adjacency
    step = (0.5 * sparse.identity(vertices) + 0.5 * mean).tocsr()
    twice = step @ step
    blur = (twice @ twice).tocsr()
    blur.data[blur.data < 0.004] = 0
    blur.eliminate_zeros()
    return blur.astype(np.float32)
