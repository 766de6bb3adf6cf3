"""Nearest neighbours in feature space: precision and recall, and memorisation.

Source: Kynkaanniemi et al., "Improved precision and recall metric for assessing generative models" (NeurIPS 2019).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

K = 3
"""Neighbours inside a radius, as in the paper."""

BLOCK = 1024
"""Rows whose distances to all points are computed together."""


def nearest(queries: ArrayLike, points: ArrayLike, k: int = 1, *, same: bool = False) -> tuple[NDArray, NDArray]:
    """Return the k nearest points of each query.

    Args:
        queries: (n, d).
        points: (m, d), m >= k.
        k: how many.
        same: the queries are the points, and none is its own neighbour.

    Returns:
        Euclidean distances (n, k), ascending, and rows of the points (n, k).
    """
    found = []
    for first, squares in _squared_distances(np.asarray(queries, np.float64), np.asarray(points, np.float64)):
        if same:
            squares[np.arange(len(squares)), first + np.arange(len(squares))] = np.inf
        rows = np.argpartition(squares, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(squares, rows, 1), axis=1, kind="stable")
        rows = np.take_along_axis(rows, order, 1)
        found.append((np.sqrt(np.take_along_axis(squares, rows, 1)), rows))
    return np.concatenate([d for d, _ in found]), np.concatenate([r for _, r in found])


def covered(queries: ArrayLike, points: ArrayLike, k: int = K) -> float:
    """Return the share of queries (n, d) that are as close to some point (m, d) as its own k-th nearest neighbour is,
    or nearer.
    """
    manifold = np.asarray(points, np.float64)
    radii = nearest(manifold, manifold, k, same=True)[0][:, -1] ** 2
    inside = [
        (squares <= radii).any(axis=1) for _, squares in _squared_distances(np.asarray(queries, np.float64), manifold)
    ]
    return float(np.concatenate(inside).mean())


def precision_recall(samples: ArrayLike, renders: ArrayLike, k: int = K) -> tuple[float, float]:
    """Return the share of samples that could be renders, and of renders that could be samples.

    Args:
        samples, renders: features (n, d) and (m, d).
        k: reach of the manifolds' balls, in neighbours.

    Returns:
        Precision and recall, 0 to 1.
    """
    return covered(samples, renders, k), covered(renders, samples, k)


def _squared_distances(queries: NDArray, points: NDArray) -> Iterator[tuple[int, NDArray]]:
    """Yield the squared distances (BLOCK, m) with the first row they are of."""
    sizes = (points * points).sum(axis=1)
    for first in range(0, len(queries), BLOCK):
        block = queries[first : first + BLOCK]
        squares = (block * block).sum(axis=1)[:, None] + sizes - 2.0 * (block @ points.T)
        yield first, np.maximum(squares, 0.0)
