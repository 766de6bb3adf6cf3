"""The generator and the scorer as OpenVINO graphs, built from arrays without TensorFlow.

Two identities make the graph fast without changing the result:

- Nearest-neighbour enlarging and a 3x3 convolution are one 4x4 transposed convolution with stride 2, for less than half
  the work. It is always used, whatever form the weights are stored in.
- Pixel norm over C channels is an L2 norm times sqrt(C), with C times the epsilon; an L2 norm is a single operation.

Source of the network: Karras et al., "Progressive Growing of GANs" (ICLR 2018).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13 as op

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.scorer_config import LAST_MAP, ScorerConfig

Variables = Mapping[str, np.ndarray]
Node = Any
"""A node of the graph; OpenVINO gives its nodes no common public type."""


def generator_graph(config: GeneratorConfig, variables: Variables, outputs: Sequence[str], batch: int) -> ov.Model:
    """Return the generator, for a fixed number of faces at a time.

    Args:
        config: what network it is.
        variables: float32, by NVIDIA's names, shaped as the config says.
        outputs: some of "image" (N, H, W, C) and a block's activations, "block4" (N, 4, 4, c), "block8" and so on, in
            this order in the graph.
        batch: N.

    Returns:
        A graph from latents (N, latent_size) and, where the network takes labels, labels (N, label_size).
    """
    return GeneratorGraph(config, variables).graph(outputs, batch)


def scorer_graph(config: ScorerConfig, variables: Variables, resolution: int, batch: int) -> ov.Model:
    """Return the scorer, for a fixed number of pictures at a time.

    Args:
        config: what network it is.
        variables: float32, by name, shaped as the config says.
        resolution: side of the pictures in pixels, ``config.size`` times a power of two.
        batch: N.

    Returns:
        A graph from pictures (N, H, W, 3) to "scores" (N, S) and "features" (N, 64).
    """
    image = op.parameter([batch, resolution, resolution, 3], np.float32, name="image")
    x = op.transpose(image, _ints(0, 3, 1, 2))
    if resolution > config.size:
        x = _average(x, resolution // config.size)

    def convolved(x: Node, name: str) -> Node:
        return op.add(convolve(x, variables[f"{name}/weight"]), _bias(variables[f"{name}/bias"]))

    for k in range(len(config.channels)):
        x = _average(op.relu(convolved(x, f"Conv{k}")), 2)
        for first, second in config.residual_names(k):
            x = op.relu(op.add(x, convolved(op.relu(convolved(x, first)), second)))
    # The network was trained to flatten its last map channels last.
    x = op.reshape(op.transpose(x, _ints(0, 2, 3, 1)), _ints(batch, LAST_MAP * LAST_MAP * config.channels[-1]), False)
    features = op.relu(_dense(x, variables["Features/weight"], variables["Features/bias"]))
    scores = _dense(features, variables["Scores/weight"], variables["Scores/bias"])
    results = [_named(scores, "scores"), _named(features, "features")]
    return _graph(results, [image], "scorer")


class GeneratorGraph:
    """Builder of the graph, block by block, as far as the outputs need it."""

    def __init__(self, config: GeneratorConfig, variables: Variables) -> None:
        self.config, self.variables = config, variables

    def graph(self, outputs: Sequence[str], batch: int) -> ov.Model:
        config = self.config
        latents = op.parameter([batch, config.latent_size], np.float32, name="latents")
        inputs = [latents]
        x: Node = latents
        if config.label_size:
            inputs.append(op.parameter([batch, config.label_size], np.float32, name="labels"))
            x = op.concat(inputs, 1)
        lod = float(np.clip(self.variables["lod"], 0.0, config.log2 - 2))
        # Blocks finer than the current level of detail are not used.
        last_of = {**{f"block{2**r}": r for r in config.blocks}, "image": config.log2 - math.floor(lod)}
        activations = {2: self.first_block(x, batch)}
        for r in range(3, max(last_of[name] for name in outputs) + 1):
            activations[r] = self.block(activations[r - 1], r)
        results = []
        for name in outputs:
            node = self.picture(activations, lod) if name == "image" else activations[last_of[name]]
            results.append(_named(op.transpose(node, _ints(0, 2, 3, 1)), name))
        return _graph(results, inputs, "generator")

    def first_block(self, x: Node, batch: int) -> Node:
        config = self.config
        if config.normalize_latents:
            x = _normalise(x, config.latent_size + config.label_size, config.pixelnorm_epsilon)
        x = op.matmul(x, _floats(self.scaled("4x4/Dense/weight")), False, False)
        x = self.act(op.reshape(x, _ints(batch, config.features(1), 4, 4), False), "4x4/Dense/bias")
        return self.act(convolve(x, self.scaled("4x4/Conv/weight")), "4x4/Conv/bias")

    def block(self, x: Node, r: int) -> Node:
        name = f"{2**r}x{2**r}"
        if self.config.fused_scale:
            first, kernel = "Conv0_up", self.scaled(f"{name}/Conv0_up/weight")
        else:
            # The same function with the taps mirrored, and output channels before input channels.
            first, kernel = "Conv0", self.scaled(f"{name}/Conv0/weight")[::-1, ::-1].transpose(0, 1, 3, 2)
        x = self.act(self.enlarge_and_convolve(x, kernel), f"{name}/{first}/bias")
        return self.act(convolve(x, self.scaled(f"{name}/Conv1/weight")), f"{name}/Conv1/bias")

    def enlarge_and_convolve(self, x: Node, kernel: np.ndarray) -> Node:
        """Enlarge twice by nearest neighbour, then convolve 3x3; the kernel is height, width, out, in."""
        padded = np.pad(kernel, ((1, 1), (1, 1), (0, 0), (0, 0)))
        wide = padded[1:, 1:] + padded[:-1, 1:] + padded[1:, :-1] + padded[:-1, :-1]
        filters = _floats(wide.transpose(3, 2, 0, 1))
        return op.convolution_backprop_data(x, filters, [2, 2], None, [1, 1], [1, 1], [1, 1])

    def picture(self, activations: Mapping[int, Node], lod: float) -> Node:
        """Return the picture at a level of detail: its block's, mixed with the next coarser one's, enlarged to full
        size.
        """
        whole, share = math.floor(lod), lod - math.floor(lod)
        fine = self.config.log2 - whole
        image = self.to_rgb(activations[fine], fine)
        if share > 0:
            coarse = enlarge(self.to_rgb(activations[fine - 1], fine - 1), 2)
            image = op.add(op.multiply(image, _floats([1.0 - share])), op.multiply(coarse, _floats([share])))
        return enlarge(image, 2**whole) if whole else image

    def to_rgb(self, x: Node, r: int) -> Node:
        name = f"ToRGB_lod{self.config.log2 - r}"
        return op.add(convolve(x, self.scaled(f"{name}/weight")), _bias(self.variables[f"{name}/bias"]))

    def act(self, x: Node, bias: str) -> Node:
        config = self.config
        x = op.add(x, _bias(self.variables[bias]))
        x = op.prelu(x, _floats([0.2])) if config.use_leakyrelu else op.relu(x)
        return _normalise(x, len(self.variables[bias]), config.pixelnorm_epsilon) if config.use_pixelnorm else x

    def scaled(self, name: str) -> np.ndarray:
        return self.variables[name] * np.float32(self.config.scale_of(name))


def _normalise(x: Node, channels: int, epsilon: float) -> Node:
    """Divide by the root mean square over axis 1."""
    return op.multiply(op.normalize_l2(x, _ints(1), channels * epsilon, "add"), _floats([math.sqrt(channels)]))


def convolve(x: Node, kernel: np.ndarray) -> Node:
    """Convolve (N, I, H, W) with a kernel stored as height, width, in, out; zeros around."""
    around = [kernel.shape[0] // 2, kernel.shape[1] // 2]
    return op.convolution(x, _floats(kernel.transpose(3, 2, 0, 1)), [1, 1], around, around, [1, 1])


def enlarge(x: Node, times: int) -> Node:
    """Return (N, C, H, W) to so many times the height and width, by nearest neighbour."""
    scales, axes = _floats([times, times]), _ints(2, 3)
    return op.interpolate(x, scales, "nearest", "scales", [0], [0], "asymmetric", "floor", axes=axes)


def _average(x: Node, side: int) -> Node:
    """Return (N, C, H, W) to the means of squares of `side` pixels."""
    return op.avg_pool(x, [side, side], [0, 0], [0, 0], [side, side], exclude_pad=True)


def _dense(x: Node, weight: np.ndarray, bias: np.ndarray) -> Node:
    return op.add(op.matmul(x, _floats(weight), False, False), _floats(bias[None]))


def _bias(values: np.ndarray) -> Node:
    return _floats(values.reshape(1, -1, 1, 1))


def _floats(values: np.ndarray | Sequence[float]) -> Node:
    return op.constant(np.ascontiguousarray(values, np.float32))


def _ints(*values: int) -> Node:
    return op.constant(np.array(values, np.int64))


def _named(node: Node, name: str) -> Node:
    result = op.result(node)
    result.output(0).set_names({name})
    return result


def _graph(results: list[Node], inputs: list[Node], name: str) -> ov.Model:
    for node in inputs:
        node.output(0).set_names({node.get_friendly_name()})
    return ov.Model(results, inputs, name)  # pyright: ignore[reportGeneralTypeIssues] (OpenVINO's stubs contradict)
