"""StyleGAN generators from any of the files that its programs write: which network is the generator, and its config.

NVIDIA's pickles (StyleGAN2-ADA-PyTorch, StyleGAN3)   a dict with G_ema, or a generator alone; torch.save's too
StyleGAN2's TensorFlow pickles                        (G, D, Gs), or Gs alone
rosinality's checkpoints                              a dict with the state dict g_ema
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.errors import OfficialFileError
from dashboard.synthesis.official.files import digest_of, read_file
from dashboard.synthesis.official.stylegan_modules import stored_generator
from dashboard.synthesis.official.stylegan_others import rosinality_generator, tensorflow_generator
from dashboard.synthesis.official.torch_files import StoredModule, StoredTensorFlow, read_torch_file
from dashboard.synthesis.official.values import describe, printable, refuse
from dashboard.synthesis.stylegan.config import StyleGANConfig

MAX_BYTES = 1 << 30
"""NVIDIA's files of 1024 px, with G, D and G_ema, have about 380 MB."""


@dataclass(frozen=True, eq=False)
class StyleGANFile:
    """A generator as stored in a file.

    Args:
        config: architecture of the network.
        variables: float32, finite, exactly those of the config.
        provenance: the file's length, digest and form, plain values.
    """

    config: StyleGANConfig
    variables: dict[str, np.ndarray]
    provenance: dict[str, Any]


def read_stylegan(path: Path) -> StyleGANFile:
    """Read a generator from a StyleGAN file.

    Args:
        path: the file.

    Returns:
        The network; it does not refer to the file.

    Raises:
        OfficialFileError: the file has another format; the message says what was expected and received.
        OSError: the file cannot be read.
    """
    content = read_file(path, MAX_BYTES)
    found = parse_stylegan(content)
    return StyleGANFile(
        found.config, found.variables, {"bytes": len(content), "sha256": digest_of(content), **found.provenance}
    )


def parse_stylegan(content: bytes) -> StyleGANFile:
    """Read a file like :func:`read_stylegan`, from its bytes."""
    value = read_torch_file(content)
    try:
        return _generator(value)
    except (ValueError, TypeError, IndexError) as error:
        if isinstance(error, OfficialFileError):
            raise
        raise OfficialFileError(
            f"Expected a whole StyleGAN network. Received: parts that do not fit together ({printable(str(error))})."
        ) from error


def _generator(value: Any) -> StyleGANFile:
    if isinstance(value, tuple):
        if len(value) != 3:
            refuse("a tuple of three networks (G, D, Gs)", describe(value))
        value = value[2]
    if isinstance(value, StoredTensorFlow):
        return StyleGANFile(*tensorflow_generator(value), {"form": "StyleGAN2, TensorFlow"})
    if isinstance(value, dict):
        held = value.get("G_ema", value.get("g_ema"))
        if isinstance(held, dict):
            return StyleGANFile(*rosinality_generator(value), {"form": "StyleGAN2, rosinality"})
        if held is None:
            names = ", ".join(printable(name) for name in list(value)[:5])
            refuse("a dict with G_ema, the running average", f"one with {names or 'nothing'}")
        value = held
    if not isinstance(value, StoredModule) or value.kind != "Generator":
        kind = f"a {printable(value.kind)}" if isinstance(value, StoredModule) else describe(value)
        refuse("a generator of StyleGAN2 or StyleGAN3", kind)
    config, variables = stored_generator(value)
    form = "StyleGAN3" if config.family == "stylegan3" else "StyleGAN2, PyTorch"
    return StyleGANFile(config, variables, {"form": form})
