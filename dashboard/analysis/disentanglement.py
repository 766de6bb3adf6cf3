"""Published measures of disentanglement, on codes (n, C) and factors (n, K) of the same faces.

Codes are coordinates on directions, components or SeFa's directions; factors are scores, or a renderer's parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

BINS = 20
"""Bins of mutual information, as in Locatello et al. (2019)."""

PENALTY = 0.01
"""Penalty of the lasso that gives DCI's importances, on standardised columns."""

EPSILON = 1e-2
"""Step of the perceptual path length, as a share of the path between two latents."""


@dataclass(frozen=True)
class Disentanglement:
    """The measures of one set of codes, each 0 to 1, 1 the best.

    Args:
        disentanglement, completeness, informativeness: DCI.
        mig: mutual information gap. sap: separated attribute predictability. modularity: of codes.
        faces, codes, factors: numbers of these.
    """

    disentanglement: float
    completeness: float
    informativeness: float
    mig: float
    sap: float
    modularity: float
    faces: int
    codes: int
    factors: int


def measure(codes: ArrayLike, factors: ArrayLike) -> Disentanglement:
    """Measure codes (n, C) against factors (n, K); columns that do not vary are left out."""
    x, y = _standard(codes), _standard(factors)
    weights, r2 = importances(x, y)
    information = mutual_information(x, y)
    entropies = np.array([_entropy(_binned(column)) for column in y.T])
    squared = np.corrcoef(x.T, y.T)[: x.shape[1], x.shape[1] :] ** 2
    return Disentanglement(
        *dci(weights), float(np.clip(r2, 0, 1).mean()), mig(information, entropies), sap(squared),
        modularity(information), len(x), x.shape[1], y.shape[1],
    )  # fmt: skip


def importances(codes: Array, factors: Array, penalty: float = PENALTY) -> tuple[Array, Array]:
    """Return the importance of each code for each factor: sizes of the lasso's slopes (C, K), and R2 (K,) on faces held
    out.

    Args:
        codes: (n, C) standardised. factors: (n, K) standardised.
        penalty: of the lasso.
    """
    from sklearn.linear_model import Lasso

    half = len(codes) // 2
    fitted = [Lasso(alpha=penalty).fit(codes[:half], column[:half]) for column in factors.T]
    r2 = [one.score(codes[half:], column[half:]) for one, column in zip(fitted, factors.T, strict=True)]
    return np.abs(np.array([one.coef_ for one in fitted])).T, np.array(r2)


def dci(weights: ArrayLike) -> tuple[float, float]:
    """Return the disentanglement and completeness of importances (C, K) (Eastwood and Williams 2018, equations of
    section 2).

    Each is 1 less the entropy of a code's importances over factors, or of a factor's over codes, in units of the
    largest entropy; averaged by how much the codes, or the factors, have of all importance.
    """
    r = np.abs(np.asarray(weights, np.float64))
    return _concentration(r), _concentration(r.T)


def mig(information: ArrayLike, entropies: ArrayLike) -> float:
    """Return the mutual information gap (Chen et al. 2018): the best code's less the second's, over each factor's
    entropy.

    Args:
        information: (C, K) mutual information in nats. entropies: (K,) of the factors in nats.
    """
    ranked = np.sort(np.asarray(information, np.float64), axis=0)
    second = ranked[-2] if len(ranked) > 1 else 0.0
    return float(np.mean((ranked[-1] - second) / np.asarray(entropies, np.float64)))


def sap(scores: ArrayLike) -> float:
    """Return the separated attribute predictability (Kumar et al. 2018): mean gap of the two best codes' r2 (C, K)."""
    ranked = np.sort(np.asarray(scores, np.float64), axis=0)
    return float(np.mean(ranked[-1] - (ranked[-2] if len(ranked) > 1 else 0.0)))


def modularity(information: ArrayLike) -> float:
    """Return the modularity (Ridgeway and Mozer 2018): whether a code tells of one factor, by mutual information (C,
    K).
    """
    m = np.asarray(information, np.float64)
    largest = m.max(axis=1)
    informative = largest > 0
    if m.shape[1] < 2 or not informative.any():
        return 1.0 if informative.any() else 0.0
    others = (m[informative] ** 2).sum(axis=1) - largest[informative] ** 2
    return float(np.mean(1 - others / (largest[informative] ** 2 * (m.shape[1] - 1))))


def mutual_information(codes: ArrayLike, factors: ArrayLike) -> Array:
    """Return the mutual information (C, K) in nats between binned columns."""
    from sklearn.metrics import mutual_info_score

    x, y = ([_binned(column) for column in np.asarray(values, np.float64).T] for values in (codes, factors))
    return np.array([[mutual_info_score(one, other) for other in y] for one in x])


