"""A generator from any supported file: PG-GAN's network pickles, or one of StyleGAN's kinds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.official.files import digest_of, read_file
from dashboard.synthesis.official.network import parse_network
from dashboard.synthesis.official.stylegan import MAX_BYTES, parse_stylegan

PGGAN_SOURCE = "PG-GAN network file"
STYLEGAN_SOURCE = "StyleGAN network file"

_STYLEGAN_SIGNS = (b"torch_utils.persistence", b"torch._utils", b"dnnlib.tflib.network", b"dnnlib\ntflib")
_START = 4096


@dataclass(frozen=True, eq=False)
class OfficialGenerator:
    """A generator as stored in a file.

    Args:
        config: architecture of the network.
        variables: float32, finite, exactly those of the config.
        source: which kind of file it is.
        about: short description of the network, e.g. NVIDIA's name.
        provenance: the file's length, digest and form, plain values.
    """

    config: NetworkConfig
    variables: dict[str, np.ndarray]
    source: str
    about: str
    provenance: dict[str, Any]


def read_generator(path: Path) -> OfficialGenerator:
    """Read a generator from a network file of PG-GAN or StyleGAN.

    Args:
        path: the file.

    Returns:
        The network; it does not refer to the file.

    Raises:
        OfficialFileError: the file has another format; the message says what was expected and received.
        OSError: the file cannot be read.
    """
    content = read_file(path, MAX_BYTES)
    stated = {"bytes": len(content), "sha256": digest_of(content)}
    if looks_like_stylegan(content):
        found = parse_stylegan(content)
        form = str(found.provenance["form"])
        return OfficialGenerator(found.config, found.variables, STYLEGAN_SOURCE, form, {**stated, **found.provenance})
    network = parse_network(content)
    arguments = network.config
    maps = f"feature maps {arguments.fmap_base}/{arguments.fmap_max}"
    about = f"PG-GAN, NVIDIA's `{network.provenance['function']}`, {maps}"
    return OfficialGenerator(network.config, network.variables, PGGAN_SOURCE, about, {**stated, **network.provenance})


def looks_like_stylegan(content: bytes) -> bool:
    """Return whether a file is to be read as one of StyleGAN's: a zip, or a pickle that names its programs."""
    start = content[:_START]
    return start[:4] == b"PK\x03\x04" or start[2:4] == b"\x8a\x0a" or any(sign in start for sign in _STYLEGAN_SIGNS)
