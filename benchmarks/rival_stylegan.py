"""StyleGAN2 and StyleGAN3 by their published formulas in PyTorch, and the graph that is exported from it.

Two published forms give the same picture: each face's own weights in a grouped convolution ("own weights", what the
original programs do when they make pictures), or common weights between two scalings of the maps ("scaled maps").
Upsampling and filters are `upfirdn` by convolutions. PyTorch and ONNX Runtime are imported where they are used: only
the measurements need them (``requirements-benchmarks.txt``).
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.rival_networks import Run
from dashboard.synthesis.model import Model
from dashboard.synthesis.stylegan.config import AliasFreeLayer, StyleBlock, StyleGAN2Config, StyleGAN3Config, StyleLayer

EPSILON = 1e-8
SLOPE = 0.2

Tensors = Mapping[str, Any]
Forward = Callable[[Any], Any]


class TorchStyleGAN:
    """The network on PyTorch tensors, from z (N, latent_size) to pictures (N, C, H, W).

    Args:
        model: whose weights it has; any StyleGAN2 of the architecture "skip", any StyleGAN3, without labels.
        own: whether each face convolves with its own weights; if not, its maps are scaled.
        channels_last: memory order of maps and weights.
        bf16: whether convolutions and maps are in bfloat16; styles and normalisation stay in float32.
    """

    def __init__(self, model: Model, own: bool = True, channels_last: bool = False, bf16: bool = False) -> None:
        import torch  # pyright: ignore[reportMissingImports]

        config = model.config
        if not isinstance(config, StyleGAN2Config | StyleGAN3Config) or config.label_size:
            raise ValueError(f"Expected a StyleGAN without labels. Received: {config}.")
        if isinstance(config, StyleGAN2Config) and config.architecture != "skip":
            raise ValueError(f"Expected the architecture skip. Received: {config.architecture}.")
        self.torch, self.functional = torch, torch.nn.functional
        self.config, self.own = config, own
        self.dtype = torch.bfloat16 if bf16 else torch.float32
        self.order = torch.channels_last if channels_last else torch.contiguous_format
        self.v: Tensors = {name: torch.tensor(np.asarray(array)) for name, array in model.variables().items()}
        self.kernels: Tensors = {}
        if not own:
            self.kernels = {layer.name: self.maps(self.kernel(layer)) for layer in config.layers}

    def __call__(self, latents: Any) -> Any:
        """Compute the pictures."""
        config = self.config
        w = latents * self.torch.rsqrt(latents.square().mean(1, keepdim=True) + EPSILON)
        for i in range(len(config.mapping.sizes)):
            w = self.functional.leaky_relu(self.dense(w, f"mapping.fc{i}"), SLOPE) * math.sqrt(2)
        return self.style(w) if isinstance(config, StyleGAN2Config) else self.alias_free(w)

    def dense(self, x: Any, name: str) -> Any:
        return self.functional.linear(x, self.v[f"{name}.weight"], self.v[f"{name}.bias"])

    def kernel(self, layer: StyleLayer | AliasFreeLayer) -> Any:
        """Return a layer's weight, of StyleGAN3 normalised; of a transposed convolution with its inputs first."""
        weight = self.v[f"{layer.name}.weight"]
        if isinstance(layer, AliasFreeLayer):
            return weight if layer.rgb else weight * weight.square().mean((1, 2, 3), keepdim=True).rsqrt()
        return weight.transpose(0, 1) if layer.up == 2 else weight

    def maps(self, x: Any) -> Any:
        return x.to(self.dtype).contiguous(memory_format=self.order)

    def style(self, w: Any) -> Any:
        config = self.config
        assert isinstance(config, StyleGAN2Config)
        x = self.maps(self.v["const"][None].repeat(int(w.shape[0]), 1, 1, 1))
        image = None
        for block in config.blocks:
            x, image = self.block(block, x, w, image)
        return image

    def block(self, block: StyleBlock, x: Any, w: Any, image: Any) -> tuple[Any, Any]:
        for layer in block.layers:
            x = self.style_layer(layer, x, w)
        if image is not None:
            pads = (block.rgb_taps + 1) // 2, (block.rgb_taps - 2) // 2
            image = self.upfirdn(image, self.v[f"b{block.resolution}.filter"], 2, 1, (*pads, *pads), 4)
        assert block.rgb is not None
        y = self.modulated(block.rgb, x, self.dense(w, f"{block.rgb.name}.affine"), normalised=False)
        y = self.clamped(self.biased(y, block.rgb.name).float(), block.rgb.clamp)
        return x, y if image is None else image + y

    def style_layer(self, layer: StyleLayer, x: Any, w: Any) -> Any:
        x = self.modulated(layer, x, self.dense(w, f"{layer.name}.affine"))
        if layer.up == 2:
            before = (layer.taps + 1) // 2 - layer.kernel // 2
            after = (layer.taps - 2) // 2 - layer.kernel // 2 + 1
            x = self.upfirdn(x, self.v[f"{layer.name}.filter"], 1, 1, (before, after, before, after), 4)
        if layer.noise:
            x = x + (self.v[f"{layer.name}.noise"] * self.v[f"{layer.name}.noise_strength"]).to(self.dtype)
        x = self.functional.leaky_relu(self.biased(x, layer.name), SLOPE) * layer.gain
        return self.clamped(x, layer.clamp)

    def modulated(self, layer: StyleLayer | AliasFreeLayer, x: Any, style: Any, normalised: bool = True) -> Any:
        """Convolve with the modulated weight; upsampling by 2 with zeros before it is one transposed convolution."""
        up = isinstance(layer, StyleLayer) and layer.up == 2
        convolve = self.functional.conv_transpose2d if up else self.functional.conv2d
        around = layer.kernel - 1 if isinstance(layer, AliasFreeLayer) else 0 if up else layer.kernel // 2
        stride, count = 2 if up else 1, int(x.shape[0])
        factors = style * self.v[f"{layer.name}.input_gain"] if isinstance(layer, AliasFreeLayer) else style
        normalise = self.normaliser(layer, style) if normalised else None
        if not self.own:
            x = x * factors[:, :, None, None].to(self.dtype)
            x = convolve(x, self.kernels[layer.name], padding=around, stride=stride)
            return x if normalise is None else x * normalise[:, :, None, None].to(self.dtype)
        weight = self.kernel(layer)[None]
        weight = weight * (factors[:, :, None, None, None] if up else factors[:, None, :, None, None])
        if normalise is not None:
            weight = weight * (normalise[:, None, :, None, None] if up else normalise[:, :, None, None, None])
        kernel = self.maps(weight.reshape(-1, *map(int, weight.shape[2:])))
        x = self.maps(x.reshape(1, -1, *map(int, x.shape[2:])))
        x = convolve(x, kernel, padding=around, stride=stride, groups=count)
        return x.reshape(count, -1, *map(int, x.shape[2:]))

    def normaliser(self, layer: StyleLayer | AliasFreeLayer, style: Any) -> Any:
        weight, up = self.kernel(layer)[None], isinstance(layer, StyleLayer) and layer.up == 2
        weight = weight * (style[:, :, None, None, None] if up else style[:, None, :, None, None])
        return self.torch.rsqrt(weight.square().sum((1, 3, 4) if up else (2, 3, 4)) + EPSILON)

    def upfirdn(self, x: Any, taps: Any, up: int, down: int, pads: Sequence[int], gain: float) -> Any:
        """Upsample with zeros, pad or crop (left, right, above, below), filter, and keep every `down`-th pixel."""
        count, maps, height, width = map(int, x.shape)  # plain numbers, which the exporter needs
        if up > 1:
            x = x.reshape(count, maps, height, 1, width, 1)
            x = self.functional.pad(x, (0, up - 1, 0, 0, 0, up - 1)).reshape(count, maps, height * up, width * up)
        x = self.functional.pad(x, list(pads))
        if taps is not None:
            factor = gain ** (taps.ndim / 2)
            kernels = [taps[:, None], taps[None, :]] if taps.ndim == 1 else [taps]
            for kernel in kernels:
                each = (kernel.flip((0, 1)) * factor).to(x.dtype).expand(maps, 1, *kernel.shape)
                x = self.functional.conv2d(x, each.contiguous(), groups=maps)
        return x[:, :, ::down, ::down] if down > 1 else x

    def alias_free(self, w: Any) -> Any:
        config = self.config
        assert isinstance(config, StyleGAN3Config)
        x = self.maps(self.waves(config, w))
        for layer in config.layers:
            x = self.alias_free_layer(layer, x, w)
        return x.float() * config.output_scale

    def waves(self, config: StyleGAN3Config, w: Any) -> Any:
        torch = self.torch
        t = self.dense(w, "input.affine")
        c, s, shift_x, shift_y = (t / t[:, :2].norm(dim=1, keepdim=True)).unbind(1)
        zero, one = torch.zeros_like(c), torch.ones_like(c)
        turned = torch.stack([c, -s, zero, s, c, zero, zero, zero, one], 1).reshape(-1, 3, 3)
        moved = torch.stack([one, zero, -shift_x, zero, one, -shift_y, zero, zero, one], 1).reshape(-1, 3, 3)
        m = turned @ moved @ self.v["input.transform"]
        freqs = self.v["input.freqs"][None] @ m[:, :2, :2]
        phases = self.v["input.phases"] + (self.v["input.freqs"] @ m[:, :2, 2:]).squeeze(2)
        rest = config.input_rate / 2 - config.bandwidth
        amplitudes = (1 - (freqs.norm(dim=2) - config.bandwidth) / rest).clamp(0, 1)
        size = config.input_size
        steps = ((2 * torch.arange(size) + 1) / size - 1) * (0.5 * size / config.input_rate)
        turns = freqs[:, :, :1, None] * steps + freqs[:, :, 1:, None] * steps[:, None] + phases[:, :, None, None]
        x = torch.sin(turns * (2 * math.pi)) * amplitudes[:, :, None, None]
        return torch.einsum("oc,nchw->nohw", self.v["input.weight"], x)

    def alias_free_layer(self, layer: AliasFreeLayer, x: Any, w: Any) -> Any:
        style = self.dense(w, f"{layer.name}.affine")
        if not layer.rgb:
            style = style * style.square().mean(1, keepdim=True).rsqrt()
        x = self.modulated(layer, x, style, normalised=not layer.rgb)
        x = self.biased(x, layer.name)
        up = self.v[f"{layer.name}.up_filter"] if layer.up_taps else None
        x = self.upfirdn(x, up, layer.up, 1, layer.padding, layer.up**2)
        x = self.clamped(x if layer.rgb else self.functional.leaky_relu(x, SLOPE) * math.sqrt(2), layer.clamp)
        down = self.v[f"{layer.name}.down_filter"] if layer.down_taps else None
        return self.upfirdn(x, down, 1, layer.down, (0, 0, 0, 0), 1)

    def biased(self, x: Any, name: str) -> Any:
        return x + self.v[f"{name}.bias"][None, :, None, None].to(x.dtype)

    def clamped(self, x: Any, clamp: float | None) -> Any:
        return x if clamp is None else x.clamp(-clamp, clamp)


