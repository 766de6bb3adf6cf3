"""Expected-score curves: scores of scorer and judge at pinned coordinates; docs/decisions/model-folder.md.

Faces of fresh random latents are pinned at each coordinate, one attribute at a time, all else free. The bands are
conditional quantiles of single faces; a coordinate's faces and those of its neighbours, each brought to mean 0 and
deviation 1 at its own coordinate, are pooled for the tails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from dashboard.analysis.calibration import LEAST_RISE
from dashboard.synthesis.curves import Curves, read_curves
from training.kept import read_result
from training.spaces import FaceSpace

GRID = np.linspace(-4.0, 4.0, 33)
"""Coordinates that faces are pinned at."""

PINS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
"""Numbers of pins for which the bands have levels: with k pins a row's level is 1 - 0.95 ** (1 / k)."""

NEIGHBOURS = 2
"""Coordinates on either side whose faces are pooled."""

FACES = 480
"""Faces at each coordinate of each attribute."""

Score = Callable[[np.ndarray], np.ndarray]
"""Points float32 (n, L) of faces to raw scores (n, J, S)."""


def levels() -> np.ndarray:
    """Return the bands' probabilities (Q,): both ends of every level, quartiles and median."""
    tails = [(1.0 - 0.95 ** (1.0 / k)) / 2 for k in PINS]
    return np.array([*sorted(tails), 0.25, 0.5, 0.75, *sorted(1.0 - tail for tail in tails)])


def curves(
    score: Score,
    names: Sequence[str],
    directions: np.ndarray,
    columns: Sequence[int],
    deviations: np.ndarray,
    faces: int = FACES,
    seed: int = 30_000,
    deadline: float | None = None,
    progress: Callable[[int], object] = lambda done: None,
    space: FaceSpace | None = None,
) -> Curves:
    """Pin, score and sum up.

    Args:
        score: computes faces and scores them with both networks.
        names: of the F attributes.
        directions: (L, F) unit columns.
        columns: (F,) of the scores.
        deviations: (J, F) standard deviations of the scores over random faces.
        faces: at each coordinate of each attribute.
        seed: of the faces: those of ``seed + k`` for attribute k.
        deadline: on the monotonic clock; from the second attribute on, the number of faces follows the time left.
        progress: called with the number of further faces that are done.
        space: of the directions; None for z on the sphere.
    """
    space = space or FaceSpace(len(directions))
    parts, done, begun = [], 0, time.monotonic()
    for k in range(len(names)):
        if deadline is not None and k:
            each = (time.monotonic() - begun) / done
            left = (deadline - time.monotonic()) / (len(GRID) * (len(names) - k))
            faces = int(np.clip(left / each, 40, faces))
        points = space.random(seed + k, faces * len(GRID))
        pinned, feasible = space.pin(points, directions[:, [k]], np.tile(GRID, faces)[:, None])
        assert feasible.all(), "a latent of 16 numbers or more has a coordinate of 4"
        raw = score(pinned.astype(np.float32))[:, :, columns[k]]
        parts.append(raw.reshape(faces, len(GRID), -1).transpose(2, 1, 0).astype(np.float64))
        done += len(points)
        progress(len(points))
    return summed_up(parts, names, deviations)


def summed_up(scores: Sequence[np.ndarray], names: Sequence[str], deviations: np.ndarray) -> Curves:
    """Return the curves of raw scores.

    Args:
        scores: for each of the F attributes (J, T, n).
        names: of the attributes.
        deviations: (J, F) standard deviations of the scores over random faces.
    """
    from sklearn.isotonic import IsotonicRegression

    probabilities = levels()
    shape = scores[0].shape[0], len(scores), len(GRID)
    mean, deviation, expected, present = (np.empty(shape) for _ in range(4))
    bands, ends = np.empty((*shape, len(probabilities))), np.empty((*shape[:2], 2))
    for f, raw in enumerate(scores):
        mean[:, f], deviation[:, f], present[:, f] = raw.mean(axis=2), raw.std(axis=2), (raw > 0).mean(axis=2)
        for j in range(shape[0]):
            rising = IsotonicRegression().fit(GRID, mean[j, f])
            expected[j, f] = np.asarray(rising.predict(GRID), np.float64)
            bands[j, f] = _bands(raw[j], mean[j, f], deviation[j, f], probabilities)
            ends[j, f] = _ends(expected[j, f] / deviations[j, f])
    fewest = min(raw.shape[2] for raw in scores)
    return Curves(tuple(names), GRID, probabilities, expected, mean, deviation, present, bands, ends, fewest)


def _bands(raw: np.ndarray, mean: np.ndarray, deviation: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Return the quantiles (T, Q) of single faces' scores (T, n)."""
    spread = np.maximum(deviation, 1e-9)
    plain = (raw - mean[:, None]) / spread[:, None]
    found = np.empty((len(raw), len(probabilities)))
    for t in range(len(raw)):
        pooled = plain[max(t - NEIGHBOURS, 0) : t + NEIGHBOURS + 1].ravel()
        # Weibull's plotting positions: the next face is outside with exactly the requested probability.
        found[t] = mean[t] + spread[t] * np.quantile(pooled, probabilities, method="weibull")
    return found


def _ends(curve: np.ndarray) -> tuple[float, float]:
    """Return the coordinates outside which a curve (T,), in deviations, rises by less than LEAST_RISE a unit to its
    end.
    """
    low, high = GRID[0], GRID[-1]
    for t in range(len(GRID) - 2, -1, -1):
        if curve[-1] - curve[t] >= LEAST_RISE * (GRID[-1] - GRID[t]):
            high = GRID[t + 1]
            break
        high = GRID[t]
    for t in range(1, len(GRID)):
        if curve[t] - curve[0] >= LEAST_RISE * (GRID[t] - GRID[0]):
            low = GRID[t - 1]
            break
        low = GRID[t]
    return float(low), float(high)


def read_curve_result(folder: Path) -> tuple[str, Curves] | None:
    """Return the curves of the evaluate step with the digest of their directions; None if there are none."""
    if not (folder / "curves.json").is_file():
        return None
    fields, arrays = read_result(folder, "curves", "evaluate")
    return fields["fit"], read_curves(arrays, tuple(fields["names"]))
