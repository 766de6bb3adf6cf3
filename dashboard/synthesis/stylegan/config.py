"""Configuration of a StyleGAN2 or StyleGAN3 generator: its layers, and the variables they imply.

A file's gains are folded into the stored weights on import, so that a fully connected layer is ``act(x W + b)`` here.
All other settings of a file (activations, clamps, paddings, filters) is kept per layer, since programs with the same
class names have different defaults.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field

from dashboard.synthesis.config import MAX_RESOLUTION

Activation = Literal["linear", "relu", "lrelu", "tanh", "sigmoid", "elu", "selu", "softplus", "swish"]
Architecture = Literal["orig", "skip", "resnet"]

SPACES = ("z", "w", "w+", "s")
"""The latent, the layers' input w, one row of it for each layer, and the style of each layer."""

MAX_LAYERS = 64
MAX_CHANNELS = 8192
MAX_TAPS = 1024
MAX_PADDING = 4096

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.]{0,63}$")]
Count = Annotated[int, Field(ge=1, le=MAX_CHANNELS)]
Gain = Annotated[float, Field(gt=0, lt=1e6, allow_inf_nan=False)]
Clamp = Annotated[float, Field(gt=0, allow_inf_nan=False)] | None
Taps = Annotated[int, Field(ge=0, le=MAX_TAPS)]


@dataclass(frozen=True)
class Mapping:
    """The fully connected layers from z to w.

    Args:
        sizes: features of each layer's output; the last one's is the size of w.
        activation: of every layer.
        embedded: features to which labels are mapped before they are joined to z; 0 without labels.
        joint: whether z and labels are normalised together (StyleGAN2's TensorFlow version), not separately.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    sizes: Annotated[tuple[Count, ...], Field(min_length=1, max_length=MAX_LAYERS)]
    activation: Activation = "lrelu"
    embedded: Annotated[int, Field(ge=0, le=MAX_CHANNELS)] = 0
    joint: bool = False


class Shared:
    """Common parts of every StyleGAN."""

    mapping: Mapping

    @property
    def style_size(self) -> int:
        """Numbers in a row of w."""
        return self.mapping.sizes[-1]

    @property
    def normalize_latents(self) -> bool:
        """Whether the network normalises z: always."""
        return True

    @property
    def latent_weight(self) -> str | None:
        """None: no variable is multiplied with the latent before the picture."""
        return None

    @property
    def spaces(self) -> tuple[str, ...]:
        """Spaces that a face of such a network has coordinates in."""
        return SPACES

    def as_dict(self) -> dict[str, Any]:
        """Return the config as plain values, for JSON."""
        return asdict(cast(Any, self))


@dataclass(frozen=True)
class StyleLayer:
    """A modulated convolution of StyleGAN2.

    Args:
        name: as in NVIDIA's PyTorch files, e.g. "b8.conv0".
        row: index of its row of w.
        inputs, outputs: feature maps.
        kernel: side of its kernel.
        up: 2 if it doubles the size of the picture, else 1.
        taps: of its filter if up is 2; else 0.
        activation, gain, clamp: applied after the bias.
        noise: whether noise is added.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Name
    row: Annotated[int, Field(ge=0, le=MAX_LAYERS)]
    inputs: Count
    outputs: Count
    kernel: Annotated[int, Field(ge=1, le=15)]
    up: Literal[1, 2]
    taps: Taps
    activation: Activation
    gain: Gain
    clamp: Clamp
    noise: bool


