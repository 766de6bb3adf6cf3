"""Chance, made of standard normal numbers: every draw is a function of normal numbers of its own.

So what is drawn by chance about a picture is told by independent normal numbers, as a latent is: they are the code on
which the generator is trained (``training.codes``), and a random latent is as likely as a face of the data set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from scipy.special import betaincinv, gammaincinv, ndtr

from training.render.geometry import Array

T = TypeVar("T")
TINY = 1e-300


class Normals(Protocol):
    """A source of standard normal numbers, as NumPy's generators are."""

    def standard_normal(self, size: int | None = None) -> Any:
        """One, or ``size`` of them."""
        ...


class Chance:
    """Draws, each by the inverse of its distribution's cumulative function, from normal numbers in a fixed order.

    How many normal numbers a call uses does not depend on what they are: one a value; `choice` one for each option,
    `dirichlet` one for each share.

    Args:
        rng: source of the normal numbers.
    """

    def __init__(self, rng: Normals) -> None:
        self._rng = rng

    def normals(self, count: int) -> Array:
        """Standard normal numbers (count,)."""
        return self._rng.standard_normal(count)

    def normal(self) -> float:
        """A standard normal number."""
        return float(self._rng.standard_normal())

    def random(self) -> float:
        """From 0 to 1, uniform."""
        return float(ndtr(self.normal()))

    def uniform(self, low: float, high: float) -> float:
        """From `low` to `high`, uniform."""
        return low + (high - low) * self.random()

    def uniforms(self, low: float, high: float, count: int) -> Array:
        """The same (count,)."""
        return low + (high - low) * ndtr(self.normals(count))

    def beta(self, a: float, b: float) -> float:
        """From 0 to 1, by the beta distribution."""
        return float(betaincinv(a, b, self.random()))

    def dirichlet(self, alphas: Sequence[float]) -> tuple[float, ...]:
        """Shares that sum to 1: gamma numbers, divided by their sum."""
        gammas = np.maximum(gammaincinv(alphas, _between(self.normals(len(alphas)))), TINY)
        return tuple(float(share) for share in gammas / gammas.sum())

    def choice(self, shares: Sequence[float]) -> int:
        """Place of one of the `shares`, each as likely as it is large (the Gumbel-max trick: Maddison et al. 2014)."""
        return largest(shares, self.normals(len(shares)))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all as likely."""
        return options[self.choice(np.ones(len(options)).tolist())]


def largest(shares: Sequence[float], normals: Array) -> int:
    """Place (of n) that normal numbers (n,) choose: one of the `shares` (n,), each as likely as it is large."""
    with np.errstate(divide="ignore"):
        weights = np.log(np.asarray(shares, float))
    return int(np.argmax(weights - np.log(-np.log(_between(normals)))))


def _between(normals: Array) -> Array:
    """Uniform numbers of normal ones, above 0 and below 1."""
    return np.clip(ndtr(normals), TINY, 1 - 1e-16)
