"""StyleGAN2 and StyleGAN3 of NVIDIA's PyTorch programs: from stored modules to a config and its variables.

Attributes are read from each object's state, never from defaults of its class: programs with the same class names have
different defaults.
"""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np

from dashboard.errors import OfficialFileError
from dashboard.synthesis.official.torch_files import StoredModule, array_of
from dashboard.synthesis.official.values import StoredArray, describe, refuse
from dashboard.synthesis.stylegan.config import (
    Activation,
    AliasFreeLayer,
    Mapping,
    StyleBlock,
    StyleGAN2Config,
    StyleGAN3Config,
    StyleGANConfig,
    StyleLayer,
)

Variables = dict[str, np.ndarray]


class Part:
    """A stored module, with its name for messages, and typed access to its content."""

    def __init__(self, module: Any, name: str) -> None:
        if not isinstance(module, StoredModule):
            refuse(f"{name} as a part of a StyleGAN network", describe(module))
        self.kind, self.state, self.name = module.kind, module.state, name

    def has(self, name: str) -> bool:
        """Return whether it has a part of that name."""
        return isinstance(self._group("_modules").get(name), StoredModule)

    def part(self, name: str) -> Part:
        """Return a part of it."""
        found = self._group("_modules").get(name)
        if found is None:
            refuse(f"the part {self.name}.{name}", "a network without it")
        return Part(found, f"{self.name}.{name}")

    def attribute(self, name: str) -> Any:
        """Return a plain attribute."""
        if name not in self.state:
            refuse(f"the attribute {name} of {self.name}", "a network without it")
        return self.state[name]

    def number(self, name: str) -> float:
        """Return an attribute that is a finite number."""
        value = scalar(self.attribute(name))
        if type(value) not in (int, float) or not math.isfinite(value):
            refuse(f"a number as {name} of {self.name}", describe(self.attribute(name)))
        return float(value)

    def whole(self, name: str, least: int = 0, most: int = 1 << 16) -> int:
        """Return an attribute that is a whole number in bounds."""
        value = self.number(name)
        if not value.is_integer() or not least <= value <= most:
            refuse(f"a whole number from {least} to {most} as {name} of {self.name}", describe(value))
        return int(value)

    def flag(self, name: str) -> bool:
        """Return an attribute that is True or False."""
        value = scalar(self.attribute(name))
        if type(value) is not bool:
            refuse(f"True or False as {name} of {self.name}", describe(value))
        return value

    def limit(self, name: str) -> float | None:
        """Return a clamp: a number above zero, or None."""
        if self.attribute(name) is None:
            return None
        if (value := self.number(name)) <= 0:
            refuse(f"a number above zero, or None, as {name} of {self.name}", describe(value))
        return value

    def activation(self, name: str = "activation") -> Activation:
        """Return the name of an activation."""
        value = self.attribute(name)
        if value not in get_args(Activation):
            refuse(f"an activation that StyleGAN has, of {self.name}", describe(value))
        return value

    def array(self, name: str) -> np.ndarray:
        """Return a parameter or buffer: float64, finite, copied."""
        found = self.tensor(name)
        if found is None:
            refuse(f"the variable {self.name}.{name}", "a network without it")
        return found

    def tensor(self, name: str) -> np.ndarray | None:
        """Return the same, or None if it is missing or None."""
        for group in ("_parameters", "_buffers"):
            if (value := self._group(group).get(name)) is not None:
                return finite(array_of(value, f"{self.name}.{name}"), f"{self.name}.{name}")
        if isinstance(value := self.state.get(name), StoredArray):
            return finite(array_of(value, f"{self.name}.{name}"), f"{self.name}.{name}")
        return None

    def _group(self, name: str) -> dict[str, Any]:
        group = self.state.get(name)
        if not isinstance(group, dict):
            refuse(f"{name} of {self.name}", describe(group))
        return group


def scalar(value: Any) -> Any:
    """Return a plain value of what may be a NumPy scalar."""
    if isinstance(value, StoredArray) and value.values is not None and value.values.ndim == 0:
        return value.values.item()
    return value


