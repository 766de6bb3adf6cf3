"""Options of `faces` and `latents` for drawing StyleGAN's pictures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click
import numpy as np

from dashboard.errors import InputError
from dashboard.synthesis.engine import latent_shape
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.stylegan.options import DrawingOptions

FILE = click.Path(path_type=Path)

TRUNCATION = (
    click.option("--psi", type=float, default=1.0, show_default=True, help="Truncation: 1 leaves faces as they are."),
    click.option("--cutoff", type=int, help="Rows of w that --psi concerns, from the first [all]."),
)
PICTURE = (
    click.option("--noise", default="const", show_default=True, help="const, none, or a seed."),
    click.option("--translate", default="0,0", show_default=True, metavar="X,Y", help="Shift, in widths (StyleGAN3)."),
    click.option("--rotate", type=float, default=0.0, show_default=True, metavar="DEGREES", help="Turn (StyleGAN3)."),
    click.option("--w", "w_file", type=FILE, help="(N, w) or (N, rows, w) array in a .npy file, instead of latents."),
)


def with_options(*options: Any) -> Any:
    """Add click options to a command, in their order."""

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def drawing_options(
    config: NetworkConfig, psi: float, cutoff: int | None, noise: str = "const", translate: str = "0,0",
    rotate: float = 0.0, space: Any = "z",
) -> DrawingOptions:  # fmt: skip
    """Return the typed options, checked against those of the network.

    Raises:
        InputError: invalid options, or options that the network does not offer.
    """
    options = DrawingOptions(psi, cutoff, _noise(noise), _shift(translate), rotate, space)
    options.check(config)
    return options


def read_w(file: Path, config: NetworkConfig) -> tuple[np.ndarray, Any]:
    """Read w from a memory-mapped file; returns it with its space.

    Args:
        file: NPY of (N, w) or (N, rows, w).
        config: of the target network.

    Returns:
        The array, and "w" or "w+".

    Raises:
        InputError: the file has another format, or the network has no w.
    """
    if "w" not in config.spaces:
        raise InputError(f"Expected a network with w (StyleGAN). Received: {', '.join(config.spaces)}. Use --latents.")
    shapes = {space: latent_shape(config, DrawingOptions(space=space)) for space in ("w", "w+")}
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise InputError(f"Expected w in a .npy file. Received: {file.name}, which is none.") from error
    found = [space for space, shape in shapes.items() if getattr(array, "shape", ())[1:] == shape and len(array)]
    if not found or array.dtype.kind not in "fiu":
        wanted = " or ".join(f"(N, {', '.join(map(str, shape))})" for shape in shapes.values())
        raise InputError(f"Expected numbers of shape {wanted} in {file.name}. Received: {getattr(array, 'shape', ())}.")
    return array, found[0]


def _noise(text: str) -> Any:
    if text in ("const", "none"):
        return text
    if text.isascii() and text.isdigit() and len(text) <= 10:
        return int(text)
    raise InputError(f"Expected const, none or a seed as the noise. Received: {text[:40]}.")


def _shift(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"Expected a shift such as 0.1,-0.2. Received: {text[:40]}.") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise InputError(f"Expected a finite shift. Received: {text[:40]}.")
    return x, y
