"""The directions of attributes as arrows among the points of a projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.spaces.projection import Projection

MOST = 7
"""Arrows that can be distinguished."""

REACH = 0.42
"""Length of the longest arrow, as a share of the distance to the outermost faces (99th percentile)."""


@dataclass(frozen=True)
class Arrow:
    """The arrow of a direction (biplot, Gabriel 1971).

    Args:
        name: of the direction.
        tip: its end on the axes of the scatter; it starts at the origin.
    """

    name: str
    tip: tuple[float, ...]


def biplot(projection: Projection, components: Sequence[int]) -> tuple[list[Arrow], float]:
    """Compute the arrow of each attribute's direction among the points.

    Args:
        projection: of a sample.
        components: those on the axes, from 0.

    Returns:
        The longest arrows, longest first, each as far as one standard deviation of the coordinate moves a face times a
        factor that makes them readable; and that factor.
    """
    model = projection.model
    if not model.names:
        return [], 1.0
    slopes = projection.latent_map[0][:, list(components)]
    tips = (slopes.T @ model.directions).T
    radius = float(np.percentile(np.linalg.norm(projection.points[:, list(components)], axis=1), 99))
    lengths = np.linalg.norm(tips, axis=1)
    factor = _round(REACH * radius / max(float(lengths.max()), 1e-12))
    order = np.argsort(-lengths, kind="stable")[:MOST]
    return [
        Arrow(model.names[k].replace("_", " "), tuple(float(value) for value in tips[k] * factor)) for k in order
    ], factor


def _round(value: float) -> float:
    """Round to two digits, for a caption."""
    return float(f"{value:.2g}")
