"""Codes: latents of rendered faces."""

from pathlib import Path

import numpy as np
import pytest

from training.codes import NAME, by_choice, by_rank, read_codes, uncorrelated
from training.errors import TrainingError


def test_ranks_are_standard_normal_in_the_values_order_and_ties_fall_by_chance() -> None:
    random = np.random.default_rng(0)
    skewed, worn = np.exp(random.standard_normal(4000)), (random.random(4000) < 0.3).astype(float)
    codes = by_rank(np.stack([skewed, worn], axis=1), random)
    assert np.allclose(codes.mean(0), 0, atol=1e-9)
    assert np.allclose(codes.std(0), 1, atol=0.01)
    assert np.array_equal(codes[:, 0].argsort(), skewed.argsort())
    assert codes[worn == 1, 1].min() > codes[worn == 0, 1].max()
    assert abs(np.corrcoef(codes[worn == 0, 1], codes[worn == 0, 0])[0, 1]) < 0.05


def test_the_chosen_one_has_the_largest_number() -> None:
    random = np.random.default_rng(0)
    chosen = random.integers(0, 5, 1000)
    assert np.array_equal(by_choice(chosen, 5, random).argmax(1), chosen)


def test_codes_are_uncorrelated_and_what_others_tell_is_left_out() -> None:
    random = np.random.default_rng(0)
    a, b = random.standard_normal((2, 5000))
    codes = uncorrelated(np.stack([a, 0.6 * a + 0.8 * b, a - 2 * b], axis=1))
    assert codes.shape == (5000, 2)
    assert np.allclose(np.cov(codes.T, bias=True), np.eye(2), atol=1e-6)


def test_says_which_codes_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Run the codes step first"):
        read_codes(tmp_path, 32)
    np.save(tmp_path / NAME, np.zeros((4, 40), np.float32))
    with pytest.raises(TrainingError, match="at most 32"):
        read_codes(tmp_path, 32)
    assert read_codes(tmp_path, 40).shape == (4, 40)
