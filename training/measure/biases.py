"""Correlations of the labels of a training set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.label.truth import Truth

NOTABLE = 0.15
"""Correlations of labels below this are not listed as biases."""


def label_correlations(truth: Truth, least: float = NOTABLE) -> Sequence[tuple[int, int, float]]:
    """Return Pearson correlations between a data set's labels, strongest first.

    Args:
        truth: the labels.
        least: |r| below which a pair is left out.

    Returns:
        Indices of the two labels, ascending, and r; constant labels are left out.
    """
    values = truth.values.astype(np.float64)
    varies = np.flatnonzero(values.std(axis=0) > 0)
    r = np.atleast_2d(np.corrcoef(values[:, varies].T))
    pairs = [(j, i) for i in range(len(r)) for j in range(i) if abs(r[i, j]) >= least]
    return [(int(varies[i]), int(varies[j]), float(r[i, j])) for i, j in sorted(pairs, key=lambda p: -abs(r[p]))]