def finite(values: np.ndarray, name: str) -> np.ndarray:
    """Return a copy in float64; refuse infinities and NaN."""
    if values.dtype.kind not in "fiub":
        refuse(f"plain numbers as {name}", str(values.dtype))
    with np.errstate(invalid="ignore"):  # a NaN that signals is refused below, like any other
        copied = np.array(values, np.float64, order="C")
    if not np.isfinite(copied).all():
        refuse(f"finite numbers in {name}", "an infinity, or no number")
    return copied


def stored_generator(module: StoredModule) -> tuple[StyleGANConfig, Variables]:
    """Return the config and variables of a stored Generator.

    Args:
        module: of class Generator, of StyleGAN2-ADA-PyTorch or StyleGAN3.

    Returns:
        The config, and float32 arrays by its names.

    Raises:
        OfficialFileError: the content is unexpected; the message names the part.
    """
    generator = Part(module, "G")
    mapping, synthesis = generator.part("mapping"), generator.part("synthesis")
    variables: Variables = {}
    stated: dict[str, Any] = {
        "resolution": generator.whole("img_resolution", 4, 1024),
        "num_channels": generator.whole("img_channels", 1, 3),
        "latent_size": generator.whole("z_dim", 1, 8192),
        "label_size": generator.whole("c_dim", 0, 8192),
        "rows": generator.whole("num_ws", 1, 64),
    }
    stated["mapping"], stated["truncation"] = _mapping(mapping, stated["label_size"], variables)
    try:
        if synthesis.has("input"):
            config: StyleGANConfig = _stylegan3(synthesis, stated, variables)
        elif synthesis.has("b4"):
            config = _stylegan2(synthesis, stated, variables)
        else:
            refuse("the synthesis of a StyleGAN2 or StyleGAN3", f"one of class {describe(synthesis.kind)}")
    except ValueError as error:
        raise OfficialFileError(f"{error} This is stated in the network's attributes.") from error
    return config, checked(config, variables)


def checked(config: StyleGANConfig, variables: Variables) -> Variables:
    """Return the variables as float32, if they are exactly those of the config."""
    shapes = config.variables()
    if missing := sorted(set(shapes) - set(variables)):
        refuse(f"the variable {missing[0]}", f"a network without it ({len(missing)} are missing)")
    if unknown := sorted(set(variables) - set(shapes)):
        refuse(f"the {len(shapes)} variables of such a network", f"{unknown[0]} as well")
    found: Variables = {}
    for name, shape in shapes.items():
        if variables[name].shape != shape:
            refuse(f"{name} of shape {shape}", f"{variables[name].shape}")
        with np.errstate(over="ignore"):
            found[name] = np.array(variables[name], np.float32, order="C")
        if not np.isfinite(found[name]).all():
            refuse(f"numbers in {name} that float32 holds", "larger ones")
    return found


def _dense(part: Part, name: str, variables: Variables) -> Activation:
    """Return a fully connected layer, its gains folded into weight and bias; its activation."""
    weight = part.array("weight") * part.number("weight_gain")
    if weight.ndim != 2:
        refuse(f"{part.name}.weight with two dimensions", f"shape {weight.shape}")
    bias = part.tensor("bias")
    variables[f"{name}.weight"] = weight
    variables[f"{name}.bias"] = np.zeros(len(weight)) if bias is None else bias * part.number("bias_gain")
    return part.activation()


def _mapping(part: Part, label_size: int, variables: Variables) -> tuple[Mapping, bool]:
    layers = part.whole("num_layers", 1, 64)
    embedded = 0
    if label_size:
        if (activation := _dense(part.part("embed"), "mapping.embed", variables)) != "linear":
            refuse(f"a linear layer for labels in {part.name}", activation)
        embedded = len(variables["mapping.embed.weight"])
    activations: set[Activation] = {_dense(part.part(f"fc{i}"), f"mapping.fc{i}", variables) for i in range(layers)}
    if len(activations) != 1:
        refuse(f"one activation in all layers of {part.name}", ", ".join(sorted(activations)))
    mean = part.tensor("w_avg")
    if mean is not None:
        variables["mapping.w_avg"] = mean
    sizes = tuple(len(variables[f"mapping.fc{i}.weight"]) for i in range(layers))
    return Mapping(sizes, activations.pop(), embedded), mean is not None


