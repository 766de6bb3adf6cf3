"""StyleGAN2's and StyleGAN3's convolutions as an OpenVINO graph, from styles to the picture.

Optimisations that do not change the result:

- A convolution with a face's normalised, modulated weight equals one with the common weight between two scalings
  (``styles.scales_of``), so that weights are constants of the graph.
- Upsampling with zeros and convolving is one transposed convolution with stride.
- Filters that upsample and downsample skip the zeros (``filters_openvino.py``).

Large filters of StyleGAN3 are computed in groups of maps, so that the enlarged maps are never all in memory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13 as op

from dashboard.synthesis.stylegan.config import (
    Activation,
    AliasFreeLayer,
    StyleBlock,
    StyleGAN2Config,
    StyleGAN3Config,
    StyleGANConfig,
    StyleLayer,
)
from dashboard.synthesis.stylegan.filters_openvino import (
    applied,
    downsampled,
    enlarged,
    filtered,
    floats,
    ints,
    upsampled,
)
from dashboard.synthesis.stylegan.styles import normalised_weight, powers_of

Variables = Mapping[str, np.ndarray]
Node = Any

SLOPE = 0.2
ENLARGED_VALUES = 1 << 26
"""Numbers of an enlarged picture of StyleGAN3 that are computed together: 256 MB."""


def synthesis_graph(config: StyleGANConfig, variables: Variables, outputs: Sequence[str], batch: int) -> ov.Model:
    """Build the graph for a fixed number of faces at a time.

    Args:
        config: architecture of the network.
        variables: float32, by name, shaped as the config says.
        outputs: some of "image" (N, H, W, C) and, of StyleGAN2, a block's activations, "block4" (N, h, w, c) and so
            on; in this order.
        batch: N.

    Returns:
        A graph from "before:NAME" (N, inputs) and "after:NAME" (N, outputs), the factors of each layer that is needed,
        "noise:NAME" (1, 1, side, side), times its strength, and, of StyleGAN3, "waves" (N, frequencies, size, size).
    """
    graph = (
        _StyleGAN2(config, variables, batch)
        if isinstance(config, StyleGAN2Config)
        else _StyleGAN3(config, variables, batch)
    )
    results = []
    for name, node in graph.given(outputs).items():
        result = op.result(_channels_last(node))
        result.output(0).set_names({name})
        results.append(result)
    return ov.Model(results, list(graph.inputs.values()), config.family)  # pyright: ignore[reportGeneralTypeIssues]


class _Graph:
    """Base of both families: inputs by name, scalings, activations."""

    def __init__(self, variables: Variables, batch: int) -> None:
        self.variables, self.batch = variables, batch
        self.inputs: dict[str, Node] = {}

    def input(self, name: str, *shape: int) -> Node:
        node = op.parameter(list(shape), np.float32, name=name)
        node.output(0).set_names({name})
        self.inputs[name] = node
        return node

    def scaled(self, x: Node, name: str, maps: int) -> Node:
        """Return the maps times their factors for each face."""
        factors = self.input(name, self.batch, maps)
        return op.multiply(x, op.reshape(factors, ints(self.batch, maps, 1, 1), False))

    def biased(self, x: Node, name: str) -> Node:
        return op.add(x, floats(self.variables[f"{name}.bias"].reshape(1, -1, 1, 1)))


class _StyleGAN2(_Graph):
    def __init__(self, config: StyleGAN2Config, variables: Variables, batch: int) -> None:
        super().__init__(variables, batch)
        self.config = config

    def given(self, outputs: Sequence[str]) -> dict[str, Node]:
        sides = {f"block{block.resolution}": block.resolution for block in self.config.blocks}
        last = max(sides.get(name, self.config.resolution) for name in outputs)
        x = op.broadcast(floats(self.variables["const"][None]), ints(self.batch, *self.variables["const"].shape))
        image, found = None, dict[str, Node]()
        for block in self.config.blocks:
            if block.resolution > last:
                break
            x, image = self.block(block, x, image, "image" in outputs)
            found[f"block{block.resolution}"] = x
        return {name: image if name == "image" else found[name] for name in outputs}

    def block(self, block: StyleBlock, x: Node, image: Node, pictured: bool) -> tuple[Node, Node]:
        shortcut = None
        if block.shortcut_taps:
            name = f"b{block.resolution}.skip"
            shortcut = _correlate(x, self.variables[f"{name}.weight"], 0)
            shortcut = _enlarge(shortcut, self.variables[f"{name}.filter"])
        for layer in block.layers:
            x = self.layer(layer, x, block.resolution)
        if shortcut is not None:
            x = op.add(x, shortcut)
        if not pictured:
            return x, None
        if image is not None and block.rgb_taps:
            image = _enlarge(image, self.variables[f"b{block.resolution}.filter"])
        if block.rgb is not None:
            layer = block.rgb
            y = _correlate(
                self.scaled(x, f"before:{layer.name}", layer.inputs), self.variables[f"{layer.name}.weight"], 0
            )
            y = _clamped(self.biased(y, layer.name), layer.clamp)
            image = y if image is None else op.add(image, y)
        return x, image

    def layer(self, layer: StyleLayer, x: Node, side: int) -> Node:
        name, weight = layer.name, self.variables[f"{layer.name}.weight"]
        x = self.scaled(x, f"before:{name}", layer.inputs)
        if layer.up == 2:
            kernel = layer.kernel
            x = op.convolution_backprop_data(
                x, floats(weight.transpose(1, 0, 2, 3)), [2, 2], None, [0, 0], [0, 0], [1, 1]
            )
            before, after = kernel // 2 + (layer.taps + 1) // 2, kernel // 2 + (layer.taps - 2) // 2
            # Of the transposed convolution's own size, without zeros before and after.
            x = filtered(x, self.variables[f"{name}.filter"] * 4, (before - kernel + 1, after - kernel + 2))
        else:
            x = _correlate(x, weight, layer.kernel // 2)
        x = self.scaled(x, f"after:{name}", layer.outputs)
        if layer.noise:
            x = op.add(x, self.input(f"noise:{name}", 1, 1, side, side))
        return _clamped(_activated(self.biased(x, name), layer.activation, layer.gain), layer.clamp)


class _StyleGAN3(_Graph):
    def __init__(self, config: StyleGAN3Config, variables: Variables, batch: int) -> None:
        super().__init__(variables, batch)
        self.config = config
        self.normalised = set(powers_of(config, variables))

    def given(self, outputs: Sequence[str]) -> dict[str, Node]:
        config = self.config
        x = self.input("waves", self.batch, config.frequencies, config.input_size, config.input_size)
        for layer in config.layers:
            x = self.layer(layer, x)
        return {name: op.multiply(x, floats([config.output_scale])) for name in outputs}

    def layer(self, layer: AliasFreeLayer, x: Node) -> Node:
        name = layer.name
        x = self.scaled(x, f"before:{name}", layer.inputs)
        x = _correlate(x, normalised_weight(self.config, layer, self.variables), layer.kernel - 1)
        if name in self.normalised:
            x = self.scaled(x, f"after:{name}", layer.outputs)
        x = self.biased(x, name)
        side = (layer.in_size + layer.kernel - 1) * layer.up
        parts = min(layer.outputs, math.ceil(self.batch * layer.outputs * side * side / ENLARGED_VALUES))
        if parts <= 1:
            return self.resampled(layer, x)
        counts = [len(part) for part in np.array_split(np.arange(layer.outputs), parts)]
        pieces = op.variadic_split(x, ints(1), ints(*counts))
        return op.concat([self.resampled(layer, pieces.output(i)) for i in range(parts)], 1)

    def resampled(self, layer: AliasFreeLayer, x: Node) -> Node:
        """Upsample, apply the activation, and downsample again."""
        none = np.ones(1, np.float32)
        up = self.variables[f"{layer.name}.up_filter"] * layer.up if layer.up_taps else none
        down = self.variables[f"{layer.name}.down_filter"] if layer.down_taps else none

        def activated(y: Node) -> Node:
            return _clamped(y if layer.rgb else _activated(y, "lrelu", math.sqrt(2)), layer.clamp)

        phases = applied(upsampled(x, up, layer.up, layer.padding), activated)
        return downsampled(phases, down, layer.down, layer.out_size)


def _channels_last(x: Node) -> Node:
    """Return (N, C, H, W) as (N, H, W, C)."""
    count, maps, height, width = x.output(0).get_shape()
    # Rows and columns as one axis: OpenVINO would keep four in an order of its own, and transpose slowly.
    flat = op.transpose(op.reshape(x, ints(count, maps, height * width), False), ints(0, 2, 1))
    return op.reshape(flat, ints(count, height, width, maps), False)


def _enlarge(x: Node, taps: np.ndarray) -> Node:
    """Enlarge to twice the size with a filter (k, k); the gain of 4 is included."""
    before, after = (len(taps) + 1) // 2, (len(taps) - 2) // 2
    return enlarged(x, taps * 4, 2, (before, after, before, after))


def _correlate(x: Node, weight: np.ndarray, around: int) -> Node:
    return op.convolution(x, floats(weight), [1, 1], [around] * 2, [around] * 2, [1, 1])


def _activated(x: Node, name: Activation, gain: float) -> Node:
    if name == "lrelu":
        x = op.prelu(x, floats([SLOPE]))
    elif name == "selu":
        x = op.selu(x, floats([1.6732632423543772]), floats([1.0507009873554805]))
    elif name == "elu":
        x = op.elu(x, 1.0)
    elif name != "linear":
        functions = {
            "relu": op.relu,
            "tanh": op.tanh,
            "sigmoid": op.sigmoid,
            "softplus": op.softplus,
            "swish": op.swish,
        }
        x = functions[name](x)
    return x if gain == 1.0 else op.multiply(x, floats([gain]))


def _clamped(x: Node, clamp: float | None) -> Node:
    return x if clamp is None else op.clamp(x, -clamp, clamp)
