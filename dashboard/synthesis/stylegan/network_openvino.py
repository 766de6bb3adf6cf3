"""StyleGAN2's and StyleGAN3's convolutions as an OpenVINO graph, from styles to the picture.

Optimisations that do not change the result:

- A convolution with a face's normalised, modulated weight equals one with the common weight between two scalings
  (``styles.scales_of``), so that weights are constants of the graph.
- Upsampling with zeros and convolving is one transposed convolution with stride; so is a filter that enlarges.
- A one-dimensional filter is applied to the rows, then to the columns.

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
        return op.multiply(x, op.reshape(factors, _ints(self.batch, maps, 1, 1), False))

    def biased(self, x: Node, name: str) -> Node:
        return op.add(x, _floats(self.variables[f"{name}.bias"].reshape(1, -1, 1, 1)))


class _StyleGAN2(_Graph):
    def __init__(self, config: StyleGAN2Config, variables: Variables, batch: int) -> None:
        super().__init__(variables, batch)
        self.config = config

    def given(self, outputs: Sequence[str]) -> dict[str, Node]:
        sides = {f"block{block.resolution}": block.resolution for block in self.config.blocks}
        last = max(sides.get(name, self.config.resolution) for name in outputs)
        x = op.broadcast(_floats(self.variables["const"][None]), _ints(self.batch, *self.variables["const"].shape))
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
            maps = len(self.variables[f"{name}.weight"])
            shortcut = _enlarge(shortcut, self.variables[f"{name}.filter"], maps)
        for layer in block.layers:
            x = self.layer(layer, x, block.resolution)
        if shortcut is not None:
            x = op.add(x, shortcut)
        if not pictured:
            return x, None
        if image is not None and block.rgb_taps:
            image = _enlarge(image, self.variables[f"b{block.resolution}.filter"], self.config.num_channels)
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
                x, _floats(weight.transpose(1, 0, 2, 3)), [2, 2], None, [0, 0], [0, 0], [1, 1]
            )
            before, after = kernel // 2 + (layer.taps + 1) // 2, kernel // 2 + (layer.taps - 2) // 2
            # Of the transposed convolution's own size, without zeros before and after.
            x = _filtered(
                x, self.variables[f"{name}.filter"] * 4, layer.outputs, (before - kernel + 1, after - kernel + 2)
            )
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
        return {name: op.multiply(x, _floats([config.output_scale])) for name in outputs}

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
            return self.filtered(layer, x, layer.outputs)
        counts = [len(part) for part in np.array_split(np.arange(layer.outputs), parts)]
        pieces = op.variadic_split(x, _ints(1), _ints(*counts))
        return op.concat([self.filtered(layer, pieces.output(i), count) for i, count in enumerate(counts)], 1)

    def filtered(self, layer: AliasFreeLayer, x: Node, maps: int) -> Node:
        """Upsample, apply the activation, and downsample again."""
        up = self.variables[f"{layer.name}.up_filter"] if layer.up_taps else np.ones(1, np.float32)
        left, right, above, below = layer.padding
        gain = layer.up if layer.up_taps else 1
        x = _upfir_rows(x, up * gain, maps, layer.up, (above, below))
        x = _transposed(_upfir_rows(_transposed(x), up * gain, maps, layer.up, (left, right)))
        if not layer.rgb:
            x = _activated(x, "lrelu", math.sqrt(2))
        x = _clamped(x, layer.clamp)
        if not layer.down_taps:
            return _every(x, layer.down)
        down = self.variables[f"{layer.name}.down_filter"]
        kernels = [down] if layer.radial else [down[:, None], down[None, :]]
        strides = [(layer.down, layer.down)] if layer.radial else [(layer.down, 1), (1, layer.down)]
        for kernel, stride in zip(kernels, strides, strict=True):
            flipped = np.ascontiguousarray(kernel[::-1, ::-1])
            x = op.group_convolution(x, _each_map(flipped, maps), list(stride), [0, 0], [0, 0], [1, 1])
        return x


def _channels_last(x: Node) -> Node:
    """Return (N, C, H, W) as (N, H, W, C)."""
    count, maps, height, width = x.output(0).get_shape()
    # Rows and columns as one axis: OpenVINO would keep four in an order of its own, and transpose slowly.
    flat = op.transpose(op.reshape(x, _ints(count, maps, height * width), False), _ints(0, 2, 1))
    return op.reshape(flat, _ints(count, height, width, maps), False)


def _upfir_rows(x: Node, taps: np.ndarray, maps: int, up: int, pads: tuple[int, int]) -> Node:
    """Upsample the rows' axis with zeros, pad or crop, and filter it."""
    count = len(taps)
    if count == 1 and up == 1:
        return _cropped(x, pads, (0, 0)) if any(pads) else x
    before, after = count - 1 - pads[0], count - up - pads[1]
    kernel = taps.reshape(-1, 1)
    cut = (max(before, 0), max(after, 0))
    x = op.group_convolution_backprop_data(x, _each_map(kernel, maps), [up, 1], None, [cut[0], 0], [cut[1], 0], [1, 1])
    return _cropped(x, (max(-before, 0), max(-after, 0)), (0, 0)) if before < 0 or after < 0 else x


