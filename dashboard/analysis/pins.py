"""Pins: the nearest latent that has given coordinates.

A direction is a unit column of `D` (L, F); the coordinate of a latent on it is `d . z`. A pin fixes one coordinate.
For pinned directions `D_S` (L, S) with values `v`, let `p` be the point of span(D_S) with `D_S^T p = v`, and `r` the
part of the base latent that is orthogonal to span(D_S). Then

    z = p + r * sqrt((L - |p|^2) / |r|^2)

is the latent nearest to the base among those on the sphere |z|^2 = L that have these coordinates: all of them have the
same part `p`, and of their parts outside span(D_S), all of equal length, the one parallel to `r` is nearest. It does
not depend on the order of the pins, and the generator's own normalisation, x / sqrt(mean x^2), leaves it as it is.

Locking must not move a face, so a coordinate always means that of the latent on the sphere, which is what the
generator sees: `on_sphere` first, then `coordinates`. A generator that does not normalise its latents has no sphere:
there, z = p + r. See docs/faces.md and docs/decisions/bases-lie-on-the-sphere.md.

All coordinates of the result follow from the Gram matrix G = D^T D of the directions alone, so that the browser
(assets/js/pins.js) can do the same from F x F numbers, whatever L is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.feasibility import feasible_range, require_feasible, span_of

__all__ = ["apply_pins", "coordinates", "coordinates_from_gram", "feasible_range", "on_sphere", "spare_vector"]

NO_DIRECTION = 1e-4
"""Share of a base's length below which its remainder outside span(D_S) is rounding error, not a direction."""

SHORTEST = 1e-6
"""Root mean square below which a latent counts as zero, and is not scaled."""

Array = NDArray[np.float64]


def on_sphere(latents: ArrayLike) -> Array:
    """Scale latents to |z|^2 = L, as in a generator that normalises its latents.

    Args:
        latents: (..., L); any scale.

    Returns:
        (..., L) float64 of root mean square 1; a latent of root mean square below 1e-6 has no direction and is
        returned as it is.
    """
    z = np.asarray(latents, np.float64)
    size = np.sqrt(np.mean(z * z, axis=-1, keepdims=True))
    return z / np.where(size < SHORTEST, 1.0, size)


def spare_vector(latent_size: int) -> Array:
    """Return the fixed vector that stands in for a base without any part outside the pinned directions.

    Args:
        latent_size: L.

    Returns:
        (L,) float64 on the sphere; the first row of NumPy's `RandomState(0).randn`.
    """
    return on_sphere(np.random.RandomState(0).randn(latent_size))


def coordinates(latents: ArrayLike, directions: ArrayLike) -> Array:
    """Return the coordinates of latents, in standard deviations over random faces.

    Args:
        latents: (..., L), on the sphere if the model normalises its latents.
        directions: (L, F), unit columns.

    Returns:
        (..., F) float64.
    """
    return np.asarray(latents, np.float64) @ np.asarray(directions, np.float64)


def apply_pins(
    z0: ArrayLike,
    directions: ArrayLike,
    values: ArrayLike,
    normalised: bool = True,
    names: Sequence[str] | None = None,
) -> Array:
    """Find the latent nearest to a base that has the pinned coordinates.

    Args:
        z0: (L,) the base latent.
        directions: (L, S) the pinned directions, unit columns.
        values: (S,) the coordinates they are pinned at, in standard deviations.
        normalised: whether the generator normalises its latents; if not, there is no sphere.
        names: S names of the pins, for errors.

    Returns:
        (L,) float64. Without pins `z0` itself. Pins whose directions are dependent (a singular value under 1e-3) but
        agree to 0.025 hold by least squares.

    Raises:
        PinError: the pins contradict one another, or no latent on the sphere reaches them.
    """
    base, pinned, wanted = (np.asarray(array, np.float64) for array in (z0, directions, values))
    if wanted.size == 0:
        return base
    size = len(base)
    gram = pinned.T @ pinned
    require_feasible(gram, wanted, size if normalised else None, names)
    inverse = span_of(gram).inverse
    p = pinned @ (inverse @ wanted)
    r = _remainder(base, pinned, inverse)
    if not normalised:
        return p + r
    if np.linalg.norm(r) <= NO_DIRECTION * max(float(np.linalg.norm(base)), SHORTEST):
        r = _remainder(spare_vector(size), pinned, inverse)
    room = max(size - float(p @ p), 0.0)
    return p + r * math.sqrt(room / max(float(r @ r), SHORTEST**2))


def coordinates_from_gram(
    gram: ArrayLike,
    base_coordinates: ArrayLike,
    norm2: float,
    pinned: Sequence[int],
    values: ArrayLike,
    sphere: int | None,
    spare: ArrayLike,
    names: Sequence[str] | None = None,
) -> Array:
    """Return the coordinates of the face that `apply_pins` makes, without any latent: what the browser computes while
    dragging.

    Args:
        gram: (F, F) D^T D of all directions.
        base_coordinates: (F,) D^T z0.
        norm2: |z0|^2.
        pinned: S indices of pinned directions.
        values: (S,) their coordinates.
        sphere: the latent size L if the generator normalises latents, else None.
        spare: (F,) coordinates of `spare_vector(L)`.
        names: S names of the pins, for errors.

    Returns:
        (F,) float64 coordinates; without pins those of the base on the sphere.

    Raises:
        PinError: as `apply_pins`.
    """
    g, s0, wanted = (np.asarray(array, np.float64) for array in (gram, base_coordinates, values))
    if wanted.size == 0:
        return s0 * math.sqrt(sphere / norm2) if sphere and norm2 > sphere * SHORTEST**2 else s0
    chosen = list(pinned)
    inner, outer = g[np.ix_(chosen, chosen)], g[:, chosen]
    require_feasible(inner, wanted, sphere, names)
    inverse = span_of(inner).inverse
    alpha = inverse @ wanted
    p = outer @ alpha
    r, r2 = _remainder_from_gram(s0, norm2, outer, inverse, chosen)
    if sphere is None:
        return p + r
    if r2 <= NO_DIRECTION**2 * max(norm2, SHORTEST**2):
        r, r2 = _remainder_from_gram(np.asarray(spare, np.float64), sphere, outer, inverse, chosen)
    room = max(sphere - float(alpha @ inner @ alpha), 0.0)
    return p + r * math.sqrt(room / max(r2, SHORTEST**2))


def _remainder(vector: Array, pinned: Array, inverse: Array) -> Array:
    """Return part of a vector outside the span; taken out twice, since once leaves rounding where little remains."""
    for _ in range(2):
        vector = vector - pinned @ (inverse @ (pinned.T @ vector))
    return vector


def _remainder_from_gram(
    s: Array, norm2: float, outer: Array, inverse: Array, chosen: list[int]
) -> tuple[Array, float]:
    """Return the coordinates (F,) and squared norm of the remainder."""
    beta = inverse @ s[chosen]
    return s - outer @ beta, norm2 - float(s[chosen] @ beta)
