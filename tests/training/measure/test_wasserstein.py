"""The sliced Wasserstein distance is SciPy's, projection by projection, on the paper's patches."""

import numpy as np
import pytest
from scipy.ndimage import convolve
from scipy.stats import wasserstein_distance

from training.measure import wasserstein
from training.measure.wasserstein import (
    descriptors,
    distances_by_level,
    doubled,
    halved,
    laplacian_level,
    sliced_wasserstein,
)

LINE = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
KERNEL = np.outer(LINE, LINE)[None, :, :, None]


def pictures(n: int, size: int = 32, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, size, size, 3), dtype=np.uint8)


def test_the_pyramid_is_the_papers() -> None:
    x = pictures(2).astype(np.float32)
    half = convolve(x, KERNEL, mode="mirror")[:, ::2, ::2]
    np.testing.assert_allclose(halved(x), half, atol=1e-3)
    apart = np.zeros_like(x)
    apart[:, ::2, ::2] = half
    np.testing.assert_allclose(doubled(half), convolve(apart, 4.0 * KERNEL, mode="mirror"), atol=1e-3)
    finest, coarsest = laplacian_level(x, 0), laplacian_level(x, 1)
    np.testing.assert_allclose(finest + doubled(coarsest), x, atol=1e-3)


def test_one_projection_is_scipys_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wasserstein, "REPEATS", 1)
    monkeypatch.setattr(wasserstein, "PROJECTIONS", 5)
    random = np.random.default_rng(1)
    a, b = random.standard_normal((2, 200, 6)).astype(np.float32)
    b = b * 1.5 + 0.3
    directions = np.random.default_rng(2).standard_normal((6, 5)).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=0)
    expected = np.mean([wasserstein_distance(a @ d, b @ d) for d in directions.T])
    assert sliced_wasserstein(a, b, np.random.default_rng(2)) == pytest.approx(expected, rel=1e-5)


def test_patches_are_of_the_picture_and_each_channel_is_standardised() -> None:
    images = pictures(3, 16)
    images[..., 1] //= 2
    found = descriptors(images, 0, np.random.default_rng(0)).reshape(3, 128, 3, 49)
    assert np.abs(found.mean(axis=(0, 1, 3))).max() < 1e-4
    assert np.abs(found.std(axis=(0, 1, 3)) - 1.0).max() < 1e-3
    windows = np.lib.stride_tricks.sliding_window_view(images[0, :, :, 0].astype(float), (7, 7)).reshape(-1, 49)
    ours = found[0, 0, 0]
    assert max(np.corrcoef(ours, window)[0, 1] for window in windows) > 0.9999


def test_what_differs_in_detail_differs_at_the_level_of_that_detail() -> None:
    coarse = [np.repeat(np.repeat(pictures(32, 8, seed) // 2, 4, axis=1), 4, axis=2) for seed in (0, 1)]
    images, others = coarse
    striped = images.copy()
    striped[:, :, ::2] += 100
    alike, apart = distances_by_level(images, others), distances_by_level(striped, others)
    assert list(apart) == [32, 16]
    assert apart[32] > 3 * alike[32]
    assert apart[16] < 1.5 * alike[16]
    assert distances_by_level(images, others, seed=0) == alike
    with pytest.raises(ValueError, match="equal sets"):
        distances_by_level(images, images[:5])
