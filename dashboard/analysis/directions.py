"""Directions: the regression of scores on latents, and comparisons of directions.

The method is TL-GAN's (Guan 2018): draw latents, make faces, score them, regress every score on the latents by ordinary
least squares; the slopes, brought to length 1, are the directions. Everything follows from sums over the faces (the
normal equations), so that 100,000 latents of 512 numbers need one pass in blocks, and folds and resamples are sums of
parts of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

BLOCK = 4096
"""Number of faces that are converted to float64 together."""


@dataclass(frozen=True)
class Moments:
    """Sums over n faces with latents x (L) and scores y (F), from which least squares follow; they add and subtract."""

    n: float
    x: Array
    """(L,) sum of x."""
    y: Array
    """(F,) sum of y."""
    xx: Array
    """(L, L) sum of x x^T."""
    xy: Array
    """(L, F) sum of x y^T."""
    yy: Array
    """(F,) sum of y^2."""

    def __add__(self, other: Moments) -> Moments:
        return Moments(*(ours + theirs for ours, theirs in zip(self.sums, other.sums, strict=True)))

    def __sub__(self, other: Moments) -> Moments:
        return Moments(*(ours - theirs for ours, theirs in zip(self.sums, other.sums, strict=True)))

    @property
    def sums(self) -> tuple:
        """All six sums, in the order of the fields."""
        return self.n, self.x, self.y, self.xx, self.xy, self.yy


def moments(latents: ArrayLike, scores: ArrayLike) -> Moments:
    """Sum up faces, in blocks.

    Args:
        latents: (n, L), of any real type; a memory-mapped array is read block by block.
        scores: (n, F).

    Returns:
        Their moments, in float64.

    Raises:
        ValueError: not two matrices of equally many rows.
    """
    x, y = np.asanyarray(latents), np.asanyarray(scores)
    if x.ndim != 2 or y.ndim != 2 or len(x) != len(y):
        raise ValueError(f"Expected latents (n, L) and scores (n, F). Received: {x.shape} and {y.shape}.")
    size, count = x.shape[1], y.shape[1]
    total = Moments(
        0, np.zeros(size), np.zeros(count), np.zeros((size, size)), np.zeros((size, count)), np.zeros(count)
    )
    for first in range(0, len(x), BLOCK):
        a, b = (np.asarray(array[first : first + BLOCK], np.float64) for array in (x, y))
        total += Moments(len(a), a.sum(axis=0), b.sum(axis=0), a.T @ a, a.T @ b, (b * b).sum(axis=0))
    return total


def least_squares(sums: Moments) -> tuple[Array, Array]:
    """Regress scores on latents, with an intercept.

    Args:
        sums: of more than L + 1 faces.

    Returns:
        Slopes (L, F) and intercepts (F,).

    Raises:
        ValueError: too few faces, or latents that do not vary in all their dimensions.
    """
    size = len(sums.x)
    if sums.n <= size + 1:
        raise ValueError(f"Expected more than {size + 1} faces. Received: {sums.n:g}. Draw more latents.")
    mean_x, mean_y = sums.x / sums.n, sums.y / sums.n
    try:
        solved = np.linalg.solve(sums.xx - np.outer(sums.x, mean_x), sums.xy - np.outer(sums.x, mean_y))
    except np.linalg.LinAlgError as error:
        raise ValueError("Expected latents that vary in every dimension. Received: some that do not.") from error
    slopes = np.asarray(solved, np.float64)
    return slopes, mean_y - mean_x @ slopes


def fit_directions(latents: ArrayLike, scores: ArrayLike) -> Array:
    """Find the direction of every score.

    Args:
        latents: (n, L), n > L + 1; as the generator sees them, so `on_sphere` where it normalises.
        scores: (n, F).

    Returns:
        (L, F) float64, unit columns; zeros for a score that does not vary.

    Raises:
        ValueError: as `moments` and `least_squares`.
    """
    return _unit(least_squares(moments(latents, scores))[0])


def held_out_r2(latents: ArrayLike, scores: ArrayLike, folds: int = 5) -> Array:
    """Return the share of every score that its regression explains on held-out faces.

    Args:
        latents: (n, L).
        scores: (n, F).
        folds: K; fold k holds rows k, k + K, ... and is predicted from all the others.

    Returns:
        (F,) 1 - (squared errors of all predictions) / (squares about the mean); below 0 if worse than the mean, 0 for a
        score that does not vary.

    Raises:
        ValueError: fewer than two folds, or as `least_squares`.
    """
    if folds < 2:
        raise ValueError(f"Expected two folds or more. Received: folds={folds}.")
    x, y = np.asanyarray(latents), np.asanyarray(scores)
    parts = [moments(x[fold::folds], y[fold::folds]) for fold in range(folds)]
    total = _sum(parts)
    errors = sum(_squared_errors(part, *least_squares(total - part)) for part in parts)
    squares = total.yy - total.y**2 / total.n
    varies = squares > 1e-12 * total.yy
    return np.where(varies, 1 - errors / np.where(varies, squares, 1.0), 0.0)


def bootstrap_angles(
    latents: ArrayLike,
    scores: ArrayLike,
    repeats: int = 100,
    seed: int = 0,
    progress: Callable[[int], object] = lambda done: None,
) -> Array:
    """Return the angles by which directions change when faces are resampled: the bootstrap (Efron 1979).

    Each resample moves the slopes by one step, (X'X)^-1 X' (w - 1) e with w how often a face is drawn and e what the
    regression leaves of its scores, squares enlarged by n / (n - L - 1); what the matrix itself would change is
    small. So a resample costs one product. Groups instead of faces made angles two to three times too wide. For
    a score of which next to nothing is explained the angles come out too small, since noise in the slope then passes
    for slope: read them together with `held_out_r2`.

    Args:
        latents: (n, L), rows drawn independently; n above L + 1.
        scores: (n, F).
        repeats: resamples.
        seed: of the resampling.
        progress: called after every resample with the number done; an exception from it stops the work.

    Returns:
        (repeats, F) angles in degrees, 0 to 180, between the direction of all faces and that of a resample; their
        95th percentile is a bound of the direction's own error.

    Raises:
        ValueError: as `least_squares`.
    """
    x, y = np.asanyarray(latents), np.asanyarray(scores)
    sums = moments(x, y)
    slopes, intercepts = least_squares(sums)
    n, size = x.shape
    centre = sums.x / sums.n
    inverse = np.linalg.inv(sums.xx - np.outer(sums.x, centre))
    left = y - (np.asarray(x @ slopes.astype(x.dtype), np.float64) + intercepts)
    left = left * np.sqrt(n / max(n - size - 1, 1))
    found = _unit(slopes)
    random = np.random.default_rng(seed)
    angles = np.empty((repeats, found.shape[1]))
    for repeat in range(repeats):
        weights = np.bincount(random.integers(0, n, n), minlength=n) - 1.0
        pulled = left * weights[:, None]
        step = np.asarray(x.T @ pulled.astype(x.dtype), np.float64) - np.outer(centre, pulled.sum(axis=0))
        cosines = (found * _unit(slopes + np.asarray(inverse @ step, np.float64))).sum(axis=0)
        angles[repeat] = np.degrees(np.arccos(np.clip(cosines, -1, 1)))
        progress(repeat + 1)
    return angles


def cosine_matrix(directions: ArrayLike) -> Array:
    """Return the cosines of the angles between directions.

    Args:
        directions: (L, F) of any length.

    Returns:
        (F, F) symmetric, -1 to 1, with a diagonal of 1; 0 where a direction is zero.
    """
    unit = _unit(np.asarray(directions, np.float64))
    cosines = np.clip(unit.T @ unit, -1, 1)
    return (cosines + cosines.T) / 2


def without_parallel(directions: ArrayLike, merit: ArrayLike, limit: float = 0.9) -> tuple[list[int], dict[int, int]]:
    """Keep only the best of nearly parallel or opposite directions.

    Directions are gone through by falling merit; one is dropped where |cosine| with any kept one exceeds the limit.

    Args:
        directions: (L, F).
        merit: (F,) such as held-out R2; of equals the first counts as greater.
        limit: largest |cosine| that two kept directions may have, 0 to 1.

    Returns:
        Indices of the kept ones, ascending, and for each dropped one the kept one that it is most parallel to.
    """
    sizes = np.abs(cosine_matrix(directions))
    kept: list[int] = []
    dropped: dict[int, int] = {}
    for k in np.argsort(-np.asarray(merit, np.float64), kind="stable"):
        nearest = max(kept, key=lambda other: sizes[k, other], default=None)
        if nearest is not None and sizes[k, nearest] > limit:
            dropped[int(k)] = nearest
        else:
            kept.append(int(k))
    return sorted(kept), dropped


def _unit(columns: Array) -> Array:
    lengths = np.linalg.norm(columns, axis=0)
    return columns / np.where(lengths > 0, lengths, 1.0)


def _sum(parts: list[Moments]) -> Moments:
    total = parts[0]
    for part in parts[1:]:
        total += part
    return total


def _squared_errors(sums: Moments, slopes: Array, intercepts: Array) -> Array:
    """Return (F,) squared errors of a regression on the faces of `sums`."""
    quadratic = np.einsum("lf,lm,mf->f", slopes, sums.xx, slopes, optimize=True)
    linear = (slopes * sums.xy).sum(axis=0) + intercepts * (sums.y - sums.x @ slopes)
    return sums.yy - 2 * linear + quadratic + sums.n * intercepts**2
