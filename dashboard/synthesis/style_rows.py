"""The row of w of each layer of a StyleGAN (w+), as a face is drawn: mapped and truncated."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dashboard.errors import InputError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.model import Model
from dashboard.synthesis.stylegan.config import StyleGANConfig
from dashboard.synthesis.stylegan.options import DrawingOptions
from dashboard.synthesis.stylegan.styles import mapped, truncated
from dashboard.synthesis.tensors import load_arrays


def require_layers(model: Model) -> StyleGANConfig:
    """Return the architecture of a model with layers that have a style each.

    Raises:
        InputError: it has none.
    """
    if isinstance(model.config, GeneratorConfig):
        raise InputError(
            f"Expected a model with layers for a style mix: a StyleGAN. Received: {model.name}, which has none. "
            "Choose another model."
        )
    return model.config


def style_rows(model: Model, latent: np.ndarray, options: DrawingOptions) -> np.ndarray:
    """Return the row of w of each layer.

    Args:
        model: a model with layers.
        latent: of one face, in the space of the options: (latent_size,), (w,) or (layers, w).
        options: checked: its label and its truncation; w+ is not truncated.

    Returns:
        (layers, w) float32.

    Raises:
        InputError: the model has no layers.
    """
    config = require_layers(model)
    rows = np.asarray(latent, np.float32)
    if options.space == "w+":
        return rows
    variables = _mapping(model.path, model.digest, tuple(config.variables()))
    w = rows[None]
    if options.space == "z":
        labels = None
        if options.label is not None:
            labels = np.zeros((1, config.label_size), np.float32)
            labels[:, options.label] = 1.0
        w = mapped(config, variables, w, labels)
    return truncated(config, variables, w, options.psi, options.cutoff)[0]


@functools.lru_cache(maxsize=2)
def _mapping(folder: Path, digest: str, names: tuple[str, ...]) -> Mapping[str, np.ndarray]:
    """Read the variables from z to w; `digest` tells a replaced model from the one before it."""
    chosen = tuple(name for name in names if name.startswith("mapping."))
    return load_arrays(folder / "generator.safetensors", np.float32, chosen)
