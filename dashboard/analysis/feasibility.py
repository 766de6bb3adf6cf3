"""Feasibility of pins: which values are jointly possible, and which pins contradict each other.

Everything here follows from the Gram matrix G = D^T D of the directions. For pinned directions with Gram matrix G_S
the point p of their span with coordinates v has |p|^2 = v^T G_S^+ v, which must not exceed the sphere's L; and where
directions are dependent, v must lie in the range of G_S.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.errors import PinError

DEPENDENT = 1e-3
"""Singular value of the pinned directions below which they count as dependent."""

CONSISTENT = 0.025
"""Tolerance, in standard deviations, of the values of dependent pins: half a slider step."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Span:
    """The span of pinned directions, from their Gram matrix."""

    inverse: Array
    """(S, S) pseudo-inverse of the Gram matrix: p = D_S @ inverse @ values."""
    null: Array
    """(S, S) projection onto the combinations of values that no latent has."""
    rank: int
    """Dimensions of the span."""


def span_of(gram: Array) -> Span:
    """Decompose the Gram matrix (S, S) of pinned directions; singular values under 1e-3 count as none."""
    eigenvalues, vectors = np.linalg.eigh(gram)
    kept = eigenvalues >= DEPENDENT**2
    basis, lost = vectors[:, kept], vectors[:, ~kept]
    return Span((basis / eigenvalues[kept]) @ basis.T, lost @ lost.T, int(kept.sum()))


def feasible_range(
    gram: ArrayLike, pinned: Sequence[int], values: ArrayLike, attribute: int, sphere: int | None
) -> tuple[float, float] | None:
    """Return the values that one attribute can be pinned at while the other pins hold.

    Args:
        gram: (F, F) D^T D of all directions.
        pinned: S indices of pinned directions; `attribute` may be among them, its own value is then ignored.
        values: (S,) their coordinates.
        attribute: index of the attribute.
        sphere: the latent size L if the generator normalises latents, else None.

    Returns:
        Lowest and highest value, in standard deviations, not cut to the slider's -4 to 4; None where no value is
        feasible. Without a sphere and without dependent pins they are infinite.
    """
    g = np.asarray(gram, np.float64)
    held = {index: float(value) for index, value in zip(pinned, np.asarray(values), strict=True) if index != attribute}
    chosen = [*held, attribute]
    fixed = np.array([*held.values(), 0.0])
    return _range_of_last(span_of(g[np.ix_(chosen, chosen)]), fixed, sphere)


def reach_range(
    gram: ArrayLike,
    base_coordinates: ArrayLike,
    norm2: float,
    pinned: Sequence[int],
    values: ArrayLike,
    attribute: int,
    reach2: float,
) -> tuple[float, float] | None:
    """Return the values of an attribute, without a sphere, at which the nearest latent is within reach.

    Args:
        gram: (F, F) D^T D of all directions.
        base_coordinates: (F,) D^T z0. norm2: |z0|^2.
        pinned, values, attribute: as for `feasible_range`.
        reach2: largest squared length of a latent within reach; a longer base reaches as far as itself.

    Returns:
        Lowest and highest value, in standard deviations; None where no value is within reach.
    """
    g, s0 = np.asarray(gram, np.float64), np.asarray(base_coordinates, np.float64)
    held = {index: float(value) for index, value in zip(pinned, np.asarray(values), strict=True) if index != attribute}
    chosen = [*held, attribute]
    span = span_of(g[np.ix_(chosen, chosen)])
    rest = norm2 - float(s0[chosen] @ span.inverse @ s0[chosen])  # of the base outside the pins: it stays
    return _range_of_last(span, np.array([*held.values(), 0.0]), max(reach2, norm2) - rest, sphere=False)


def is_feasible(gram: Array, values: Array, sphere: int | None) -> bool:
    """Return whether some latent has these coordinates.

    Args:
        gram: (S, S) Gram matrix of the pinned directions alone.
        values: (S,) their coordinates.
        sphere: the latent size L if the generator normalises latents, else None.

    Returns:
        Whether dependent pins agree to 0.025, and |p|^2 is at most L.
    """
    span = span_of(gram)
    if np.abs(span.null @ values).max(initial=0.0) > CONSISTENT:
        return False
    if sphere is None:
        return True
    p2 = float(values @ span.inverse @ values)
    # If the pins span the whole space, p is the whole latent and must itself be on the sphere.
    return p2 <= sphere * (1 + 1e-9) and (span.rank < sphere or p2 >= sphere * (1 - 1e-6))


