from __future__ import annotations

import numpy as np
import pytest
from support.models import correlated_directions

from dashboard.analysis.matrices import (
    cluster,
    cosines,
    ordered,
    outside,
    pearsons,
    relative_effect,
    score_correlations,
)
from dashboard.analysis.pins import apply_pins, on_sphere

DIRECTIONS = correlated_directions(64, 6, seed=3, correlation=0.7)
SCORES = np.random.default_rng(5).normal(size=(400, 5)) @ np.random.default_rng(6).normal(size=(5, 5))


def test_without_locks_they_are_what_numpy_and_tlgan_compute() -> None:
    assert np.allclose(cosines(DIRECTIONS), DIRECTIONS.T @ DIRECTIONS)
    assert np.allclose(pearsons(DIRECTIONS), np.corrcoef(DIRECTIONS, rowvar=False))
    assert np.allclose(score_correlations(SCORES), np.corrcoef(SCORES, rowvar=False))


def test_with_locks_the_cosine_is_that_of_how_pins_move_a_face() -> None:
    base = on_sphere(np.random.default_rng(1).normal(size=64))
    locked = [1, 4]
    found = cosines(DIRECTIONS, locked)
    free = outside(DIRECTIONS, locked)
    for moved in (0, 2, 1):
        held = [k for k in locked if k != moved]
        shown = base @ DIRECTIONS
        pinned = [moved, *held]
        by_pins = [apply_pins(base, DIRECTIONS[:, pinned], [shown[moved] + d, *shown[held]]) for d in (-1e-4, 1e-4)]
        step = by_pins[1] - by_pins[0]
        # The pull towards the sphere's middle belongs to the normalisation, not to the direction.
        span = DIRECTIONS[:, pinned]
        step = span @ np.linalg.lstsq(span, step, rcond=None)[0]
        for seen in (3, 5):
            other = free[:, seen] if moved not in locked else outside(DIRECTIONS, held)[:, seen]
            assert found[moved, seen] == pytest.approx(
                step @ other / np.linalg.norm(step) / np.linalg.norm(other), abs=1e-5
            )
    assert not found[[0, 2, 3, 5]][:, locked].any()
    assert np.allclose(np.diag(found), 1)


def test_partial_correlations_are_those_of_the_residuals() -> None:
    locked = [0, 3]
    given = np.column_stack([np.ones(len(SCORES)), SCORES[:, locked]])
    left = SCORES - given @ np.linalg.lstsq(given, SCORES, rcond=None)[0]
    expected = np.corrcoef(left[:, [1, 2, 4]], rowvar=False)
    assert np.allclose(score_correlations(SCORES, locked)[np.ix_([1, 2, 4], [1, 2, 4])], expected)


def test_a_lock_that_leaves_nothing_of_a_direction_leaves_zeros() -> None:
    twins = np.column_stack([DIRECTIONS[:, 0], DIRECTIONS[:, 0], DIRECTIONS[:, 1]])
    found = cosines(twins, [0])
    assert np.isfinite(found).all()
    assert found[1, 2] == found[2, 1] == 0


def test_relative_effects_are_in_units_of_the_own_effect() -> None:
    found = relative_effect([[2.0, 1.0], [0.5, 0.0]])
    assert found[0].tolist() == [1.0, 0.5]
    assert np.isnan(found[1]).all()


def test_clusters_put_together_what_goes_together_whatever_its_sign() -> None:
    pairs = np.eye(6)
    for a, b, value in ((0, 4, 0.9), (1, 3, -0.8), (2, 5, 0.7)):
        pairs[a, b] = pairs[b, a] = value
    pairs[0, 1] = np.nan
    tree = cluster(pairs)
    positions = {attribute: position for position, attribute in enumerate(tree.order)}
    assert all(abs(positions[a] - positions[b]) == 1 for a, b in ((0, 4), (1, 3), (2, 5)))
    assert tree.links.shape == (5, 4, 2)
    assert tree.links[..., 0].min() == 0
    assert tree.links[..., 0].max() <= 5
    assert sorted(round(float(link[1, 1]), 6) for link in tree.links)[:3] == [0.1, 0.2, 0.3]


def test_orders_by_name_and_by_group() -> None:
    names, groups = ["b", "C", "a"], ["late", "early", "late"]
    assert ordered("name", names, groups, np.eye(3)).order == [2, 0, 1]
    assert ordered("group", names, groups, np.eye(3)).order == [0, 2, 1]
    assert ordered("clusters", ["one"], ["g"], np.eye(1)).order == [0]
