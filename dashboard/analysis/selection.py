"""Selections: the faces inside an outline drawn on two axes of a space, and how they differ from the others.

The outline is part of a link, so it is short (64 corners, four digits per number) and states its axes.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.errors import InputError

MAX_CORNERS = 64
MAX_FACES = 10_000_000

Array = NDArray[np.float64]

_TEXT = re.compile(
    r"1~(?P<space>[A-Za-z0-9-]{1,80})\.(?P<method>[a-z]{1,16}(?:-\d{1,10}){0,4})\.(?P<x>\d{1,4})\.(?P<y>\d{1,4})"
    r"~(?P<n>\d{1,8})~(?P<count>\d{1,8})~(?P<corners>[0-9e+._-]{1,2000})"
)


@dataclass(frozen=True)
class Selection:
    """An outline, and the axes that it was drawn on.

    Args:
        space: the space's name.
        method: the layout of its points, with its parameters: "pca", "umap-15-10-5000-0".
        axes: the two components, from 1.
        n: size of the sample.
        count: number of faces inside.
        corners: (m, 2) the outline, 3 to 64 corners.
    """

    space: str
    method: str
    axes: tuple[int, int]
    n: int
    count: int
    corners: Array

    def __str__(self) -> str:
        corners = "_".join(f"{value:.4g}" for value in self.corners.ravel())
        return f"1~{self.space}.{self.method}.{self.axes[0]}.{self.axes[1]}~{self.n}~{self.count}~{corners}"


def parse_selection(text: str) -> Selection:
    """Parse the selection of a link.

    Args:
        text: such as `1~scores.pca.1.2~20000~312~0_0_1_0_1_1`: version, space, method and axes, size of the sample,
            faces inside, and x and y of each corner.

    Returns:
        The selection.

    Raises:
        InputError: the text is not a selection.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        raise _refused(text)
    try:
        numbers = [float(number) for number in found["corners"].split("_")]
    except ValueError as error:
        raise _refused(text) from error
    corners = len(numbers) // 2
    if len(numbers) % 2 or not 3 <= corners <= MAX_CORNERS or not all(math.isfinite(number) for number in numbers):
        raise _refused(text)
    return Selection(
        found["space"],
        found["method"],
        (int(found["x"]), int(found["y"])),
        int(found["n"]),
        int(found["count"]),
        np.array(numbers).reshape(-1, 2),
    )


def inside_polygon(corners: ArrayLike, points: ArrayLike) -> NDArray[np.bool_]:
    """Test which points are inside an outline, by the even-odd rule.

    Args:
        corners: (m, 2) the outline.
        points: (n, 2).

    Returns:
        (n,) flags. The same operations in the same order as `assets/js/latent_space/polygon.js`, so that both agree to
        the last bit.
    """
    polygon = np.asarray(corners, np.float64)
    x, y = np.asarray(points, np.float64).T
    inside = np.zeros(len(x), bool)
    for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if ay == by:
            continue
        slope = (bx - ax) / (by - ay)
        inside ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * slope)
    return inside


@dataclass(frozen=True)
class Effects:
    """Differences of a selection from the whole sample, in each of F quantities.

    Args:
        difference: (F,) mean inside less mean of all, in standard deviations of all.
        low: (F,) 25th percentile inside, on the same axis (mean of all is 0).
        high: (F,) 75th percentile inside.
        error: (F,) standard error of the difference.
    """

    difference: Array
    low: Array
    high: Array
    error: Array


def effects(values: ArrayLike, inside: ArrayLike) -> Effects:
    """Compare those selected with all, quantity by quantity.

    The effect size is Glass's delta (1976): the difference of the means in standard deviations of the population.

    Args:
        values: (n, F) quantities of all faces, such as scores.
        inside: (n,) flags, at least one of them set.

    Returns:
        The effects; 0 for a quantity that does not vary.

    Raises:
        ValueError: no face is selected.
    """
    every = np.asarray(values, np.float64)
    chosen = every[np.asarray(inside, bool)]
    if not len(chosen):
        raise ValueError("Expected at least one selected face. Received: none. Draw around some faces.")
    mean, spread = every.mean(axis=0), every.std(axis=0)
    unit = np.where(spread > 0, spread, 1.0)
    standard = np.where(spread > 0, (chosen - mean) / unit, 0.0)
    return Effects(
        standard.mean(axis=0),
        np.percentile(standard, 25, axis=0),
        np.percentile(standard, 75, axis=0),
        standard.std(axis=0) / math.sqrt(len(chosen)),
    )


def middle_members(points: ArrayLike, inside: ArrayLike, count: int) -> NDArray[np.intp]:
    """Choose representative members of a selection, spread over it, from its middle outwards.

    Args:
        points: (n, k) positions of all faces.
        inside: (n,) flags.
        count: how many to choose at most.

    Returns:
        Their rows: the one nearest to the selection's mean, then each time the one farthest from those chosen
        (farthest-point sampling, Gonzalez 1985), among the half that is nearest to the mean.
    """
    rows = np.flatnonzero(np.asarray(inside, bool))
    chosen = np.asarray(points, np.float64)[rows]
    distance = np.linalg.norm(chosen - chosen.mean(axis=0), axis=1) if len(rows) else np.zeros(0)
    order = np.argsort(distance, kind="stable")[: max(count, (len(rows) + 1) // 2)]
    rows, chosen = rows[order], chosen[order]
    picked: list[int] = []
    gap = np.full(len(rows), np.inf)
    for _ in range(min(count, len(rows))):
        following = int(np.argmax(gap)) if picked else 0
        picked.append(following)
        gap = np.minimum(gap, np.linalg.norm(chosen - chosen[following], axis=1))
        gap[picked] = -1.0
    return rows[picked]


def _refused(text: str) -> InputError:
    shown = "".join(character if character.isprintable() else "?" for character in text[:60])
    return InputError(
        f"Expected a selection such as 1~scores.pca.1.2~20000~312~0_0_1_0_1_1 with 3 to {MAX_CORNERS} corners. "
        f"Received: {shown}. Copy the whole link, or draw it again."
    )
