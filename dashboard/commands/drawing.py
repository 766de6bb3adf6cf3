"""Options of `faces` and `latents` for drawing StyleGAN's pictures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from dashboard.errors import InputError
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