def _stylegan2(synthesis: Part, stated: dict[str, Any], variables: Variables) -> StyleGAN2Config:
    blocks: list[StyleBlock] = []
    architectures: set[str] = set()
    row = 0
    for r in range(2, int(math.log2(stated["resolution"])) + 1):
        size = 1 << r
        part = synthesis.part(f"b{size}")
        architecture = part.attribute("architecture")
        if architecture not in ("orig", "skip", "resnet"):
            refuse(f"an architecture of StyleGAN2 as that of {part.name}", describe(architecture))
        architectures.add(architecture)
        if r == 2:
            variables["const"] = part.array("const")
        resnet = architecture == "resnet" and r > 2
        layers = []
        for name in ["conv1"] if r == 2 else ["conv0", "conv1"]:
            gain = math.sqrt(0.5) if resnet and name == "conv1" else 1.0
            layers.append(_style_layer(part.part(name), f"b{size}.{name}", row, gain, variables))
            row += 1
        rgb, rgb_taps, shortcut_taps = None, 0, 0
        last = size == stated["resolution"]
        if architecture == "skip" or last:
            rgb = _rgb(part.part("torgb"), f"b{size}.torgb", row, variables)
            if architecture == "skip" and r > 2:
                rgb_taps = _filter(part, f"b{size}.filter", variables)
        if resnet:
            skip = part.part("skip")
            head = f"b{size}.skip"
            variables[f"{head}.weight"] = skip.array("weight") * skip.number("weight_gain") * math.sqrt(0.5)
            shortcut_taps = _filter(skip, f"{head}.filter", variables)
        blocks.append(StyleBlock(size, tuple(layers), rgb, rgb_taps, shortcut_taps))
    if len(architectures) != 1:
        refuse("one architecture in all blocks", ", ".join(sorted(architectures)))
    return StyleGAN2Config("stylegan2", **stated, architecture=architectures.pop(), blocks=tuple(blocks))  # pyright: ignore[reportArgumentType]


def _style_layer(part: Part, name: str, row: int, gain: float, variables: Variables) -> StyleLayer:
    outputs, inputs, kernel = _convolution(part, name, variables)
    up = part.whole("up", 1, 2)
    noise = part.flag("use_noise")
    if noise:
        variables[f"{name}.noise"] = part.array("noise_const")
        variables[f"{name}.noise_strength"] = part.array("noise_strength").reshape(())
    taps = _filter(part, f"{name}.filter", variables) if up == 2 else 0
    clamp = part.limit("conv_clamp")
    return StyleLayer(
        name,
        row,
        inputs,
        outputs,
        kernel,
        up,  # pyright: ignore[reportArgumentType]
        taps,
        part.activation(),
        part.number("act_gain") * gain,
        None if clamp is None else clamp * gain,
        noise,
    )


def _rgb(part: Part, name: str, row: int, variables: Variables) -> StyleLayer:
    outputs, inputs, kernel = _convolution(part, name, variables)
    variables[f"{name}.weight"] *= part.number("weight_gain")
    return StyleLayer(name, row, inputs, outputs, kernel, 1, 0, "linear", 1.0, part.limit("conv_clamp"), False)


def _convolution(part: Part, name: str, variables: Variables) -> tuple[int, int, int]:
    """Return weight, bias and style of a modulated convolution; outputs, inputs, side of its kernel."""
    weight = part.array("weight")
    if weight.ndim != 4 or weight.shape[2] != weight.shape[3] or not weight.shape[2] % 2 or not weight.size:
        refuse(f"{part.name}.weight as (out, in, k, k), k odd", f"shape {weight.shape}")
    variables[f"{name}.weight"], variables[f"{name}.bias"] = weight, part.array("bias")
    if (activation := _dense(part.part("affine"), f"{name}.affine", variables)) != "linear":
        refuse(f"a linear layer for the style of {part.name}", activation)
    return weight.shape[0], weight.shape[1], weight.shape[2]


