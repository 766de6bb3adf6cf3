"""Matrices of attributes against attributes, by geometry and by measurement.

All have the same form: row i is moved, column j is observed, and locked attributes are held. A locked attribute that is
    not
itself moved stays constant, so that its column is 0.

    cosine       of the two directions: how far coordinate j drifts per unit of coordinate i
    pearson      of the two directions' entries, as TL-GAN draws it
    scores       Pearson's correlation of the two scores over the faces of the bank; with locks, their partial one
    effect       R of `dashboard/analysis/rescoring.py`, measured on faces that were moved
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.directions import cosine_matrix
from dashboard.analysis.inference import correlation_error, correlation_freedom
from dashboard.analysis.lazy_scipy import scipy_part
from dashboard.analysis.tlgan import pearson_matrix

Array = NDArray[np.float64]
Measure = Callable[[Array], Array]
"""Function from columns (n, F) to a matrix (F, F)."""

TINY = 1e-6
"""Length of the rest of a unit column below which it is rounding error."""


@dataclass(frozen=True)
class Tree:
    """A hierarchical clustering of F attributes.

    Args:
        order: (F,) attributes with similar ones next to each other.
        links: (F - 1, 4, 2) the four corners of each join: position in the order (0 for the first), and distance 0 to
            1.
    """

    order: list[int]
    links: Array


def cosines(directions: ArrayLike, locked: Sequence[int] = ()) -> Array:
    """Return the cosines of directions, of which the locked ones have been taken out.

    Args:
        directions: (L, F).
        locked: attributes that are held.

    Returns:
        (F, F), -1 to 1.
    """
    return held(directions, locked, cosine_matrix)


def pearsons(directions: ArrayLike, locked: Sequence[int] = ()) -> Array:
    """Return Pearson's correlations of directions over their L entries (Guan 2018), likewise."""
    return held(directions, locked, pearson_matrix)


def score_correlations(scores: ArrayLike, locked: Sequence[int] = ()) -> Array:
    """Return the correlations of scores over faces; with locked ones, what remains at given values of these.

    Args:
        scores: (n, F) of n faces.
        locked: columns that are held.

    Returns:
        (F, F), -1 to 1: Pearson's correlation, or the partial correlation given the locked scores.
    """
    values = np.asarray(scores, np.float64)
    return held(values - values.mean(axis=0), locked, cosine_matrix)


def score_errors(scores: ArrayLike, locked: Sequence[int] = ()) -> Array:
    """Give the standard errors, on Fisher's scale, of what :func:`score_correlations` gives of the same."""
    values = np.asarray(scores, np.float64)
    return held(values - values.mean(axis=0), locked, lambda columns: correlation_error(columns, len(locked)))


def score_freedom(scores: ArrayLike, locked: Sequence[int] = ()) -> Array:
    """Give the degrees of freedom of these errors."""
    values = np.asarray(scores, np.float64)
    return held(values - values.mean(axis=0), locked, correlation_freedom)


def relative_effect(matrix: ArrayLike) -> Array:
    """Compute R_ij / R_ii: effects in units of what the moved attribute does to its own score.

    Args:
        matrix: (F, F) R.

    Returns:
        (F, F), 1 on the diagonal; nan in rows whose attribute does nothing to its own score.
    """
    r = np.asarray(matrix, np.float64)
    own = np.diag(r)[:, None]
    return np.divide(r, own, out=np.full_like(r, np.nan), where=np.abs(own) > TINY)


def held(columns: ArrayLike, locked: Sequence[int], measure: Measure) -> Array:
    """Return a measure of columns, with locked ones held.

    Row i is measured on what is left of all columns outside the locked ones other than i: for directions just what a
    pin on those leaves of a move, for scores what a regression on them leaves.

    Args:
        columns: (n, F).
        locked: columns that are held.
        measure: what compares columns; asymmetric results come from the locks only.

    Returns:
        (F, F) with 0 in the columns of locked attributes, beside the diagonal.
    """
    values = np.asarray(columns, np.float64)
    chosen = list(dict.fromkeys(locked))
    result = measure(outside(values, chosen))
    for moved in chosen:
        others = [k for k in chosen if k != moved]
        result[moved] = measure(outside(values, others))[moved]
    for k in chosen:
        result[np.arange(len(result)) != k, k] = 0.0
    return result


def outside(columns: Array, held_ones: Sequence[int]) -> Array:
    """Return the part of columns that is orthogonal to some of them.

    Args:
        columns: (n, F).
        held_ones: those that are taken out of all; dependent ones count once.

    Returns:
        (n, F); zeros where nothing but rounding is left.
    """
    if not len(held_ones):
        return columns
    left, sizes, _ = np.linalg.svd(columns[:, list(held_ones)], full_matrices=False)
    basis = left[:, sizes > TINY * max(float(sizes[0]), 1e-300)]
    rest = columns - basis @ (basis.T @ columns)
    kept = np.linalg.norm(rest, axis=0) > TINY * np.linalg.norm(columns, axis=0)
    return np.where(kept, rest, 0.0)


def cluster(matrix: ArrayLike) -> Tree:
    """Sort similar attributes next to each other: average linkage (Sokal and Michener 1958) on 1 - |m|.

    Args:
        matrix: (F, F), of any scale; the larger of the two cells of a pair counts, nan as 0.

    Returns:
        The tree, its leaves in the order with the most similar neighbours (Bar-Joseph et al. 2001).
    """
    part = scipy_part("cluster.hierarchy")
    dendrogram, linkage = part.dendrogram, part.linkage
    squareform = scipy_part("spatial.distance").squareform

    sizes = np.abs(np.nan_to_num(np.asarray(matrix, np.float64)))
    count = len(sizes)
    if count < 2:
        return Tree(list(range(count)), np.zeros((0, 4, 2)))
    np.fill_diagonal(sizes, 0.0)
    sizes = np.maximum(sizes, sizes.T)
    apart = 1 - sizes / max(float(sizes.max()), 1.0)
    np.fill_diagonal(apart, 0.0)
    drawn = dendrogram(linkage(squareform(apart, checks=False), "average", optimal_ordering=True), no_plot=True)
    # SciPy puts leaf k at 10 k + 5.
    positions = (np.asarray(drawn["icoord"]) - 5) / 10
    return Tree([int(k) for k in drawn["leaves"]], np.stack([positions, np.asarray(drawn["dcoord"])], axis=-1))


def ordered(order: str, names: Sequence[str], groups: Sequence[str], matrix: ArrayLike) -> Tree:
    """Sort attributes.

    Args:
        order: "name", "group" (groups in the order of their first attribute) or "clusters".
        names, groups: of F attributes.
        matrix: (F, F), for clusters.

    Returns:
        The order; with "clusters" its tree too.
    """
    if order == "clusters":
        return cluster(matrix)
    first = {group: index for index, group in reversed(list(enumerate(groups)))}
    keys = [name.casefold() for name in names] if order == "name" else [first[group] for group in groups]
    return Tree(sorted(range(len(names)), key=lambda k: keys[k]), np.zeros((0, 4, 2)))
