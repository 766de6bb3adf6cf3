"""StyleGAN2 of other programs: NVIDIA's TensorFlow version, and rosinality's PyTorch version.

Both scale a convolution's weight by 1 / sqrt(fan in) before its output is normalised, which changes nothing but the
weight of the tiny number that keeps the division finite; both have the layers of NVIDIA's PyTorch version.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping as MappingOf
from typing import Any

import numpy as np

from dashboard.synthesis.official.stylegan_modules import Variables, checked, finite, scalar
from dashboard.synthesis.official.torch_files import StoredTensorFlow, array_of
from dashboard.synthesis.official.values import StoredArray, describe, printable, refuse
from dashboard.synthesis.stylegan.config import (
    Activation,
    Architecture,
    Mapping,
    StyleBlock,
    StyleGAN2Config,
    StyleLayer,
)

TENSORFLOW_VERSION = 4
LEARNING_RATE_FACTOR = 0.01
"""Learning rate factor of the mapping's layers, where a file does not state it."""

ROSINALITY_SEED = 0
ROSINALITY_SAMPLES = 4096
"""Number of latents whose mean w replaces the one that a checkpoint lacks."""

_FUNCTIONS = ("G_synthesis_stylegan2", "G_synthesis_stylegan_revised", "G_synthesis")


def tensorflow_generator(network: StoredTensorFlow) -> tuple[StyleGAN2Config, Variables]:
    """Return the config and variables of a generator of StyleGAN2's TensorFlow version.

    Args:
        network: Gs, the running average.

    Returns:
        The config, and float32 arrays by its names.

    Raises:
        OfficialFileError: the content is unexpected; the message names the part.
    """
    state = _state(network)
    components = state.get("components")
    if not isinstance(components, dict) or not {"synthesis", "mapping"} <= set(components):
        refuse("a generator with a mapping and a synthesis", describe(components))
    own, mapping = _stored(state), _state(components["mapping"])
    synthesis = _state(components["synthesis"])
    function = synthesis.get("build_func_name")
    if function not in _FUNCTIONS:
        refuse(f"a synthesis built by {' or '.join(_FUNCTIONS)}", describe(function))
    arguments = {**_arguments(state), **_arguments(synthesis), **_arguments(mapping)}
    source = _TensorFlow(_stored(synthesis), _stored(mapping), own, arguments)
    return source.generator()


def _state(network: Any) -> dict[str, Any]:
    if not isinstance(network, StoredTensorFlow) or network.state is None:
        refuse("a network of StyleGAN2's TensorFlow version", describe(network))
    if (version := scalar(network.state.get("version"))) != TENSORFLOW_VERSION:
        refuse(f"a network of version {TENSORFLOW_VERSION}", f"version {describe(version)}, of another program")
    return network.state


def _arguments(state: dict[str, Any]) -> dict[str, Any]:
    found = state.get("static_kwargs")
    if not isinstance(found, dict):
        refuse("the network's arguments (static_kwargs) as a dict", describe(found))
    return found


def _stored(state: dict[str, Any]) -> Variables:
    """Return the listed pairs of name and value, each name once; float64."""
    listed = state.get("variables")
    if not isinstance(listed, list):
        refuse("a list of variables", describe(listed))
    found: Variables = {}
    for pair in listed:
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], str):
            refuse("variables as pairs of a name and an array", describe(pair))
        if pair[0] in found:
            refuse("each variable once", f"{printable(pair[0])} twice")
        found[pair[0]] = finite(array_of(pair[1], pair[0]), printable(pair[0]))
    return found


