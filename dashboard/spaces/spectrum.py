"""Principal components of a sample, the level of noise, and the components' directions in the latent."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.pca import BLOCK, components, covariance, noise_band, permuted_spectra

Array = NDArray[np.float64]

SHUFFLES = 100
"""Permutations for the noise level of parallel analysis; for wide samples `SHUFFLES_WIDE`."""

SHUFFLES_WIDE = 20
WIDE = 256
"""Columns from which a sample counts as wide: each permutation decomposes a covariance."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """A principal component analysis of n rows of d numbers.

    Args:
        mean: (d,) of the columns.
        scale: (d,) divisors of the columns: ones, or their standard deviations.
        axes: (d, K) unit columns, the components; the entry of largest size is positive.
        variances: of all components, descending; without constant columns, or only the first ones.
        n: rows.
        noise_levels: returns the lower and upper bounds of the noise level for this sample size, each (d,) or (1,).
            Called when they are needed first: permutations take longer than the components.
        noise: their description.
        total: total variance, if `variances` has only the first components; else None.
        dead: number of constant columns, which are ignored.
        numbers: number of varying columns.
    """

    mean: Array
    scale: Array
    axes: Array
    variances: Array
    n: int
    noise_levels: Callable[[], tuple[Array, Array]]
    noise: str
    total: float | None = None
    dead: int = 0
    numbers: int = 0

    @property
    def shares(self) -> Array:
        """(d,) share of the variance that each component holds."""
        return self.variances / self._total

    @property
    def participation(self) -> float:
        """The participation ratio, (sum of variances)^2 / sum of squares: the number of equal components with the same
        spread.
        """
        return float(self._total**2 / max(float((self.variances**2).sum()), 1e-300))

    @property
    def _total(self) -> float:
        return max(float(self.variances.sum()) if self.total is None else self.total, 1e-300)

    @functools.cached_property
    def _levels(self) -> tuple[Array, Array]:
        return self.noise_levels()

    @property
    def noise_low(self) -> Array:
        """(d,) or (1,) lower bound of the noise level."""
        return self._levels[0]

    @property
    def noise_high(self) -> Array:
        """(d,) or (1,) upper bound of the noise level."""
        return self._levels[1]

    @property
    def above_noise(self) -> int:
        """Number of components larger than the noise, each compared with the noise component of its own number."""
        return int((self.variances > self.noise_high).sum())

    @property
    def below_noise(self) -> int:
        """Number of components smaller than the noise."""
        return int((self.variances < self.noise_low).sum())

    def holding(self, share: float) -> int:
        """Return the number of leading components that hold a share of the variance, 0 to 1."""
        return min(int(np.searchsorted(np.cumsum(self.shares), share - 1e-12)) + 1, len(self.variances))

    def project(self, rows: ArrayLike, components: list[int]) -> NDArray[np.float32]:
        """Return the positions of rows (n, d) on some components, from 0: (n, k) float32."""
        columns = (self.axes[:, components] / self.scale[:, None]).astype(np.float64)
        shift = self.mean @ columns
        array = np.asarray(rows)
        out = np.empty((len(array), len(components)), np.float32)
        for first in range(0, len(array), BLOCK):
            out[first : first + BLOCK] = array[first : first + BLOCK].astype(np.float64) @ columns - shift
        return out


def spectrum(rows: ArrayLike, *, standardised: bool, white: bool, keep: int = 64, seed: int = 0) -> Spectrum:
    """Find the principal components of a sample, exactly.

    The noise level is, for white noise (latents), the band of Marchenko and Pastur for the same size and total
    variance; otherwise the spectra of samples with shuffled columns (see `dashboard.analysis.pca`).

    Args:
        rows: (n, d), n above 1.
        standardised: whether columns are divided by their standard deviations first.
        white: whether the rows are drawn as white noise.
        keep: number of components to keep.
        seed: of the permutations.

    Returns:
        The spectrum.
    """
    array = np.asarray(rows, np.float32)
    n, d = array.shape
    mean, matrix = covariance(array)
    deviations = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    live = np.flatnonzero(deviations > 0) if (deviations > 0).any() else np.arange(d)
    scale = np.where(deviations > 0, deviations, 1.0) if standardised else np.ones(d)
    variances, found = components((matrix / np.outer(scale, scale))[np.ix_(live, live)], keep)
    axes = np.zeros((d, found.shape[1]))
    axes[live] = found
    times = shuffles_of(len(live))

    def levels() -> tuple[Array, Array]:
        if white:
            low, high = noise_band(n, len(live), float(variances.mean()))
            return np.array([low]), np.array([high])
        varying = array if len(live) == d else array[:, live]
        return permuted_spectra(varying / scale[live].astype(np.float32), times, seed)

    words = "white noise of the same size and total variance (Marchenko and Pastur)" if white else shuffled_words(times)
    return Spectrum(mean, scale, axes, variances, n, levels, words, dead=d - len(live), numbers=len(live))


def shuffles_of(columns: int) -> int:
    """Return the number of permuted samples for the noise level, by the number of columns."""
    return SHUFFLES if columns < WIDE else SHUFFLES_WIDE


def shuffled_words(times: int) -> str:
    """Describe the noise level of shuffled columns."""
    return f"every column shuffled, 5 to 95 % of {times} times"


def latent_map(gram: Array, latents: ArrayLike, points: ArrayLike) -> tuple[Array, Array, Array]:
    """Regress points on latents, to predict a face's position and find the latent direction of a component.

    Ordinary least squares, as GANSpace (Härkönen et al. 2020, section 3.2) brings components of activations back to the
    latent.

    Args:
        gram: (L + 1, L + 1) as `Faces.gram`.
        latents: (n, L).
        points: (n, K).

    Returns:
        Slopes (L, K), offsets (K,), and (K,) R2 adjusted for the number of latent dimensions (Wherry 1931): an estimate
        for other faces.
    """
    x, y = np.asarray(latents), np.asarray(points, np.float64)
    products = np.zeros((gram.shape[0], y.shape[1]))
    for first in range(0, len(x), BLOCK):
        part = x[first : first + BLOCK].astype(np.float64)
        products[:-1] += part.T @ y[first : first + BLOCK]
    products[-1] = y.sum(axis=0)
    # A ridge far below the rounding of float32 latents: a sample smaller than L then has a solution, too.
    ridge = np.eye(len(gram)) * 1e-9 * float(np.trace(gram)) / len(gram)
    solved: Array = np.linalg.solve(gram + ridge, products).astype(np.float64)
    n, size = len(y), len(gram) - 1
    total = np.asarray(((y - y.mean(axis=0)) ** 2).sum(axis=0), np.float64)
    explained = (solved * products).sum(axis=0)
    residual = np.maximum(np.asarray((y**2).sum(axis=0), np.float64) - explained, 0.0)
    free = max(n - size - 1, 1)
    r2 = np.where(total > 0, 1 - (residual / free) / np.where(total > 0, total / max(n - 1, 1), 1.0), 0.0)
    return solved[:-1], solved[-1], np.clip(r2, 0.0, 1.0)
