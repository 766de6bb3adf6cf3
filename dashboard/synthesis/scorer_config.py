"""Configuration of a scorer: the network that computes attribute scores of a picture."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["continuous", "binary"]

LAST_MAP = 4
"""Side of the last feature map: every convolution is followed by halving, down to 4x4."""

MAX_SIZE = 256
"""Largest input of a scorer, in pixels a side."""

MAX_RESIDUAL = 8
"""Largest number of residual blocks between two convolutions."""


@dataclass(frozen=True, kw_only=True)
class ScorerConfig:
    """A plain convolutional network from a picture to one score an attribute.

    The picture is averaged down to ``size``; then for each entry of ``channels`` a 3x3 convolution, ReLU and 2x2
    average, and ``residual`` blocks of two 3x3 convolutions with a skip connection, ``relu(x + b(relu(a(x))))`` (He et
    al., CVPR 2016); the last 4x4 map, flattened, goes through a dense layer of ``features`` with ReLU, and another to
    scores.

    Args:
        size: side in pixels of the network's input, ``4 * 2**len(channels)``.
        channels: feature maps of each convolution.
        attributes: name of each score.
        kinds: what each score is: "continuous" (standardised) or "binary" (a logit).
        features: length of the feature vector.
        residual: residual blocks after each halving; 0 for a plain network.

    Raises:
        ValueError: the sizes do not match, or a name occurs twice.
    """

    size: int
    channels: tuple[int, ...]
    attributes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    features: int = 64
    residual: int = 0

    def __post_init__(self) -> None:
        if not self.channels or self.size > MAX_SIZE or self.size != LAST_MAP * 2 ** len(self.channels):
            raise ValueError(
                f"Expected a scorer of size 4 * 2**(number of convolutions), at most {MAX_SIZE}. "
                f"Received: size={self.size}, channels={self.channels}."
            )
        if min(self.channels) < 1 or self.features < 1:
            raise ValueError(
                f"Expected at least one feature map a layer. Received: {self.channels} and features={self.features}."
            )
        if not 0 <= self.residual <= MAX_RESIDUAL:
            raise ValueError(
                f"Expected 0 to {MAX_RESIDUAL} residual blocks after a convolution. Received: {self.residual}."
            )
        if not self.attributes or len(set(self.attributes)) != len(self.attributes):
            raise ValueError(f"Expected at least one score, and each name once. Received: {self.attributes}.")
        if len(self.kinds) != len(self.attributes):
            raise ValueError(f"Expected {len(self.attributes)} kinds, one a score. Received: {len(self.kinds)}.")

    def residual_names(self, k: int) -> tuple[tuple[str, str], ...]:
        """Return the names of the two convolutions of each residual block after ``Conv{k}``."""
        return tuple((f"Res{k}_{block}a", f"Res{k}_{block}b") for block in range(self.residual))

    def variables(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all variables: convolutions as height, width, in, out; dense layers as in, out."""
        shapes: dict[str, tuple[int, ...]] = {}
        inp = 3
        for k, out in enumerate(self.channels):
            shapes |= {f"Conv{k}/weight": (3, 3, inp, out), f"Conv{k}/bias": (out,)}
            inp = out
            for name in itertools.chain(*self.residual_names(k)):
                shapes |= {f"{name}/weight": (3, 3, out, out), f"{name}/bias": (out,)}
        flat, scores = LAST_MAP * LAST_MAP * inp, len(self.attributes)
        shapes |= {"Features/weight": (flat, self.features), "Features/bias": (self.features,)}
        shapes |= {"Scores/weight": (self.features, scores), "Scores/bias": (scores,)}
        return shapes

    def as_dict(self) -> dict[str, Any]:
        """Return the arguments as plain values, for JSON."""
        return asdict(self)
