"""Principal components against scikit-learn's, and noise against its theory."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA

from dashboard.analysis.pca import components as components_of
from dashboard.analysis.pca import covariance, noise_band, permuted_spectra


def rows_of(n=9000, d=24, seed=0):
    random = np.random.default_rng(seed)
    return (random.normal(size=(n, d)) @ random.normal(size=(d, d)) + 50).astype(np.float32)


def test_components_are_those_of_scikit_learn(tmp_path):
    rows = rows_of()
    rows.tofile(tmp_path / "rows")
    from_disk = np.memmap(tmp_path / "rows", np.float32, "r", shape=rows.shape)
    mean, matrix = covariance(from_disk)
    variances, axes = components_of(matrix, 5)
    expected = PCA(svd_solver="covariance_eigh").fit(rows.astype(np.float64))
    np.testing.assert_allclose(mean, expected.mean_, rtol=1e-6)
    np.testing.assert_allclose(variances, expected.explained_variance_, rtol=1e-4)
    np.testing.assert_allclose(np.abs(np.sum(axes * np.asarray(expected.components_)[:5].T, axis=0)), 1, atol=1e-4)
    assert (axes[np.argmax(np.abs(axes), axis=0), range(5)] > 0).all()


def test_noise_lies_inside_its_band():
    low, high = noise_band(20_000, 512)
    assert (low, high) == (pytest.approx(0.706, abs=5e-4), pytest.approx(1.346, abs=5e-4))
    noise = np.random.default_rng(1).normal(size=(8000, 100)).astype(np.float32)
    variances, _ = components_of(covariance(noise)[1], 1)
    low, high = noise_band(8000, 100)
    assert low * 0.98 < variances[-1] < variances[0] < high * 1.02


def test_shuffling_keeps_columns_and_breaks_what_joins_them():
    shared = np.random.default_rng(2).normal(size=(3000, 1))
    rows = np.hstack([shared, shared, shared]).astype(np.float32)
    low, high = permuted_spectra(rows, 2)
    assert high[0] < 1.2
    assert components_of(covariance(rows)[1], 1)[0][0] > 2.8
    assert (low <= high).all()


def test_a_mapped_file_changed_in_memory_keeps_its_changes(tmp_path):
    np.save(tmp_path / "rows.npy", rows_of(9000, 4))
    rows = np.load(tmp_path / "rows.npy", mmap_mode="c")
    rows[:] = 0
    rows[::2, 1] = 2
    mean, matrix = covariance(rows)
    assert rows[::2, 1].all()
    np.testing.assert_allclose(mean, [0, 1, 0, 0], atol=1e-6)
    assert matrix[1, 1] == pytest.approx(9000 / 8999)


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="needs Linux")
def test_what_was_read_of_a_file_is_no_memory_of_this_process(tmp_path):
    np.save(tmp_path / "rows.npy", np.ones((20_000, 64), np.float32))
    rows = np.load(tmp_path / "rows.npy", mmap_mode="r")
    covariance(rows)
    held = Path("/proc/self/smaps").read_text().split(str(tmp_path / "rows.npy"))[1].split("Rss:")[1].split()[0]
    assert int(held) == 0


def test_noise_alone_is_larger_than_its_level_in_one_sample_of_twenty():
    random = np.random.default_rng(4)
    above = []
    for seed in range(40):
        noise = random.normal(size=(200, 6)).astype(np.float32)
        high = permuted_spectra(noise, 100, seed)[1]
        above.append(components_of(covariance(noise)[1], 1)[0][0] > high[0])
    assert 0 <= sum(above) <= 7  # binomial(40, 0.05): at most 6 in 99.7 %
