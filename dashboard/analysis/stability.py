"""Stability of components, clusters and layouts: on other faces, or from another initialisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.lazy_scipy import scipy_part
from dashboard.analysis.pca import components, covariance

Array = NDArray[np.float64]

HOLDS = 0.9
"""Cosine between halves of a sample above which a component, or a plane, counts as stable: 26 degrees."""

SPLITS = 10
"""Number of random splits; the median over them is reported."""

WIDE = 128
"""Number of columns from which a sample is split once: decomposing its covariance takes the time."""

NEIGHBOURS = 10
"""Neighbours that trustworthiness compares."""


@dataclass(frozen=True, eq=False)
class Stability:
    """Agreement of the components of the two halves of a sample.

    Args:
        cosine: (K,) size of the cosine between the k-th components, 0 to 1, median over splits.
        plane: (K,) the same for the plane that a component spans with a neighbour, of its two planes the better one:
            the smaller of the plane's two canonical cosines.
        splits: number of random halvings.
        rows: of the sample.
    """

    cosine: Array
    plane: Array
    splits: int
    rows: int

    @property
    def holds(self) -> NDArray[np.bool_]:
        """(K,) which components are stable by themselves."""
        return self.cosine >= HOLDS

    def words(self, component: int) -> str:
        """Describe the stability of a component, from 0: "stable", "stable as a plane" or "not stable"."""
        if component >= len(self.cosine):
            return "not tested"
        if self.cosine[component] >= HOLDS:
            return "stable"
        return "stable as a plane" if self.plane[component] >= HOLDS else "not stable"


def split_half(
    rows: ArrayLike, keep: int, seed: int = 0, axes_of: Callable[[NDArray], Array] | None = None
) -> Stability:
    """Compute components of both halves of a sample, repeatedly, and compare them.

    Args:
        rows: (n, d), n at least 4.
        keep: K, components that are compared.
        seed: of the splits.
        axes_of: returns the first components (d, K) of rows; by default those of their covariance.

    Returns:
        The agreement; K is at most the number of columns.
    """
    array = np.asarray(rows)
    n, d = array.shape
    keep, splits = min(keep, d, n // 2), SPLITS if d <= WIDE else 1
    found_of = axes_of or (lambda part: components(covariance(part)[1], keep)[1])
    random = np.random.default_rng(seed)
    alone, planes = np.empty((splits, keep)), np.empty((splits, keep))
    for k in range(splits):
        order = random.permutation(n)
        first, second = (found_of(array[np.sort(half)]) for half in (order[: n // 2], order[n // 2 :]))
        alone[k], planes[k] = component_agreement(first[:, :keep], second[:, :keep])
    return Stability(np.median(alone, axis=0), np.median(planes, axis=0), splits, n)


def component_agreement(first: Array, second: Array) -> tuple[Array, Array]:
    """Compare two sets of components, in order.

    Args:
        first, second: (d, K) orthonormal columns.

    Returns:
        (K,) sizes of the cosines between components of one number, and (K,) smallest canonical cosine (Björck and Golub
        1973) of the planes that each spans with the one before it or after it, whichever agrees better.
    """
    cosines = first.T @ second
    count = len(cosines)
    pairs = np.array([np.linalg.svd(cosines[k : k + 2, k : k + 2], compute_uv=False)[-1] for k in range(count - 1)])
    planes = np.maximum(np.append(pairs, 0.0), np.append(0.0, pairs))
    return np.abs(np.diag(cosines)), np.clip(planes, 0.0, 1.0)


def cluster_stability(
    points: ArrayLike, label: Callable[[NDArray], Callable[[NDArray], NDArray]], seed: int = 0
) -> float:
    """Return the agreement of the clusters of the two halves of some points.

    Args:
        points: (n, k).
        label: fits clusters to points; returns a function that assigns points to them.
        seed: of the splits.

    Returns:
        Adjusted Rand index (Hubert and Arabie 1985) of all points put into the clusters of either half, median over
        splits: 1 for the same clusters, 0 for chance.
    """
    from sklearn.metrics import adjusted_rand_score

    array = np.asarray(points)
    random = np.random.default_rng(seed)
    found = []
    for _ in range(SPLITS):
        order = random.permutation(len(array))
        halves = order[: len(array) // 2], order[len(array) // 2 :]
        found.append(adjusted_rand_score(*(label(array[np.sort(half)])(array) for half in halves)))
    return float(np.median(found))


@dataclass(frozen=True)
class LayoutStability:
    """Stability of a neighbour layout.

    Args:
        trust: trustworthiness, 0 to 1: whether neighbours in the layout are neighbours in the space.
        procrustes: disparity to the other seeds' layouts, median: 0 the same, 1 nothing in common.
        overlap: share of a face's ten nearest in the layout that are among its ten nearest with other seeds, median.
        seeds: number of compared layouts.
        faces: number of faces compared.
    """

    trust: float
    procrustes: float
    overlap: float
    seeds: int
    faces: int


def layout_stability(rows: ArrayLike, layouts: Sequence[ArrayLike], most: int = 2000) -> LayoutStability:
    """Compare a layout with its space and with those of other seeds.

    Args:
        rows: (n, d) the faces in the space.
        layouts: of the same faces, each (n, 2) or (n, 3), the shown one first.
        most: faces that are looked at, the first ones: distances between all of them are held.

    Returns:
        Trustworthiness (Venna and Kaski 2001) of the first, and its Procrustes disparity (Gower 1975) and overlap of
        neighbours with each of the others.
    """
    procrustes = scipy_part("spatial").procrustes
    from sklearn.manifold import trustworthiness
    from sklearn.neighbors import NearestNeighbors

    x = np.asarray(rows)[:most]
    points = [np.asarray(layout, np.float64)[:most] for layout in layouts]
    k = min(NEIGHBOURS, (len(x) - 1) // 2)
    neighbours = [NearestNeighbors(n_neighbors=k).fit(each).kneighbors(return_distance=False) for each in points]
    shared = [
        np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(neighbours[0], n, strict=True)]) for n in neighbours[1:]
    ]
    apart = [procrustes(points[0], each)[2] for each in points[1:]]
    return LayoutStability(
        float(trustworthiness(x, points[0], n_neighbors=k)),
        float(np.median(apart)) if apart else 0.0,
        float(np.median(shared)) if shared else 1.0,
        len(points),
        len(x),
    )
