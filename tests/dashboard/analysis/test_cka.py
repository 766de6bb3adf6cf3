from __future__ import annotations

import numpy as np
import pytest

from dashboard.analysis.cka import alignment, linear_cka


def test_cka_of_a_case_by_hand() -> None:
    # Centred: x = (-1, 0, 1), y = (-1, 2, -1); x and y have nothing in common, x and (x, y) share what x has.
    x, y = np.array([[0.0], [1], [2]]), np.array([[0.0], [3], [0]])
    assert linear_cka(x, y) == pytest.approx(0)
    # |Y'X|^2 = 4 (of x) + 0; |X'X| = 2; |Y'Y| = sqrt(2^2 + 6^2).
    assert linear_cka(x, np.hstack([x, y])) == pytest.approx(4 / (2 * np.sqrt(40)))


def test_turning_and_scaling_change_nothing_and_other_faces_are_chance() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(400, 6)) * np.arange(1, 7)
    turned = 3 * x @ np.linalg.qr(random.normal(size=(6, 6)))[0] + 5
    same = alignment(x, turned)
    assert same.value == pytest.approx(1)
    assert same.chance < 0.1
    other = alignment(x, random.normal(size=(400, 6)))
    assert other.value < 2 * other.chance