@dataclass(frozen=True)
class StyleBlock:
    """The layers that work at one resolution.

    Args:
        resolution: side of its pictures in pixels.
        layers: one or two convolutions; the first block has one.
        rgb: the convolution to a picture, if the block has one: kernel 1, no noise, no demodulation.
        rgb_taps: of the filter that doubles the size of the picture so far.
        shortcut_taps: of the filter of the convolution around the block ("resnet"); 0 without.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    resolution: Annotated[int, Field(ge=4, le=MAX_RESOLUTION)]
    layers: Annotated[tuple[StyleLayer, ...], Field(min_length=1, max_length=2)]
    rgb: StyleLayer | None
    rgb_taps: Taps
    shortcut_taps: Taps


@dataclass(frozen=True)
class StyleGAN2Config(Shared):
    """A StyleGAN2 generator.

    Args:
        resolution: side of the picture in pixels.
        num_channels: 3 for RGB, 1 for gray.
        latent_size: numbers in z. label_size: numbers in a label, 0 for none.
        rows: number of rows of w.
        mapping: from z to w.
        truncation: whether the mean of w is stored.
        architecture: how the pictures of the blocks are combined.
        blocks: from 4x4 to the full resolution.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    family: Literal["stylegan2"]
    resolution: Annotated[int, Field(ge=4, le=MAX_RESOLUTION)]
    num_channels: Literal[1, 3]
    latent_size: Count
    label_size: Annotated[int, Field(ge=0, le=MAX_CHANNELS)]
    rows: Annotated[int, Field(ge=1, le=MAX_LAYERS)]
    mapping: Mapping
    truncation: bool
    architecture: Architecture
    blocks: Annotated[tuple[StyleBlock, ...], Field(min_length=1, max_length=9)]

    def __post_init__(self) -> None:
        _check(self)
        for i, block in enumerate(self.blocks):
            if block.resolution != 4 << i or len(block.layers) != min(i + 1, 2):
                raise ValueError(f"Expected block {i} to work at {4 << i} px. Received: {block}.")
        if self.blocks[-1].resolution != self.resolution or self.blocks[-1].rgb is None:
            raise ValueError(f"Expected a last block of {self.resolution} px that gives the picture.")

    @property
    def layers(self) -> tuple[StyleLayer, ...]:
        """All layers in order of computation."""
        found: list[StyleLayer] = []
        for block in self.blocks:
            found += [*block.layers, *([block.rgb] if block.rgb else [])]
        return tuple(found)

    @property
    def style_rows(self) -> dict[str, int]:
        """The row of w that each layer's style is of, by the layer's name, in order of computation."""
        return {layer.name: layer.row for layer in self.layers}

    @property
    def noisy(self) -> bool:
        """Whether noise is added to its layers."""
        return any(layer.noise for layer in self.layers)

    @property
    def movable(self) -> bool:
        """Whether the picture can be rotated and shifted by its input: never."""
        return False

    @property
    def activations(self) -> tuple[str, ...]:
        """Activations that an engine can return."""
        return ("block4", "block8") if len(self.blocks) > 1 else ("block4",)

    def activation_size(self, name: str) -> int:
        """Return the numbers of "block4" or "block8" of one face."""
        block = self.blocks[0 if name == "block4" else 1]
        return block.resolution**2 * block.layers[-1].outputs

    def variables(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all variables by name."""
        first = self.blocks[0].layers[0]
        shapes = {**mapping_variables(self), "const": (first.inputs, 4, 4)}
        for block in self.blocks:
            for layer in block.layers:
                shapes |= layer_variables(layer, self.style_size)
                if layer.noise:
                    size = block.resolution
                    shapes |= {f"{layer.name}.noise": (size, size), f"{layer.name}.noise_strength": ()}
                if layer.up == 2:
                    shapes[f"{layer.name}.filter"] = (layer.taps, layer.taps)
            if block.rgb:
                shapes |= layer_variables(block.rgb, self.style_size)
            if block.rgb_taps:
                shapes[f"b{block.resolution}.filter"] = (block.rgb_taps, block.rgb_taps)
            if block.shortcut_taps:
                head, taps = f"b{block.resolution}.skip", block.shortcut_taps
                shapes[f"{head}.weight"] = (block.layers[-1].outputs, block.layers[0].inputs, 1, 1)
                shapes[f"{head}.filter"] = (taps, taps)
        return shapes


@dataclass(frozen=True)
class AliasFreeLayer:
    """A layer of StyleGAN3.

    Args:
        name: as in NVIDIA's files, e.g. "L0_36_512".
        inputs, outputs: feature maps. kernel: side of its kernel.
        in_size, out_size: sides of its pictures.
        up, down: factors of upsampling before the activation and downsampling after it.
        up_taps, down_taps: of the two filters; 0 for none.
        radial: whether the second filter is two-dimensional, not separable.
        padding: left, right, above, below, before the first filter.
        rgb: whether it outputs the picture: no demodulation, no activation.
        clamp: of its values.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Name
    inputs: Count
    outputs: Count
    kernel: Annotated[int, Field(ge=1, le=15)]
    in_size: Annotated[int, Field(ge=1, le=2 * MAX_RESOLUTION)]
    out_size: Annotated[int, Field(ge=1, le=2 * MAX_RESOLUTION)]
    up: Annotated[int, Field(ge=1, le=16)]
    down: Annotated[int, Field(ge=1, le=16)]
    up_taps: Taps
    down_taps: Taps
    radial: bool
    padding: tuple[int, int, int, int]
    rgb: bool
    clamp: Clamp

    def __post_init__(self) -> None:
        if max(abs(n) for n in self.padding) > MAX_PADDING:
            raise ValueError(f"Expected paddings of at most {MAX_PADDING}. Received: {self.padding}.")
        for low, high in (self.padding[:2], self.padding[2:]):
            grown = (self.in_size + self.kernel - 1) * self.up + low + high - max(self.up_taps, 1) + 1
            shrunk = (grown - max(self.down_taps, 1)) // self.down + 1
            if shrunk != self.out_size or grown < 1:
                raise ValueError(f"Expected {self.name} to give pictures of {self.out_size} px. Received: {shrunk}.")


@dataclass(frozen=True)
class StyleGAN3Config(Shared):
    """A StyleGAN3 generator.

    Args:
        resolution, num_channels, latent_size, label_size, rows, mapping, truncation: as for StyleGAN2.
        frequencies: Fourier features at the start. input_size: side of the first picture.
        input_rate, bandwidth: its sampling rate and the highest frequency in it.
        layers: in order; the last one gives the picture.
        output_scale: factor of the picture.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    family: Literal["stylegan3"]
    resolution: Annotated[int, Field(ge=4, le=MAX_RESOLUTION)]
    num_channels: Literal[1, 3]
    latent_size: Count
    label_size: Annotated[int, Field(ge=0, le=MAX_CHANNELS)]
    rows: Annotated[int, Field(ge=1, le=MAX_LAYERS)]
    mapping: Mapping
    truncation: bool
    frequencies: Count
    input_size: Annotated[int, Field(ge=1, le=2 * MAX_RESOLUTION)]
    input_rate: Gain
    bandwidth: Gain
    layers: Annotated[tuple[AliasFreeLayer, ...], Field(min_length=1, max_length=MAX_LAYERS)]
    output_scale: Gain

    def __post_init__(self) -> None:
        _check(self)
        if self.rows != len(self.layers) + 1:
            raise ValueError(f"Expected a row of w for the input and each layer. Received: {self.rows} rows.")
        size, maps = self.input_size, self.frequencies
        for layer in self.layers:
            if (layer.in_size, layer.inputs) != (size, maps):
                raise ValueError(f"Expected {layer.name} to follow the layer before it. Received: {layer}.")
            size, maps = layer.out_size, layer.outputs
        if (size, maps) != (self.resolution, self.num_channels) or not self.layers[-1].rgb:
            raise ValueError(f"Expected a last layer that gives {self.resolution} px. Received: {self.layers[-1]}.")

    @property
    def style_rows(self) -> dict[str, int]:
        """The row of w that each layer's style is of, by the layer's name, in order of computation."""
        return {"input": 0, **{layer.name: i + 1 for i, layer in enumerate(self.layers)}}

    @property
    def noisy(self) -> bool:
        """Whether noise is added to its layers: never."""
        return False

    @property
    def movable(self) -> bool:
        """Whether the picture can be rotated and shifted by its input: always."""
        return True

    @property
    def activations(self) -> tuple[str, ...]:
        """Activations that an engine can return: none, since its layers have no blocks of 4 and 8 px."""
        return ()

    def activation_size(self, name: str) -> int:
        """Raise: there are no such activations."""
        raise ValueError(f"Expected activations of a network in blocks. Received: {name} of a StyleGAN3.")

    def variables(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all variables by name."""
        size = self.frequencies
        shapes = {
            **mapping_variables(self),
            "input.weight": (size, size),
            "input.affine.weight": (4, self.style_size),
            "input.affine.bias": (4,),
            "input.transform": (3, 3),
            "input.freqs": (size, 2),
            "input.phases": (size,),
        }
        for layer in self.layers:
            shapes |= layer_variables(layer, self.style_size)
            shapes[f"{layer.name}.input_gain"] = ()
            if layer.up_taps:
                shapes[f"{layer.name}.up_filter"] = (layer.up_taps,)
            if layer.down_taps:
                shapes[f"{layer.name}.down_filter"] = (layer.down_taps,) * (2 if layer.radial else 1)
        return shapes


StyleGANConfig = StyleGAN2Config | StyleGAN3Config


def mapping_variables(config: StyleGANConfig) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the variables from z to w: weights (out, in), and the mean of w if it is stored."""
    mapping, shapes = config.mapping, dict[str, tuple[int, ...]]()
    if config.label_size:
        shapes["mapping.embed.weight"] = (mapping.embedded, config.label_size)
        shapes["mapping.embed.bias"] = (mapping.embedded,)
    size = config.latent_size + mapping.embedded
    for i, out in enumerate(mapping.sizes):
        shapes |= {f"mapping.fc{i}.weight": (out, size), f"mapping.fc{i}.bias": (out,)}
        size = out
    if config.truncation:
        shapes["mapping.w_avg"] = (size,)
    return shapes


def layer_variables(layer: StyleLayer | AliasFreeLayer, style_size: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a modulated convolution's variables: weight (out, in, k, k), bias, and the layer from w to
    the style.
    """
    return {
        f"{layer.name}.weight": (layer.outputs, layer.inputs, layer.kernel, layer.kernel),
        f"{layer.name}.bias": (layer.outputs,),
        f"{layer.name}.affine.weight": (layer.inputs, style_size),
        f"{layer.name}.affine.bias": (layer.inputs,),
    }


def _check(config: StyleGANConfig) -> None:
    if config.resolution & (config.resolution - 1):
        raise ValueError(f"Expected a resolution that is a power of two. Received: {config.resolution}.")
    if bool(config.label_size) != bool(config.mapping.embedded):
        raise ValueError(f"Expected labels and what they are turned into. Received: {config.mapping}.")
    names = [layer.name for layer in config.layers]
    if len(set(names)) != len(names):
        raise ValueError(f"Expected each layer once. Received: {', '.join(names)}.")