def require_feasible(gram: Array, values: Array, sphere: int | None, names: Sequence[str] | None) -> None:
    """Refuse infeasible pins, naming those that contradict each other.

    Args:
        gram: (S, S) Gram matrix of the pinned directions alone.
        values: (S,) their coordinates.
        sphere: the latent size L if the generator normalises latents, else None.
        names: S names, for the error.

    Raises:
        PinError: the pins are infeasible. It names an irreducible set of them (feasible without any one of it), and as
            limit the nearest feasible value of the one that must move least.
    """
    if is_feasible(gram, values, sphere):
        return
    labels = list(names) if names is not None else [f"pin {index + 1}" for index in range(len(values))]
    # Leave out every pin without which the rest still cannot hold: what stays is the contradiction itself. Going
    # through them by name makes the answer independent of the order of edits.
    order = sorted(range(len(values)), key=labels.__getitem__)
    core = list(order)
    for pin in order:
        rest = [other for other in core if other != pin]
        if not is_feasible(gram[np.ix_(rest, rest)], values[rest], sphere):
            core = rest
    concerned = tuple(labels[pin] for pin in core)
    together = f"These pins cannot hold together: {_together(gram, core, concerned)}."
    change = _smallest_change(gram, values, core, order, sphere)
    if change is None:
        raise PinError(f"{together} They leave the face no freedom. Release one of them.", concerned)
    pin, limit = change
    first = together if len(core) > 1 else f"The pin of {concerned[0]} is out of reach."
    bound = "at most" if values[pin] > limit else "at least"
    raise PinError(
        f"{first} Expected {labels[pin]} {bound} {limit:.4f}{' while the others hold' if len(core) > 1 else ''}. "
        f"Received: {values[pin]:.4f}. Move it there, or release a pin.",
        concerned,
        limit,
    )


def _together(gram: Array, core: list[int], concerned: tuple[str, ...]) -> str:
    if len(core) == 2 and abs(cosine := gram[core[0], core[1]]) > 0.5:
        relation = "the same way" if cosine > 0 else "in opposite directions"
        return f"{concerned[0]} and {concerned[1]} point {relation} (cosine {cosine:.2f})"
    return ", ".join(concerned)


def _range_of_last(span: Span, fixed: Array, most: float | None, sphere: bool = True) -> tuple[float, float] | None:
    """Return the feasible values x of the last pin, for values `fixed` + x * (0, ..., 0, 1), with |p|^2 at most `most`:
    on a sphere of that squared radius, or within it.
    """
    low, high = -math.inf, math.inf
    if most is not None:
        # |p|^2 = a x^2 + 2 b x + c is at most L between its roots.
        a, b, c = span.inverse[-1, -1], span.inverse[-1] @ fixed, fixed @ span.inverse @ fixed
        root2 = b * b - a * (c - most)
        if root2 < 0 or (c > most and a == 0) or (sphere and span.rank >= most):
            return None
        if a > 0:
            low, high = (-b - math.sqrt(root2)) / a, (-b + math.sqrt(root2)) / a
    for slope, offset in zip(span.null[:, -1], span.null @ fixed, strict=True):
        if abs(slope) > 1e-9:
            ends = sorted(((-CONSISTENT - offset) / slope, (CONSISTENT - offset) / slope))
            low, high = max(low, ends[0]), min(high, ends[1])
        elif abs(offset) > CONSISTENT:
            return None
    return (float(low), float(high)) if low <= high else None


def _smallest_change(
    gram: Array, values: Array, core: list[int], order: list[int], sphere: int | None
) -> tuple[int, float] | None:
    """Return the pin of a contradiction that must move least, and the nearest value at which all pins are feasible.

    Where moving one pin cannot satisfy all the others, the value is that at which the contradiction alone is solved.
    """
    best: tuple[int, float] | None = None
    least = math.inf
    for held in (order, core):
        for pin in core:
            limits = feasible_range(gram, held, values[held], pin, sphere)
            if limits is None:
                continue
            # Round into the range, so that the value in the message is feasible.
            too_high = values[pin] > limits[1]
            limit = (math.floor(limits[1] * 1e4) if too_high else math.ceil(limits[0] * 1e4)) / 1e4
            # Differences up to this rounding count as equal: the first by name is chosen.
            if abs(values[pin] - limit) < least - 2e-4:
                least, best = abs(values[pin] - limit), (pin, limit)
        if best is not None:
            break
    return best
