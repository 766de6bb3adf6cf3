"""Rows pinned together equal rows pinned one by one."""

import numpy as np

from dashboard.analysis.pins import apply_pins, on_sphere
from training.pinning import pin_rows


def test_rows_are_pinned_as_each_is_alone() -> None:
    random = np.random.default_rng(0)
    bases, directions = random.standard_normal((5, 40)), random.standard_normal((40, 3))
    directions /= np.linalg.norm(directions, axis=0)
    values = random.standard_normal((5, 3))
    found, feasible = pin_rows(bases, directions, values)
    assert feasible.all()
    alone = [apply_pins(z, directions, v) for z, v in zip(on_sphere(bases), values, strict=True)]
    np.testing.assert_allclose(found, np.stack(alone), atol=1e-12)
    one, _ = pin_rows(bases, directions[:, :1], np.array([2.0]))
    np.testing.assert_allclose(one @ directions[:, 0], 2.0)


def test_an_infeasible_row_is_reported() -> None:
    bases = np.random.default_rng(1).standard_normal((2, 16))
    direction = np.eye(16)[:, :1]
    found, feasible = pin_rows(bases, direction, np.array([[4.5], [1.0]]))
    assert feasible.tolist() == [False, True]
    np.testing.assert_allclose(found[0], on_sphere(bases)[0])
