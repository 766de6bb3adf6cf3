import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.feasibility import feasible_range, is_feasible
from dashboard.analysis.pins import apply_pins, on_sphere
from dashboard.errors import PinError


@st.composite
def pinned_grams(draw):
    """Return (L, directions, pinned, values, attribute) with directions from independent to nearly parallel."""
    size = draw(st.sampled_from([6, 32, 512]))
    random = np.random.RandomState(draw(st.integers(0, 2**32 - 1)))
    columns = random.randn(size, 4) + draw(st.sampled_from([0.0, 2.0, 30.0])) * random.randn(size, 1)
    directions = columns / np.linalg.norm(columns, axis=0)
    pinned = draw(st.lists(st.integers(0, 3), unique=True, max_size=3))
    values = np.array([draw(st.floats(-1, 1)) for _ in pinned])
    return size, directions, pinned, values, draw(st.integers(0, 3))


@given(pinned_grams())
def test_the_range_is_right_at_its_edges(case):
    size, directions, pinned, values, attribute = case
    z0 = on_sphere(np.random.RandomState(1).randn(size))
    span = feasible_range(directions.T @ directions, pinned, values, attribute, size)
    others = [(index, value) for index, value in zip(pinned, values, strict=True) if index != attribute]
    chosen = [index for index, _ in others] + [attribute]

    def pinned_at(value):
        return apply_pins(z0, directions[:, chosen], [value for _, value in others] + [value])

    if span is None:
        with pytest.raises(PinError):
            apply_pins(z0, directions[:, chosen[:-1]], [value for _, value in others])
        return
    low, high = span
    for edge, offset in ((low, -1e-3), (high, 1e-3)):
        assert pinned_at(edge) @ directions[:, attribute] == pytest.approx(edge, abs=1e-4)
        with pytest.raises(PinError):
            pinned_at(edge + offset)
    pinned_at((low + high) / 2)


def test_one_free_attribute_reaches_the_poles_of_the_sphere():
    assert feasible_range(np.eye(3), [], [], 1, 512) == pytest.approx((-math.sqrt(512), math.sqrt(512)))


def test_the_attributes_own_pin_does_not_limit_it():
    gram = np.array([[1.0, 0.6], [0.6, 1.0]])
    assert feasible_range(gram, [0, 1], [2.0, 3.9], 1, 64) == feasible_range(gram, [0], [2.0], 1, 64)


def test_a_dependent_attribute_can_only_agree():
    gram = np.ones((2, 2))
    assert feasible_range(gram, [0], [1.0], 1, 512) == pytest.approx((0.95, 1.05))
    assert feasible_range(gram, [0], [1.0], 1, None) == pytest.approx((0.95, 1.05))
    assert not is_feasible(gram, np.array([1.0, 1.06]), 512)


def test_contradicting_pins_leave_no_range_to_others():
    gram = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert feasible_range(gram, [0, 1], [1.0, -1.0], 2, 512) is None
    assert feasible_range(np.eye(2), [0], [5.0], 1, 16) is None


def test_without_a_sphere_there_is_no_limit():
    assert feasible_range(np.eye(2), [0], [50.0], 1, None) == (-math.inf, math.inf)


def test_a_direction_of_zero_length_stays_at_zero():
    """The remainder of Gram-Schmidt for an attribute that is fixed by its locks."""
    gram = np.diag([1.0, 0.0])
    assert feasible_range(gram, [0], [1.0], 1, 512) == pytest.approx((-0.025, 0.025))
    assert feasible_range(gram, [0], [30.0], 1, 512) is None
