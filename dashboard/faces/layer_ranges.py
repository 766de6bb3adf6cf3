"""Ranges of layers of a StyleGAN: `all`, `coarse`, `middle`, `fine`, or numbers such as `0-3`.

A layer's number is that of its row of w, from 0. The named ranges are those of Karras, Laine and Aila, "A style-based
generator architecture for generative adversarial networks" (CVPR 2019), figure 3: of the 18 layers of 1024 px, 4 are
coarse (4 to 8 px), 4 middle (16 to 32 px) and 10 fine. Other numbers of layers are divided in the same proportion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dashboard.faces.grammar import expected

ALL, COARSE, MIDDLE, FINE = NAMES = ("all", "coarse", "middle", "fine")
"""Names of ranges, from the first layers to the last."""

KARRAS_LAYERS, KARRAS_COARSE, KARRAS_MIDDLE = 18, 4, 8
"""Layers of the paper's network, and the first layers after its coarse and its middle ones."""

MOST_LAYERS = 99
"""Limit of a layer's number."""

_NUMBERS = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class LayerRange:
    """Some consecutive layers, of a network with any number of layers.

    Args:
        name: one of NAMES; empty for numbers.
        first, last: numbers of the first and the last layer, from 0; None with a name.

    Raises:
        FaceError: the name is unknown, or the numbers are no range.
    """

    name: str = ALL
    first: int | None = None
    last: int | None = None

    def __post_init__(self) -> None:
        if self.name:
            if self.name not in NAMES or self.first is not None or self.last is not None:
                raise _invalid(self.name)
        elif self.first is None or self.last is None or not 0 <= self.first <= self.last <= MOST_LAYERS:
            raise _invalid(f"{self.first}-{self.last}")

    def __str__(self) -> str:
        return self.name or (str(self.first) if self.first == self.last else f"{self.first}-{self.last}")

    def rows(self, layers: int) -> tuple[int, int]:
        """Return the first and the last row of w of these layers.

        Args:
            layers: number of layers of the network, its rows of w.

        Raises:
            FaceError: the network has no such layers.
        """
        if self.first is not None and self.last is not None:
            if self.last >= layers:
                raise expected(f"layers from 0 to {layers - 1}", self, "Choose layers of this model.")
            return self.first, self.last
        found = named_ranges(layers).get(self.name)
        if found is None:
            raise expected(f"layers from 0 to {layers - 1}", self, "This model has too few layers for names.")
        return found


def parse_layers(text: str) -> LayerRange:
    """Read a range: a name, `3` or `0-3`.

    Raises:
        FaceError: the text is no range.
    """
    if text in NAMES:
        return LayerRange(text)
    found = _NUMBERS.fullmatch(text)
    if found is None:
        raise _invalid(text)
    return LayerRange("", int(found[1]), int(found[2] or found[1]))


def named_ranges(layers: int) -> dict[str, tuple[int, int]]:
    """Return the first and the last row of each named range that a network has.

    Args:
        layers: number of layers, the network's rows of w; 0 for a network without any.

    Returns:
        By name, in the order of NAMES. Fewer than three layers are not divided.
    """
    if layers < 1:
        return {}
    whole = {ALL: (0, layers - 1)}
    if layers < 3:
        return whole
    coarse = _scaled(KARRAS_COARSE, layers)
    middle = max(_scaled(KARRAS_MIDDLE, layers), coarse + 1)
    return {**whole, COARSE: (0, coarse - 1), MIDDLE: (coarse, middle - 1), FINE: (middle, layers - 1)}


def range_words(first: int, last: int) -> str:
    """Return a range of rows in words: "layer 6", "layers 0 to 3"."""
    return f"layer {first}" if first == last else f"layers {first} to {last}"


def _scaled(limit: int, layers: int) -> int:
    """Return the layer at the same share of the layers as a limit of the paper's network, rounded; 1 or more."""
    return max(1, (2 * limit * layers + KARRAS_LAYERS) // (2 * KARRAS_LAYERS))


def _invalid(received: Any) -> Exception:
    return expected(f"layers: {', '.join(NAMES)}, or numbers such as 0-3", received, "Choose one of these.")
