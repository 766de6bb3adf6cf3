"""The kinds of generator that every engine must support, in miniature."""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.synthesis.config import GeneratorConfig

CASES: dict[str, dict[str, Any]] = {
    "fused": {},
    "not fused": {"fused_scale": False},
    "weights as stored": {"use_wscale": False},
    "weights as stored, not fused": {"use_wscale": False, "fused_scale": False},
    "no pixel norm": {"use_pixelnorm": False},
    "plain ReLU": {"use_leakyrelu": False},
    "large epsilon": {"pixelnorm_epsilon": 0.1},
    "latents as they are": {"normalize_latents": False},
    "labels": {"label_size": 5},
    "labels, latents as they are": {"label_size": 5, "normalize_latents": False},
    "gray": {"num_channels": 1},
    "short latents": {"latent_size": 128},
    "one block": {"resolution": 4},
    "two blocks": {"resolution": 8},
    "more feature maps below": {"fmap_base": 512, "fmap_max": 64},
    "as many feature maps everywhere": {"fmap_decay": 0.0, "fmap_base": 16},
    "fewer feature maps above": {"fmap_decay": 1.3},
    "no epsilon": {"pixelnorm_epsilon": 0.0},
    "fade": {"lod": 0.3},
    "a coarser level": {"lod": 1.0},
    "fade to a coarser level": {"lod": 1.75, "fused_scale": False},
    "past the coarsest level": {"lod": 9.0},
    "before the finest level": {"lod": -1.0},
}
"""Options of `support.models.tiny_config`, and "lod", which is a variable."""


def case_of(options: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """Return the options of the config, and the level of detail."""
    return {k: v for k, v in options.items() if k != "lod"}, float(options.get("lod", 0.0))


def inputs_of(config: GeneratorConfig, count: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray | None]:
    """Return seeded latents and, where the network takes them, one-hot labels."""
    latents = np.random.RandomState(seed).randn(count, config.latent_size).astype(np.float32)
    labels = (
        np.eye(config.label_size, dtype=np.float32)[np.arange(count) % config.label_size] if config.label_size else None
    )
    return latents, labels
