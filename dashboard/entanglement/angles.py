"""Uncertainty of the angle of each direction, as computed by the job "angles"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.reliability import angle_interval
from dashboard.spaces.sample import scored_only
from dashboard.synthesis.model import Model

KIND, VERSION = "angles", 2

RESAMPLES, MOST_RESAMPLES = 200, 2000
"""Default and largest number of resamples."""

LEAST_FACES = 4
"""Smallest number of bank faces per latent dimension: with fewer the angles are much too large."""


@dataclass(frozen=True, eq=False)
class Angles:
    """The bootstrap of F directions; nan for attributes without a score.

    Args:
        low, high: (F,) the 95 % interval of the angle, in degrees.
        r2: (F,) share of the score that the regression explains on held-out faces.
        faces: of the bank.
        resamples: number of resamples.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    r2: NDArray[np.float64]
    faces: int
    resamples: int


def angles_params() -> dict:
    """Return the parameters of the page's run."""
    return {"resamples": RESAMPLES, "seed": 0}


def enough_faces(model: Model) -> bool:
    """Return whether the model's bank is large enough to resample its faces."""
    return model.has_bank and len(scored_only(model)[0]) >= LEAST_FACES * model.size


def angles_of(arrays: Mapping[str, np.ndarray]) -> Angles:
    """Read the result of a run."""
    drawn = np.asarray(arrays["angles"], np.float64)
    return Angles(*angle_interval(drawn), np.asarray(arrays["r2"], np.float64), int(arrays["faces"]), len(drawn))
