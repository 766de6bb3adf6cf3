"""The families of generators. Nothing else asks which one a network is, but what it offers.

A config says what a network offers: `spaces`, `truncation`, `noisy`, `movable`, `activations`.
"""

from __future__ import annotations

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.stylegan.config import StyleGAN2Config, StyleGAN3Config

NetworkConfig = GeneratorConfig | StyleGAN2Config | StyleGAN3Config
"""What a generator is, apart from its weights."""
