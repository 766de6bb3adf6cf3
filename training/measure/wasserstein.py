"""Sliced Wasserstein distance of two sets of pictures, by level of their Laplacian pyramids.

Source: Karras et al., "Progressive Growing of GANs" (ICLR 2018), section 5, with its settings: 7x7 patches, 128 of each
picture, each colour channel brought to mean 0 and deviation 1 over a set, 4 times 128 projections, values times 1000.
The pyramid: Burt & Adelson, "The Laplacian pyramid as a compact image code" (1983).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

PATCH, PATCHES = 7, 128
"""Side of a patch, and number of patches of a picture."""

REPEATS, PROJECTIONS = 4, 128
"""Repeats and projections of each: 512 together."""

SMALLEST = 16
"""Side of the last level, in pixels."""

SCALE = 1e3
"""Factor of the paper's figures."""

BLOCK = 256
"""Pictures whose pyramid is built together."""


def distances_by_level(
    ours: np.ndarray, theirs: np.ndarray, seed: int = 0, progress: Callable[[int], object] = lambda levels: None
) -> dict[int, float]:
    """Return the distance at each level, from the finest to 16 px.

    Args:
        ours, theirs: uint8 (n, S, S, C), equally many; S a power of two, at least 16.
        seed: of the patches and projections.
        progress: called after each level with 1.

    Returns:
        Side in pixels to distance; 0 for equal sets, and above 0 for two samples of one population.

    Raises:
        ValueError: sets of different shapes, or pictures smaller than 16 px.
    """
    if ours.shape != theirs.shape or ours.shape[1] < SMALLEST:
        raise ValueError(f"Expected equal sets of {SMALLEST} px or more. Received: {ours.shape} and {theirs.shape}.")
    size = ours.shape[1]

    def at(level: int) -> float:
        random = np.random.default_rng([seed, level])
        a, b = (descriptors(images, level, random) for images in (ours, theirs))
        found = SCALE * sliced_wasserstein(a, b, random)
        progress(1)
        return found

    levels = range((size // SMALLEST).bit_length())
    # NumPy releases the interpreter lock while it works, so threads for the levels use all cores.
    with ThreadPoolExecutor(min(len(levels), os.cpu_count() or 1)) as pool:
        return {size >> level: value for level, value in zip(levels, pool.map(at, levels), strict=True)}


def sliced_wasserstein(ours: np.ndarray, theirs: np.ndarray, random: np.random.Generator) -> float:
    """Return the mean over random directions of the 1-Wasserstein distance of two sets' projections (Rabin et al.,
    2011).

    Args:
        ours, theirs: (n, d), equally many.
        random: draws the directions.
    """
    means = []
    for _ in range(REPEATS):
        directions = random.standard_normal((ours.shape[1], PROJECTIONS)).astype(np.float32)
        directions /= np.linalg.norm(directions, axis=0)
        means.append(projected(ours, theirs, directions))
    return float(np.mean(means))


def projected(ours: np.ndarray, theirs: np.ndarray, directions: np.ndarray) -> float:
    """Return the mean distance of two sets of points (n, d), sorted along each of the directions (d, k)."""
    if os.environ.get("KERAS_BACKEND") == "jax":
        import jax
        import jax.numpy as jnp

        with jax.default_matmul_precision("highest"):
            a, b = (jnp.sort(jnp.asarray(directions.T) @ jnp.asarray(points).T, axis=1) for points in (ours, theirs))
            return float(jnp.abs(a - b).mean(axis=1).mean())
    # One row per projection; rows are sorted in place.
    a, b = (np.sort(directions.T @ points.T, axis=1) for points in (ours, theirs))
    return float(np.mean(np.abs(a - b), dtype=np.float64))


def descriptors(images: np.ndarray, level: int, random: np.random.Generator) -> np.ndarray:
    """Return the patches of one level of the pictures' pyramids, float32 (128 n, 49 C), each channel of mean 0 and
    deviation 1.

    Args:
        images: uint8 (n, S, S, C).
        level: 0 for the finest; the last one, of 16 px, is what remains of the picture itself.
        random: draws the patches' positions.
    """
    parts = []
    for first in range(0, len(images), BLOCK):
        band = laplacian_level(images[first : first + BLOCK].astype(np.float32), level)
        parts.append(_patches(band, random))
    found = np.concatenate(parts)
    found -= found.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64).astype(np.float32)
    found /= np.maximum(found.std(axis=(0, 2, 3), keepdims=True, dtype=np.float64), 1e-8).astype(np.float32)
    return found.reshape(len(found), -1)


def laplacian_level(images: np.ndarray, level: int) -> np.ndarray:
    """Return one level (n, S / 2**level, S / 2**level, C) of the Laplacian pyramid of float32 pictures (n, S, S, C)."""
    for _ in range(level):
        images = halved(images)
    return images - doubled(halved(images)) if images.shape[1] > SMALLEST else images


def halved(images: np.ndarray) -> np.ndarray:
    """Return (n, H, W, C) through the 5x5 binomial kernel, every other pixel; mirrored at the edges."""
    for axis in (1, 2):
        x = np.moveaxis(images, axis, 0)
        p = np.concatenate([x[2:0:-1], x, x[-2:-4:-1]])
        x = (p[0:-4:2] + p[4::2] + 4.0 * (p[1:-3:2] + p[3:-1:2]) + 6.0 * p[2:-2:2]) / np.float32(16.0)
        images = np.moveaxis(x, 0, axis)
    return images


def doubled(images: np.ndarray) -> np.ndarray:
    """Return (n, H, W, C) with zeros between its pixels through four times the 5x5 binomial kernel; mirrored at the
    edges.
    """
    for axis in (1, 2):
        x = np.moveaxis(images, axis, 0)
        p = np.concatenate([x[1:2], x, x[-1:]])
        twice = np.empty((2 * len(x), *x.shape[1:]), np.float32)
        twice[0::2] = (p[:-2] + 6.0 * x + p[2:]) / np.float32(8.0)
        twice[1::2] = (x + p[2:]) / np.float32(2.0)
        images = np.moveaxis(twice, 0, axis)
    return images


def _patches(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Cut 128 patches from each picture (n, S, S, C), at random positions: (128 n, C, 7, 7)."""
    every = np.lib.stride_tricks.sliding_window_view(images, (PATCH, PATCH), axis=(1, 2))
    of = np.repeat(np.arange(len(images)), PATCHES)
    y, x = random.integers(0, every.shape[1], (2, len(of)))
    return every[of, y, x]
