"""StyleGAN2 and StyleGAN3 on `keras.ops`, as pure functions and as a Keras model: the reference, with gradients.

Written from the definitions (upsample, filter, convolve), without the shortcuts of ``network_openvino.py``, so that
each checks the other. Pictures and activations are channels-first inside, since that is how weights are stored.
"""

# Keras annotates its operations as possibly giving None, which they never do.
# pyright: reportOptionalOperand=false, reportOptionalSubscript=false, reportOptionalMemberAccess=false
# pyright: reportIndexIssue=false, reportGeneralTypeIssues=false

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from dashboard.synthesis import keras_variables
from dashboard.synthesis.stylegan.config import (
    Activation,
    AliasFreeLayer,
    StyleBlock,
    StyleGAN2Config,
    StyleGAN3Config,
    StyleGANConfig,
    StyleLayer,
)

EPSILON = 1e-8
SLOPE = 0.2

Tensors = Mapping[str, Any]


def mapped(config: StyleGANConfig, v: Tensors, latents: Any, labels: Any = None) -> Any:
    """Compute w, one vector a face, before truncation.

    Args:
        config: architecture of the network.
        v: its variables by name.
        latents: z, (N, latent_size).
        labels: (N, label_size); zeros where None.

    Returns:
        (N, style_size).
    """
    mapping, x = config.mapping, latents
    if not mapping.joint or not config.label_size:
        x = _normalised(x)
    if config.label_size:
        if labels is None:
            labels = ops.zeros((ops.shape(latents)[0], config.label_size))
        y = _dense(labels, v, "mapping.embed")
        x = ops.concatenate([x, y if mapping.joint else _normalised(y)], axis=1)
        x = _normalised(x) if mapping.joint else x
    for i in range(len(mapping.sizes)):
        x = _activated(_dense(x, v, f"mapping.fc{i}"), mapping.activation)
    return x


def truncated(config: StyleGANConfig, v: Tensors, w: Any, psi: float = 1.0, cutoff: int | None = None) -> Any:
    """Truncate w towards its mean and return one row per layer.

    Args:
        config, v: as for :func:`mapped`.
        w: (N, style_size).
        psi: 1 leaves w unchanged, 0 gives the mean.
        cutoff: number of truncated rows, from the first; None for all.

    Returns:
        (N, rows, style_size).

    Raises:
        ValueError: psi is not 1 and the network's mean w is unknown.
    """
    ws = ops.repeat(ops.expand_dims(w, 1), config.rows, axis=1)
    if psi == 1.0:
        return ws
    if not config.truncation:
        raise ValueError("Expected a psi of 1, since this network's mean w is unknown. Received: another.")
    row = np.arange(config.rows)[None, :, None] < (config.rows if cutoff is None else cutoff)
    mean = v["mapping.w_avg"]
    return ops.where(row, mean + psi * (ws - mean), ws)


def styles_of(config: StyleGANConfig, v: Tensors, ws: Any) -> dict[str, Any]:
    """Compute the style vector of each layer ("s space"), by the layer's name.

    Args:
        config, v: as for :func:`mapped`.
        ws: (N, rows, style_size).

    Returns:
        (N, inputs) for each layer; StyleGAN3's "input" has (N, 4).
    """
    if isinstance(config, StyleGAN2Config):
        return {layer.name: _dense(ws[:, layer.row], v, f"{layer.name}.affine") for layer in config.layers}
    styles = {"input": _dense(ws[:, 0], v, "input.affine")}
    for i, layer in enumerate(config.layers):
        styles[layer.name] = _dense(ws[:, i + 1], v, f"{layer.name}.affine")
    return styles


def synthesised(config: StyleGANConfig, v: Tensors, styles: Tensors, noise: Tensors | None = None) -> dict[str, Any]:
    """Compute the picture from styles.

    Args:
        config, v: as for :func:`mapped`.
        styles: from :func:`styles_of`.
        noise: added in each layer, (N or 1, 1, side, side) by the layer's name, multiplied by its strength; the stored
            noise if None. StyleGAN3 has none.

    Returns:
        "image" (N, H, W, C), about -1 to 1, not clipped; StyleGAN2's "block4" and "block8" too, (N, h, w, c).
    """
    if isinstance(config, StyleGAN3Config):
        return {"image": _channels_last(_stylegan3(config, v, styles))}
    if noise is None:
        noise = {
            layer.name: (v[f"{layer.name}.noise"] * v[f"{layer.name}.noise_strength"])[None, None]
            for layer in config.layers
            if layer.noise
        }
    x, image = None, None
    given: dict[str, Any] = {}
    for block in config.blocks:
        x, image = _block(config, block, v, styles, noise, x, image)
        if block.resolution in (4, 8):
            given[f"block{block.resolution}"] = _channels_last(x)
    return {**given, "image": _channels_last(image)}


