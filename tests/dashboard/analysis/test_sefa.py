import numpy as np
import pytest

from dashboard.analysis.sefa import sefa


def test_directions_are_the_left_singular_vectors_of_the_layer():
    weight = np.random.default_rng(1).normal(size=(24, 60))
    found = sefa(weight)
    left, values, _ = np.linalg.svd(weight)
    np.testing.assert_allclose(np.abs((found.directions * left).sum(axis=0)), 1, atol=1e-9)
    np.testing.assert_allclose(found.shares, values**2 / (values**2).sum(), atol=1e-12)
    np.testing.assert_allclose(found.directions.T @ found.directions, np.eye(24), atol=1e-12)


def test_signs_do_not_depend_on_the_sign_of_the_weight():
    weight = np.random.default_rng(2).normal(size=(6, 9))
    np.testing.assert_allclose(sefa(weight).directions, sefa(-weight).directions)
    largest = np.abs(sefa(weight).directions).argmax(axis=0)
    assert (sefa(weight).directions[largest, range(6)] > 0).all()


@pytest.mark.parametrize("weight", [np.zeros((3, 4)), np.ones(3)])
def test_no_layer_is_refused(weight):
    with pytest.raises(ValueError, match="Expected a layer"):
        sefa(weight)