def open_torch(model: Model, threads: int, own: bool = True, channels_last: bool = False, bf16: bool = False) -> Run:
    """Open the network on PyTorch."""
    import torch  # pyright: ignore[reportMissingImports]

    torch.set_num_threads(threads)
    network = TorchStyleGAN(model, own, channels_last, bf16)

    def run(latents: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return network(torch.tensor(latents)).permute(0, 2, 3, 1).float().numpy()

    return run


def open_onnxruntime(model: Model, threads: int, own: bool = True) -> Run:
    """Open ONNX Runtime on the exported graph, on its CPU provider, with all its optimisations."""
    import onnxruntime  # pyright: ignore[reportMissingImports]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(exported(model, own), options, providers=providers)
    return lambda latents: np.asarray(session.run(None, {"latents": latents})[0]).transpose(0, 2, 3, 1)


def open_openvino(model: Model, threads: int, own: bool = True, bf16: bool = False) -> Run:
    """Open OpenVINO on the exported graph."""
    import openvino as ov

    core = ov.Core()
    options = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
        "ENABLE_CPU_PINNING": False,
        "INFERENCE_NUM_THREADS": threads,
    }
    request = core.compile_model(core.read_model(exported(model, own), b""), "CPU", options).create_infer_request()

    def run(latents: np.ndarray) -> np.ndarray:
        request.infer({"latents": latents}, share_inputs=True)
        return request.get_output_tensor(0).data.transpose(0, 2, 3, 1).copy()

    return run


def exported(model: Model, own: bool = True) -> bytes:
    """Return the network as PyTorch exports it to ONNX, for one face: "latents" (1, L) to "image" (1, C, H, W).

    The export is stored beside the model's folder, so that several libraries read the same one.
    """
    stored = model.path.with_name(f"{model.path.name}-{'own' if own else 'scaled'}.onnx")
    if stored.exists():
        return stored.read_bytes()
    import torch  # pyright: ignore[reportMissingImports]

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = TorchStyleGAN(model, own)

        def forward(self, latents: Any) -> Any:
            return self.network(latents)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter without further packages is an older one
        torch.onnx.export(
            Network().eval(), (torch.zeros(1, model.config.latent_size) + 0.5,), os.fspath(stored), dynamo=False,
            opset_version=17, input_names=["latents"], output_names=["image"],
        )  # fmt: skip
    return stored.read_bytes()
