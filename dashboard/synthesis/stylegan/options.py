"""Drawing options of a StyleGAN besides the latent: truncation, noise, and shift and rotation of the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

from dashboard.errors import InputError

Noise = Literal["const", "none"] | int
Space = Literal["z", "w", "w+"]

MAX_PSI = 4.0
MAX_SHIFT = 1.0
MAX_DEGREES = 360.0


class Offers(Protocol):
    """Interface of a network's config."""

    @property
    def spaces(self) -> tuple[str, ...]:
        """Spaces that a face has coordinates in."""
        ...

    @property
    def truncation(self) -> bool:
        """Whether pictures can be truncated towards a mean."""
        ...

    @property
    def noisy(self) -> bool:
        """Whether noise is added to its layers."""
        ...

    @property
    def movable(self) -> bool:
        """Whether the picture can be rotated and shifted."""
        ...

    @property
    def label_size(self) -> int:
        """Numbers in a label, 0 for none."""
        ...


@dataclass(frozen=True)
class DrawingOptions:
    """Options of a picture besides its latent; the defaults change nothing.

    Args:
        psi: how far from the mean of w: 1 leaves faces as they are, 0 gives the mean face, below 0 the opposite.
        cutoff: number of truncated rows of w, from the first; None for all.
        noise: "const" the network's own, "none", or a seed.
        shift: x and y offset of the picture, in widths. degrees: its rotation.
        space: space of the latents: "z", "w" (N, w) or "w+" (N, rows, w).
        label: the class of every face, from 0; None for zeros.
        styles: channels of styles that are set after truncation, as (layer's name, channel, value).
    """

    psi: float = 1.0
    cutoff: int | None = None
    noise: Noise = "const"
    shift: tuple[float, float] = (0.0, 0.0)
    degrees: float = 0.0
    space: Space = "z"
    label: int | None = None
    styles: tuple[tuple[str, int, float], ...] = ()

    def check(self, config: Offers) -> None:
        """Check that a network supports the options.

        Raises:
            InputError: an option is unsupported or out of range; the message names what the network offers.
        """
        numbers = (self.psi, *self.shift, self.degrees, *(value for _, _, value in self.styles))
        if not all(math.isfinite(number) for number in numbers) or abs(self.psi) > MAX_PSI:
            raise InputError(f"Expected finite numbers, psi from -{MAX_PSI:g} to {MAX_PSI:g}. Received: {numbers}.")
        if self.space not in config.spaces:
            raise InputError(f"Expected a space of this network ({', '.join(config.spaces)}). Received: {self.space}.")
        if self.styles and "s" not in config.spaces:
            raise InputError("Expected no styles: this network's layers have none. Received: some. Leave them out.")
        if (self.psi != 1 or self.cutoff is not None) and not config.truncation:
            raise InputError("Expected a psi of 1: this network has no mean w. Received: another. Leave psi out.")
        if self.cutoff is not None and self.cutoff < 0:
            raise InputError(f"Expected a cutoff of 0 or more rows. Received: {self.cutoff}.")
        if self.noise != "const" and not config.noisy:
            raise InputError("Expected no choice of noise: this network has none. Received: one. Leave noise out.")
        if isinstance(self.noise, int) and not 0 <= self.noise < 2**32:
            raise InputError(f"Expected a seed from 0 to 4294967295 for the noise. Received: {self.noise}.")
        if (self.degrees or any(self.shift)) and not config.movable:
            raise InputError("Expected no shift and no turn: only StyleGAN3 has them. Received: one. Leave it out.")
        if max(abs(number) for number in self.shift) > MAX_SHIFT:
            raise InputError(f"Expected shifts of at most {MAX_SHIFT:g} width. Received: {self.shift}.")
        if self.label is not None and not 0 <= self.label < config.label_size:
            offered = f"a label from 0 to {config.label_size - 1}" if config.label_size else "no label"
            raise InputError(f"Expected {offered} for this network. Received: {self.label}. Change it or leave it out.")


PLAIN = DrawingOptions()
"""The network as it is."""
