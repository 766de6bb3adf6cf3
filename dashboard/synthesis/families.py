"""The families of generators. Nothing else asks which one a network is, but what it offers.

A config says what a network offers: `spaces`, `truncation`, `noisy`, `movable`, `activations`.
"""

from __future__ import annotations

from dashboard.errors import ModelError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.stylegan.config import StyleGAN2Config, StyleGAN3Config

NetworkConfig = GeneratorConfig | StyleGAN2Config | StyleGAN3Config
"""What a generator is, apart from its weights."""


def pggan_config(config: NetworkConfig) -> GeneratorConfig:
    """Return the config of a PG-GAN, for what is made for that family alone: training, and what compares with others.

    Raises:
        ModelError: it is of another family.
    """
    if not isinstance(config, GeneratorConfig):
        raise ModelError(f"Expected a PG-GAN. Received: a network of the family {config.family}. Choose another model.")
    return config