class _TensorFlow:
    """One generator's variables under their own names, and the mapping to ours."""

    def __init__(
        self, synthesis: Variables, mapping: Variables, own: Variables, arguments: MappingOf[str, Any]
    ) -> None:
        self.synthesis, self.mapping, self.own, self.arguments = synthesis, mapping, own, arguments
        self.variables: Variables = {}
        self.resolution = max(
            (int(found.group(1)) for name in synthesis if (found := re.match(r"(\d{1,4})x\1/", name))), default=0
        )
        if self.resolution < 4 or self.resolution > 1024 or self.resolution & (self.resolution - 1):
            refuse("a resolution that is a power of two from 4 to 1024", str(self.resolution))

    def generator(self) -> tuple[StyleGAN2Config, Variables]:
        mapping, latent_size, label_size = self.labels_and_mapping()
        blocks, row = [], 0
        architecture = self.architecture()
        kernel = self.kernel()
        last = int(math.log2(self.resolution))
        for r in range(2, last + 1):
            size = 1 << r
            layers = []
            for name, index in [("Conv", 0)] if r == 2 else [("Conv0_up", 2 * r - 5), ("Conv1", 2 * r - 4)]:
                layers.append(self.layer(size, name, index, row, architecture == "resnet" and name == "Conv1", kernel))
                row += 1
            rgb = self.rgb(size, row, last - r) if architecture == "skip" or r == last else None
            rgb_taps = shortcut = 0
            if r > 2 and architecture == "skip":
                rgb_taps, self.variables[f"b{size}.filter"] = len(kernel), kernel
            if r > 2 and architecture == "resnet":
                weight = self.get(f"{size}x{size}/Skip/weight").transpose(3, 2, 0, 1)
                weight = weight[:, :, ::-1, ::-1] / math.sqrt(weight.shape[1]) * math.sqrt(0.5)
                shortcut, self.variables[f"b{size}.skip.weight"] = len(kernel), weight
                self.variables[f"b{size}.skip.filter"] = kernel
            blocks.append(StyleBlock(size, tuple(layers), rgb, rgb_taps, shortcut))
        const = self.get("4x4/Const/const")
        self.variables["const"] = const[0] if const.ndim == 4 else const
        if "dlatent_avg" in self.own:
            self.variables["mapping.w_avg"] = self.own["dlatent_avg"]
        rgb = blocks[-1].rgb
        assert rgb is not None
        config = StyleGAN2Config(
            "stylegan2",
            self.resolution,
            rgb.outputs,  # pyright: ignore[reportArgumentType]
            latent_size,
            label_size,
            2 * last - 2,
            mapping,
            "dlatent_avg" in self.own,
            architecture,
            tuple(blocks),
        )
        return config, checked(config, self.variables)

    def get(self, name: str, group: Variables | None = None) -> np.ndarray:
        found = (self.synthesis if group is None else group).get(name)
        if found is None:
            refuse(f"the variable {name}", "a network without it")
        return found

    def labels_and_mapping(self) -> tuple[Mapping, int, int]:
        stored, variables, label_size, embedded, joint = self.mapping, self.variables, 0, 0, True
        if "LabelConcat/weight" in stored:
            weight = stored["LabelConcat/weight"]
            variables["mapping.embed.weight"], variables["mapping.embed.bias"] = weight.T, np.zeros(weight.shape[1])
            label_size, embedded = weight.shape
        elif "LabelEmbed/weight" in stored:
            weight, joint = stored["LabelEmbed/weight"], False
            variables["mapping.embed.weight"] = weight.T / math.sqrt(len(weight))
            variables["mapping.embed.bias"] = stored.get("LabelEmbed/bias", np.zeros(weight.shape[1]))
            label_size, embedded = weight.shape
        factor = self.number("mapping_lrmul", LEARNING_RATE_FACTOR)
        sizes: list[int] = []
        while (name := f"Dense{len(sizes)}/weight") in stored:
            weight, i = stored[name], len(sizes)
            if weight.ndim != 2 or len(sizes) >= 64:
                refuse(f"{name} as (in, out)", f"shape {weight.shape}")
            variables[f"mapping.fc{i}.weight"] = weight.T * (factor / math.sqrt(len(weight)))
            variables[f"mapping.fc{i}.bias"] = self.get(f"Dense{i}/bias", stored) * factor
            sizes.append(weight.shape[1])
        if not sizes:
            refuse("the variable Dense0/weight", "a mapping without it")
        latent_size = stored["Dense0/weight"].shape[0] - embedded
        activation = self.arguments.get("mapping_nonlinearity", "lrelu")
        return Mapping(tuple(sizes), _activation(activation), embedded, joint), latent_size, label_size

    def number(self, name: str, default: float) -> float:
        value = scalar(self.arguments.get(name, default))
        if type(value) not in (int, float) or not math.isfinite(value):
            refuse(f"a number as the argument {name}", describe(value))
        return float(value)

    def architecture(self) -> Architecture:
        if any(name.startswith("ToRGB_lod") for name in self.synthesis):
            return "orig"
        if any("/Skip/" in name for name in self.synthesis):
            return "resnet"
        return "skip" if "4x4/ToRGB/weight" in self.synthesis and self.resolution > 4 else "orig"

    def kernel(self) -> np.ndarray:
        stated = self.arguments.get("resample_kernel", [1, 3, 3, 1])
        values = [scalar(value) for value in stated] if isinstance(stated, list | tuple) else []
        if not 1 <= len(values) <= 64 or any(type(value) not in (int, float) for value in values):
            refuse("a list of 1 to 64 numbers as the argument resample_kernel", describe(stated))
        row = np.array(values, np.float64)
        if not np.isfinite(row).all() or not row.sum():
            refuse("a filter that does not sum to zero", describe(stated))
        return np.outer(row, row) / row.sum() ** 2

    def layer(self, size: int, stored: str, index: int, row: int, halved: bool, kernel: np.ndarray) -> StyleLayer:
        name = f"b{size}.{'conv0' if stored == 'Conv0_up' else 'conv1'}"
        up = 2 if stored == "Conv0_up" else 1
        outputs, inputs, side = self.convolution(f"{size}x{size}/{stored}", name, flipped=up == 2)
        strength = self.get(f"{size}x{size}/{stored}/noise_strength")
        self.variables[f"{name}.noise_strength"] = strength.reshape(())
        noise = self.get(f"noise{index}")
        self.variables[f"{name}.noise"] = noise.reshape(noise.shape[-2:])
        if up == 2:
            self.variables[f"{name}.filter"] = kernel
        gain = math.sqrt(0.5) if halved else 1.0
        activation = _activation(self.arguments.get("nonlinearity", self.arguments.get("act", "lrelu")))
        clamp = self.clamp()
        return StyleLayer(
            name, row, inputs, outputs, side, up, len(kernel) if up == 2 else 0, activation,
            (math.sqrt(2) if activation in ("relu", "lrelu", "swish") else 1.0) * gain,
            None if clamp is None else clamp * gain, True,
        )  # fmt: skip

    def rgb(self, size: int, row: int, level: int) -> StyleLayer:
        stored = f"{size}x{size}/ToRGB"
        if f"{stored}/weight" not in self.synthesis:
            stored = f"ToRGB_lod{level}"
        name = f"b{size}.torgb"
        outputs, inputs, side = self.convolution(stored, name, flipped=False)
        self.variables[f"{name}.weight"] /= math.sqrt(inputs * side * side)
        return StyleLayer(name, row, inputs, outputs, side, 1, 0, "linear", 1.0, self.clamp(), False)

    def clamp(self) -> float | None:
        stated = scalar(self.arguments.get("conv_clamp"))
        if stated is None:
            return None
        if (value := self.number("conv_clamp", 0)) <= 0:
            refuse("a number above zero, or None, as the argument conv_clamp", describe(stated))
        return value

    def convolution(self, stored: str, name: str, flipped: bool) -> tuple[int, int, int]:
        weight = self.get(f"{stored}/weight")
        if weight.ndim != 4:
            refuse(f"{stored}/weight as (k, k, in, out)", f"shape {weight.shape}")
        weight = weight.transpose(3, 2, 0, 1)
        self.variables[f"{name}.weight"] = weight[:, :, ::-1, ::-1] if flipped else weight
        self.variables[f"{name}.bias"] = self.get(f"{stored}/bias")
        style = self.get(f"{stored}/mod_weight")
        self.variables[f"{name}.affine.weight"] = style.T / math.sqrt(len(style))
        self.variables[f"{name}.affine.bias"] = self.get(f"{stored}/mod_bias") + 1
        return weight.shape[0], weight.shape[1], weight.shape[2]


