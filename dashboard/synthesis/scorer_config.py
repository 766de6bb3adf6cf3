"""What a scorer is, apart from its weights: the network that reads attributes off a picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["continuous", "binary"]

LAST_MAP = 4
"""Side of the last feature map: every convolution is followed by halving, until 4x4 is left."""

MAX_SIZE = 256
"""The largest picture, in pixels a side, that a scorer may look at."""


@dataclass(frozen=True, kw_only=True)
class ScorerConfig:
    """A plain convolutional network from a picture to one score an attribute.

    The picture is averaged down to ``size``; then for each entry of ``channels`` a 3x3 convolution, ReLU and 2x2
    average; the last 4x4 map, flattened, goes through a dense layer of ``features`` with ReLU, and another to scores.

    Args:
        size: side in pixels of the picture the network looks at, ``4 * 2**len(channels)``.
        channels: feature maps of each convolution.
        attributes: name of each score.
        kinds: what each score is: "continuous" (standardised) or "binary" (a logit).
        features: length of the feature vector.

    Raises:
        ValueError: sizes that do not fit one another, or a name that occurs twice.
    """

    size: int
    channels: tuple[int, ...]
    attributes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    features: int = 64

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
        if not self.attributes or len(set(self.attributes)) != len(self.attributes):
            raise ValueError(f"Expected at least one score, and each name once. Received: {self.attributes}.")
        if len(self.kinds) != len(self.attributes):
            raise ValueError(f"Expected {len(self.attributes)} kinds, one a score. Received: {len(self.kinds)}.")

    def variables(self) -> dict[str, tuple[int, ...]]:
        """Shapes of all variables: convolutions as height, width, in, out; dense layers as in, out."""
        shapes: dict[str, tuple[int, ...]] = {}
        inp = 3
        for k, out in enumerate(self.channels):
            shapes |= {f"Conv{k}/weight": (3, 3, inp, out), f"Conv{k}/bias": (out,)}
            inp = out
        flat, scores = LAST_MAP * LAST_MAP * inp, len(self.attributes)
        shapes |= {"Features/weight": (flat, self.features), "Features/bias": (self.features,)}
        shapes |= {"Scores/weight": (self.features, scores), "Scores/bias": (scores,)}
        return shapes

    def as_dict(self) -> dict[str, Any]:
        """The arguments as plain values, for JSON."""
        return asdict(self)
