"""Configuration of a PG-GAN generator: the arguments of NVIDIA's ``G_paper`` and the variables they imply."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

MAX_RESOLUTION = 1024
"""Largest picture size, in pixels a side, that a generator of this family was trained for."""


@dataclass(frozen=True)
class GeneratorConfig:
    """The arguments of ``G_paper``, under the original's names.

    Source: Karras et al., "Progressive Growing of GANs" (ICLR 2018), appendix A, and its published network code.

    Args:
        resolution: side of the picture in pixels, a power of two from 4 to 1024.
        num_channels: 3 for RGB, 1 for gray.
        latent_size: length of the latent; the original's default would be ``features(1)``, so it is stated here.
        label_size: length of the label vector appended to the latent, 0 for none.
        fmap_base, fmap_decay, fmap_max: number of feature maps, see :meth:`features`.
        normalize_latents: divide latent and label by their root mean square.
        use_wscale: weights are stored at unit variance and scaled when used ("equalised learning rate").
        use_pixelnorm, pixelnorm_epsilon: normalise each pixel's feature vector after every convolution.
        use_leakyrelu: slope 0.2 below zero, else plain ReLU.
        fused_scale: the first convolution of a block is stored as the transposed 3x3 kernel ``Conv0_up``.

    Raises:
        ValueError: a resolution that is no power of two from 4 to 1024, or a size below one.
    """

    resolution: int
    num_channels: int = 3
    latent_size: int = 512
    label_size: int = 0
    fmap_base: int = 8192
    fmap_decay: float = 1.0
    fmap_max: int = 512
    normalize_latents: bool = True
    use_wscale: bool = True
    use_pixelnorm: bool = True
    pixelnorm_epsilon: float = 1e-8
    use_leakyrelu: bool = True
    fused_scale: bool = True

    def __post_init__(self) -> None:
        if not (4 <= self.resolution <= MAX_RESOLUTION and self.resolution & (self.resolution - 1) == 0):
            raise ValueError(
                f"Expected a resolution that is a power of two from 4 to 1024. Received: {self.resolution}."
            )
        if self.num_channels not in (1, 3):
            raise ValueError(f"Expected 1 or 3 channels. Received: num_channels={self.num_channels}.")
        if not (math.isfinite(self.pixelnorm_epsilon) and self.pixelnorm_epsilon >= 0):
            raise ValueError(f"Expected a pixelnorm_epsilon of 0 or more. Received: {self.pixelnorm_epsilon}.")
        try:
            fewest = min(self.features(r - 1) for r in self.blocks)
        except (OverflowError, ZeroDivisionError, ValueError) as error:
            raise ValueError(
                f"Expected feature maps that can be counted. Received: fmap_base={self.fmap_base}, "
                f"fmap_decay={self.fmap_decay}."
            ) from error
        if self.latent_size < 1 or self.label_size < 0 or fewest < 1:
            raise ValueError(f"Expected at least one latent number and one feature map a layer. Received: {self}.")

    @property
    def log2(self) -> int:
        """Base-2 logarithm of the resolution: the number of the last block."""
        return int(math.log2(self.resolution))

    @property
    def spaces(self) -> tuple[str, ...]:
        """Spaces that a face of such a network has coordinates in: the latent alone."""
        return ("z",)

    @property
    def truncation(self) -> bool:
        """Whether pictures can be truncated towards a mean: never."""
        return False

    @property
    def noisy(self) -> bool:
        """Whether noise is added to its layers: never."""
        return False

    @property
    def movable(self) -> bool:
        """Whether the picture can be rotated and shifted by its input: never."""
        return False

    @property
    def rows(self) -> int:
        """Rows of w: none."""
        return 0

    @property
    def style_rows(self) -> dict[str, int]:
        """The row of w that each layer's style is of: there are no styles."""
        return {}

    @property
    def latent_weight(self) -> str | None:
        """The variable whose first rows the latent is multiplied by, (latent_size, ...)."""
        return "4x4/Dense/weight"

    @property
    def activations(self) -> tuple[str, ...]:
        """Activations that an engine can return."""
        return ("block4", "block8") if self.log2 > 2 else ("block4",)

    def activation_size(self, name: str) -> int:
        """Return the numbers of "block4" or "block8" of one face."""
        r = {"block4": 2, "block8": 3}[name]
        return 4**r * self.features(r - 1)

    @property
    def blocks(self) -> range:
        """The blocks' numbers: block ``r`` works at ``2**r`` pixels, from 4x4 on."""
        return range(2, self.log2 + 1)

    def features(self, stage: int) -> int:
        """Return the feature maps of a stage, ``nf`` in the original; block ``r`` has ``features(r - 1)``."""
        return min(int(self.fmap_base / 2 ** (stage * self.fmap_decay)), self.fmap_max)

    def variables(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all variables, under the original's names, ``lod`` (a scalar) first."""
        shapes: dict[str, tuple[int, ...]] = {"lod": ()}
        for r in self.blocks:
            size, out = f"{2**r}x{2**r}", self.features(r - 1)
            if r == 2:
                shapes |= {f"{size}/Dense/weight": (self.latent_size + self.label_size, out * 16)}
                shapes |= {f"{size}/Dense/bias": (out,)}
                shapes |= {f"{size}/Conv/weight": (3, 3, out, out), f"{size}/Conv/bias": (out,)}
            else:
                first = "Conv0_up" if self.fused_scale else "Conv0"
                inp = self.features(r - 2)
                shapes |= {f"{size}/{first}/weight": (3, 3, out, inp) if self.fused_scale else (3, 3, inp, out)}
                shapes |= {f"{size}/{first}/bias": (out,)}
                shapes |= {f"{size}/Conv1/weight": (3, 3, out, out), f"{size}/Conv1/bias": (out,)}
            name = f"ToRGB_lod{self.log2 - r}"
            shapes |= {f"{name}/weight": (1, 1, out, self.num_channels), f"{name}/bias": (self.num_channels,)}
        return shapes

    def scale_of(self, name: str) -> float:
        """Return the factor that a stored weight is multiplied by when used ("wscale"); 1 for biases and ``lod``.

        ``gain / sqrt(fan_in)`` with He's gain sqrt(2), a quarter of it for the first dense layer, and 1 for ToRGB.
        """
        shape = self.variables()[name]
        if not self.use_wscale or not name.endswith("/weight"):
            return 1.0
        gain = 1.0 if name.startswith("ToRGB") else math.sqrt(2) / (4 if "/Dense/" in name else 1)
        fan_in = 9 * shape[3] if "/Conv0_up/" in name else math.prod(shape[:-1])
        return gain / math.sqrt(fan_in)

    def as_dict(self) -> dict[str, int | float | bool]:
        """Return the arguments as plain values, for JSON."""
        return asdict(self)
