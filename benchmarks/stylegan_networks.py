"""StyleGANs of the published sizes with seeded random weights: StyleGAN2's config-f, StyleGAN3's config-t and config-r.

Sources: Karras et al., "Analyzing and Improving the Image Quality of StyleGAN" (CVPR 2020), "Alias-Free Generative
Adversarial Networks" (NeurIPS 2021, appendix C: rates, sizes and filters of the layers).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.special import j1

from dashboard.synthesis.model_folder import Model, write_model
from dashboard.synthesis.stylegan.config import (
    AliasFreeLayer,
    Mapping,
    StyleBlock,
    StyleGAN2Config,
    StyleGAN3Config,
    StyleGANConfig,
    StyleLayer,
)

SIZE = 512
"""Numbers in z and in w."""

MARGIN = 10
TAPS = 6
"""StyleGAN3's margin in pixels, and the taps of its filters for each factor of the size."""

Kind = Literal["config-f", "config-t", "config-r"]


def config_of(kind: Kind, resolution: int, most: int | None = None) -> StyleGANConfig:
    """Return the config of a published size, at any resolution.

    Args:
        kind: which size.
        resolution: side of the pictures in pixels.
        most: maps of a layer; the published number if None.
    """
    return _config_f(resolution, most or SIZE) if kind == "config-f" else _alias_free(kind, resolution, most)


def write_random_stylegan(path: Path, config: StyleGANConfig) -> Model:
    """Write a model folder with seeded random weights, stored in float32."""
    none = np.zeros((config.latent_size, 0))
    provenance = {"made by": "benchmarks/stylegan_networks.py"}
    return write_model(path, config, random_variables(config), (), none, "CC0-1.0", provenance, dtype=np.float32)


def random_variables(config: StyleGANConfig) -> dict[str, np.ndarray]:
    """Return seeded random weights, scaled as those of a network at the start of its training."""
    rng = np.random.default_rng(0)
    pictures = [layer.name for layer in config.layers if layer.outputs == config.num_channels]
    found: dict[str, np.ndarray] = {}
    for name, shape in config.variables().items():
        head, _, kind = name.rpartition(".")
        if kind == "bias":
            values = np.full(shape, 1.0 if head.endswith(".affine") else 0.0)
        elif kind == "weight" and (head.startswith("mapping.") or head.endswith(".affine") or name == "input.weight"):
            values = rng.standard_normal(shape, np.float32) / math.sqrt(shape[-1])
        elif kind == "weight" and head in pictures:
            # The pictures of all blocks are added: this keeps the sum between black and white.
            values = rng.standard_normal(shape, np.float32) / math.sqrt(shape[1]) / 3
        elif kind == "w_avg":
            values = np.zeros(shape)
        elif kind == "noise_strength":
            values = np.array(0.1)
        elif kind == "filter":
            row = np.array([1.0, 3.0, 3.0, 1.0]) / 8
            values = np.outer(row, row)
        else:
            values = rng.standard_normal(shape, np.float32)
        found[name] = np.asarray(values, np.float32)
    if isinstance(config, StyleGAN3Config):
        found |= _designed(config, rng)
    return found


