"""A sheet of samples next to the nearest training faces, to check for memorisation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.measure.neighbours import nearest
from training.measure.renders import Renders
from training.shards import reduce

SIDE = 32
"""Size in pixels at which pictures are compared, so that a shift by one pixel matters less."""

COLUMNS = 8
"""Samples in a row of the sheet, each with two neighbours to its right."""


def nearest_in_pixels(
    samples: np.ndarray,
    renders: Renders,
    progress: Callable[[int], object] = lambda faces: None,
    most: int | None = None,
) -> np.ndarray:
    """Return the training face nearest to each sample, mirrored or not.

    Args:
        samples: uint8 (n, S, S, 3).
        renders: the training faces.
        progress: called with the number of further training faces that have been compared.
        most: number of training faces, from the first, that are compared; None for all.

    Returns:
        int64 (n, 2): its index, and 1 if its mirror image is the nearest.
    """
    side = min(SIDE, samples.shape[1])
    queries = np.concatenate([_flat(samples, side), _flat(samples[:, :, ::-1], side)])
    least = np.full(len(queries), np.inf)
    found = np.zeros(len(queries), np.int64)
    for shard, end in zip(renders.shards, renders.ends, strict=True):
        if most is not None and end - len(shard) >= most:
            break
        distances, rows = nearest(queries, _flat(np.asarray(shard), side))
        better = distances[:, 0] < least
        least[better], found[better] = distances[better, 0], rows[better, 0] + end - len(shard)
        progress(len(shard))
    # A sample's distance to a mirrored face is its mirror image's to the face.
    mirrored = least[len(samples) :] < least[: len(samples)]
    return np.stack([np.where(mirrored, found[len(samples) :], found[: len(samples)]), mirrored], axis=1)


def beside(samples: np.ndarray, *others: np.ndarray) -> np.ndarray:
    """Return the pictures in the sequence sample, its neighbour, its other neighbour, next sample and so on, all (n,
    S, S, 3).
    """
    return np.stack([samples, *others], axis=1).reshape(-1, *samples.shape[1:])


def _flat(images: np.ndarray, side: int) -> np.ndarray:
    return reduce(np.ascontiguousarray(images), side).reshape(len(images), -1).astype(np.float64)
