"""Expected scores of pinned attributes, and the directions that training gave the labels.

A slider's coordinate differs from the score: for a linear direction the mean score is r times the coordinate, for a
binary attribute it is a step. So a model has a curve for each attribute: the mean score of faces pinned at each
coordinate, made monotone (isotonic regression; Barlow et al., "Statistical inference under order restrictions", 1972),
with the conditional quantiles of single faces around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.lazy_scipy import scipy_part

Array = NDArray[np.floating]
By = Literal["scorer", "judge"]

READERS: tuple[By, ...] = ("scorer", "judge")
"""Readers of the curves' first axis; a model without a judge has the first one only."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Expected scores of F attributes at T coordinates by J readers; scores are raw (logits where binary).

    Args:
        names: of the F attributes, in the order of the model's directions.
        grid: (T,) coordinates, ascending, in standard deviations.
        levels: (Q,) probabilities of the bands, ascending, symmetric about 0.5.
        expected: (J, F, T) isotonic mean score, rising in T.
        mean: (J, F, T) measured mean score.
        deviation: (J, F, T) standard deviation of single faces.
        present: (J, F, T) share of faces with a score above 0: for a binary attribute, those that show it.
        bands: (J, F, T, Q) quantiles of single faces' scores.
        ends: (J, F, 2) coordinates below and above which the expected score is constant; -4 and 4 if there are none.
        faces: number of faces pinned at each coordinate of each attribute.
    """

    names: tuple[str, ...]
    grid: Array
    levels: Array
    expected: Array
    mean: Array
    deviation: Array
    present: Array
    bands: Array
    ends: Array
    faces: int

    def expected_at(self, name: str, coordinate: ArrayLike, by: By = "scorer") -> Array:
        """Return the expected raw score of an attribute at coordinates: linear between grid points, constant outside
        the grid.
        """
        return np.interp(np.asarray(coordinate, np.float64), self.grid, self.expected[self._cell(name, by)])

    def coordinate_of(self, name: str, score: ArrayLike, by: By = "scorer") -> Array:
        """Return the coordinate whose expected score is a given raw score: its tick on the slider.

        Args:
            name: of the attribute.
            score: raw scores, any shape.
            by: the reader.

        Returns:
            Coordinates in the grid; for a level part its middle.
        """
        curve = self.expected[self._cell(name, by)]
        # A curve with level parts has two inverses, one from either side.
        values, first = np.unique(curve, return_index=True)
        last = len(curve) - 1 - np.unique(curve[::-1], return_index=True)[1]
        middles = (self.grid[first] + self.grid[last]) / 2
        # Outside the curve the coordinate is undetermined: the tick is at the end.
        middles[0], middles[-1] = self.grid[last[0]], self.grid[first[-1]]
        return np.interp(np.asarray(score, float), values, middles)

    def band(self, name: str, coordinate: ArrayLike, level: float, by: By = "scorer") -> tuple[Array, Array]:
        """Return the raw scores between which all faces but a share ``level`` lie, when pinned at coordinates.

        Args:
            name: of the attribute.
            coordinate: any shape.
            level: share of faces outside, half on either side: 0.05, or ``1 - 0.95 ** (1 / k)`` for k pins.
            by: the reader of the scores.
        """
        bands = self.bands[self._cell(name, by)]
        at = np.asarray(coordinate, np.float64)
        ends = []
        for probability in (level / 2, 1 - level / 2):
            # Between levels linear in the normal quantile: tails are nearer to normal than to uniform.
            curve = [np.interp(_probit(probability), _probit(self.levels), row) for row in bands]
            ends.append(np.interp(at, self.grid, curve))
        return ends[0], ends[1]

    def _cell(self, name: str, by: By) -> tuple[int, int]:
        return READERS.index(by), self.names.index(name)


@dataclass(frozen=True, eq=False)
class TrueDirections:
    """Directions of F labels from training on pairs, and their angles to the model's own.

    Args:
        directions: (L, F) unit columns: each label's regression on the codes of renders, mapped to the latent.
        r2: (F,) share of the label that this direction explains on held-out codes.
        angle: (F,) degrees between it and the model's direction.
        low, high: (F,) ends of the angle's 95 % interval, over faces and resampled codes.
    """

    directions: Array
    r2: Array
    angle: Array
    low: Array
    high: Array


def curve_arrays(curves: Curves) -> dict[str, np.ndarray]:
    """Return the curves in stored form."""
    arrays = {name: np.asarray(value, np.float32) for name, value in vars(curves).items() if name not in _PLAIN}
    return {**arrays, "faces": np.array(curves.faces, np.int64)}


def read_curves(arrays: Mapping[str, np.ndarray], names: tuple[str, ...]) -> Curves:
    """Read the curves from stored form; ``names`` are the model's attributes."""
    stored = {name: array for name, array in arrays.items() if name != "faces"}
    return Curves(names=names, faces=int(arrays["faces"]), **stored)


def true_arrays(found: TrueDirections) -> dict[str, np.ndarray]:
    """Return the true directions in stored form."""
    return {name: np.asarray(value, np.float32) for name, value in vars(found).items()}


def read_true(arrays: Mapping[str, np.ndarray]) -> TrueDirections:
    """Read the true directions from stored form."""
    return TrueDirections(**arrays)


_PLAIN = ("names", "faces")


def _probit(probability: ArrayLike) -> Array:
    ndtri = scipy_part("special").ndtri

    return ndtri(np.asarray(probability, np.float64))
