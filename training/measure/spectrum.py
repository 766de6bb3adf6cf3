"""Spectra of pictures: energy by octave and direction, in lines, in periodic peaks, in a common pattern.

The power spectrum is the mean over pictures of the squared Fourier transform of their gray (Rec. 601) under a Hann
window, which keeps the edges of a picture from counting as lines (Harris, Proc. IEEE 1978). Frequencies are in cycles a
picture; the top octave of S px is from S/4 to S/2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from training.measure.wasserstein import doubled, halved

Array = NDArray[np.float64]

GRAY = np.array([0.299, 0.587, 0.114])
"""Rec. 601 weights of red, green and blue."""

DIAGONAL = (22.5, 67.5)
"""Angles to the horizontal axis, in degrees, of the sector that counts as diagonal."""

BAND_HALF = 2
"""Largest distance from an axis, in frequencies, at which energy still counts as a line parallel to the other."""

PEAK_WINDOW = 9
"""Frequencies over whose median a peak is measured."""

BLOCK = 64
"""Pictures that are transformed together."""


def gray(images: np.ndarray) -> Array:
    """Return gray (n, S, S) from 0 to 255 of uint8 pictures (n, S, S, 3)."""
    return images.astype(np.float64) @ GRAY


def power_spectrum(images: np.ndarray) -> Array:
    """Return the mean power (S, S) of uint8 pictures (n, S, S, 3), frequency 0 in the middle."""
    size = images.shape[1]
    window = np.outer(np.hanning(size + 1)[:-1], np.hanning(size + 1)[:-1])
    total = np.zeros((size, size))
    for first in range(0, len(images), BLOCK):
        x = gray(images[first : first + BLOCK])
        x = (x - x.mean(axis=(1, 2), keepdims=True)) * window
        total += (np.abs(np.fft.fft2(x)) ** 2).sum(axis=0)
    return np.fft.fftshift(total / len(images))


def octave_power(power: Array, octave: int = 0) -> float:
    """Return the mean power in the diagonal sector of an octave of a spectrum (S, S): 0 for the top one, 1 for that
    below it.
    """
    size = len(power)
    radius, angle = _polar(size)
    inside = (radius >= size / 4 / 2**octave) & (radius < size / 2 / 2**octave)
    return float(power[inside & (angle >= DIAGONAL[0]) & (angle <= DIAGONAL[1])].mean())


def line_excess(power: Array) -> tuple[float, float]:
    """Return the energy of horizontal and vertical lines relative to the diagonal sector of the top octave, in dB.

    A horizontal line varies in y only: its energy is on the vertical axis of the spectrum.
    """
    size = len(power)
    k = np.abs(np.arange(size) - size // 2)
    top, band = (k >= size // 4) & (k < size // 2), k <= BAND_HALF
    diagonal = octave_power(power)
    horizontal, vertical = power[np.ix_(top, band)].mean(), power[np.ix_(band, top)].mean()
    return decibels(horizontal, diagonal), decibels(vertical, diagonal)


def peak_excess(power: Array) -> float:
    """Return the height of the largest periodic peak above the spectrum around it, in decibels.

    Searched close to either axis, where up-sampling leaves its mark (Odena et al., Distill 2016), in the mean power of
    frequencies that are at most S/32 off it, from S/8 to the Nyquist frequency.
    """
    size, found = len(power), []
    centre = slice(size // 2 - size // 32, size // 2 + size // 32 + 1)
    for band in (power[centre], power[:, centre].T):
        # The two halves are mirror images; -S/2 is the Nyquist frequency.
        profile = 10.0 * np.log10(np.maximum(band.mean(axis=0), 1e-12))[size // 2 :: -1]
        found.append((profile - median_filter(profile, PEAK_WINDOW, mode="mirror"))[size // 8 :].max())
    return float(max(found))


def fixed_share(images: np.ndarray) -> float:
    """Return the share of the high-pass energy that all pictures uint8 (n, S, S, 3) have in common.

    The high-pass is the finest level of the Laplacian pyramid. The mean of n pictures of which nothing is common has
    1/n of their energy, which is subtracted.
    """
    total, energy, n = np.zeros(images.shape[1:3]), 0.0, len(images)
    for first in range(0, n, BLOCK):
        x = gray(images[first : first + BLOCK]).astype(np.float32)[..., None]
        high = (x - doubled(halved(x)))[..., 0].astype(np.float64)
        total += high.sum(axis=0)
        energy += float((high * high).mean(axis=(1, 2)).sum())
    if n < 2 or not energy:
        return float("nan")
    single, common = energy / n, float((total / n * total / n).mean())
    return max((common - single / n) / (1.0 - 1.0 / n), 0.0) / single


def decibels(value: float, against: float) -> float:
    """Return 10 log10 of a ratio of powers."""
    return float(10.0 * np.log10(max(value, 1e-12) / max(against, 1e-12)))


def _polar(size: int) -> tuple[Array, Array]:
    """Return the radius of every frequency (S, S), and its angle to the nearer end of the horizontal axis."""
    y, x = np.indices((size, size)) - size // 2
    return np.hypot(y, x), np.degrees(np.arctan2(np.abs(y), np.abs(x)))
