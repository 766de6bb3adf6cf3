"""Check of the regression: whether it finds given directions, on real renders instead of a GAN's faces.

The parameters of every render are recorded. If each render is assigned a latent of which they are given functions, the
renderer is a generator with exact directions: parameter k of face z is the quantile of its labels at the coordinate
``d_k . z``. The directions that `fit` finds from the scorer's scores of these faces can then be compared with these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from dashboard.analysis.directions import fit_directions
from dashboard.analysis.pins import apply_pins
from dashboard.errors import PinError

Array = NDArray[np.float64]

SHARED = 0.5
"""Share of its neighbour's axis in each given direction, so that they are as entangled as found ones."""


def true_directions(latent_size: int, count: int, seed: int = 0) -> Array:
    """Return (L, F) unit columns at angles to one another."""
    axes = np.linalg.qr(np.random.default_rng(seed).standard_normal((latent_size, count)))[0]
    mixed = axes + SHARED * np.roll(axes, 1, axis=1) if count > 1 else axes
    return mixed / np.linalg.norm(mixed, axis=0)


def assigned_latents(labels: np.ndarray, directions: Array, seed: int = 0) -> Array:
    """Return the latents of which the labels are given functions.

    Args:
        labels: (n, F), continuous or 0 and 1; equal ones are sorted at random, so that a binary label is whether the
            coordinate exceeds a threshold.
        directions: (L, F) unit columns.
        seed: of all random choices.

    Returns:
        (n, L) on the sphere |z|^2 = L, with coordinates that are standard normal on each direction.
    """
    random, (count, _) = np.random.default_rng(seed), labels.shape
    chance = random.random(labels.shape)
    ranks = np.stack([np.argsort(np.lexsort((c, y))) for c, y in zip(chance.T, labels.T, strict=True)], axis=1)
    wanted = ndtri((ranks + 0.5) / count)
    bases = random.standard_normal((count, len(directions)))
    return np.stack([apply_pins(base, directions, values) for base, values in zip(bases, wanted, strict=True)])


def recovered(labels: np.ndarray, scores: np.ndarray, latent_size: int, seed: int = 0) -> Array:
    """Return the cosines (F,) between given directions and those that the regression finds.

    Args:
        labels: (n, F) true parameters of n faces, n well above L.
        scores: (n, F) of a scorer.
        latent_size: L.
        seed: of directions and latents.

    Returns:
        float64; all nan if latents of so few numbers have no room for the labels of some face.
    """
    directions = true_directions(latent_size, labels.shape[1], seed)
    try:
        latents = assigned_latents(labels, directions, seed)
    except PinError:
        return np.full(labels.shape[1], np.nan)
    return (fit_directions(latents, scores) * directions).sum(axis=0)
