"""The effect of a lock: the effect of A on B, the part left with C alone held, and their difference.

The generator was intervened upon twice: A was moved with nothing held, and with C held, on the same people. The
difference is what holding C takes away; it does not say by which way the generator does it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.people import Estimate, paired_difference, spread_of
from dashboard.entanglement.rescoring_results import Measured


@dataclass(frozen=True)
class LockEffect:
    """The effect of one lock on one effect, in standard deviations of the scores per unit of the slider.

    Args:
        total: effect of A on B with nothing held.
        left: the same with C alone held.
        taken: total less left, of the same people, by the bootstrap over them.
        drift: effect of A on C's own score with nothing held.
        drift_left: the same with C held: its coordinate stays, its score need not.
        people: who have both.
    """

    total: Estimate
    left: Estimate
    taken: Estimate
    drift: Estimate
    drift_left: Estimate
    people: int


def lock_effect(free: Measured, held: Measured, rows: tuple[int, int], seen: int, lock: int) -> LockEffect:
    """Compare an effect with and without a lock.

    Args:
        free: a run in which A is moved and nothing is held.
        held: one in which A is moved and C alone is held, on the same people.
        rows: A's row in either.
        seen: column of B.
        lock: column of C.
    """
    count = min(free.bases, held.bases)
    before, after = free.found.slopes[:count, rows[0]], held.found.slopes[:count, rows[1]]
    both = np.isfinite(before[:, seen]) & np.isfinite(after[:, seen])

    def mean(values: NDArray[np.float64]) -> Estimate:
        return spread_of(values[both]).mean

    return LockEffect(
        mean(before[:, seen]),
        mean(after[:, seen]),
        paired_difference(before[:, seen], after[:, seen]),
        mean(before[:, lock]),
        mean(after[:, lock]),
        int(both.sum()),
    )
