"""Style channels of a StyleGAN: single numbers of the style of a layer (StyleSpace).

Wu, Lischinski and Shechtman, "StyleSpace analysis: disentangled controls for StyleGAN image generation" (CVPR 2021).
The style of a layer is an affine function of its row of w; all styles together are the space s. Layers are numbered
from 0 in order of computation, layers to RGB included, as in the paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.errors import InputError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.stylegan.config import StyleGANConfig


@dataclass(frozen=True, slots=True)
class StyleChannel:
    """A channel of the style of a layer.

    Args:
        number: of the layer, from 0, in StyleSpace's order.
        layer: its name.
        row: the row of w that its style is of.
        channel: from 0.
        sign: 1, or -1 where its coordinate rises as the channel falls.
    """

    number: int
    layer: str
    row: int
    channel: int
    sign: int = 1

    @property
    def style(self) -> str:
        """Name of the number that it sets, whatever the sign: "b16.conv1.501"."""
        return f"{self.layer}.{self.channel}"

    @property
    def words(self) -> str:
        """Description: "layer 6 (b16.conv1), channel 501, reversed"."""
        return f"layer {self.number} ({self.layer}), channel {self.channel}{', reversed' if self.sign < 0 else ''}"


def style_sizes(config: NetworkConfig) -> dict[str, int]:
    """Return how many numbers of s each layer has, in their order; empty of a network without styles."""
    if isinstance(config, GeneratorConfig):
        return {}
    sizes = {layer.name: layer.inputs for layer in config.layers}
    return sizes if config.family == "stylegan2" else {"input": 4, **sizes}


def channel_at(config: NetworkConfig, layer: int | str, channel: int, sign: int = 1) -> StyleChannel:
    """Return a channel of a network.

    Args:
        config: architecture of the network.
        layer: number of the layer, from 0, or its name. StyleGAN3's input has no channels: its four numbers place the
            picture.
        channel: from 0.
        sign: 1 or -1.

    Raises:
        InputError: the network has no such layer or channel.
    """
    layers = require_styles(config).layers
    names = [each.name for each in layers]
    number = layer if isinstance(layer, int) else names.index(layer) if layer in names else -1
    if not 0 <= number < len(layers):
        raise InputError(
            f"Expected a layer from 0 to {len(layers) - 1}, or its name, such as {names[-1]}. Received: "
            f"{str(layer)[:40]}. Take channels of this network."
        )
    found = layers[number]
    if not 0 <= channel < found.inputs:
        raise InputError(
            f"Expected a channel from 0 to {found.inputs - 1} of layer {number} ({found.name}). Received: {channel}. "
            "Take channels of this network."
        )
    return StyleChannel(number, found.name, require_styles(config).style_rows[found.name], channel, sign)


def vector_of(config: NetworkConfig, channel: StyleChannel) -> NDArray[np.float32]:
    """Return a channel as a direction of s: its sign at its place among all styles, and zeros."""
    sizes = style_sizes(config)
    vector = np.zeros(sum(sizes.values()), np.float32)
    vector[_start(sizes, channel.layer) + channel.channel] = channel.sign
    return vector


def channel_of_vector(config: NetworkConfig, vector: ArrayLike) -> StyleChannel:
    """Return the channel that a direction of s moves.

    Args:
        config: architecture of the network.
        vector: (S,) of all styles, as `style_sizes` counts them.

    Raises:
        InputError: it moves several channels, or the input of a StyleGAN3.
    """
    numbers, sizes = np.asarray(vector), style_sizes(config)
    indices = np.flatnonzero(numbers)
    if numbers.shape != (sum(sizes.values()),) or len(indices) != 1:
        raise InputError(
            f"Expected a direction of s with one channel: {sum(sizes.values()):,} numbers, one of them not zero. "
            f"Received: {len(indices):,} of {numbers.size:,} not zero. Import each channel by itself."
        )
    index = int(indices[0])
    layer = [name for name in sizes if _start(sizes, name) <= index][-1]
    return channel_at(config, layer, index - _start(sizes, layer), 1 if numbers[index] > 0 else -1)


def require_styles(config: NetworkConfig) -> StyleGANConfig:
    """Return the architecture of a network with styles.

    Raises:
        InputError: it has none.
    """
    if isinstance(config, GeneratorConfig):
        raise InputError("Expected a StyleGAN, whose layers have styles. Received: a PG-GAN. Choose another model.")
    return config


def _start(sizes: dict[str, int], layer: str) -> int:
    """Return the place of a layer's first style among all."""
    names = list(sizes)
    return sum(sizes[name] for name in names[: names.index(layer)])
