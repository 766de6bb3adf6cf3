"""Two attributes over the faces of the bank, or over random faces where a model has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.entanglement.matrix import scores_or_coordinates
from dashboard.spaces.sample import sample_seed
from dashboard.synthesis.model import Model

SHOWN = 800
"""Largest number of faces in a small scatter."""


@dataclass(frozen=True, eq=False)
class Population:
    """Two quantities of some faces.

    Args:
        of: "scores" or "coordinates".
        x, y: (n,) in standard deviations; scores relative to the mean of all.
        title, caption: descriptions of the quantities and the faces.
    """

    of: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    title: str
    caption: str


def population(model: Model, first: str, second: str, of: object) -> Population:
    """Return two attributes of the first faces of the sample.

    Args:
        model: the model.
        first, second: names of directions.
        of: "scores"; anything else, or a model without a bank or without such a score, means "coordinates".

    Returns:
        Up to 800 faces.

    Raises:
        NotFound: the model has no such direction.
    """
    columns = [model.column(name) for name in (first, second)]
    if of == "scores" and model.has_bank:
        scores, measurable = scores_or_coordinates(model)
        if measurable[columns].all():
            chosen = scores[:, columns]
            spread = chosen.std(axis=0)
            points = (chosen - chosen.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
            count = min(SHOWN, len(points))
            caption = f"{count:,} of {len(points):,} faces; standard deviations of each score"
            return Population("scores", points[:count, 0], points[:count, 1], "Scores in the bank", caption)
    seed = sample_seed(model)
    latents = np.random.RandomState(seed).randn(SHOWN, model.config.latent_size)
    points = model.points(latents) @ model.directions[:, columns]
    return Population(
        "coordinates", points[:, 0], points[:, 1], "Coordinates", f"{SHOWN:,} random faces of seed {seed}"
    )
