"""The families of generators. Other modules do not check the family, only what a network offers.

A config states what a network offers: `spaces`, `truncation`, `noisy`, `movable`, `activations`.
"""

from __future__ import annotations

from dashboard.errors import ModelError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.stylegan.config import StyleGAN2Config, StyleGAN3Config

NetworkConfig = GeneratorConfig | StyleGAN2Config | StyleGAN3Config
"""The architecture of a generator, without its weights."""


def pggan_config(config: NetworkConfig) -> GeneratorConfig:
    """Return the config of a PG-GAN, for code that supports only that family: training and comparisons.

    Raises:
        ModelError: the model is of another family.
    """
    if not isinstance(config, GeneratorConfig):
        raise ModelError(f"Expected a PG-GAN. Received: a network of the family {config.family}. Choose another model.")
    return config