def _filter(part: Part, name: str, variables: Variables) -> int:
    """Return a filter, square; its taps."""
    taps = part.array("resample_filter")
    if taps.ndim == 1:
        taps = np.outer(taps, taps)
    if taps.ndim != 2 or taps.shape[0] != taps.shape[1] or not 1 <= len(taps) <= 64:
        refuse(f"a square filter of 1 to 64 taps in {part.name}", f"shape {taps.shape}")
    variables[name] = taps
    return len(taps)


def _stylegan3(synthesis: Part, stated: dict[str, Any], variables: Variables) -> StyleGAN3Config:
    start = synthesis.part("input")
    for name in ("freqs", "phases", "transform"):
        variables[f"input.{name}"] = start.array(name)
    weight = start.array("weight")
    if weight.ndim != 2 or weight.shape[0] != weight.shape[1] or not weight.size:
        refuse("a square weight of the input", f"shape {weight.shape}")
    variables["input.weight"] = weight / math.sqrt(len(weight))
    if (activation := _dense(start.part("affine"), "input.affine", variables)) != "linear":
        refuse("a linear layer for the input's transform", activation)
    names = synthesis.attribute("layer_names")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not 1 <= len(names) <= 63:
        refuse("a list of 1 to 63 layers", describe(names))
    layers = tuple(_alias_free(synthesis.part(name), name, variables) for name in names)
    return StyleGAN3Config(
        "stylegan3",
        **stated,
        frequencies=len(weight),
        input_size=_side(start, "size"),
        input_rate=start.number("sampling_rate"),
        bandwidth=start.number("bandwidth"),
        layers=layers,
        output_scale=synthesis.number("output_scale"),
    )


def _alias_free(part: Part, name: str, variables: Variables) -> AliasFreeLayer:
    outputs, inputs, kernel = _convolution(part, name, variables)
    rgb = part.flag("is_torgb")
    if rgb:
        variables[f"{name}.weight"] /= math.sqrt(inputs * kernel * kernel)
    magnitude = part.array("magnitude_ema")
    if magnitude.size != 1 or not magnitude.item() > 0:
        refuse(f"one magnitude above zero in {part.name}", f"shape {magnitude.shape}")
    variables[f"{name}.input_gain"] = np.asarray(1 / math.sqrt(magnitude.item()))
    up_filter, down_filter = part.tensor("up_filter"), part.tensor("down_filter")
    for key, taps in (("up_filter", up_filter), ("down_filter", down_filter)):
        if taps is not None:
            if not 1 <= taps.ndim <= (1 if key == "up_filter" else 2) or len({*taps.shape}) != 1 or len(taps) > 1024:
                refuse(f"a filter of one dimension, or a square one, as {key} of {part.name}", f"shape {taps.shape}")
            variables[f"{name}.{key}"] = taps
    padding = part.attribute("padding")
    if not isinstance(padding, list | tuple) or len(padding) != 4 or any(type(n) is not int for n in padding):
        refuse(f"four whole numbers as the padding of {part.name}", describe(padding))
    return AliasFreeLayer(
        name,
        inputs,
        outputs,
        kernel,
        _side(part, "in_size"),
        _side(part, "out_size"),
        part.whole("up_factor", 1, 16),
        part.whole("down_factor", 1, 16),
        0 if up_filter is None else len(up_filter),
        0 if down_filter is None else len(down_filter),
        down_filter is not None and down_filter.ndim == 2,
        (padding[0], padding[1], padding[2], padding[3]),
        rgb,
        part.limit("conv_clamp"),
    )


def _side(part: Part, name: str) -> int:
    """Return the side of a square picture, stored as [width, height]."""
    values = array_of(part.attribute(name), f"{part.name}.{name}")
    if values.shape != (2,) or values[0] != values[1] or not 1 <= int(values[0]) <= 4096:
        refuse(f"a square size as {name} of {part.name}", f"shape {values.shape}")
    return int(values[0])