def linear_separability(latents: ArrayLike, labels: ArrayLike) -> float:
    """Return the linear separability (Karras, Laine and Aila 2019, section 4.2): 2 to the sum of H(Y | X), 1 the best.

    Args:
        latents: (n, L).
        labels: (n, K) scores of binary attributes; the half of the faces that is surest of each is taken.

    Returns:
        exp of the summed conditional entropies of the label, given the side of a linear machine's plane.
    """
    from sklearn.svm import LinearSVC

    x, total = np.asarray(latents), 0.0
    for column in np.asarray(labels, np.float64).T:
        sure = np.argsort(-np.abs(column), kind="stable")[: len(column) // 2]
        y = column[sure] > 0
        if y.all() or not y.any():
            continue
        machine = LinearSVC(dual=False)  # pyright: ignore[reportArgumentType]  # a bool, too
        side = machine.fit(x[sure], y).predict(x[sure])
        total += conditional_entropy(side, y)
    return float(2.0**total)


def conditional_entropy(given: ArrayLike, labels: ArrayLike) -> float:
    """Return the conditional entropy H(labels | given) in bits, of two-valued arrays (n,)."""
    side, y = np.asarray(given, bool), np.asarray(labels, bool)
    entropy = 0.0
    for value in (False, True):
        part = y[side == value]
        if len(part):
            share = float(part.mean())
            entropy += len(part) / len(y) * -sum(p * np.log2(p) for p in (share, 1 - share) if p > 0)
    return entropy


@dataclass(frozen=True)
class PathLength:
    """A perceptual path length.

    Args:
        value: mean of d / epsilon^2, d the squared distance of two features in units of the mean squared distance of
            two faces.
        error: its standard error.
        halved: the same at half the step: close to `value` where it has converged.
        pairs: how many.
    """

    value: float
    error: float
    halved: float
    pairs: int


def path_length(
    features: Callable[[Array], Array],
    size: int,
    scale: float,
    pairs: int = 100,
    seed: int = 0,
    epsilon: float = EPSILON,
) -> PathLength:
    """Return the perceptual path length in z (Karras, Laine and Aila 2019, equation 2), in a scorer's features.

    Args:
        features: of latents (n, L) on the sphere.
        size: L.
        scale: mean squared distance of two faces' features.
        pairs: of latents, with a position between each pair.
        seed: of the pairs.
        epsilon: the step.
    """
    random = np.random.default_rng(seed)
    ends = random.standard_normal((2, pairs, size))
    at = random.random(pairs)
    lengths = []
    for step in (epsilon, epsilon / 2):
        first, second = (features(slerp(ends[0], ends[1], fraction)) for fraction in (at, at + step))
        lengths.append(((np.asarray(first, np.float64) - second) ** 2).sum(axis=1) / scale / step**2)
    return PathLength(
        float(lengths[0].mean()), float(lengths[0].std(ddof=1) / np.sqrt(pairs)), float(lengths[1].mean()), pairs
    )


def slerp(first: ArrayLike, second: ArrayLike, at: ArrayLike) -> Array:
    """Return latents (n, L) of length sqrt(L) at shares (n,) of the arcs between those of two sets (Shoemake 1985)."""
    a, b = (np.asarray(one, np.float64) for one in (first, second))
    a, b = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in (a, b))
    angle = np.arccos(np.clip((a * b).sum(axis=1), -1, 1)) * np.asarray(at, np.float64)
    side = b - (a * b).sum(axis=1, keepdims=True) * a
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    return np.sqrt(a.shape[1]) * (a * np.cos(angle)[:, None] + side * np.sin(angle)[:, None])


def _concentration(r: Array) -> float:
    sums = r.sum(axis=1)
    if not sums.sum() > 0 or r.shape[1] < 2:
        return float(sums.sum() > 0)
    shares = r / np.where(sums > 0, sums, 1.0)[:, None]
    logs = np.log(np.where(shares > 0, shares, 1.0)) / np.log(r.shape[1])
    return float(((1 + (shares * logs).sum(axis=1)) * sums).sum() / sums.sum())


def _binned(column: Array) -> NDArray[np.int64]:
    return np.digitize(column, np.histogram_bin_edges(column, BINS)[1:-1])


def _entropy(bins: NDArray[np.int64]) -> float:
    shares = np.bincount(bins)[np.bincount(bins) > 0] / len(bins)
    return float(-(shares * np.log(shares)).sum())


def _standard(values: ArrayLike) -> Array:
    array = np.asarray(values, np.float64)
    array = array[:, array.std(axis=0) > 0]
    return (array - array.mean(axis=0)) / array.std(axis=0)
