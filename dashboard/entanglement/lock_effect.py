"""The effect of a lock: the effect of A on B, the remaining effect with only C locked, and their difference.

A is moved twice on the same people: without locks, and with C locked. The difference is the effect removed by locking
C; it does not show the generator's mechanism.
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
        total: effect of A on B without locks.
        left: the same with only C locked.
        taken: total minus left, for the same people, with a bootstrap interval.
        drift: effect of A on C's own score without locks.
        drift_left: the same with C locked: its coordinate is constant, its score may change.
        people: number of people with both.
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
        free: a run with A moved and nothing locked.
        held: a run with A moved and only C locked, on the same people.
        rows: A's row in each run.
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
