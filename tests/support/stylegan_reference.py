"""StyleGAN2 and StyleGAN3 in float64 NumPy, straight from the published definitions, one face at a time.

It shares no code with the code under test: it takes weights as the original programs store them, with their gains, and
convolves with each face's own weights. It also makes random networks for files.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.signal import convolve2d, correlate2d
from scipy.special import j1
from support.stylegan_files import Module, Tensor

GAINS = {"lrelu": math.sqrt(2), "relu": math.sqrt(2), "swish": math.sqrt(2)}


def activated(x: np.ndarray, name: str) -> np.ndarray:
    with np.errstate(over="ignore"):
        return {
            "linear": lambda: x,
            "lrelu": lambda: np.where(x < 0, 0.2 * x, x),
            "relu": lambda: np.maximum(x, 0),
            "tanh": lambda: np.tanh(x),
            "swish": lambda: x / (1 + np.exp(-x)),
            "elu": lambda: np.where(x < 0, np.expm1(x), x),
            "softplus": lambda: np.logaddexp(0, x),
            "sigmoid": lambda: 1 / (1 + np.exp(-x)),
        }[name]()


def normalised(x: np.ndarray) -> np.ndarray:
    return x / np.sqrt(np.mean(x**2) + 1e-8)


def clipped(x: np.ndarray, clamp: float | None) -> np.ndarray:
    return x if clamp is None else np.clip(x, -clamp, clamp)


def upfirdn(x: np.ndarray, f: np.ndarray | None, up: int, down: int, pads: tuple[int, ...], gain: float) -> np.ndarray:
    maps, height, width = x.shape
    wide = np.zeros((maps, height * up, width * up))
    wide[:, ::up, ::up] = x
    x0, x1, y0, y1 = pads
    wide = np.pad(wide, ((0, 0), (max(y0, 0), max(y1, 0)), (max(x0, 0), max(x1, 0))))
    wide = wide[:, max(-y0, 0) : wide.shape[1] - max(-y1, 0), max(-x0, 0) : wide.shape[2] - max(-x1, 0)]
    if f is not None:
        f = np.outer(f, f) * gain if f.ndim == 1 else f * gain
        wide = np.stack([convolve2d(one, f, "valid") for one in wide])
    return wide[:, ::down, ::down]


def correlated(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.stack([sum(correlate2d(one, k, "valid") for one, k in zip(x, row, strict=True)) for row in weight])


def dense(part: Module, x: np.ndarray) -> np.ndarray:
    y = part.parameters["weight"].astype(np.float64) @ x * part.attributes["weight_gain"]
    y = y + part.parameters["bias"] * part.attributes["bias_gain"]
    name = part.attributes["activation"]
    return activated(y, name) * GAINS.get(name, 1.0)


def mapped(g: Module, z: np.ndarray, label: np.ndarray | None = None) -> np.ndarray:
    mapping = g.parts["mapping"]
    x = normalised(z.astype(np.float64))
    if "embed" in mapping.parts:
        assert label is not None
        x = np.concatenate([x, normalised(dense(mapping.parts["embed"], label))])
    for i in range(mapping.attributes["num_layers"]):
        x = dense(mapping.parts[f"fc{i}"], x)
    return x


def truncated(g: Module, w: np.ndarray, psi: float = 1.0, cutoff: int | None = None) -> np.ndarray:
    ws = np.repeat(w[None], g.attributes["num_ws"], axis=0)
    mean = g.parts["mapping"].buffers.get("w_avg")
    if psi != 1:
        ws[:cutoff] = mean + psi * (ws[:cutoff] - mean)
    return ws


def picture(g: Module, ws: np.ndarray, noise: str = "const") -> np.ndarray:
    """Return (H, W, C) of rows of w (rows, w)."""
    s = g.parts["synthesis"]
    image = _stylegan3(s, ws) if "input" in s.parts else _stylegan2(s, ws, noise)
    return image.transpose(1, 2, 0)


def _stylegan2(s: Module, ws: np.ndarray, noise: str) -> np.ndarray:
    x = image = None
    i = 0
    for name, block in s.parts.items():
        kind = block.attributes["architecture"]
        taps = np.asarray(block.buffers["resample_filter"], np.float64)
        pads = ((len(taps) + 1) // 2, (len(taps) - 2) // 2) * 2
        y = None
        if x is None:
            x = block.parameters["const"].astype(np.float64)
        elif kind == "resnet":
            skip = block.parts["skip"]
            y = correlated(x, skip.parameters["weight"] * skip.attributes["weight_gain"])
            y = upfirdn(y, taps, 2, 1, pads, 4) * math.sqrt(0.5)
        for layer in ("conv0", "conv1"):
            if layer in block.parts:
                gain = math.sqrt(0.5) if kind == "resnet" and layer == "conv1" and name != "b4" else 1.0
                x = _style_layer(block.parts[layer], x, ws[i], gain, noise)
                i += 1
        if y is not None:
            x = x + y
        if image is not None and kind == "skip":
            image = upfirdn(image, taps, 2, 1, pads, 4)
        if "torgb" in block.parts:
            rgb = block.parts["torgb"]
            style = dense(rgb.parts["affine"], ws[i]) * rgb.attributes["weight_gain"]
            z = correlated(x, rgb.parameters["weight"] * style[None, :, None, None])
            z = clipped(z + rgb.parameters["bias"][:, None, None], rgb.attributes["conv_clamp"])
            image = z if image is None else image + z
    assert image is not None
    return image


def _style_layer(part: Module, x: np.ndarray, w: np.ndarray, gain: float, noise: str) -> np.ndarray:
    style = dense(part.parts["affine"], w)
    weight = np.asarray(
        part.parameters["weight"].values
        if isinstance(part.parameters["weight"], Tensor)
        else part.parameters["weight"],
        np.float64,
    )
    weight = weight * style[None, :, None, None]
    weight = weight / np.sqrt((weight**2).sum((1, 2, 3), keepdims=True) + 1e-8)
    k = weight.shape[2]
    if part.attributes["up"] == 2:
        f = np.asarray(part.buffers["resample_filter"], np.float64)
        pads = (k // 2 + (len(f) + 1) // 2, k // 2 + (len(f) - 2) // 2) * 2
        x = correlated(upfirdn(x, f, 2, 1, pads, 4), weight[:, :, ::-1, ::-1])
    else:
        x = correlated(np.pad(x, ((0, 0), (k // 2,) * 2, (k // 2,) * 2)), weight)
    if noise == "const" and part.attributes["use_noise"]:
        x = x + part.buffers["noise_const"] * part.parameters["noise_strength"]
    name = part.attributes["activation"]
    x = activated(x + part.parameters["bias"][:, None, None], name) * part.attributes["act_gain"] * gain
    clamp = part.attributes["conv_clamp"]
    return clipped(x, None if clamp is None else clamp * gain)


def _stylegan3(s: Module, ws: np.ndarray) -> np.ndarray:
    start = s.parts["input"]
    t = dense(start.parts["affine"], ws[0])
    t = t / math.hypot(t[0], t[1])
    m = np.array([[t[0], -t[1], 0], [t[1], t[0], 0], [0, 0, 1.0]]) @ np.array(
        [[1, 0, -t[2]], [0, 1, -t[3]], [0, 0, 1.0]]
    )
    m = m @ start.buffers["transform"]
    freqs, phases = start.buffers["freqs"].astype(np.float64), start.buffers["phases"].astype(np.float64)
    phases, freqs = phases + freqs @ m[:2, 2], freqs @ m[:2, :2]
    rate, band = start.attributes["sampling_rate"], start.attributes["bandwidth"]
    amplitude = np.clip(1 - (np.linalg.norm(freqs, axis=1) - band) / (rate / 2 - band), 0, 1)
    size = int(start.attributes["size"][0])
    position = ((2 * np.arange(size) + 1) / size - 1) * 0.5 * size / rate
    turns = freqs[:, 0, None, None] * position[None, None] + freqs[:, 1, None, None] * position[None, :, None]
    x = np.sin(2 * np.pi * (turns + phases[:, None, None])) * amplitude[:, None, None]
    x = np.einsum("oc,chw->ohw", start.parameters["weight"] / math.sqrt(len(freqs)), x)
    for i, name in enumerate(s.attributes["layer_names"]):
        x = _alias_free(s.parts[name], x, ws[i + 1])
    return x * s.attributes["output_scale"]


def _alias_free(part: Module, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    weight = part.parameters["weight"].astype(np.float64)
    style = dense(part.parts["affine"], w)
    _out, inputs, k, _ = weight.shape
    rgb = part.attributes["is_torgb"]
    if rgb:
        weight = weight * (style / math.sqrt(inputs * k * k))[None, :, None, None]
    else:
        weight = weight / np.sqrt((weight**2).mean((1, 2, 3), keepdims=True))
        weight = weight * (style / np.sqrt((style**2).mean()))[None, :, None, None]
        weight = weight / np.sqrt((weight**2).sum((1, 2, 3), keepdims=True) + 1e-8)
    weight = weight / math.sqrt(part.buffers["magnitude_ema"])
    x = correlated(np.pad(x, ((0, 0), (k - 1,) * 2, (k - 1,) * 2)), weight) + part.parameters["bias"][:, None, None]
    a = part.attributes
    x = upfirdn(x, part.buffers["up_filter"], a["up_factor"], 1, tuple(a["padding"]), a["up_factor"] ** 2)
    x = clipped(x if rgb else activated(x, "lrelu") * math.sqrt(2), a["conv_clamp"])
    return upfirdn(x, part.buffers["down_filter"], 1, a["down_factor"], (0, 0, 0, 0), 1)


# Random networks.


def _dense(
    rng: np.random.Generator, inputs: int, outputs: int, activation: str = "linear", lr: float = 1.0, bias: float = 0.0
) -> Module:
    weight = rng.normal(size=(outputs, inputs)).astype(np.float32) / np.float32(lr)
    bias_values = (rng.normal(size=outputs) * 0.2 + bias).astype(np.float32)
    return Module(
        "FullyConnectedLayer", {"weight": weight, "bias": (bias_values / lr).astype(np.float32)}, activation=activation,
        in_features=inputs, weight_gain=np.float64(lr / math.sqrt(inputs)), bias_gain=lr,
    )  # fmt: skip


def _mapping(rng: np.random.Generator, z: int, c: int, w: int, rows: int, layers: int) -> Module:
    sizes = [z + (w if c else 0), *([w] * layers)]
    parts = {f"fc{i}": _dense(rng, sizes[i], sizes[i + 1], "lrelu", 0.01) for i in range(layers)}
    if c:
        parts = {"embed": _dense(rng, c, w), **parts}
    buffers = {"w_avg": rng.normal(size=w).astype(np.float32) * 0.3}
    return Module("MappingNetwork", {}, buffers, parts, z_dim=z, c_dim=c, w_dim=w, num_ws=rows, num_layers=layers)


def random_stylegan2(
    seed: int = 0, resolution: int = 16, architecture: str = "skip", labels: int = 0, clamp: float | None = None,
    maps: int = 6, z: int = 5, w: int = 7, taps: tuple[float, ...] = (1, 3, 3, 1), activation: str = "lrelu",
    heavy: bool = False, channels: int = 3, base: int = 0, layers: int = 2,
) -> Module:  # fmt: skip
    """Return a StyleGAN2 in the form of NVIDIA's PyTorch programs; `heavy` gives weights of heavy tails and large
    styles; `base` gives base / resolution maps, at most 512, as the published networks have.
    """
    rng = np.random.default_rng(seed)
    last = int(math.log2(resolution))
    rows = 2 * last - 2
    row = np.array(taps, np.float64)
    f = np.outer(row, row) / row.sum() ** 2 if len(taps) < 8 else row / row.sum()
    f = f.astype(np.float32)

    def weight(*shape: int) -> Any:
        values = rng.standard_t(3, size=shape) if heavy else rng.normal(size=shape)
        return values.astype(np.float32)

    def layer(inputs: int, outputs: int, size: int, up: int) -> Module:
        strength = np.float32(rng.normal() * 0.3)
        values = weight(outputs, inputs, 3, 3)
        return Module(
            "SynthesisLayer",
            {"weight": values, "noise_strength": strength, "bias": rng.normal(size=outputs).astype(np.float32) * 0.3},
            {"resample_filter": f, "noise_const": rng.normal(size=(size, size)).astype(np.float32)},
            {"affine": _dense(rng, w, inputs, bias=10.0 if heavy else 1.0)},
            up=up, use_noise=True, activation=activation, act_gain=np.float64(GAINS.get(activation, 1.0)),
            conv_clamp=clamp, resolution=size, padding=1,
        )  # fmt: skip

    blocks: dict[str, Module] = {}
    for r in range(2, last + 1):
        size = 1 << r
        inputs, outputs = maps + (last - r + 1 if r > 2 else 0), maps + last - r
        if base:
            inputs, outputs = min(2 * base // size, 512), min(base // size, 512)
        parts: dict[str, Module] = {}
        parameters: dict[str, Any] = {}
        if r == 2:
            parameters["const"] = rng.normal(size=(outputs, 4, 4)).astype(np.float32)
        else:
            parts["conv0"] = layer(inputs, outputs, size, 2)
        parts["conv1"] = layer(outputs, outputs, size, 1)
        if architecture == "skip" or r == last:
            parts["torgb"] = Module(
                "ToRGBLayer",
                {"weight": rng.normal(size=(channels, outputs, 1, 1)).astype(np.float32),
                 "bias": rng.normal(size=channels).astype(np.float32) * 0.2},
                {}, {"affine": _dense(rng, w, outputs, bias=1.0)},
                conv_clamp=clamp, weight_gain=np.float64(1 / math.sqrt(outputs)),
            )  # fmt: skip
        if architecture == "resnet" and r > 2:
            parts["skip"] = Module(
                "Conv2dLayer", {"weight": rng.normal(size=(outputs, inputs, 1, 1)).astype(np.float32)},
                {"resample_filter": f}, weight_gain=np.float64(1 / math.sqrt(inputs)), up=2,
            )  # fmt: skip
        blocks[f"b{size}"] = Module(
            "SynthesisBlock", parameters, {"resample_filter": f}, parts, architecture=architecture, resolution=size,
            is_last=r == last, use_fp16=False, in_channels=0 if r == 2 else inputs,
        )  # fmt: skip
    synthesis = Module("SynthesisNetwork", parts=blocks, w_dim=w, img_resolution=resolution, num_ws=rows)
    return Module(
        "Generator", parts={"synthesis": synthesis, "mapping": _mapping(rng, z, labels, w, rows, layers)}, z_dim=z,
        c_dim=labels, w_dim=w, img_resolution=resolution, img_channels=channels, num_ws=rows,
    )  # fmt: skip


def design_filter(taps: int, cutoff: float, width: float, rate: float, radial: bool) -> np.ndarray | None:
    """Return StyleGAN3's low-pass filter, by its paper's appendix."""
    if taps == 1:
        return None
    a = 2.285 * (taps - 1) * math.pi * width / (rate / 2) + 7.95
    beta = 0.1102 * (a - 8.7) if a > 50 else 0.5842 * (a - 21) ** 0.4 + 0.07886 * (a - 21) if a > 21 else 0.0
    x = (np.arange(taps) - (taps - 1) / 2) / rate
    window = np.kaiser(taps, beta)
    if radial:
        r = np.hypot(*np.meshgrid(x, x))
        f = j1(2 * cutoff * (np.pi * r)) / (np.pi * r) * np.outer(window, window)
    else:
        f = np.sinc(x * cutoff * 2) * window
    return (f / f.sum()).astype(np.float32)


def random_stylegan3(
    seed: int = 0, resolution: int = 16, layers: int = 4, critical: int = 2, radial: bool = False, kernel: int = 3,
    labels: int = 0, channel_max: int = 8, z: int = 5, w: int = 7, clamp: float | None = 256.0, margin: int = 4,
) -> Module:  # fmt: skip
    """Return a StyleGAN3 as NVIDIA's program designs it, with random weights."""
    rng = np.random.default_rng(seed)
    n, half = layers, resolution / 2
    cutoff, stop = 2.0, 2**2.1
    e = np.minimum(np.arange(n + 1) / (n - critical), 1)
    f_c = cutoff * (half / cutoff) ** e
    f_t = stop * (half * 2**0.3 / stop) ** e
    rates = np.exp2(np.ceil(np.log2(np.minimum(2 * f_t, resolution))))
    f_h = np.maximum(f_t, rates / 2) - f_c
    sizes = rates + margin * 2
    sizes[-2:] = resolution
    maps = np.rint(np.minimum(16 * resolution / 2 / f_c, channel_max)).astype(int)
    maps[-1] = 3
    count = int(maps[0])
    freqs = rng.normal(size=(count, 2))
    freqs *= rng.uniform(0.3, 1, size=(count, 1)) * f_c[0] / np.linalg.norm(freqs, axis=1, keepdims=True)
    start = Module(
        "SynthesisInput", {"weight": rng.normal(size=(count, count)).astype(np.float32)},
        {"freqs": freqs.astype(np.float32), "phases": rng.uniform(-0.5, 0.5, count).astype(np.float32),
         "transform": np.eye(3, dtype=np.float32)},
        {"affine": _dense(rng, w, 4)}, size=np.array([sizes[0]] * 2).astype(np.int64),
        sampling_rate=np.float64(rates[0]), bandwidth=np.float64(f_c[0]), w_dim=w, channels=count,
    )  # fmt: skip
    parts: dict[str, Module] = {"input": start}
    for i in range(n + 1):
        before, rgb = max(i - 1, 0), i == n
        rate_in, rate_out = rates[before], rates[i]
        middle = max(rate_in, rate_out) * (1 if rgb else 2)
        up, down = int(middle / rate_in), int(middle / rate_out)
        k = 1 if rgb else kernel
        up_taps = 6 * up if up > 1 and not rgb else 1
        down_taps = 6 * down if down > 1 and not rgb else 1
        size_in, size_out = int(sizes[before]), int(sizes[i])
        total = (size_out - 1) * down + 1 - (size_in + k - 1) * up + up_taps + down_taps - 2
        low = (total + up) // 2
        critical_layer = i >= n - critical
        name = f"L{i}_{size_out}_{maps[i]}"
        parts[name] = Module(
            "SynthesisLayer",
            {"weight": rng.normal(size=(maps[i], maps[before], k, k)).astype(np.float32),
             "bias": rng.normal(size=maps[i]).astype(np.float32) * 0.2},
            {"magnitude_ema": np.float32(rng.uniform(0.5, 2)),
             "up_filter": design_filter(up_taps, f_c[before], 2 * f_h[before], middle, False),
             "down_filter": design_filter(down_taps, f_c[i], 2 * f_h[i], middle, radial and not critical_layer)},
            {"affine": _dense(rng, w, int(maps[before]), bias=1.0)},
            is_torgb=rgb, use_fp16=np.bool_(False), in_size=np.array([size_in] * 2), out_size=np.array([size_out] * 2),
            up_factor=up, down_factor=down, padding=[low, total - low, low, total - low], conv_clamp=clamp,
            conv_kernel=k,
        )  # fmt: skip
    names = list(parts)[1:]
    synthesis = Module("SynthesisNetwork", parts=parts, layer_names=names, output_scale=0.25, num_ws=n + 2)
    return Module(
        "Generator", parts={"synthesis": synthesis, "mapping": _mapping(rng, z, labels, w, n + 2, 2)}, z_dim=z,
        c_dim=labels, w_dim=w, img_resolution=resolution, img_channels=3, num_ws=n + 2,
    )  # fmt: skip


