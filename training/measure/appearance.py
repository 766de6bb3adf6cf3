"""Colour of backgrounds, sharpness of hair and eyes, and how well codes are reproduced."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.measure.spectrum import (
    decibels,
    fixed_share,
    gray,
    line_excess,
    octave_power,
    peak_excess,
    power_spectrum,
)
from training.shards import reduce

Array = NDArray[np.float64]

CORNER = 1 / 8
"""Side of the two upper corners, as a share of the picture: background on nearly every face."""

REGIONS = {"hair": (0.04, 0.20, 0.28, 0.72), "eyes": (0.38, 0.54, 0.24, 0.76)}
"""Top, bottom, left and right of the regions, as shares of a picture aligned as CelebA-HQ is."""


def corner_chroma(images: np.ndarray) -> float:
    """Return the mean CIELAB chroma of the mean colours of the two upper corners of uint8 pictures (n, S, S, 3)."""
    side = max(round(images.shape[1] * CORNER), 1)
    corners = np.concatenate([images[:, :side, :side], images[:, :side, -side:]])
    means = corners.astype(np.float64).mean(axis=(1, 2)) / 255.0
    lab = cv2.cvtColor(means[:, None].astype(np.float32), cv2.COLOR_RGB2LAB)[:, 0]
    return float(np.hypot(lab[:, 1], lab[:, 2]).mean())


def sharpness(images: np.ndarray, region: str) -> float:
    """Return the variance of the Laplacian (Pech-Pacheco et al., 2000) in a region of uint8 pictures (n, S, S, 3),
    their mean.
    """
    size = images.shape[1]
    top, bottom, left, right = (round(share * size) for share in REGIONS[region])
    x = gray(images[:, top - 1 : bottom + 1, left - 1 : right + 1])
    inner = x[:, 1:-1, 1:-1]
    laplacian = x[:, :-2, 1:-1] + x[:, 2:, 1:-1] + x[:, 1:-1, :-2] + x[:, 1:-1, 2:] - 4.0 * inner
    return float(laplacian.var(axis=(1, 2)).mean())


def psnr(ones: np.ndarray, others: np.ndarray) -> float:
    """Return the median over pictures uint8 (n, S, S, 3) of the peak signal-to-noise ratio, in decibels."""
    squares = [np.square(a.astype(np.float64) - b).mean() for a, b in zip(ones, others, strict=True)]
    return float(np.median(10.0 * np.log10(255.0**2 / np.maximum(squares, 1e-9))))


def appearance(samples: np.ndarray, renders: np.ndarray, others: np.ndarray) -> dict[str, dict[str, float]]:
    """Return all figures of single pictures.

    Args:
        samples: uint8 (n, S, S, 3), the generator's.
        renders, others: as many of two sets of renders.

    Returns:
        Figures by name, each for "samples" and "renders"; for renders, the other renders are compared with these.
    """
    found: dict[str, dict[str, float]] = {}
    sides = [side for side in (256, 128) if side <= samples.shape[1]] or [samples.shape[1]]
    sets = {"samples": samples, "renders": others}
    for side in sides:
        against = power_spectrum(reduce(renders, side))
        spectra = {name: power_spectrum(reduce(images, side)) for name, images in sets.items()}
        for octave in range(4):
            found[f"octave {octave} at {side}"] = {
                name: decibels(octave_power(power, octave), octave_power(against, octave))
                for name, power in spectra.items()
            }
        lines = {name: line_excess(power) for name, power in spectra.items()}
        for axis, direction in enumerate(("horizontal", "vertical")):
            found[f"{direction} lines at {side}"] = {name: pair[axis] for name, pair in lines.items()}
        found[f"peaks at {side}"] = {name: peak_excess(power) for name, power in spectra.items()}
    found["fixed pattern"] = {name: fixed_share(images) for name, images in sets.items()}
    found["corner chroma"] = {name: corner_chroma(images) for name, images in sets.items()}
    for region in REGIONS:
        found[f"{region} sharpness"] = {name: sharpness(images, region) for name, images in sets.items()}
    return found
