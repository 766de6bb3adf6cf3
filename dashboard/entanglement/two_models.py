"""Two models compared: effects of the attributes that both have, their difference, CKA of their features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.cka import Alignment, alignment, shared_rows
from dashboard.analysis.inference import FEWEST, LEVEL, means_of, select
from dashboard.analysis.lazy_scipy import scipy_part
from dashboard.entanglement.rescoring_results import Measured
from dashboard.synthesis.model import Model

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Effects (S, S) of the S attributes of both models; rows are moved.

    Args:
        names: of the attributes.
        first, second: effects in each model, in its own standard deviations.
        difference: first minus second.
        low, high: its interval by Welch's t over people, wider for selected cells; nan below 50 people of either model.
        sure: cells that differ, with false finds at most 5 % (Benjamini and Hochberg), the diagonal too.
        people: of each model.
    """

    names: tuple[str, ...]
    first: Array
    second: Array
    difference: Array
    low: Array
    high: Array
    sure: NDArray[np.bool_]
    people: tuple[int, int]


def compare(models: tuple[Model, Model], runs: tuple[Measured, Measured]) -> Comparison:
    """Compare two free runs; the people of the two models are independent.

    Args:
        models: both models.
        runs: of each model, without locks.
    """
    special = scipy_part("special")
    names = tuple(name for name in models[0].names if name in models[1].names)
    means = []
    for model, run in zip(models, runs, strict=True):
        columns = [model.column(name) for name in names]
        means.append(means_of(run.found.slopes[:, columns][:, :, columns]))
    difference = means[0].value - means[1].value
    parts = [mean.error**2 for mean in means]
    error = np.sqrt(parts[0] + parts[1])
    usable = (error > 0) & np.all([mean.count >= FEWEST for mean in means], axis=0)
    spread = sum(part**2 / np.maximum(mean.count - 1, 1) for part, mean in zip(parts, means, strict=True))
    freedom = np.divide(error**4, spread, out=np.ones_like(error), where=usable)
    size = np.divide(np.abs(difference), error, out=np.zeros_like(error), where=usable)
    choice = select(np.where(usable, 2 * special.stdtr(freedom, -size), np.nan))
    level = np.where(choice.chosen, choice.level, LEVEL)
    half = np.where(usable, special.stdtrit(freedom, (1 + level) / 2) * error, np.nan)
    people = runs[0].bases, runs[1].bases
    return Comparison(
        names, means[0].value, means[1].value, difference, difference - half, difference + half, choice.chosen, people
    )


def same_latents(first: Model, second: Model) -> bool:
    """Return whether row k of both banks is the same latent."""
    return (
        first.has_bank
        and second.has_bank
        and first.config.latent_size == second.config.latent_size
        and first.bank().base_seed == second.bank().base_seed
    )


def alignments(first: Model, second: Model) -> dict[tuple[str, str], Alignment]:
    """Return the CKA of features and scores of two models on the same latents, by the compared features.

    Separately trained models map a latent to unrelated faces; their CKA is at chance level, which is no defect. It is
    higher if both were trained on the same pairs, or one was derived from the other.
    """
    banks = first.bank(), second.bank()
    sets = [{"features": bank.features, "scores": bank.scores} for bank in banks]
    return {
        (mine, theirs): alignment(*shared_rows(sets[0][mine], sets[1][theirs]))
        for mine in ("features", "scores")
        for theirs in ("features", "scores")
    }
