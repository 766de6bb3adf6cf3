"""Many bases pinned together: what `dashboard.analysis.pins.apply_pins` does for one, for all rows of a matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.pins import on_sphere

Array = NDArray[np.float64]


def pin_rows(bases: Array, directions: Array, values: Array, sphere: bool = True) -> tuple[Array, NDArray[np.bool_]]:
    """Pin each base at its own coordinates.

    Args:
        bases: (n, L), scaled to the sphere if there is one.
        directions: (L, k) unit columns, independent.
        values: (n, k) or (k,) coordinates.
        sphere: whether points lie on the sphere |z|^2 = L; those of w do not.

    Returns:
        Latents (n, L) with those coordinates, and for which rows (n,) they exist; the other rows are the bases
        themselves. Without a sphere they all exist.
    """
    z = on_sphere(bases) if sphere else np.asarray(bases, np.float64)
    wanted = np.broadcast_to(np.asarray(values, np.float64), (len(z), directions.shape[1]))
    inverse = np.linalg.inv(directions.T @ directions)
    p = wanted @ inverse @ directions.T
    r = z - (z @ directions) @ inverse @ directions.T
    if not sphere:
        return p + r, np.ones(len(z), bool)
    room = z.shape[1] - (p * p).sum(axis=1)
    feasible = room >= 0
    pinned = p + r * np.sqrt(np.maximum(room, 0.0) / (r * r).sum(axis=1))[:, None]
    return np.where(feasible[:, None], pinned, z), feasible