def _block(
    config: StyleGAN2Config, block: StyleBlock, v: Tensors, styles: Tensors, noise: Tensors, x: Any, image: Any
) -> tuple[Any, Any]:
    """Return the activations and picture after a block."""
    shortcut = None
    if x is None:
        count = ops.shape(styles[block.layers[0].name])[0]
        x = ops.repeat(v["const"][None], count, axis=0)
    elif block.shortcut_taps:
        name, taps = f"b{block.resolution}.skip", block.shortcut_taps
        shortcut = _correlate(x, v[f"{name}.weight"])
        shortcut = upfirdn(shortcut, v[f"{name}.filter"], up=2, padding=_pads(taps), gain=4.0)
    for layer in block.layers:
        x = _style_layer(layer, v, x, styles[layer.name], noise.get(layer.name))
    if shortcut is not None:
        x = x + shortcut
    if image is not None and block.rgb_taps:
        taps = v[f"b{block.resolution}.filter"]
        image = upfirdn(image, taps, up=2, padding=_pads(block.rgb_taps), gain=4.0)
    if block.rgb is not None:
        layer = block.rgb
        y = _correlate(x * styles[layer.name][:, :, None, None], v[f"{layer.name}.weight"])
        y = _clamped(y + v[f"{layer.name}.bias"][None, :, None, None], layer.clamp)
        image = y if image is None else image + y
    return x, image


