"""Frechet distance of two sets of features.

Source: Heusel et al., "GANs trained by a two time-scale update rule" (NeurIPS 2017); there in Inception's features,
here in the judge's features, which was trained on these faces. Figures of different networks cannot be compared.
"""

from __future__ import annotations

import numpy as np


def frechet_distance(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Compute ``|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))`` of the normal distributions nearest to two sets.

    Args:
        ours, theirs: (n, d) and (m, d), more than one of each.

    Returns:
        0 or more; above 0 also for two samples of one population, more so for small samples.
    """
    a, b = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    c1, c2 = np.atleast_2d(np.cov(a, rowvar=False)), np.atleast_2d(np.cov(b, rowvar=False))
    # C1 C2 has the eigenvalues of the symmetric C1^(1/2) C2 C1^(1/2), which are real and at least 0.
    values, vectors = np.linalg.eigh(c1)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    between = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ c2 @ root), 0.0)).sum()
    shift = a.mean(axis=0) - b.mean(axis=0)
    return max(float(shift @ shift + np.trace(c1) + np.trace(c2) - 2.0 * between), 0.0)
