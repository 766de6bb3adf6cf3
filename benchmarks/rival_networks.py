"""The generator as its authors wrote it, layer by layer, in the operations of TensorFlow, PyTorch and ONNX Runtime.

Nothing is fused by hand here: each library does with the plain layers what it does by itself. PyTorch, onnx and ONNX
Runtime are imported where they are used: only the measurements need them (``requirements-benchmarks.txt``).
Source of the network: Karras et al., "Progressive Growing of GANs" (ICLR 2018), ``G_paper`` at its full size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import pggan_config
from dashboard.synthesis.model import Model

Run = Callable[[np.ndarray], np.ndarray]
"""Latents (N, L) to pictures (N, H, W, C), float32."""

SLOPE = 0.2
EPSILON = 1e-8


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer of the plain network.

    Args:
        kind: "dense" goes from (N, L) to (N, C, 4, 4), or channels last where that is the library's way; "enlarge"
            doubles height and width by nearest neighbour; "normalise" divides by the root mean square over channels.
        arrays: scaled weight and bias of a "dense" (L, 16 C) or "convolve" (height, width, in, out), else none.
    """

    kind: Literal["normalise", "dense", "activate", "convolve", "enlarge"]
    arrays: tuple[np.ndarray, ...] = ()


def plain_layers(config: GeneratorConfig, variables: Mapping[str, np.ndarray]) -> Iterator[Layer]:
    """Yield the layers from latents to the finest picture, in sequence.

    Args:
        config: all as ``G_paper`` has it, ``fused_scale`` off.
        variables: by the original's names, as stored.

    Raises:
        ValueError: another network.
    """
    if config != GeneratorConfig(
        config.resolution,
        latent_size=config.latent_size,
        fmap_base=config.fmap_base,
        fmap_max=config.fmap_max,
        fused_scale=False,
        pixelnorm_epsilon=EPSILON,
    ):
        raise ValueError(f"Expected G_paper's own settings, not fused. Received: {config}.")

    def stored(name: str) -> tuple[np.ndarray, np.ndarray]:
        weight = variables[f"{name}/weight"] * np.float32(config.scale_of(f"{name}/weight"))
        return weight, variables[f"{name}/bias"]

    def activated(layer: Layer) -> Iterator[Layer]:
        yield from (layer, Layer("activate"), Layer("normalise"))

    yield Layer("normalise")
    weight, bias = stored("4x4/Dense")
    yield from activated(Layer("dense", (weight, bias.repeat(16))))
    yield from activated(Layer("convolve", stored("4x4/Conv")))
    for r in config.blocks[1:]:
        yield Layer("enlarge")
        yield from activated(Layer("convolve", stored(f"{2**r}x{2**r}/Conv0")))
        yield from activated(Layer("convolve", stored(f"{2**r}x{2**r}/Conv1")))
    yield Layer("convolve", stored("ToRGB_lod0"))


