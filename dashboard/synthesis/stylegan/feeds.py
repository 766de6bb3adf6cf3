"""Inputs of a StyleGAN graph: from latents and options to the factors, noise and waves of its layers."""

from __future__ import annotations

import numpy as np

from dashboard.errors import InputError
from dashboard.synthesis.stylegan.config import StyleGAN3Config, StyleGANConfig
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions
from dashboard.synthesis.stylegan.styles import (
    Variables,
    fourier_input,
    mapped,
    powers_of,
    scales_of,
    styles_of,
    transform_of,
    truncated,
)


class Feeds:
    """The inputs of :func:`network_openvino.synthesis_graph`.

    Args:
        config: architecture of the network.
        variables: its variables by name, float32; those of the convolutions are not stored.
    """

    def __init__(self, config: StyleGANConfig, variables: Variables) -> None:
        self.config = config
        self.powers = powers_of(config, variables)
        kept = ("mapping.", "input.")
        ends = (".affine.weight", ".affine.bias", ".noise", ".noise_strength", ".input_gain")
        self.variables = {
            name: array for name, array in variables.items() if name.startswith(kept) or name.endswith(ends)
        }
        self._noise: tuple[str | int, dict[str, np.ndarray]] | None = None

    def rows(self, latents: np.ndarray, labels: np.ndarray | None, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Compute the row of w for each layer.

        Args:
            latents: (N, latent_size) of z, (N, w) of w, (N, rows, w) of w+, by `options.space`.
            labels: (N, label_size), or None; for z only.
            options: truncation; w+ is not truncated.

        Returns:
            (N, rows, w) float32.
        """
        if options.space == "w+":
            return np.asarray(latents, np.float32)
        w = latents if options.space == "w" else mapped(self.config, self.variables, latents, labels)
        return truncated(self.config, self.variables, w, options.psi, options.cutoff)

    def mapped(self, latents: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
        """Compute w of z, (N, w), before truncation."""
        return mapped(self.config, self.variables, latents, labels)

    def styles(
        self, latents: np.ndarray, labels: np.ndarray | None, options: DrawingOptions = PLAIN
    ) -> dict[str, np.ndarray]:
        """Compute the style of each layer, (N, inputs) by the layer's name, with the channels that the options set.

        Raises:
            InputError: the network has no such channel.
        """
        styles = styles_of(self.config, self.variables, self.rows(latents, labels, options))
        for layer, channel, value in options.styles:
            if layer not in styles or not 0 <= channel < styles[layer].shape[1]:
                raise InputError(f"Expected a channel of this network's styles. Received: {channel} of {layer[:40]}.")
            styles[layer][:, channel] = value
        return styles

    def feed(
        self, latents: np.ndarray, labels: np.ndarray | None, options: DrawingOptions = PLAIN
    ) -> dict[str, np.ndarray]:
        """Compute every input of the graph, by its name; those for all faces have a first axis of 1."""
        styles = self.styles(latents, labels, options)
        before, after = scales_of(self.config, self.variables, self.powers, styles)
        given = {f"before:{name}": x for name, x in before.items()} | {f"after:{name}": x for name, x in after.items()}
        if isinstance(self.config, StyleGAN3Config):
            transform = self.transform(options)
            given["waves"] = fourier_input(self.config, self.variables, styles["input"], transform)
            return given
        return given | self.noise(options)

    def transform(self, options: DrawingOptions) -> np.ndarray:
        """Compute the transform of StyleGAN3's input, (3, 3): the stored one without shift or rotation."""
        if options.degrees or any(options.shift):
            return transform_of(options.degrees, options.shift)
        return self.variables["input.transform"]

    def noise(self, options: DrawingOptions) -> dict[str, np.ndarray]:
        """Compute the noise of each layer, (1, 1, side, side), multiplied by its strength; the last one is kept."""
        kept = self._noise
        if kept is None or kept[0] != options.noise:
            kept = self._noise = options.noise, self._computed_noise(options.noise)
        return kept[1]

    def _computed_noise(self, noise: str | int) -> dict[str, np.ndarray]:
        found: dict[str, np.ndarray] = {}
        drawn = np.random.RandomState(noise) if isinstance(noise, int) else None
        for name in [name for name in self.variables if name.endswith(".noise")]:
            values = self.variables[name]
            if drawn is not None:
                values = drawn.randn(*values.shape).astype(np.float32)
            strength = 0 if noise == "none" else self.variables[f"{name}_strength"]
            found[f"noise:{name.removesuffix('.noise')}"] = (values * np.float32(strength))[None, None]
        return found
