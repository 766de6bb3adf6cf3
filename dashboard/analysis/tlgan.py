"""TL-GAN's operations on directions: disentangling by an index set, and its two matrices.

Pins do the same without changing directions (see `pins.py`): with some attributes pinned, moving another one moves the
latent in its direction made orthogonal to theirs. These functions are for comparisons with TL-GAN, and for work based
on its files. Source: Guan, "Transparent Latent-space GAN" (2018), its published `feature_axis.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.errors import PinError

Array = NDArray[np.float64]

REMAINDER = 1e-6
"""Length of the rest of a unit direction below which it is rounding error: there the original gives noise, or NaN."""


def disentangle(
    directions: ArrayLike,
    locked: Sequence[int],
    targets: Sequence[int] | None = None,
    normalise: bool = True,
    names: Sequence[str] | None = None,
) -> Array:
    """Make directions orthogonal to locked ones, by Gram-Schmidt.

    Locked directions become orthogonal to one another in the order given: the first stays as it is, and another order
    gives other directions. Targets become orthogonal to all of the locked ones and keep what they share with each
    other. Directions that are neither stay as they are.

    Args:
        directions: (L, F) of any length above zero.
        locked: indices of locked directions, in order; without any, nothing is made orthogonal.
        targets: indices of the directions to disentangle; None for all that are not locked.
        normalise: whether all directions are brought to length 1 in the end, as TL-GAN does by default.
        names: F names, for errors.

    Returns:
        (L, F) float64; zeros for a target in the span of the locks.

    Raises:
        PinError: a locked direction is zero, or lies in the span of those before it; it is named.
        IndexError: an index of no direction.
    """
    result = np.array(directions, np.float64)
    # Unit vectors of the locked directions, each orthogonal to those before it.
    basis = np.zeros((result.shape[0], 0))
    for index, lock in enumerate(locked):
        result[:, lock] = left = _outside(result[:, lock], basis)
        length = np.linalg.norm(left)
        if length == 0:
            raise _dependent(locked[: index + 1], names)
        basis = np.column_stack([basis, left / length])
    chosen = [k for k in range(result.shape[1]) if k not in locked] if targets is None else list(targets)
    for target in chosen if len(locked) else ():
        if target not in locked:
            result[:, target] = _outside(result[:, target], basis)
    if not normalise:
        return result
    lengths = np.linalg.norm(result, axis=0)
    return result / np.where(lengths > 0, lengths, 1.0)


def pearson_matrix(directions: ArrayLike) -> Array:
    """Return Pearson's correlations between directions over their L entries, as TL-GAN draws them (`numpy.corrcoef`).

    For latents of independent entries `cosine_matrix` is what says how attributes move together; the two differ by the
    directions' means over their entries, which mean nothing.

    Args:
        directions: (L, F) of any length.

    Returns:
        (F, F) symmetric, -1 to 1, with a diagonal of 1; 0 beside it where all entries of a direction are equal.
    """
    columns = np.asarray(directions, np.float64)
    centred = columns - columns.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)
    varies = lengths > 1e-12 * np.linalg.norm(columns, axis=0)
    unit = np.where(varies, centred, 0.0) / np.where(varies, lengths, 1.0)
    correlations = np.clip(unit.T @ unit, -1, 1)
    np.fill_diagonal(correlations, 1.0)
    return (correlations + correlations.T) / 2


def _outside(vector: Array, basis: Array) -> Array:
    """Return the part of a vector outside an orthonormal basis; taken out twice, since once leaves rounding. Zero if
    tiny.
    """
    left = vector
    for _ in range(2):
        left = left - basis @ (basis.T @ left)
    return np.where(np.linalg.norm(left) > REMAINDER * np.linalg.norm(vector), left, 0.0)


def _dependent(locked: Sequence[int], names: Sequence[str] | None) -> PinError:
    """Return the error for the last of some locked directions, of which those before it leave nothing."""
    *before, last = [names[k] if names else f"direction {k}" for k in locked]
    reason = "which is locked twice" if last in before else f"which {' and '.join(before)} leave nothing of"
    return PinError(
        "Expected locked directions that are independent. "
        f"Received: {last}, {reason if before else 'which is zero'}. Unlock one of them.",
        [*before, last],
    )