def open_tensorflow(model: Model, threads: int | None) -> Run:
    """Return the network as it was published: TensorFlow, float32; channels last, as TensorFlow's CPU kernels have it.

    Args:
        model: whose weights it has.
        threads: how many compute; None to leave TensorFlow as it is, which takes the number only before its first work.
    """
    import tensorflow as tf

    if threads is not None:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)

    def normalise() -> Callable:
        return lambda x: x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), axis=-1, keepdims=True) + EPSILON)

    def dense(weight: np.ndarray, bias: np.ndarray) -> Callable:
        w, b = tf.constant(weight), tf.constant(bias)
        return lambda x: tf.transpose(tf.reshape(tf.matmul(x, w) + b, (-1, len(bias) // 16, 4, 4)), (0, 2, 3, 1))

    def convolve(weight: np.ndarray, bias: np.ndarray) -> Callable:
        w, b = tf.constant(weight), tf.constant(bias)
        return lambda x: tf.nn.conv2d(x, w, 1, "SAME") + b

    def enlarge() -> Callable:
        def call(x: Any) -> Any:
            _, height, width, maps = x.shape
            tiled = tf.tile(tf.reshape(x, (-1, height, 1, width, 1, maps)), (1, 1, 2, 1, 2, 1))
            return tf.reshape(tiled, (-1, height * 2, width * 2, maps))

        return call

    def activate() -> Callable:
        return lambda x: tf.maximum(x * SLOPE, x)

    kinds = {f.__name__: f for f in (normalise, dense, convolve, enlarge, activate)}
    steps = _steps(model, kinds)
    compute = tf.function(
        lambda x: _through(steps, x), input_signature=[tf.TensorSpec([None, model.config.latent_size], tf.float32)]
    )
    return lambda latents: compute(latents).numpy()


def open_torch(model: Model, threads: int, channels_last: bool = False, bf16: bool = False) -> Run:
    """Open PyTorch, in its own memory order or channels last, in float32 or bfloat16."""
    import torch  # pyright: ignore[reportMissingImports]
    from torch.nn import functional  # pyright: ignore[reportMissingImports]

    torch.set_num_threads(threads)
    dtype = torch.bfloat16 if bf16 else torch.float32
    order = torch.channels_last if channels_last else torch.contiguous_format

    def normalise() -> Callable:
        return lambda x: x * torch.rsqrt(torch.mean(torch.square(x), dim=1, keepdim=True) + EPSILON)

    def dense(weight: np.ndarray, bias: np.ndarray) -> Callable:
        w, b = torch.tensor(weight.T, dtype=dtype), torch.tensor(bias, dtype=dtype)
        return lambda x: functional.linear(x, w, b).reshape(-1, len(bias) // 16, 4, 4).to(memory_format=order)

    def convolve(weight: np.ndarray, bias: np.ndarray) -> Callable:
        w = torch.tensor(weight.transpose(3, 2, 0, 1), dtype=dtype).to(memory_format=order)
        b = torch.tensor(bias, dtype=dtype)
        return lambda x: functional.conv2d(x, w, b, padding="same")

    def enlarge() -> Callable:
        return lambda x: functional.interpolate(x, scale_factor=2, mode="nearest")

    def activate() -> Callable:
        return lambda x: functional.leaky_relu(x, SLOPE)

    kinds = {f.__name__: f for f in (normalise, dense, convolve, enlarge, activate)}
    steps = _steps(model, kinds)

    def run(latents: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return _through(steps, torch.tensor(latents, dtype=dtype)).permute(0, 2, 3, 1).float().numpy()

    return run


def open_onnxruntime(model: Model, threads: int) -> Run:
    """Open ONNX Runtime on its CPU provider, with all its optimisations."""
    import onnxruntime  # pyright: ignore[reportMissingImports]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(onnx_bytes(model), options, providers=["CPUExecutionProvider"])
    return lambda latents: np.asarray(session.run(None, {"latents": latents})[0]).transpose(0, 2, 3, 1)


def onnx_bytes(model: Model) -> bytes:
    """Return the plain network as an ONNX file, from "latents" (N, L) to "image" (N, C, H, W)."""
    import onnx  # pyright: ignore[reportMissingImports]

    nodes, constants = [], []

    def constant(values: Any) -> str:
        array = np.ascontiguousarray(values)
        name = f"c{len(constants)}"
        constants.append(onnx.numpy_helper.from_array(array, name))
        return name

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"x{len(nodes)}"
        nodes.append(onnx.helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    epsilon, scales = constant(np.float32(EPSILON)), constant(np.array([1, 1, 2, 2], np.float32))

    def normalise() -> Callable[[str], str]:
        def call(x: str) -> str:
            mean = node("ReduceMean", node("Mul", x, x), axes=[1], keepdims=1)
            return node("Div", x, node("Sqrt", node("Add", mean, epsilon)))

        return call

    def dense(weight: np.ndarray, bias: np.ndarray) -> Callable[[str], str]:
        w, b, shape = constant(weight), constant(bias), constant(np.array([-1, len(bias) // 16, 4, 4]))
        return lambda x: node("Reshape", node("Gemm", x, w, b), shape)

    def convolve(weight: np.ndarray, bias: np.ndarray) -> Callable[[str], str]:
        w, b = constant(weight.transpose(3, 2, 0, 1)), constant(bias)
        return lambda x: node("Conv", x, w, b, pads=[len(weight) // 2] * 4)

    def enlarge() -> Callable[[str], str]:
        how = {"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}
        return lambda x: node("Resize", x, "", scales, **how)

    def activate() -> Callable[[str], str]:
        return lambda x: node("LeakyRelu", x, alpha=SLOPE)

    kinds = {f.__name__: f for f in (normalise, dense, convolve, enlarge, activate)}
    last = _through(_steps(model, kinds), "latents")
    floats, config = onnx.TensorProto.FLOAT, model.config
    inputs = [onnx.helper.make_tensor_value_info("latents", floats, ["N", config.latent_size])]
    shape = ["N", config.num_channels, config.resolution, config.resolution]
    outputs = [onnx.helper.make_tensor_value_info(last, floats, shape)]
    graph = onnx.helper.make_graph(nodes, "generator", inputs, outputs, constants)
    made = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    return made.SerializeToString()


def _steps(model: Model, kinds: Mapping[str, Callable[..., Callable]]) -> list[Callable]:
    return [kinds[layer.kind](*layer.arrays) for layer in plain_layers(pggan_config(model.config), model.variables())]


def _through(steps: Sequence[Callable], x: Any) -> Any:
    for step in steps:
        x = step(x)
    return x