# The same network as other programs would store it.


def tensorflow_of(g: Module) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the variables of synthesis, mapping and generator under the names and scales of the TensorFlow version."""
    last = int(math.log2(g.attributes["img_resolution"]))
    synthesis: dict[str, np.ndarray] = {}
    for r in range(2, last + 1):
        size = 1 << r
        block = g.parts["synthesis"].parts[f"b{size}"]
        if r == 2:
            synthesis["4x4/Const/const"] = block.parameters["const"][None]
        names = {"conv0": "Conv0_up", "conv1": "Conv" if r == 2 else "Conv1", "torgb": "ToRGB"}
        for name, stored in names.items():
            if name not in block.parts:
                continue
            part, head = block.parts[name], f"{size}x{size}/{stored}"
            weight = part.parameters["weight"]
            if name == "conv0":
                weight = weight[:, :, ::-1, ::-1]
            synthesis[f"{head}/weight"] = weight.transpose(2, 3, 1, 0)
            synthesis[f"{head}/bias"] = part.parameters["bias"]
            affine = part.parts["affine"]
            synthesis[f"{head}/mod_weight"] = affine.parameters["weight"].T
            synthesis[f"{head}/mod_bias"] = affine.parameters["bias"] - 1
            if name != "torgb":
                synthesis[f"{head}/noise_strength"] = part.parameters["noise_strength"]
                k = 0 if r == 2 else 2 * r - 5 + (name == "conv1")
                synthesis[f"noise{k}"] = part.buffers["noise_const"][None, None]
        if "skip" in block.parts:
            synthesis[f"{size}x{size}/Skip/weight"] = block.parts["skip"].parameters["weight"].transpose(2, 3, 1, 0)
    mapping: dict[str, np.ndarray] = {}
    for i in range(g.parts["mapping"].attributes["num_layers"]):
        layer = g.parts["mapping"].parts[f"fc{i}"]
        mapping[f"Dense{i}/weight"] = layer.parameters["weight"].T
        mapping[f"Dense{i}/bias"] = layer.parameters["bias"]
    own = {"lod": np.float32(0), "dlatent_avg": g.parts["mapping"].buffers["w_avg"]}
    return synthesis, mapping, own


def rosinality_of(g: Module) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return a state dict and the mean of w as rosinality's program names and scales them."""
    tensors: dict[str, np.ndarray] = {}
    for i in range(g.parts["mapping"].attributes["num_layers"]):
        layer = g.parts["mapping"].parts[f"fc{i}"]
        tensors |= {
            f"style.{i + 1}.weight": layer.parameters["weight"],
            f"style.{i + 1}.bias": layer.parameters["bias"],
        }
    noise = 0
    for name, block in g.parts["synthesis"].parts.items():
        j = int(math.log2(int(name[1:]))) - 3
        if j < 0:
            tensors["input.input"] = block.parameters["const"][None]
        for part_name in ("conv0", "conv1", "torgb"):
            if part_name not in block.parts:
                continue
            part = block.parts[part_name]
            if part_name == "torgb":
                head = "to_rgb1" if j < 0 else f"to_rgbs.{j}"
                tensors[f"{head}.bias"] = part.parameters["bias"].reshape(1, -1, 1, 1)
                if j >= 0:
                    tensors[f"{head}.upsample.kernel"] = block.buffers["resample_filter"] * 4
            else:
                head = "conv1" if j < 0 else f"convs.{2 * j + (part_name == 'conv1')}"
                tensors[f"{head}.activate.bias"] = part.parameters["bias"]
                tensors[f"{head}.noise.weight"] = part.parameters["noise_strength"].reshape(1)
                tensors[f"noises.noise_{noise}"] = part.buffers["noise_const"][None, None]
                noise += 1
                if part_name == "conv0":
                    tensors[f"{head}.conv.blur.kernel"] = part.buffers["resample_filter"] * 4
            tensors[f"{head}.conv.weight"] = part.parameters["weight"][None]
            tensors[f"{head}.conv.modulation.weight"] = part.parts["affine"].parameters["weight"]
            tensors[f"{head}.conv.modulation.bias"] = part.parts["affine"].parameters["bias"]
    return tensors, g.parts["mapping"].buffers["w_avg"]
