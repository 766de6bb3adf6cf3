"""Centred kernel alignment: how similarly two sets of features arrange the same faces (Kornblith et al. 2019)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Alignment:
    """A linear CKA.

    Args:
        value: 0 to 1: 1 where one set is the other, turned, mirrored and scaled.
        chance: 95 % quantile with the faces of one set permuted.
        faces: how many.
    """

    value: float
    chance: float
    faces: int


def linear_cka(first: ArrayLike, second: ArrayLike) -> float:
    """Return the linear CKA of (n, A) and (n, B) of the same n faces: |Y'X|^2 / (|X'X| |Y'Y|), columns centred."""
    x, y = (array - array.mean(axis=0) for array in (np.asarray(first, np.float64), np.asarray(second, np.float64)))
    own = np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y)
    return float(np.linalg.norm(y.T @ x) ** 2 / own) if own > 0 else float("nan")


def alignment(first: ArrayLike, second: ArrayLike, permutations: int = 100, seed: int = 0) -> Alignment:
    """Return the CKA of two sets of features of the same faces, and its chance level.

    Args:
        first: (n, A). second: (n, B), the same faces in the same order.
        permutations: of the second set's faces.
        seed: of them.
    """
    x, y = np.asarray(first, np.float64), np.asarray(second, np.float64)
    random = np.random.default_rng(seed)
    drawn = [linear_cka(x, y[random.permutation(len(y))]) for _ in range(permutations)]
    return Alignment(linear_cka(x, y), float(np.quantile(drawn, 0.95)), len(x))


def shared_rows(first: NDArray, second: NDArray, most: int = 2000) -> tuple[NDArray, NDArray]:
    """Return the first rows that both have, at most so many."""
    count = min(len(first), len(second), most)
    return first[:count], second[:count]
