"""Small official files, and a catalogue whose files a test's own server has."""

from __future__ import annotations

import numpy as np
from support.file_server import FileServer
from support.models import random_variables, tiny_config
from support.official_files import Writer, directions_file, generator

from dashboard.synthesis.catalogue import Catalogue, CatalogueModel, Licence

LICENCE = "CC BY-NC 4.0"
NAMES = ("Young", "Smiling", "Male", "Attractive", "Big_Lips", "Big_Nose", "Pale_Skin", "Eyeglasses")


def network_bytes(seed: int = 0, resolution: int = 32) -> bytes:
    """Return a condensed network file, as Streamlit's demo has it."""
    config = tiny_config(resolution=resolution)
    return Writer().file(generator(config, random_variables(config, seed)))


def directions_bytes(seed: int = 0, names: tuple[str, ...] = NAMES) -> bytes:
    """Return TL-GAN's direction file of a network with `tiny_config`'s latents, columns of all lengths."""
    size = tiny_config().latent_size
    columns = np.random.RandomState(seed).randn(size, len(names)) * np.linspace(0.5, 3, len(names))
    return directions_file(columns, list(names))


def small_catalogue(server: FileServer, name: str = "famous-32") -> Catalogue:
    """Return a catalogue of one model whose network the server has; its address is not https, which no real one may
    have.
    """
    licence = Licence(title="A licence", address="https://licence.example/", terms="Name the author, and sell nothing.")
    entry = CatalogueModel.model_construct(
        about="A small network.",
        resolution=32,
        attributes=0,
        licence=LICENCE,
        network=server.file("famous.pkl"),
        directions=None,
    )
    return Catalogue.model_construct(licences={LICENCE: licence}, models={name: entry})