def _config_f(resolution: int, most: int) -> StyleGAN2Config:
    blocks: list[StyleBlock] = []
    row, inputs = 0, most
    for r in range(2, int(math.log2(resolution)) + 1):
        side = 1 << r
        outputs = min(32768 // side, most)
        layers: list[StyleLayer] = []
        for name, up in [("conv1", 1)] if r == 2 else [("conv0", 2), ("conv1", 1)]:
            first = inputs if up == 2 else outputs
            layers.append(
                StyleLayer(
                    f"b{side}.{name}", row, first, outputs, 3, 2 if up == 2 else 1, 4 if up == 2 else 0,
                    "lrelu", math.sqrt(2), None, True,
                )
            )  # fmt: skip
            row += 1
        rgb = StyleLayer(f"b{side}.torgb", row, outputs, 3, 1, 1, 0, "linear", 1.0, None, False)
        blocks.append(StyleBlock(side, tuple(layers), rgb, 4 if r > 2 else 0, 0))
        inputs = outputs
    return StyleGAN2Config(
        "stylegan2", resolution, 3, SIZE, 0, row + 1, Mapping((SIZE,) * 8), True, "skip", tuple(blocks)
    )


def _rates(resolution: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cutoff, half-width of the transition and sampling rate of each layer's output."""
    half = resolution / 2
    exponents = np.minimum(np.arange(15) / 12, 1)
    cutoffs = 2 * (half / 2) ** exponents
    stops = 2**2.1 * (half * 2**0.3 / 2**2.1) ** exponents
    rates = np.exp2(np.ceil(np.log2(np.minimum(2 * stops, 2 * half))))
    return cutoffs, np.maximum(stops, rates / 2) - cutoffs, rates


def _alias_free(kind: Kind, resolution: int, most: int | None) -> StyleGAN3Config:
    base, published, kernel = (32768, 512, 3) if kind == "config-t" else (65536, 1024, 1)
    cutoffs, _, rates = _rates(resolution)
    sizes = rates + 2 * MARGIN
    sizes[-2:] = resolution
    maps = np.rint(np.minimum(base / 2 / cutoffs, most or published)).astype(int).tolist()
    maps[-1] = 3
    layers: list[AliasFreeLayer] = []
    for i in range(15):
        before, rgb = max(i - 1, 0), i == 14
        middle = max(rates[before], rates[i]) * (1 if rgb else 2)
        up, down = int(middle / rates[before]), int(middle / rates[i])
        up_taps, down_taps = (TAPS * factor if factor > 1 and not rgb else 0 for factor in (up, down))
        first, last, side = int(sizes[before]), int(sizes[i]), 1 if rgb else kernel
        total = (last - 1) * down + 1 - (first + side - 1) * up + max(up_taps, 1) + max(down_taps, 1) - 2
        low = (total + up) // 2
        layers.append(
            AliasFreeLayer(
                f"L{i}_{last}_{maps[i]}", maps[before], maps[i], side, first, last, up, down, up_taps, down_taps,
                kind == "config-r" and i < 12 and down_taps > 0, (low, total - low, low, total - low), rgb, 256.0,
            )
        )  # fmt: skip
    return StyleGAN3Config(
        "stylegan3", resolution, 3, SIZE, 0, 16, Mapping((SIZE, SIZE)), True, maps[0], int(sizes[0]), float(rates[0]),
        float(cutoffs[0]), tuple(layers), 0.25,
    )  # fmt: skip


def _designed(config: StyleGAN3Config, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the variables that are designed, not trained: Fourier features and filters."""
    cutoffs, widths, rates = _rates(config.resolution)
    freqs = rng.standard_normal((config.frequencies, 2))
    radii = np.linalg.norm(freqs, axis=1, keepdims=True)
    freqs /= radii * np.exp(radii**2) ** 0.25
    found: dict[str, np.ndarray] = {
        "input.freqs": freqs * config.bandwidth,
        "input.phases": rng.uniform(-0.5, 0.5, config.frequencies),
        "input.transform": np.eye(3),
        "input.affine.weight": np.zeros((4, config.style_size)),
        "input.affine.bias": np.array([1.0, 0.0, 0.0, 0.0]),
    }
    for i, layer in enumerate(config.layers):
        before, rate = max(i - 1, 0), max(rates[max(i - 1, 0)], rates[i]) * 2
        found[f"{layer.name}.input_gain"] = np.ones(())
        if layer.up_taps:
            found[f"{layer.name}.up_filter"] = _low_pass(layer.up_taps, cutoffs[before], widths[before], rate, False)
        if layer.down_taps:
            taps = _low_pass(layer.down_taps, cutoffs[i], widths[i], rate, layer.radial)
            found[f"{layer.name}.down_filter"] = taps
    return {name: np.asarray(values, np.float32) for name, values in found.items()}


def _low_pass(taps: int, cutoff: float, width: float, rate: float, radial: bool) -> np.ndarray:
    """Return a Kaiser-windowed sinc, or jinc if it is radial, of sum 1; `width` is half of the transition."""
    window = np.kaiser(taps, np.float64(_beta(2.285 * (taps - 1) * math.pi * 4 * width / rate + 7.95)))
    x = (np.arange(taps) - (taps - 1) / 2) / rate
    if radial:
        radius = np.hypot(x[:, None], x[None, :])
        values = j1(2 * math.pi * cutoff * radius) / (math.pi * radius) * np.outer(window, window)
    else:
        values = np.sinc(2 * cutoff * x) * window
    return values / values.sum()


def _beta(attenuation: float) -> float:
    """Return the shape of Kaiser's window for an attenuation in dB."""
    if attenuation > 50:
        return 0.1102 * (attenuation - 8.7)
    return 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21) if attenuation > 21 else 0.0
