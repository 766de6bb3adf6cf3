"""Losses of generator and discriminator, without penalties, on ``keras.ops`` alone: for every backend.

Sources: Goodfellow et al. 2014 (non-saturating logistic), Gulrajani et al. 2017 and PG-GAN's appendix A (WGAN with a
small drift term), Johnson et al. 2016 (perceptual distance), Wang et al. 2018 (pix2pixHD: feature matching),
Bojanowski et al. 2018 (Laplacian pyramid), Portilla and Simoncelli 2000 (energies of bands).
"""

# Keras annotates its operations as possibly returning None, which they never do.
# pyright: reportOptionalOperand=false, reportOperatorIssue=false, reportOptionalMemberAccess=false
# pyright: reportOptionalSubscript=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import ops

from dashboard.synthesis.pggan import enlarge

DRIFT = 0.001
"""WGAN's weight of the squared scores of real faces, which keeps them close to 0."""

SMALLEST = 8
"""Side in pixels of the pyramid's top."""

OCTAVES = 3
"""Number of octaves, from the finest, in the terms for detail and for the energy of bands."""

WINDOW = 8
"""Side in pixels of the windows over which the energy of a band is averaged."""


def generator_loss(kind: str, fake: Any) -> Any:
    """Return the loss of the generator, a scalar, from the scores of its faces, or of their patches."""
    return ops.mean(ops.softplus(-fake) if kind == "logistic" else -fake)


def discriminator_loss(kind: str, real: Any, fake: Any) -> Any:
    """Return the loss of the discriminator, a scalar, from the scores of real and generated faces, or patches, without
    penalties.
    """
    if kind == "logistic":
        return ops.mean(ops.softplus(fake)) + ops.mean(ops.softplus(-real))
    return ops.mean(fake) - ops.mean(real) + DRIFT * ops.mean(ops.square(real))


def pyramid_distance(made: Any, real: Any, squares: Any = 0.0) -> Any:
    """Return the mean difference of pictures (N, H, W, C), summed over their pyramid down to 8 pixels; a scalar.

    Args:
        made, real: the pictures.
        squares: weight of squared, not absolute, differences. A property that the network cannot predict yet (who
            wears glasses) is drawn as the median of the faces with absolute differences, so not at all; with squared
            ones as their mean.
    """
    gap = made - real
    total = _size(gap, squares)
    while gap.shape[1] > SMALLEST:
        gap = halved(gap)
        total = total + _size(gap, squares)
    return total


def detail_distance(made: Any, real: Any) -> Any:
    """Return the mean absolute difference of the finest octaves of pictures (N, H, W, C), summed over them; a scalar.

    An octave is the difference between a picture and its half-resolution copy (a Laplacian pyramid). It has little
    weight in the differences of whole pictures, which are mostly coarse.
    """
    gap, total = made - real, 0.0
    for _ in range(OCTAVES):
        if gap.shape[1] <= SMALLEST:
            break
        coarse = halved(gap)
        total = total + ops.mean(ops.abs(gap - enlarge(coarse)))
        gap = coarse
    return total


def band_distance(made: Any, real: Any) -> Any:
    """Return the difference in the strength of fine structure of pictures (N, H, W, C), window by window; a scalar.

    The differences between neighbours, across, down and on both diagonals, are squared and averaged over windows, in
    the finest octaves. So hair must be as rough as in the render, in each direction, wherever its strands are: if a
    code does not determine the strands, any pixel distance is smallest without them.
    """
    total = 0.0
    for _ in range(OCTAVES):
        if made.shape[1] < 2 * WINDOW:
            break
        for ours, theirs in zip(_strengths(made), _strengths(real), strict=True):
            total = total + ops.mean(ops.abs(ours - theirs))
        made, real = halved(made), halved(real)
    return total


def perceptual_distance(made: Sequence[Any], real: Sequence[Any]) -> Any:
    """Return the distance of two batches of pictures in the layers of a scorer: 0 if equal, a scalar.

    Args:
        made, real: the scorer's activations of both, each (N, ...).

    Returns:
        The squared difference relative to the squared activations of the real ones, mean over layers.
    """
    pairs = [(ops.cast(a, "float32"), ops.cast(b, "float32")) for a, b in zip(made, real, strict=True)]
    return sum(ops.mean(ops.square(a - b)) / (ops.mean(ops.square(b)) + 1e-8) for a, b in pairs) / len(pairs)


def matching_distance(made: Sequence[Any], real: Sequence[Any]) -> Any:
    """Return the distance of pairs of pictures in the layers of a discriminator: 0 if equal, a scalar.

    Args:
        made, real: its activations, each (N, ...).

    Returns:
        The absolute difference relative to the activations of the real ones, mean over layers.
    """
    pairs = [(ops.cast(a, "float32"), ops.cast(b, "float32")) for a, b in zip(made, real, strict=True)]
    return sum(ops.mean(ops.abs(a - b)) / (ops.mean(ops.abs(b)) + 1e-8) for a, b in pairs) / len(pairs)


def halved(x: Any) -> Any:
    """Average pictures (N, H, W, C) down to half their size."""
    return ops.average_pool(x, 2, 2, "valid", data_format="channels_last")


def reduced(x: Any, resolution: int) -> Any:
    """Average pictures (N, H, W, C) down to at most ``resolution``."""
    times = max(x.shape[1] // resolution, 1)
    return x if times == 1 else ops.average_pool(x, times, times, "valid", data_format="channels_last")


def _size(gap: Any, squares: Any) -> Any:
    return ops.mean(ops.abs(gap)) + squares * ops.mean(ops.square(gap))


def _strengths(x: Any) -> tuple[Any, Any, Any]:
    """Return the root mean square of differences across, down and diagonal, per window: each (N, h, w, C)."""
    n = x.shape[-1]
    # One convolution for all three: the gradient of each slice would be a padded picture, which takes longer.
    found = ops.conv(x, _differences(n), padding="same", data_format="channels_last")
    energy = ops.average_pool(ops.square(found), WINDOW, WINDOW, "valid", data_format="channels_last")
    across, down, both = (ops.sqrt(energy[..., k * n : (k + 1) * n] + 1e-4) for k in range(3))
    # The last row has no neighbour down, the last column none across: their windows are left out.
    rows, columns = ((size - 1) // WINDOW for size in x.shape[1:3])
    return across[:, :, :columns], down[:, :rows], both[:, :rows, :columns]


def _differences(channels: int) -> np.ndarray:
    """Return kernels (2, 2, channels, 3 * channels) of the differences across, down and of both, per channel."""
    across, down = np.array([[-1, 1], [0, 0]], np.float32), np.array([[-1, 0], [1, 0]], np.float32)
    both = np.array([[1, -1], [-1, 1]], np.float32)
    one = np.stack([across, down, both], axis=-1)
    return np.einsum("hwk,cd->hwckd", one, np.eye(channels, dtype=np.float32)).reshape(2, 2, channels, -1)
