"""Measures of disentanglement on cases worked by hand."""

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from dashboard.analysis.disentanglement import (
    conditional_entropy,
    dci,
    linear_separability,
    measure,
    mig,
    modularity,
    mutual_information,
    path_length,
    sap,
    slerp,
)


def test_dci_by_hand():
    assert dci(np.eye(3)) == (pytest.approx(1.0), pytest.approx(1.0))
    assert dci(np.ones((4, 4))) == (pytest.approx(0.0), pytest.approx(0.0))
    # Codes: (1, 0) is pure, (1, 1) says nothing; weighted 1 to 2: D = 1/3. Factors: (1, 1) and (0, 1), 2 to 1: C = 1/3.
    assert dci([[1, 0], [1, 1]]) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


def test_mig_and_sap_and_modularity_by_hand():
    information = np.array([[0.6, 0.1], [0.2, 0.4], [0.0, 0.0]])
    assert mig(information, [0.8, 0.5]) == pytest.approx(((0.6 - 0.2) / 0.8 + (0.4 - 0.1) / 0.5) / 2)
    assert sap(information) == pytest.approx((0.4 + 0.3) / 2)
    # 1 - 0.1^2 / 0.6^2 and 1 - 0.2^2 / 0.4^2; a code without information is left out.
    assert modularity(information) == pytest.approx(((1 - 1 / 36) + (1 - 1 / 4)) / 2)


def test_codes_that_are_the_factors_are_the_best_and_mixtures_are_not():
    random = np.random.default_rng(0)
    factors = random.uniform(-1, 1, size=(2000, 3))
    same = measure(factors, factors)
    mixed = measure(factors @ np.linalg.qr(random.normal(size=(3, 3)))[0], factors)
    assert same.disentanglement > 0.95
    assert same.informativeness > 0.99
    for name in ("disentanglement", "completeness", "mig", "sap", "modularity"):
        apart = 0.02 if name == "modularity" else 0.1  # modularity squares what is small already
        assert getattr(same, name) > getattr(mixed, name) + apart


def test_mutual_information_is_that_of_bins():
    random = np.random.default_rng(1)
    x, y = random.integers(0, 20, 500), random.integers(0, 20, 500)
    x[:20] = y[:20] = np.arange(20)
    assert mutual_information(x[:, None] + 0.0, y[:, None] + 0.0)[0, 0] == pytest.approx(mutual_info_score(x, y))


def test_conditional_entropy_and_separability_by_hand():
    # On one side 3 of 4, on the other 0 of 4: half of H(3/4).
    side, labels = [1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 0]
    assert conditional_entropy(side, labels) == pytest.approx(0.5 * 0.811278, abs=1e-6)
    latents = np.random.default_rng(2).normal(size=(400, 5))
    assert linear_separability(latents, latents[:, :2]) == pytest.approx(1.0, abs=0.05)
    assert linear_separability(latents, np.random.default_rng(3).normal(size=(400, 1))) > 1.8


def test_a_linear_network_has_the_path_length_of_its_angle():
    ends = np.random.default_rng(4).normal(size=(2, 1, 64))
    middle = slerp(ends[0], ends[1], [0.5])[0]
    assert np.linalg.norm(middle) == pytest.approx(8)
    assert middle @ ends[0, 0] / np.linalg.norm(ends[0]) == pytest.approx(middle @ ends[1, 0] / np.linalg.norm(ends[1]))
    # Of two latents about a quarter turn apart: L * angle^2, in units of 2 L.
    found = path_length(lambda z: z, 512, 2 * 512, pairs=200)
    assert found.value == pytest.approx((np.pi / 2) ** 2 / 2, rel=0.02)
    assert found.halved == pytest.approx(found.value, rel=1e-3)
    assert found.error < 0.05
