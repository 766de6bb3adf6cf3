"""From a latent to the inputs of StyleGAN's layers, in NumPy: small products, so that no engine is needed for them.

mapped       z to w                      truncated     w to a row for each layer, drawn towards the mean
styles_of    rows to styles ("s space")  scales_of     styles to factors of each layer's input and output maps
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from dashboard.synthesis.stylegan.config import (
    Activation,
    AliasFreeLayer,
    StyleGAN2Config,
    StyleGAN3Config,
    StyleGANConfig,
    StyleLayer,
)

EPSILON = np.float32(1e-8)
SLOPE = np.float32(0.2)

Variables = Mapping[str, np.ndarray]


def mapped(config: StyleGANConfig, v: Variables, latents: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """Compute w, one vector a face, before truncation.

    Args:
        config: architecture of the network.
        v: its variables by name, float32.
        latents: z, (N, latent_size).
        labels: (N, label_size); zeros where None.

    Returns:
        (N, style_size) float32.
    """
    mapping = config.mapping
    x = np.asarray(latents, np.float32)
    if config.label_size:
        given = np.zeros((len(x), config.label_size)) if labels is None else labels
        y = _dense(np.asarray(given, np.float32), v, "mapping.embed")
        parts = [x, y] if mapping.joint else [_normalised(x), _normalised(y)]
        x = np.concatenate(parts, axis=1)
    if mapping.joint or not config.label_size:
        x = _normalised(x)
    for i in range(len(mapping.sizes)):
        x = activated(_dense(x, v, f"mapping.fc{i}"), mapping.activation)
    return x


def truncated(
    config: StyleGANConfig, v: Variables, w: np.ndarray, psi: float = 1.0, cutoff: int | None = None
) -> np.ndarray:
    """Truncate w towards its mean and return one row per layer.

    Args:
        config, v: as for :func:`mapped`.
        w: (N, style_size).
        psi: 1 leaves w unchanged, 0 gives the mean, negative values the opposite side.
        cutoff: number of truncated rows, from the first; None for all.

    Returns:
        (N, rows, style_size) float32.

    Raises:
        ValueError: psi is not 1 and the network's mean w is unknown.
    """
    return truncated_rows(config, v, np.repeat(np.asarray(w, np.float32)[:, None], config.rows, axis=1), psi, cutoff)


def truncated_rows(
    config: StyleGANConfig, v: Variables, ws: np.ndarray, psi: float = 1.0, cutoff: int | None = None
) -> np.ndarray:
    """Truncate the rows of w of each layer (N, rows, style_size), which are changed; otherwise as :func:`truncated`."""
    if psi == 1.0:
        return ws
    if not config.truncation:
        raise ValueError(f"Expected a psi of 1, since this network's mean w is unknown. Received: {psi:g}.")
    mean = v["mapping.w_avg"]
    ws[:, :cutoff] = mean + np.float32(psi) * (ws[:, :cutoff] - mean)
    return ws


def styles_of(config: StyleGANConfig, v: Variables, ws: np.ndarray) -> dict[str, np.ndarray]:
    """Compute the style vector of each layer ("s space"), by the layer's name.

    Args:
        config, v: as for :func:`mapped`.
        ws: (N, rows, style_size).

    Returns:
        (N, inputs) float32 for each layer; StyleGAN3's "input" has (N, 4).
    """
    if isinstance(config, StyleGAN2Config):
        return {layer.name: _dense(ws[:, layer.row], v, f"{layer.name}.affine") for layer in config.layers}
    styles = {"input": _dense(ws[:, 0], v, "input.affine")}
    for i, layer in enumerate(config.layers):
        styles[layer.name] = _dense(ws[:, i + 1], v, f"{layer.name}.affine")
    return styles


def powers_of(config: StyleGANConfig, v: Variables) -> dict[str, np.ndarray]:
    """Sum the squares of each kernel, for every layer that is normalised: (inputs, outputs) by the layer's
    name.
    """
    found: dict[str, np.ndarray] = {}
    for layer in config.layers:
        if not _makes_picture(config, layer):
            weight = normalised_weight(config, layer, v).astype(np.float64)
            found[layer.name] = np.ascontiguousarray((weight**2).sum((2, 3)).T, np.float32)
    return found


def normalised_weight(config: StyleGANConfig, layer: StyleLayer | AliasFreeLayer, v: Variables) -> np.ndarray:
    """Return a layer's weight (out, in, k, k), divided by its own root mean square if StyleGAN3 does so."""
    weight = v[f"{layer.name}.weight"]
    if isinstance(config, StyleGAN3Config) and not _makes_picture(config, layer):
        power = np.mean(weight.astype(np.float64) ** 2, axis=(1, 2, 3), keepdims=True)
        return (weight / np.sqrt(power)).astype(np.float32)
    return weight


