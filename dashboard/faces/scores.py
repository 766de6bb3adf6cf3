"""Scores of a picture on the axis of the sliders: standard deviations over the model's bank."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import NotFound
from dashboard.faces.answers import ScoresAnswer, TickAnswer, as_text
from dashboard.synthesis.model import Model

VERSION = 2
"""Part of every cache key: increased when the scores of a face would change."""


class BankScale:
    """Mean and spread of every score over a model's bank.

    Args:
        model: the model.

    Raises:
        NotFound: the model has no scorer, or no bank as reference.
    """

    def __init__(self, model: Model) -> None:
        for name, there in (("scorer", model.has_scorer), ("bank of scored faces", model.has_bank)):
            if not there:
                raise NotFound(
                    f"Expected a model with a {name}. Received: {model.name}, which has none. "
                    "Sliders and pictures work; what a picture shows cannot be measured."
                )
        bank = model.bank()
        self._mean = bank.scores.mean(axis=0, dtype=np.float64)
        self._spread = bank.scores.std(axis=0, dtype=np.float64)
        self._names = bank.attributes
        self._shown = set(model.names)

    def raw(self, scores: NDArray[np.floating]) -> dict[str, float]:
        """Return the raw scores (S,) by name, for the attributes of `standard`."""
        return {name: float(scores[self._names.index(name)]) for name in self.standard(scores)}

    def standard(self, scores: NDArray[np.floating]) -> dict[str, float]:
        """Return the raw scores (S,), logits if binary, in standard deviations by name.

        Attributes without a direction, and those that are constant in the bank, are left out.
        """
        return {
            name: round(float((score - mean) / spread), 4)
            for name, score, mean, spread in zip(self._names, scores, self._mean, self._spread, strict=True)
            if name in self._shown and spread > 0 and np.isfinite(score)
        }


def written(face: str, scores: dict[str, float], ticks: dict[str, dict[str, Any]] | None) -> bytes:
    """Return the answer of a face's `.scores.json`; without curves it has no ticks."""
    placed = None if ticks is None else {name: TickAnswer(**tick) for name, tick in ticks.items()}
    return as_text(ScoresAnswer(face=face, scores=scores, ticks=placed)).encode()
