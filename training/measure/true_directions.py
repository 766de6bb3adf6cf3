"""True directions of the labels after training on pairs, and their angles to the directions that were found.

In training on pairs the meaning of latents is defined: a face's code consists of the numbers that it is drawn from. The
labels of persons, drawn but not rendered, are regressed on their codes, and the slopes are rotated into the latent by
the matrix that training uses. TL-GAN's method would find these directions with a perfect generator and a perfect
scorer.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.directions import Moments, least_squares, moments
from dashboard.synthesis.curves import TrueDirections
from training.render.attributes import ATTRIBUTES, labels_of
from training.render.dataset import Plan

Array = NDArray[np.float64]

LABELS = tuple(attribute.name for attribute in ATTRIBUTES)
"""Names of the labels, in sequence."""

PERSONS = 200_000
"""Number of persons whose labels are regressed on their codes."""

SEED_APART = 1_000_003
"""Added to the training set's seed, so that these persons differ from those of the renders."""

CHUNK = 2000
RESAMPLES = 200


def plan_of(dataset: Mapping[str, Any]) -> Plan:
    """Return the plan of a data set from its dataset.json."""
    numbers = {name: int(dataset[name]) for name in ("n", "size", "seed", "render", "shard")}
    return Plan(styles=tuple(dataset["styles"]), **numbers)


def persons(plan: Plan, count: int = PERSONS, processes: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return the codes float32 (n, K) and labels float32 (n, F) of persons drawn as in a data set.

    Args:
        plan: of the data set.
        count: persons.
        processes: that draw them; None for one per core.
    """
    pieces = [(plan, first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
    processes = min(processes or os.cpu_count() or 1, len(pieces))
    if processes == 1:
        parts = [_persons(piece) for piece in pieces]
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            parts = pool.map(_persons, pieces)
    return np.concatenate([codes for codes, _ in parts]), np.concatenate([labels for _, labels in parts])


def _persons(piece: tuple[Plan, int, int]) -> tuple[np.ndarray, np.ndarray]:
    plan, first, last = piece
    plan = replace(plan, n=last, seed=(plan.seed + SEED_APART) % 2**32)
    codes = np.stack([plan.code(index) for index in range(first, last)])
    labels = np.array([labels_of(plan.person(index)) for index in range(first, last)], np.float32)
    return codes.astype(np.float32), labels


def true_directions(
    codes: np.ndarray,
    labels: np.ndarray,
    directions: Array,
    latents: np.ndarray,
    scores: np.ndarray,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> TrueDirections:
    """Regress labels on codes, and return the angles to the directions that were found.

    Args:
        codes: (m, K) of persons. labels: (m, F) of the model's attributes, in the same sequence.
        directions: (L, F) of the model.
        latents: (n, L) from which they were found. scores: (n, F).
        resamples: of the interval; each resamples the faces and the persons one by one.
        seed: of the resampling.
    """
    from training.train.pairs import frame_of

    size = len(directions)
    turn = frame_of(size).astype(np.float64)[: codes.shape[1]]

    def into_latent(slopes: Array) -> Array:
        columns = turn.T @ slopes
        return columns / np.maximum(np.linalg.norm(columns, axis=0), 1e-12)

    half = len(codes) // 2
    slopes, intercepts = least_squares(moments(codes[:half], labels[:half]))
    rest = labels[half:].astype(np.float64)
    errors = ((rest - codes[half:] @ slopes - intercepts) ** 2).sum(axis=0)
    r2 = 1.0 - errors / np.maximum(((rest - rest.mean(axis=0)) ** 2).sum(axis=0), 1e-12)
    found = into_latent(least_squares(moments(codes, labels))[0])
    angle = angles(found, directions)
    # Persons are many and codes short: their regression's own error is drawn from its covariance, not resampled.
    random, drawn = np.random.default_rng(seed), []
    spread = _slope_spread(codes, labels)
    plain = least_squares(moments(codes, labels))[0]
    for weights in resampled(len(latents), resamples, random):
        other = fit_directions_weighted(latents, scores, weights)
        true = into_latent(plain + spread * random.standard_normal(plain.shape))
        drawn.append(angles(true, other))
    turned = np.stack(drawn)
    # A resample's angle contains the error twice, of the faces themselves and of the resample: use its spread
    # around the mean, not its level.
    low, high = angle + np.quantile(turned, (0.025, 0.975), axis=0) - turned.mean(axis=0)
    return TrueDirections(found, r2, angle, np.maximum(low, 0.0), np.minimum(high, 180.0))


def angles(ones: NDArray[np.floating], others: NDArray[np.floating]) -> Array:
    """Return the degrees (F,) between unit columns (L, F)."""
    return np.degrees(np.arccos(np.clip((ones * others).sum(axis=0, dtype=np.float64), -1.0, 1.0)))


def resampled(count: int, resamples: int, random: np.random.Generator) -> Sequence[np.ndarray]:
    """Return how often each of ``count`` faces is drawn, by resample: multinomial, one by one."""
    return [np.bincount(random.integers(0, count, count), minlength=count) for _ in range(resamples)]


def fit_directions_weighted(latents: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> Array:
    """Return the directions (L, F) of weighted faces."""
    rows = np.flatnonzero(weights)
    root = np.sqrt(weights[rows].astype(np.float32))[:, None]
    x, y = latents[rows].astype(np.float32) * root, scores[rows].astype(np.float32) * root
    w = weights[rows].astype(np.float64)
    sums = Moments(
        float(w.sum()), w @ latents[rows], w @ scores[rows].astype(np.float64), (x.T @ x).astype(np.float64),
        (x.T @ y).astype(np.float64), np.zeros(scores.shape[1]),
    )  # fmt: skip
    slopes = least_squares(sums)[0]
    return slopes / np.maximum(np.linalg.norm(slopes, axis=0), 1e-12)


def _slope_spread(codes: np.ndarray, labels: np.ndarray) -> Array:
    """Return the standard errors (K, F) of the slopes: of independent standard normal numbers, sigma / sqrt(n)."""
    slopes, intercepts = least_squares(moments(codes, labels))
    rest = labels - codes @ slopes - intercepts
    return np.broadcast_to(rest.std(axis=0, dtype=np.float64) / np.sqrt(len(codes)), slopes.shape)
