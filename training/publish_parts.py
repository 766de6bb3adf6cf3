"""What publishing a run and publishing an imported model have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dashboard.synthesis.curves import Curves
from dashboard.synthesis.model import Bank
from training.bank import FACES, SEED
from training.errors import TrainingError
from training.fit import Fit
from training.kept import digest
from training.measure.curves import curves as curves_of
from training.measure.result import Measured
from training.measure.true_directions import PERSONS
from training.pictures import Pictures
from training.spaces import FaceSpace


@dataclass(frozen=True)
class Amounts:
    """Sample sizes of this step.

    Args:
        bank, bank_seed: faces of the bank, rows of ``RandomState(bank_seed).randn``.
        curve_faces: faces at each coordinate of each attribute; 0 for no curves.
        persons: from whose labels the true directions are found; 0 for none.
        resamples: of the intervals of their angles.
        checked: faces per attribute for the check of the bands in the pages' precision; 0 for no check.
    """

    bank: int = FACES
    bank_seed: int = SEED
    curve_faces: int = 48
    persons: int = PERSONS
    resamples: int = 200
    checked: int = 24


def measured_fit(fit: Fit, measured: Measured) -> Fit:
    """Return the directions with their measured ranges, without those that have no range left.

    Raises:
        TrainingError: the measurement belongs to other directions, or no attribute is left.
    """
    if measured.fit != digest(fit.directions):
        raise TrainingError("Expected figures of these directions. Received: others. Run the measure step again.")
    stored = [measured.stored(attribute) for attribute in fit.attributes]
    columns = [k for k, attribute in enumerate(stored) if attribute is not None]
    if not columns:
        raise TrainingError("Expected an attribute whose score follows its pin. Received: none. Train longer.")
    return replace(
        fit,
        attributes=tuple(attribute for attribute in stored if attribute is not None),
        directions=fit.directions[:, columns],
        responses=fit.responses[columns],
        scores=fit.scores[:, columns],
        dropped=fit.dropped
        | {n: "its score does not rise along it" for k, n in enumerate(fit.names) if k not in columns},
    )


def drawn_curves(pictures: Pictures, fit: Fit, space: FaceSpace, bank: Bank, faces: int) -> Curves | None:
    """Compute the expected-score curves."""
    if not faces:
        return None
    columns = [bank.attributes.index(name) for name in fit.names]
    assert bank.judge_scores is not None
    deviations = np.stack([bank.scores.std(axis=0), bank.judge_scores.std(axis=0)])[:, columns]
    return curves_of(
        lambda points: np.stack([scores for scores, _ in pictures.scores(points)], axis=1),
        fit.names,
        fit.directions,
        columns,
        deviations,
        faces,
        space=space,
    )