def _style_layer(layer: StyleLayer, v: Tensors, x: Any, style: Any, noise: Any) -> Any:
    weight = v[f"{layer.name}.weight"]
    demodulation = _demodulation(weight, style)
    x = x * style[:, :, None, None]
    if layer.up == 2:
        side, taps = layer.kernel, layer.taps
        before, after = side // 2 + (taps + 1) // 2, side // 2 + (taps - 2) // 2
        x = upfirdn(x, v[f"{layer.name}.filter"], up=2, padding=(before, after), gain=4.0)
        x = _correlate(x, ops.flip(weight, (2, 3)))
    else:
        x = _correlate(_padded(x, (layer.kernel // 2,) * 2), weight)
    x = x * demodulation[:, :, None, None]
    if layer.noise and noise is not None:
        x = x + noise
    x = _activated(x + v[f"{layer.name}.bias"][None, :, None, None], layer.activation, gain=layer.gain)
    return _clamped(x, layer.clamp)


def _stylegan3(config: StyleGAN3Config, v: Tensors, styles: Tensors) -> Any:
    x = fourier_input(config, v, styles["input"])
    for layer in config.layers:
        x = _alias_free_layer(layer, v, x, styles[layer.name])
    return x * config.output_scale


def fourier_input(config: StyleGAN3Config, v: Tensors, t: Any) -> Any:
    """Compute StyleGAN3's first picture, Fourier features: (N, 4) to (N, frequencies, size, size)."""
    t = t / ops.sqrt(t[:, :1] ** 2 + t[:, 1:2] ** 2)
    zero, one = ops.zeros_like(t[:, 0]), ops.ones_like(t[:, 0])
    rotated = _matrix([t[:, 0], -t[:, 1], zero], [t[:, 1], t[:, 0], zero], [zero, zero, one])
    moved = _matrix([one, zero, -t[:, 2]], [zero, one, -t[:, 3]], [zero, zero, one])
    m = ops.matmul(ops.matmul(rotated, moved), v["input.transform"])
    freqs = ops.repeat(v["input.freqs"][None], ops.shape(t)[0], axis=0)
    phases = v["input.phases"][None] + ops.matmul(freqs, m[:, :2, 2:])[:, :, 0]
    freqs = ops.matmul(freqs, m[:, :2, :2])
    rest = config.input_rate / 2 - config.bandwidth
    amplitudes = ops.clip(1 - (ops.sqrt(ops.sum(freqs**2, axis=2)) - config.bandwidth) / rest, 0.0, 1.0)
    size = config.input_size
    positions = ((2 * np.arange(size) + 1) / size - 1) * 0.5 * size / config.input_rate
    positions = ops.convert_to_tensor(positions, dtype="float32")
    turns = freqs[:, :, 0, None, None] * positions[None, None, None, :]
    turns = turns + freqs[:, :, 1, None, None] * positions[None, None, :, None] + phases[:, :, None, None]
    x = ops.sin(turns * (2 * math.pi)) * amplitudes[:, :, None, None]
    return ops.einsum("oc,nchw->nohw", v["input.weight"], x)


def _alias_free_layer(layer: AliasFreeLayer, v: Tensors, x: Any, style: Any) -> Any:
    weight = v[f"{layer.name}.weight"]
    demodulation = None
    if not layer.rgb:
        weight = weight / ops.sqrt(ops.mean(weight**2, axis=(1, 2, 3), keepdims=True))
        # The original divides by the mean of the batch: a face would depend on the others in its batch.
        style = style / ops.sqrt(ops.mean(style**2, axis=1, keepdims=True))
        demodulation = _demodulation(weight, style)
    x = x * (style * v[f"{layer.name}.input_gain"])[:, :, None, None]
    x = _correlate(_padded(x, (layer.kernel - 1,) * 2), weight)
    if demodulation is not None:
        x = x * demodulation[:, :, None, None]
    x = x + v[f"{layer.name}.bias"][None, :, None, None]
    up_filter = v[f"{layer.name}.up_filter"] if layer.up_taps else None
    x = upfirdn(x, up_filter, up=layer.up, padding=layer.padding, gain=float(layer.up**2))
    x = x if layer.rgb else _activated(x, "lrelu")
    x = _clamped(x, layer.clamp)
    down_filter = v[f"{layer.name}.down_filter"] if layer.down_taps else None
    return upfirdn(x, down_filter, down=layer.down)


def upfirdn(
    x: Any,
    taps: Any,
    up: int = 1,
    down: int = 1,
    padding: Sequence[int] = (0, 0, 0, 0),
    gain: float = 1.0,
) -> Any:
    """Upsample with zeros, pad or crop, convolve with a filter, and keep every `down`-th pixel.

    Args:
        x: (N, C, H, W).
        taps: (k,), applied to both axes, or (k, k), or None.
        up, down: factors.
        padding: left, right, above, below, in pixels of the upsampled picture; or before, after for both axes.
        gain: total gain; ignored without a filter.

    Returns:
        (N, C, H', W').
    """
    if len(padding) == 2:
        padding = (*padding, *padding)
    _, maps, height, width = ops.shape(x)
    if up > 1:
        x = ops.reshape(x, (-1, maps, height, 1, width, 1))
        x = ops.pad(x, ((0, 0), (0, 0), (0, 0), (0, up - 1), (0, 0), (0, up - 1)))
        x = ops.reshape(x, (-1, maps, height * up, width * up))
    x = _padded(x, padding[2:], padding[:2])
    if taps is not None:
        kernels = [taps[:, None], taps[None, :]] if len(taps.shape) == 1 else [taps]
        factor = math.sqrt(gain) if len(taps.shape) == 1 else gain
        for kernel in kernels:
            side = ops.shape(x)
            flat = ops.reshape(x, (-1, 1, side[2], side[3]))
            y = _correlate(flat, ops.flip(kernel, (0, 1))[None, None] * factor)
            x = ops.reshape(y, (-1, maps, *ops.shape(y)[2:]))
    return x[:, :, ::down, ::down] if down > 1 else x


def _pads(taps: int) -> tuple[int, int]:
    """Return the padding of a filter that doubles the size of a picture."""
    return (taps + 1) // 2, (taps - 2) // 2


def _padded(x: Any, rows: Sequence[int], columns: Sequence[int] | None = None) -> Any:
    """Add zeros around, or crop rows and columns for negative numbers."""
    columns = rows if columns is None else columns
    x = ops.pad(x, ((0, 0), (0, 0), *((max(a, 0), max(b, 0)) for a, b in (rows, columns))))
    (top, bottom), (left, right) = ((max(-a, 0), max(-b, 0)) for a, b in (rows, columns))
    _, _, height, width = ops.shape(x)
    return x[:, :, top : height - bottom, left : width - right]


def _correlate(x: Any, weight: Any) -> Any:
    """Return the correlation of (N, I, H, W) with (O, I, k, k), without padding."""
    x = ops.conv(ops.transpose(x, (0, 2, 3, 1)), ops.transpose(weight, (2, 3, 1, 0)), data_format="channels_last")
    return ops.transpose(x, (0, 3, 1, 2))


def _demodulation(weight: Any, style: Any) -> Any:
    """Return the factor that normalises each output map: (O, I, k, k) and (N, I) to (N, O)."""
    power = ops.sum(weight**2, axis=(2, 3))
    return ops.rsqrt(ops.matmul(style**2, ops.transpose(power)) + EPSILON)


def _dense(x: Any, v: Tensors, name: str) -> Any:
    return ops.matmul(x, ops.transpose(v[f"{name}.weight"])) + v[f"{name}.bias"]


def _normalised(x: Any) -> Any:
    return x * ops.rsqrt(ops.mean(x**2, axis=1, keepdims=True) + EPSILON)


def _activated(x: Any, name: Activation, gain: float | None = None) -> Any:
    functions: dict[Activation, Any] = {
        "linear": lambda y: y,
        "relu": ops.relu,
        "lrelu": lambda y: ops.leaky_relu(y, SLOPE),
        "tanh": ops.tanh,
        "sigmoid": ops.sigmoid,
        "elu": ops.elu,
        "selu": ops.selu,
        "softplus": ops.softplus,
        "swish": ops.silu,
    }
    factor = (math.sqrt(2) if name in ("relu", "lrelu", "swish") else 1.0) if gain is None else gain
    return functions[name](x) * factor


def _clamped(x: Any, clamp: float | None) -> Any:
    return x if clamp is None else ops.clip(x, -clamp, clamp)


def _matrix(*rows: Sequence[Any]) -> Any:
    return ops.stack([ops.stack(list(row), axis=1) for row in rows], axis=1)


def _channels_last(x: Any) -> Any:
    return ops.transpose(x, (0, 2, 3, 1))


class StyleGAN(keras.layers.Layer):
    """The whole generator as one layer, its variables under the names of the config.

    Args:
        config: architecture of the network.
    """

    def __init__(self, config: StyleGANConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.named: dict[str, keras.Variable] = {}

    def build(self, _shape: Any) -> None:
        for name, shape in self.config.variables().items():
            self.named[name] = self.add_weight(name=name.replace(".", "_"), shape=shape, initializer="zeros")
        self.built = True

    def call(self, latents: Any, labels: Any = None) -> dict[str, Any]:
        """Return the pictures (and activations, w) of z at psi 1 with the stored noise."""
        v = {name: variable.value for name, variable in self.named.items()}
        w = mapped(self.config, v, latents, labels)
        given = synthesised(self.config, v, styles_of(self.config, v, truncated(self.config, v, w)))
        return {**given, "w": w}


def build_stylegan(config: StyleGANConfig) -> keras.Model:
    """Build the generator as a Keras model.

    Args:
        config: architecture of the network.

    Returns:
        A model from z (N, latent_size), or [z, labels], to a dict of "image" (N, H, W, C), "w" (N, style_size) and,
        of StyleGAN2, "block4" and "block8"; all variables are zero until :func:`assign_stylegan`.
    """
    latents = keras.Input((config.latent_size,), name="latents", dtype="float32")
    layer = StyleGAN(config, name="stylegan")
    if not config.label_size:
        return keras.Model(latents, layer(latents), name="generator")
    labels = keras.Input((config.label_size,), name="labels", dtype="float32")
    return keras.Model([latents, labels], layer(latents, labels), name="generator")


def assign_stylegan(model: keras.Model, arrays: Mapping[str, np.ndarray]) -> None:
    """Set every variable of the model, all or none; raise ValueError if one is missing or has another shape."""
    keras_variables.assign(model.get_layer("stylegan").named, arrays)
