"""Statistics of style channels over random faces, and the styles of coordinates.

The style of a layer is A w + b. So mean and deviation of a channel follow exactly from mean m and covariance C of w
(`StandardW`): with the channel's row a of A, they are a . m + b and |C^(1/2) a|. Its coordinate is its distance from
the mean in deviations.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import InputError
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_channels import StyleChannel, require_styles
from dashboard.synthesis.stylegan.options import DrawingOptions
from dashboard.synthesis.stylegan.standard_w import StandardW
from dashboard.synthesis.tensors import load_arrays


def require_channels(model: Model) -> StandardW:
    """Return the statistics of w of a model, from which those of its style channels follow.

    Raises:
        InputError: the model has no styles, or no statistics of w.
    """
    require_styles(model.config)
    if model.w is None:
        raise InputError(
            f"Expected a model whose directions live in w: it knows how styles vary over random faces. Received: "
            f"{model.name}, in z. Import the network again with --space w."
        )
    return model.w


def measuring_column(model: Model, channel: StyleChannel) -> NDArray[np.float64]:
    """Return the unit column (L,) that reads a channel's coordinate from the point of its row of w.

    Raises:
        InputError: the model has no statistics of w, or the channel does not vary.
    """
    w, (weight, _) = require_channels(model), _channel_weights(model, channel)
    if not weight.any():
        raise InputError(
            f"Expected a channel that varies over random faces. Received: {channel.words} of {model.name}, which is "
            "constant. Take another."
        )
    return channel.sign * w.measuring(weight)


def style_at(model: Model, channel: StyleChannel, coordinate: float, options: DrawingOptions) -> float:
    """Return the style of a channel at a coordinate, as a face is drawn.

    Args:
        model: the model.
        channel: the channel.
        coordinate: in standard deviations over random faces.
        options: checked; truncation draws the style towards that of the mean w, as it draws w.

    Raises:
        InputError: the model has no statistics of w.
    """
    w, (weight, bias) = require_channels(model), _channel_weights(model, channel)
    style = weight @ w.mean + bias + channel.sign * coordinate * np.linalg.norm(w.steps @ weight)
    if options.psi != 1 and (options.cutoff is None or channel.row < options.cutoff):
        style = options.psi * style + (1 - options.psi) * (weight @ w.average + bias)
    return float(style)


def _channel_weights(model: Model, channel: StyleChannel) -> tuple[NDArray[np.float64], float]:
    weights, biases = _affine(model.path, model.digest, channel.layer)
    return weights[channel.channel], float(biases[channel.channel])


@functools.lru_cache(maxsize=8)
def _affine(folder: Path, digest: str, layer: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read a layer from w to its style; `digest` tells a replaced model from the one before it."""
    names = (f"{layer}.affine.weight", f"{layer}.affine.bias")
    found = load_arrays(folder / "generator.safetensors", np.float64, names)
    return found[names[0]], found[names[1]]
