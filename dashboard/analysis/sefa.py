"""SeFa: the directions of the latent to which the first layer of a generator responds most.

Shen and Zhou, "Closed-Form Factorization of Latent Semantics in GANs" (CVPR 2021), equations 6 to 8: the first layer
takes z to A z + b, so that a step n changes it by A n, and the unit steps of largest |A n|^2 are the eigenvectors of
A^T A. They follow from the weights alone: no face or score is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sefa:
    """Directions in order of decreasing strength.

    Args:
        directions: (L, L) unit columns, orthogonal; the entry of largest size in each is positive.
        shares: (L,) part of |A|^2 that each accounts for; they add up to 1.
    """

    directions: Array
    shares: Array


def sefa(weight: ArrayLike) -> Sefa:
    """Factorise a layer.

    Args:
        weight: (L, M) the layer's weight, latent first, as the 4x4 block's dense layer has it; any scale.

    Returns:
        All L directions.

    Raises:
        ValueError: the weight is no matrix, or zero.
    """
    transposed = np.asarray(weight, np.float64)
    if transposed.ndim != 2 or not transposed.any():
        raise ValueError(f"Expected a layer's weight (L, M). Received: an array of shape {transposed.shape}.")
    values, vectors = np.linalg.eigh(transposed @ transposed.T)
    values, vectors = values[::-1].clip(min=0), vectors[:, ::-1]
    largest = np.abs(vectors).argmax(axis=0)
    signs = np.sign(vectors[largest, np.arange(vectors.shape[1])])
    return Sefa(vectors * signs, values / values.sum())