def _activation(stated: Any) -> Activation:
    if stated not in ("linear", "relu", "lrelu", "tanh", "sigmoid", "elu", "selu", "softplus", "swish"):
        refuse("an activation that StyleGAN has", describe(stated))
    return stated


def rosinality_generator(checkpoint: MappingOf[str, Any]) -> tuple[StyleGAN2Config, Variables]:
    """Return the config and variables of a generator of rosinality's StyleGAN2.

    Args:
        checkpoint: with "g_ema", its state dict, and "latent_avg" where it is known.

    Returns:
        The config, and float32 arrays by its names. Where the mean of w is missing it is that of 4,096 draws of seed 0.

    Raises:
        OfficialFileError: the content is unexpected; the message names the part.
    """
    held = checkpoint.get("g_ema")
    if not isinstance(held, dict):
        refuse('a checkpoint with "g_ema"', describe(held))
    stored = {
        name: finite(array_of(value, name), printable(name))
        for name, value in held.items()
        if isinstance(value, StoredArray)
    }
    return _Rosinality(stored, checkpoint.get("latent_avg")).generator()


class _Rosinality:
    """A state dict, and the mapping from its names to ours."""

    def __init__(self, stored: Variables, mean: Any) -> None:
        self.stored, self.mean = stored, mean
        self.variables: Variables = {}

    def get(self, name: str) -> np.ndarray:
        if name not in self.stored:
            refuse(f"the variable {name}", "a network without it")
        return self.stored[name]

    def generator(self) -> tuple[StyleGAN2Config, Variables]:
        count = len({name.split(".")[1] for name in self.stored if re.fullmatch(r"convs\.\d+\.conv\.weight", name)})
        resolution = 2 ** (2 + count // 2)
        if count % 2 or not 4 <= resolution <= 1024:
            refuse("an even number of convolutions, of a picture of at most 1024 px", f"{count}")
        sizes: list[int] = []
        while (name := f"style.{len(sizes) + 1}.weight") in self.stored and len(sizes) < 64:
            weight, i = self.stored[name], len(sizes)
            if weight.ndim != 2:
                refuse(f"{name} as (out, in)", f"shape {weight.shape}")
            self.variables[f"mapping.fc{i}.weight"] = weight * (LEARNING_RATE_FACTOR / math.sqrt(weight.shape[1]))
            self.variables[f"mapping.fc{i}.bias"] = self.get(f"style.{i + 1}.bias") * LEARNING_RATE_FACTOR
            sizes.append(len(weight))
        const = self.get("input.input")
        self.variables["const"] = const[0] if const.ndim == 4 else const
        blocks, row = [], 0
        for r in range(2, int(math.log2(resolution)) + 1):
            size, j, layers = 1 << r, r - 3, []
            names = (
                [("conv1", "conv1", 0)]
                if r == 2
                else [(f"convs.{2 * j}", "conv0", 1 + 2 * j), (f"convs.{2 * j + 1}", "conv1", 2 + 2 * j)]
            )
            for stored, name, noise in names:
                layers.append(self.layer(stored, f"b{size}.{name}", noise, row, size))
                row += 1
            rgb = self.rgb("to_rgb1" if r == 2 else f"to_rgbs.{j}", f"b{size}.torgb", row)
            taps = 0
            if r > 2:
                taps = self.filter(f"to_rgbs.{j}.upsample.kernel", f"b{size}.filter")
            blocks.append(StyleBlock(size, tuple(layers), rgb, taps, 0))
        latent_size = self.get("style.1.weight").shape[1]
        self.variables["mapping.w_avg"] = self.mean_style(sizes)
        rgb = blocks[-1].rgb
        assert rgb is not None
        mapping = Mapping(tuple(sizes))
        config = StyleGAN2Config(
            "stylegan2", resolution, rgb.outputs, latent_size, 0, row + 1, mapping, True, "skip", tuple(blocks)  # pyright: ignore[reportArgumentType]
        )  # fmt: skip
        return config, checked(config, self.variables)

    def mean_style(self, sizes: list[int]) -> np.ndarray:
        if isinstance(self.mean, StoredArray):
            return finite(array_of(self.mean, "latent_avg"), "latent_avg").reshape(-1)
        x = np.random.RandomState(ROSINALITY_SEED).randn(ROSINALITY_SAMPLES, self.get("style.1.weight").shape[1])
        x /= np.sqrt(np.mean(x**2, axis=1, keepdims=True) + 1e-8)
        for i in range(len(sizes)):
            x = x @ self.variables[f"mapping.fc{i}.weight"].T + self.variables[f"mapping.fc{i}.bias"]
            x = np.where(x < 0, 0.2 * x, x) * math.sqrt(2)
        return x.mean(0)

    def layer(self, stored: str, name: str, noise: int, row: int, size: int) -> StyleLayer:
        outputs, inputs, side = self.convolution(stored, name)
        up = 2 if f"{stored}.conv.blur.kernel" in self.stored else 1
        taps = self.filter(f"{stored}.conv.blur.kernel", f"{name}.filter") if up == 2 else 0
        self.variables[f"{name}.bias"] = self.get(f"{stored}.activate.bias").reshape(-1)
        # The oldest files have no noise of their own: the constant one is nothing then.
        values = self.stored.get(f"noises.noise_{noise}", np.zeros((size, size)))
        self.variables[f"{name}.noise"] = values.reshape(values.shape[-2:])
        self.variables[f"{name}.noise_strength"] = self.get(f"{stored}.noise.weight").reshape(())
        return StyleLayer(name, row, inputs, outputs, side, up, taps, "lrelu", math.sqrt(2), None, True)

    def rgb(self, stored: str, name: str, row: int) -> StyleLayer:
        outputs, inputs, side = self.convolution(stored, name)
        self.variables[f"{name}.weight"] /= math.sqrt(inputs * side * side)
        self.variables[f"{name}.bias"] = self.get(f"{stored}.bias").reshape(-1)
        return StyleLayer(name, row, inputs, outputs, side, 1, 0, "linear", 1.0, None, False)

    def filter(self, stored: str, name: str) -> int:
        taps = self.get(stored) / 4
        if taps.ndim != 2 or taps.shape[0] != taps.shape[1] or not 1 <= len(taps) <= 64:
            refuse(f"{stored} as a square filter", f"shape {taps.shape}")
        self.variables[name] = taps
        return len(taps)

    def convolution(self, stored: str, name: str) -> tuple[int, int, int]:
        weight = self.get(f"{stored}.conv.weight")
        if weight.ndim != 5 or weight.shape[0] != 1:
            refuse(f"{stored}.conv.weight as (1, out, in, k, k)", f"shape {weight.shape}")
        self.variables[f"{name}.weight"] = weight[0]
        style = self.get(f"{stored}.conv.modulation.weight")
        self.variables[f"{name}.affine.weight"] = style / math.sqrt(style.shape[1])
        self.variables[f"{name}.affine.bias"] = self.get(f"{stored}.conv.modulation.bias")
        return weight.shape[1], weight.shape[2], weight.shape[3]
