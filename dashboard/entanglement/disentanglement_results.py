"""Disentanglement of a model's codes, as computed by the job "disentanglement"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.synthesis.model import Model

KIND, VERSION = "disentanglement", 1

PAIRS, MOST_PAIRS = 100, 5000
"""Default and largest number of latent pairs for the path length."""

MEASURES = ("D", "C", "I", "MIG", "SAP", "modularity")
"""Measures of one set of codes: DCI's three, MIG, SAP and modularity, each 0 to 1."""

BY_SCORER, BY_TRUTH = "the scorer's scores", "true labels"


@dataclass(frozen=True)
class CodeRow:
    """One set of codes against one set of factors.

    Args:
        codes: their kind, such as "coordinates".
        factors: `BY_SCORER` or `BY_TRUTH`.
        numbers: in the order of `MEASURES`.
        count, of: number of codes used, those that vary most, and of all codes.
        faces: number of faces.
    """

    codes: str
    factors: str
    numbers: tuple[float, ...]
    count: int
    of: int
    faces: int


@dataclass(frozen=True)
class ModelDisentanglement:
    """The measurements of one model.

    Args:
        rows: one per set of codes and factors.
        separability: linear separability in z, 1 the best; nan without a binary score.
        binary: number of its binary scores.
        length, error, halved: perceptual path length in the scorer's features, its standard error, and the value at
            half the step.
        pairs: of the path length.
    """

    rows: tuple[CodeRow, ...]
    separability: float
    binary: int
    length: float
    error: float
    halved: float
    pairs: int


def can_be_measured(model: Model) -> bool:
    """Return whether a model can be measured: it needs directions, a scorer and a bank."""
    return bool(model.names) and model.has_scorer and model.has_bank


def disentanglement_params() -> dict[str, Any]:
    """Return the parameters of the page's run."""
    return {"pairs": PAIRS, "seed": 0}


def disentanglement_of(arrays: Mapping[str, np.ndarray]) -> ModelDisentanglement:
    """Read the result of a run: codes, factors (R,) text, numbers (R, 6), counts (R, 3), and five figures of faces."""
    rows = tuple(
        CodeRow(str(codes), str(factors), tuple(map(float, numbers)), *(int(number) for number in counts))
        for codes, factors, numbers, counts in zip(
            arrays["codes"], arrays["factors"], arrays["numbers"], arrays["counts"], strict=True
        )
    )
    separability, binary, length, error, halved, pairs = (float(value) for value in arrays["faces"])
    return ModelDisentanglement(rows, separability, int(binary), length, error, halved, int(pairs))