def scales_of(
    config: StyleGANConfig, v: Variables, powers: Variables, styles: Variables
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Compute the factors of each layer's input and output maps.

    A convolution with a face's modulated weight equals one with the common weight between two scalings.

    Args:
        config, v: as for :func:`mapped`.
        powers: from :func:`powers_of`.
        styles: from :func:`styles_of`.

    Returns:
        Factors of the input maps (N, inputs) of every layer, and of the output maps (N, outputs) of those that are
        normalised.
    """
    before: dict[str, np.ndarray] = {}
    after: dict[str, np.ndarray] = {}
    for layer in config.layers:
        style = styles[layer.name]
        if layer.name in powers:
            if isinstance(config, StyleGAN3Config):
                # The original divides by the mean of the batch: a face would depend on the others in its batch.
                style = style / np.sqrt(np.mean(style**2, axis=1, keepdims=True))
            after[layer.name] = 1 / np.sqrt(style**2 @ powers[layer.name] + EPSILON)
        if isinstance(config, StyleGAN3Config):
            style = style * v[f"{layer.name}.input_gain"]
        before[layer.name] = style
    return before, after


def fourier_input(
    config: StyleGAN3Config, v: Variables, t: np.ndarray, transform: np.ndarray | None = None
) -> np.ndarray:
    """Compute StyleGAN3's first picture, Fourier features.

    Args:
        config, v: as for :func:`mapped`.
        t: the style of "input", (N, 4): cosine, sine, and shift.
        transform: (3, 3), the inverse of the picture's transform; the stored one if None.

    Returns:
        (N, frequencies, size, size) float32.
    """
    t = np.asarray(t, np.float64)
    t = t / np.hypot(t[:, :1], t[:, 1:2])
    cosine, sine, x, y = t.T
    rotated, moved = (np.repeat(np.eye(3)[None], len(t), axis=0) for _ in range(2))
    rotated[:, 0, 0], rotated[:, 0, 1], rotated[:, 1, 0], rotated[:, 1, 1] = cosine, -sine, sine, cosine
    moved[:, 0, 2], moved[:, 1, 2] = -x, -y
    m = rotated @ moved @ np.asarray(v["input.transform"] if transform is None else transform, np.float64)
    freqs = v["input.freqs"].astype(np.float64)
    phases = v["input.phases"] + (freqs @ m[:, :2, 2:])[:, :, 0]
    freqs = freqs @ m[:, :2, :2]
    rest = config.input_rate / 2 - config.bandwidth
    amplitudes = np.clip(1 - (np.linalg.norm(freqs, axis=2) - config.bandwidth) / rest, 0, 1)
    size = config.input_size
    positions = ((2 * np.arange(size) + 1) / size - 1) * 0.5 * size / config.input_rate
    turns = freqs[:, :, 0, None, None] * positions + freqs[:, :, 1, None, None] * positions[:, None]
    turns += phases[:, :, None, None]
    # Whole turns are subtracted in float64, so that float32 is enough for the sines.
    waves = np.sin((turns - np.rint(turns)).astype(np.float32) * np.float32(2 * math.pi))
    waves *= amplitudes.astype(np.float32)[:, :, None, None]
    return np.matmul(v["input.weight"], waves.reshape(len(t), len(freqs[0]), -1)).reshape(waves.shape)


def transform_of(degrees: float = 0.0, shift: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """Compute the input transform that rotates and shifts StyleGAN3's picture.

    Args:
        degrees: rotation of the picture, as in NVIDIA's ``gen_images.py``.
        shift: x and y, in widths of the picture.

    Returns:
        (3, 3) float32, the inverse of the picture's transform.
    """
    angle = math.radians(degrees)
    matrix = np.array([
        [math.cos(angle), math.sin(angle), shift[0]],
        [-math.sin(angle), math.cos(angle), shift[1]],
        [0.0, 0.0, 1.0],
    ])  # fmt: skip
    return np.linalg.inv(matrix).astype(np.float32)


def activated(x: np.ndarray, name: Activation) -> np.ndarray:
    """Apply an activation and its gain."""
    with np.errstate(over="ignore"):
        if name == "lrelu":
            y = np.maximum(x, x * SLOPE)
        elif name == "relu":
            y = np.maximum(x, 0)
        elif name == "tanh":
            y = np.tanh(x)
        elif name == "sigmoid":
            y = 1 / (1 + np.exp(-x))
        elif name == "elu":
            y = np.where(x < 0, np.expm1(np.minimum(x, 0)), x)
        elif name == "selu":
            y = 1.0507009873554805 * np.where(x < 0, 1.6732632423543772 * np.expm1(np.minimum(x, 0)), x)
        elif name == "softplus":
            y = np.logaddexp(x, 0)
        elif name == "swish":
            y = x / (1 + np.exp(-x))
        else:
            y = x
    return (y * (math.sqrt(2) if name in ("lrelu", "relu", "swish") else 1.0)).astype(np.float32)


def _makes_picture(config: StyleGANConfig, layer: StyleLayer | AliasFreeLayer) -> bool:
    if isinstance(config, StyleGAN2Config):
        return any(layer is block.rgb for block in config.blocks)
    return layer is config.layers[-1]


def _dense(x: np.ndarray, v: Variables, name: str) -> np.ndarray:
    return x @ v[f"{name}.weight"].T + v[f"{name}.bias"]


def _normalised(x: np.ndarray) -> np.ndarray:
    return x / np.sqrt(np.mean(x**2, axis=1, keepdims=True) + EPSILON)
