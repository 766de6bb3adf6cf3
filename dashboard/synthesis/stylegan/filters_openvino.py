"""StyleGAN's resampling filters as OpenVINO convolutions that neither compute nor store zeros ("polyphase").

A picture that is upsampled by `up` is kept as `up` x `up` phases: phase (a, b) has its pixels (up i + a, up j + b), and
is a convolution of the small picture with every `up`-th tap. Activations act on phases, and a downsampling filter is a
sum of their convolutions, so that the upsampled picture is only put together where the result needs it.

OpenVINO's transposed convolution of each map says the same in one operation, but is slow in float32 and several times
slower in bfloat16.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from openvino import opset13 as op

Node = Any

Phases = list[list[Node]]
"""The phases of a picture, of one size: row `a` and column `b` of the list have phase (a, b)."""

Pads = tuple[int, int]
"""Pixels before and after."""

NONE: Pads = (0, 0)

FEW_MAPS = 4
"""So few, as in a picture, that one convolution with all phases of all maps, mostly zeros, is faster than many."""


def upsampled(x: Node, taps: np.ndarray, up: int, pads: tuple[int, int, int, int]) -> Phases:
    """Upsample each map with zeros, pad or crop it, and filter it.

    Args:
        x: (N, C, side, side).
        taps: (T,) of a filter along both axes, or (T, T); convolved, that is, flipped against a correlation.
        up: factor.
        pads: left, right, above, below, in upsampled pixels; negative numbers crop.

    Returns:
        Phases that have all pixels of the result; the last rows and columns may be surplus.
    """
    left, right, above, below = pads
    _, _, height, width = x.shape
    rows, columns = _Upsampling(up, above, below, height, len(taps)), _Upsampling(up, left, right, width, len(taps))
    x = _padded(x, rows, columns)
    flipped = np.flip(taps)
    if taps.ndim == 2:
        kernels = _taken(_taken(flipped, 0, rows.index), 2, columns.index)  # (up, R, up, R)
        inside = rows.inside, columns.inside
        return [[_each_map(x, kernels[a, :, b], *inside) for b in range(up)] for a in range(up)]
    down, across = _taken(flipped, 0, rows.index), _taken(flipped, 0, columns.index)
    halves = [_each_map(x, kernel[:, None], rows.inside, NONE) for kernel in down]
    return [[_each_map(half, kernel[None], NONE, columns.inside) for kernel in across] for half in halves]


def downsampled(phases: Phases, taps: np.ndarray, down: int, side: int) -> Node:
    """Filter each map without padding and keep every `down`-th pixel, beginning with the first.

    Args:
        phases: of the picture.
        taps: (T,) of a filter along both axes, or (T, T); convolved.
        down: factor.
        side: of the result in pixels.

    Returns:
        (N, C, side, side).
    """
    stride = 1
    if len(phases) % down:
        # No phase of the result is a sum of whole phases.
        phases, stride = [[interleaved(phases)]], down
    _, _, height, width = phases[0][0].shape
    rows = _Downsampling(len(phases), down // stride, stride, side, height, len(taps))
    columns = _Downsampling(len(phases), down // stride, stride, side, width, len(taps))
    phases = applied(phases, lambda y: _padded(y, rows, columns))
    flipped, every, wanted = np.flip(taps), range(len(phases)), range(rows.phases)
    if taps.ndim == 2:
        kernels = _taken(_taken(flipped, 0, rows.index), 3, columns.index)  # (phases, up, R, phases, up, R)

        def radial(c: int, d: int) -> Node:
            parts = [(phases[a][b], kernels[c, a, :, d, b]) for a in every for b in every]
            return _sum(parts, rows.inside, columns.inside, (stride, stride))

        return _cropped(interleaved([[radial(c, d) for d in wanted] for c in wanted]), side)
    kernels = _taken(flipped, 0, rows.index)  # (phases, up, R)

    def half(c: int, b: int) -> Node:
        parts = [(phases[a][b], kernels[c, a][:, None]) for a in every]
        return _sum(parts, rows.inside, NONE, (stride, 1))

    halves = [[half(c, b) for b in every] for c in wanted]

    def whole(c: int, d: int) -> Node:
        parts = [(halves[c][b], kernels[d, b][None]) for b in every]
        return _sum(parts, NONE, columns.inside, (1, stride))

    return _cropped(interleaved([[whole(c, d) for d in wanted] for c in wanted]), side)


def enlarged(x: Node, taps: np.ndarray, up: int, pads: tuple[int, int, int, int]) -> Node:
    """Return the upsampled picture itself, for a filter (T, T); otherwise as :func:`upsampled`."""
    _, maps, height, width = x.shape
    if maps > FEW_MAPS:
        return interleaved(upsampled(x, taps, up, pads))
    left, right, above, below = pads
    rows, columns = _Upsampling(up, above, below, height, len(taps)), _Upsampling(up, left, right, width, len(taps))
    kernels = _taken(_taken(np.flip(taps), 0, rows.index), 2, columns.index).transpose(0, 2, 1, 3)
    weight = np.zeros((maps, up, up, maps, *kernels.shape[2:]), np.float32)
    for i in range(maps):
        weight[i, :, :, i] = kernels
    before, after = zip(rows.inside, columns.inside, strict=True)
    kernel = floats(weight.reshape(-1, *weight.shape[3:]))
    x = op.convolution(_padded(x, rows, columns), kernel, [1, 1], list(before), list(after), [1, 1])
    return op.depth_to_space(x, "depth_first", up)


def filtered(x: Node, taps: np.ndarray, pads: tuple[int, int]) -> Node:
    """Convolve each map with a filter (T, T), with zeros around, or cropped for negative numbers."""
    axis = _Axis(*pads, len(taps))
    return _each_map(_padded(x, axis, axis), np.flip(taps), axis.inside, axis.inside)


def interleaved(phases: Phases) -> Node:
    """Return the picture of some phases, (N, C, height, width)."""
    if len(phases) == 1:
        return phases[0][0]
    return op.depth_to_space(op.concat([y for row in phases for y in row], 1), "blocks_first", len(phases))


def applied(phases: Phases, function: Callable[[Node], Node]) -> Phases:
    """Apply a function of single pixels to every phase."""
    return [[function(y) for y in row] for row in phases]


def floats(values: np.ndarray | Sequence[float]) -> Node:
    """Return a constant in float32."""
    return op.constant(np.ascontiguousarray(values, np.float32))


def ints(*values: int) -> Node:
    """Return a constant list of integers."""
    return op.constant(np.array(values, np.int64))


class _Axis:
    """Pixels before and after one axis: those that a convolution with a kernel of some size adds, and those that are
    added, or cropped, apart.
    """

    def __init__(self, before: int, after: int, kernel: int) -> None:
        # OpenVINO is slow where a kernel may lie wholly in the zeros.
        self.inside = min(max(before, 0), kernel - 1), min(max(after, 0), kernel - 1)
        self.apart = before - self.inside[0], after - self.inside[1]


class _Upsampling(_Axis):
    """The taps that each phase needs along one axis.

    Upsampled pixel `up i + a` is the sum of `flipped[j] x[k]` where `up k = up i + a + j - low`. With
    `low = up before + rest`, x[i + r - before] has the tap `j = up r + rest - a`.
    """

    def __init__(self, up: int, low: int, high: int, size: int, taps: int) -> None:
        before, rest = divmod(low, up)
        count = (taps - 1 - rest + up - 1) // up + 1
        self.index = up * np.arange(count) + rest - np.arange(up)[:, None]
        length = -(-(size * up + low + high - taps + 1) // up)
        super().__init__(before, length + count - 1 - size - before, count)


class _Downsampling(_Axis):
    """The taps with which each phase of the picture enters each phase of the result, along one axis.

    Pixel `phases i + c` of the result is the sum of `flipped[j] y[down (phases i + c) + j]`; where `down phases = up`,
    pixel i + r of phase `a` of the picture has the tap `j = up r + a - down c`.
    """

    def __init__(self, up: int, down: int, stride: int, side: int, size: int, taps: int) -> None:
        self.phases = up // down
        count = (taps - 1 + down * (self.phases - 1)) // up + 1
        own, of_result = np.arange(up)[:, None], np.arange(self.phases)[:, None, None]
        self.index = up * np.arange(count) + own - down * of_result
        length = -(-side // self.phases)
        super().__init__(0, (length - 1) * stride + count - size, count)


def _taken(array: np.ndarray, axis: int, index: np.ndarray) -> np.ndarray:
    """Return the elements with these numbers along an axis, zero for those that do not exist."""
    size = array.shape[axis]
    found = np.take(array, np.clip(index, 0, size - 1), axis)
    exists = ((index >= 0) & (index < size)).reshape(index.shape + (1,) * (array.ndim - 1 - axis))
    return np.where(exists, found, np.float32(0))


def _sum(parts: Sequence[tuple[Node, np.ndarray]], rows: Pads, columns: Pads, strides: tuple[int, int]) -> Node:
    """Add the correlations of several maps with kernels, without those that are zero."""
    total = None
    for x, kernel in [part for part in parts if part[1].any()] or parts[:1]:
        y = _each_map(x, kernel, rows, columns, strides)
        total = y if total is None else op.add(total, y)
    return total


def _each_map(x: Node, kernel: np.ndarray, rows: Pads, columns: Pads, strides: tuple[int, int] = (1, 1)) -> Node:
    """Correlate each map with a kernel (h, w), with zeros around rows and columns."""
    if kernel.shape == (1, 1) and kernel.item() == 1 and strides == (1, 1):
        return x
    maps = x.shape[1]
    weight = floats(np.broadcast_to(kernel.astype(np.float32), (maps, 1, 1, *kernel.shape)))
    before, after = zip(rows, columns, strict=True)
    return op.group_convolution(x, weight, list(strides), list(before), list(after), [1, 1])


def _padded(x: Node, rows: _Axis, columns: _Axis) -> Node:
    """Add zeros, or crop, as far as a convolution does not do so itself."""
    before, after = zip(rows.apart, columns.apart, strict=True)
    if not any(before + after):
        return x
    return op.pad(x, ints(0, 0, *before), ints(0, 0, *after), "constant", op.constant(np.float32(0)))


def _cropped(x: Node, side: int) -> Node:
    _, _, height, width = x.shape
    if (height, width) == (side, side):
        return x
    return op.slice(x, ints(0, 0), ints(side, side), ints(1, 1), ints(2, 3))