def _transposed(x: Node) -> Node:
    return op.transpose(x, _ints(0, 1, 3, 2))


def _enlarge(x: Node, taps: np.ndarray, maps: int) -> Node:
    """Enlarge to twice the size with a filter (k, k); the gain of 4 is included."""
    count = len(taps)
    before, after = count - 1 - (count + 1) // 2, count - 2 - (count - 2) // 2
    kernel = _each_map(taps * 4, maps)
    cut = (max(before, 0), max(after, 0))
    x = op.group_convolution_backprop_data(x, kernel, [2, 2], None, [cut[0]] * 2, [cut[1]] * 2, [1, 1])
    more = (max(-before, 0), max(-after, 0))
    return _cropped(x, more, more) if any(more) else x


def _filtered(x: Node, taps: np.ndarray, maps: int, pads: tuple[int, int]) -> Node:
    """Convolve each map with a filter (k, k), with zeros around, or cropped for negative numbers."""
    if min(pads) < 0:
        x, pads = _cropped(x, pads, pads), (0, 0)
    kernel = _each_map(np.ascontiguousarray(taps[::-1, ::-1]), maps)
    return op.group_convolution(x, kernel, [1, 1], [pads[0]] * 2, [pads[1]] * 2, [1, 1])


def _cropped(x: Node, rows: Sequence[int], columns: Sequence[int]) -> Node:
    """Add zeros around, or crop rows and columns for negative numbers."""
    before, after = [0, 0, rows[0], columns[0]], [0, 0, rows[1], columns[1]]
    return op.pad(x, _ints(*before), _ints(*after), "constant", op.constant(np.float32(0)))


def _every(x: Node, step: int) -> Node:
    if step == 1:
        return x
    return op.strided_slice(x, _ints(0, 0, 0, 0), _ints(0, 0, 0, 0), _ints(1, 1, step, step), [1] * 4, [1] * 4)


def _each_map(kernel: np.ndarray, maps: int) -> Node:
    """Return the same kernel (h, w) for each map, as OpenVINO's grouped convolutions want it: (maps, 1, 1, h, w)."""
    return _floats(np.broadcast_to(kernel.astype(np.float32), (maps, 1, 1, *kernel.shape)))


def _correlate(x: Node, weight: np.ndarray, around: int) -> Node:
    return op.convolution(x, _floats(weight), [1, 1], [around] * 2, [around] * 2, [1, 1])


def _activated(x: Node, name: Activation, gain: float) -> Node:
    if name == "lrelu":
        x = op.prelu(x, _floats([SLOPE]))
    elif name == "selu":
        x = op.selu(x, _floats([1.6732632423543772]), _floats([1.0507009873554805]))
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
    return x if gain == 1.0 else op.multiply(x, _floats([gain]))


def _clamped(x: Node, clamp: float | None) -> Node:
    return x if clamp is None else op.clamp(x, -clamp, clamp)


def _floats(values: np.ndarray | Sequence[float] | np.float32) -> Node:
    return op.constant(np.ascontiguousarray(values, np.float32))


def _ints(*values: int) -> Node:
    return op.constant(np.array(values, np.int64))
