from __future__ import annotations

import numpy as np
import pytest
from support.models import correlated_directions

from dashboard.analysis.directions import cosine_matrix
from dashboard.analysis.pins import apply_pins
from dashboard.analysis.tlgan import disentangle, pearson_matrix
from dashboard.errors import PinError

NAMES = ["Young", "Smiling", "Male", "Bald", "Beard", "Hat", "Pale_Skin"]


def directions(seed: int = 0, size: int = 512, count: int = 7) -> np.ndarray:
    """Draw entangled directions of different lengths, as a regression gives them."""
    rng = np.random.default_rng(seed)
    return correlated_directions(size, count, seed, 0.6) * rng.uniform(0.3, 4, count) + 0.01


def originals(columns: np.ndarray, locked: list[int], targets: list[int] | None, normalise: bool) -> np.ndarray:
    """Compute TL-GAN's directions vector by vector: each loses its projections on the locked ones before it."""
    result = columns.copy()

    def loses(k: int, other: int) -> None:
        base = result[:, other]
        result[:, k] = result[:, k] - (result[:, k] @ base) / (base @ base) * base

    for index, lock in enumerate(locked):
        for before in locked[:index]:
            loses(lock, before)
    for target in sorted(set(range(columns.shape[1])) - set(locked)) if targets is None else targets:
        for lock in locked:
            loses(target, lock)
    return result / np.sqrt((result**2).sum(axis=0)) if normalise else result


@pytest.mark.parametrize("normalise", [True, False])
@pytest.mark.parametrize(
    ("locked", "targets"),
    [
        ([], None),
        ([3], None),
        ([0, 1, 2], None),
        ([2, 1, 0], None),
        ([5, 0], [1]),
        ([5, 0], [6, 2]),
        ([1], []),
        ([0, 1, 2, 3, 4, 5, 6], None),
    ],
)
def test_disentangling_gives_the_originals_directions(
    locked: list[int], targets: list[int] | None, normalise: bool
) -> None:
    given = directions()
    expected = originals(given, locked, targets, normalise)
    np.testing.assert_allclose(disentangle(given, locked, targets, normalise), expected, rtol=0, atol=1e-10)


def test_the_first_locked_stays_and_order_matters() -> None:
    given = directions()
    unit = given / np.linalg.norm(given, axis=0)
    one, other = disentangle(given, [2, 0]), disentangle(given, [0, 2])
    np.testing.assert_allclose(one[:, 2], unit[:, 2], atol=1e-15)
    np.testing.assert_allclose(other[:, 0], unit[:, 0], atol=1e-15)
    assert not np.allclose(one[:, 0], other[:, 0])
    # The projections of the others are the same: the locks span the same plane.
    free = [1, 3, 4, 5, 6]
    np.testing.assert_allclose(one[:, free], other[:, free], atol=1e-12)


def test_targets_keep_what_they_share_and_the_rest_stays() -> None:
    given = directions()
    result = disentangle(given, [2, 0], [1, 3])
    cosines = cosine_matrix(result)
    np.testing.assert_allclose(cosines[np.ix_([0, 2], [1, 3])], 0, atol=1e-14)
    np.testing.assert_allclose(cosines[0, 2], 0, atol=1e-14)
    assert abs(cosines[4, 3]) > 0.1
    np.testing.assert_allclose(result[:, 4:], given[:, 4:] / np.linalg.norm(given[:, 4:], axis=0), atol=1e-15)


def test_what_was_given_is_not_changed() -> None:
    given = directions()
    before = given.copy()
    disentangle(given, [1, 0])
    np.testing.assert_array_equal(given, before)


def test_a_dependent_lock_is_named_where_the_original_gives_nan() -> None:
    given = directions()
    given[:, 4] = 0.3 * given[:, 0] - 2 * given[:, 1]
    with pytest.raises(PinError, match=r"Received: Beard, which Young and Smiling leave nothing of\.") as caught:
        disentangle(given, [0, 1, 4, 2], names=NAMES)
    assert caught.value.pins == ("Young", "Smiling", "Beard")
    with pytest.raises(PinError, match="Male, which is locked twice"):
        disentangle(given, [0, 2, 2], names=NAMES)
    given[:, 3] = 0
    with pytest.raises(PinError, match="direction 3, which is zero"):
        disentangle(given, [3, 0])
    with np.errstate(invalid="ignore"):
        assert np.isnan(originals(given, [3, 0], None, True)).any()


def test_nothing_is_left_of_a_target_that_the_locks_span() -> None:
    given = directions()
    given[:, 4] = 0.3 * given[:, 0] - 2 * given[:, 1]
    result = disentangle(given, [0, 1])
    np.testing.assert_array_equal(result[:, 4], 0)
    assert np.isfinite(result).all()


def test_directions_that_are_nearly_dependent_are_still_the_originals() -> None:
    given = directions()
    given[:, 1] = given[:, 0] + 1e-4 * given[:, 1]
    result = disentangle(given, [0, 1])
    np.testing.assert_allclose(result, originals(given, [0, 1], None, True), atol=1e-10)
    assert abs(result[:, 0] @ result[:, 1]) < 1e-14


@pytest.mark.parametrize("locked", [[1], [4, 1], [1, 4, 5]])
def test_pins_move_a_latent_in_the_disentangled_direction(locked: list[int]) -> None:
    """Conditional manipulation: with some attributes pinned, another one moves in its projected direction."""
    given = directions()
    unit = given / np.linalg.norm(given, axis=0)
    target = 2
    base = np.random.RandomState(3).randn(512)
    held = list(unit[:, locked].T @ base)
    ends = [apply_pins(base, unit[:, [*locked, target]], [*held, v], normalised=False) for v in (-0.5, 1.0)]
    moved = ends[1] - ends[0]
    expected = disentangle(given, locked)[:, target]
    np.testing.assert_allclose(moved / np.linalg.norm(moved), expected, atol=1e-10)
    np.testing.assert_allclose(unit[:, locked].T @ moved, 0, atol=1e-12)
    # In any sequence of locks.
    np.testing.assert_allclose(disentangle(given, locked[::-1])[:, target], expected, atol=1e-12)


def test_the_matrices_are_the_originals() -> None:
    given = directions()
    np.testing.assert_allclose(pearson_matrix(given), np.corrcoef(given.T), rtol=0, atol=1e-10)
    products = given.T @ given
    lengths = np.sqrt(np.diag(products))
    np.testing.assert_allclose(cosine_matrix(given), products / np.outer(lengths, lengths), rtol=0, atol=1e-10)
    assert np.abs(pearson_matrix(given) - cosine_matrix(given)).max() > 1e-4


def test_a_direction_that_does_not_vary_correlates_with_nothing() -> None:
    given = directions()
    given[:, 2] = 0.1
    correlations = pearson_matrix(given)
    np.testing.assert_array_equal(np.delete(correlations[2], 2), 0)
    np.testing.assert_array_equal(np.diag(correlations), 1)
