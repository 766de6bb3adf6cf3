"""The first components by a randomised decomposition against all of them."""

import numpy as np
import pytest

from dashboard.analysis.pca import components, covariance
from dashboard.analysis.randomised import leading_components


@pytest.mark.parametrize("fall", [30.0, 400.0])
def test_variances_are_as_exact_as_documented(fall):
    rows = np.random.default_rng(0).normal(size=(900, 120)) * np.exp(-np.arange(120) / fall) + 3
    rows = rows.astype(np.float32)
    exact, axes = components(covariance(rows)[1], 10)
    found = leading_components(rows.copy(), 10)
    away = np.abs(found.variances[:, None] - exact[None, :]).min(axis=1).max() / exact[0]
    assert away <= found.error + 1e-6
    assert found.error < 0.1
    assert found.total == pytest.approx(exact.sum(), rel=1e-5)
    assert abs(found.axes[:, 0] @ axes[:, 0]) > 0.9
