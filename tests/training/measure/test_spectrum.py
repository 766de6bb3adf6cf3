"""Spectral figures agree with cases worked by hand, and with SciPy."""

import numpy as np
import pytest
from scipy import signal

from training.measure.spectrum import (
    decibels,
    fixed_share,
    gray,
    line_excess,
    octave_power,
    peak_excess,
    power_spectrum,
)

SIZE = 64


def grays(values: np.ndarray) -> np.ndarray:
    """Return uint8 pictures of gray values (n, S, S)."""
    return np.repeat(np.clip(np.rint(values), 0, 255).astype(np.uint8)[..., None], 3, axis=3)


def noise(n: int, seed: int = 0, scale: float = 20.0) -> np.ndarray:
    return 128.0 + scale * np.random.default_rng(seed).standard_normal((n, SIZE, SIZE))


def test_the_spectrum_is_scipys_periodogram() -> None:
    images = grays(noise(5))
    x = gray(images)
    x -= x.mean(axis=(1, 2), keepdims=True)
    window = np.outer(*[np.asarray(signal.get_window("hann", SIZE))] * 2)
    expected = np.fft.fftshift((np.abs(np.fft.fft2(x * window)) ** 2).mean(axis=0))
    np.testing.assert_allclose(power_spectrum(images), expected, rtol=1e-9, atol=1e-6)


def test_white_noise_has_equal_octaves_no_lines_and_no_peaks() -> None:
    power = power_spectrum(grays(noise(200)))
    assert decibels(octave_power(power, 0), octave_power(power, 1)) == pytest.approx(0.0, abs=0.1)
    assert line_excess(power) == pytest.approx((0.0, 0.0), abs=0.3)
    assert peak_excess(power) < 0.8


def test_half_the_contrast_is_six_decibels_less() -> None:
    ones, others = (octave_power(power_spectrum(grays(noise(60, 1, scale)))) for scale in (30.0, 15.0))
    assert decibels(others, ones) == pytest.approx(-6.02, abs=0.1)


def test_horizontal_lines_are_horizontal_and_a_wave_is_a_peak() -> None:
    rows = 10.0 * np.random.default_rng(2).standard_normal((60, SIZE, 1))
    horizontal, vertical = line_excess(power_spectrum(grays(noise(60, 3) + rows)))
    assert horizontal > 6.0
    assert abs(vertical) < 0.5
    wave = 4.0 * np.cos(2 * np.pi * 26 * np.arange(SIZE) / SIZE)[None, None]
    quiet, loud = (peak_excess(power_spectrum(grays(noise(100, 4, 10.0) + w))) for w in (0.0, wave))
    assert loud > quiet + 1.0
    nyquist = 3.0 * (-1.0) ** np.arange(SIZE)[None, :, None]
    assert peak_excess(power_spectrum(grays(noise(100, 4, 10.0) + nyquist))) > quiet + 1.0


def test_a_pattern_that_all_share_is_found_by_its_energy() -> None:
    pattern = 10.0 * np.random.default_rng(5).standard_normal((SIZE, SIZE))
    found = fixed_share(grays(noise(300, 6, 20.0) + pattern))
    assert found == pytest.approx(10.0**2 / (10.0**2 + 20.0**2), abs=0.02)
    assert fixed_share(grays(noise(300, 7))) < 0.002
    assert np.isnan(fixed_share(grays(noise(1))))
