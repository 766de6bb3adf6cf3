"""PG-GAN's generator as a Keras network: NVIDIA's ``G_paper``, layer for layer, on ``keras.ops`` alone.

The same network trains (``training/train``) and serves (``tensorflow_engine``). Pictures are channels-last.
Source: Karras et al., "Progressive Growing of GANs for Improved Quality, Stability, and Variation" (ICLR 2018).
"""

# Keras annotates its operations as possibly giving None, which they never do.
# pyright: reportOptionalOperand=false, reportOptionalSubscript=false

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from dashboard.synthesis import keras_variables
from dashboard.synthesis.config import GeneratorConfig

OUTPUTS = ("image", "block4", "block8")


class ScaledLayer(keras.layers.Layer):
    """A layer whose weights are stored at unit variance and scaled when used ("equalised learning rate").

    Each variable keeps the original's name, so that a network is a plain mapping of names to arrays.
    """

    def scaled(self, name: str, shape: Sequence[int], scale: float, std: float = 1.0) -> Callable[[], Any]:
        """Add a variable; returns a function that returns it scaled, in the layer's compute type."""
        start = keras.initializers.RandomNormal(stddev=std) if std else "zeros"
        variable = self.add_weight(name=name.replace("/", "."), shape=tuple(shape), initializer=start, autocast=False)
        self.named = {**getattr(self, "named", {}), name: variable}
        # Scaled in float32 and rounded to the compute type once: a product of two rounded numbers would be worse.
        return lambda: ops.cast(variable.value * scale if scale != 1.0 else variable.value, self.compute_dtype)


class GeneratorLayer(ScaledLayer):
    """Base of the generator's layers: config, activation and pixel norm."""

    def __init__(self, config: GeneratorConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config

    def variable(self, name: str) -> Callable[[], Any]:
        """Return the variable of that name, shaped and scaled as the config says."""
        bias = name.endswith("/bias")
        scale = self.config.scale_of(name)
        # Without wscale the stored weight itself has He's variance.
        std = 1.0 if self.config.use_wscale else _he_scale(self.config, name)
        return self.scaled(name, self.config.variables()[name], scale, 0.0 if bias else std)

    def act(self, x: Any) -> Any:
        """Return activation, then pixel norm over the channels."""
        x = ops.leaky_relu(x, 0.2) if self.config.use_leakyrelu else ops.relu(x)
        return pixel_norm(x, self.config.pixelnorm_epsilon) if self.config.use_pixelnorm else x


class FirstBlock(GeneratorLayer):
    """The 4x4 block: latent (N, latent + label) to activations (N, 4, 4, C)."""

    def build(self, _shape: Any) -> None:
        names = ("4x4/Dense/weight", "4x4/Dense/bias", "4x4/Conv/weight", "4x4/Conv/bias")
        self.dense, self.dense_bias, self.conv, self.conv_bias = (self.variable(n) for n in names)
        self.built = True

    def call(self, latents: Any) -> Any:
        if self.config.normalize_latents:
            # Always in float32: coordinates are defined on the sphere.
            latents = pixel_norm(ops.cast(latents, "float32"), self.config.pixelnorm_epsilon)
        x = ops.matmul(ops.cast(latents, self.compute_dtype), self.dense())
        x = ops.transpose(ops.reshape(x, (-1, self.config.features(1), 4, 4)), (0, 2, 3, 1))
        x = self.act(x + self.dense_bias())
        return self.act(ops.conv(x, self.conv(), padding="same", data_format="channels_last") + self.conv_bias())


class Block(GeneratorLayer):
    """Block ``r``: twice as large by nearest neighbour and a convolution, then another convolution."""

    def __init__(self, config: GeneratorConfig, r: int, **kwargs: Any) -> None:
        super().__init__(config, **kwargs)
        self.r = r

    def build(self, _shape: Any) -> None:
        size = f"{2**self.r}x{2**self.r}"
        first = "Conv0_up" if self.config.fused_scale else "Conv0"
        names = (f"{size}/{first}/weight", f"{size}/{first}/bias", f"{size}/Conv1/weight", f"{size}/Conv1/bias")
        self.conv0, self.bias0, self.conv1, self.bias1 = (self.variable(n) for n in names)
        self.built = True

    def call(self, x: Any) -> Any:
        if self.config.fused_scale:
            x = ops.conv_transpose(x, widen(self.conv0()), 2, padding="same", data_format="channels_last")
        else:
            x = ops.conv(enlarge(x), self.conv0(), padding="same", data_format="channels_last")
        x = self.act(x + self.bias0())
        return self.act(ops.conv(x, self.conv1(), padding="same", data_format="channels_last") + self.bias1())


class ToRGB(GeneratorLayer):
    """Activations of block ``r`` to a picture (N, 2**r, 2**r, channels)."""

    def __init__(self, config: GeneratorConfig, r: int, **kwargs: Any) -> None:
        super().__init__(config, **kwargs)
        self.r = r

    def build(self, _shape: Any) -> None:
        name = f"ToRGB_lod{self.config.log2 - self.r}"
        self.weight, self.bias = self.variable(f"{name}/weight"), self.variable(f"{name}/bias")
        self.built = True

    def call(self, x: Any) -> Any:
        x = ops.conv(x, self.weight(), padding="same", data_format="channels_last")
        return x + self.bias()


class Blend(ScaledLayer):
    """The picture at level of detail ``lod``: 0 is the top block's, 1 the one below enlarged, between them both."""

    def build(self, _shape: Any) -> None:
        self.lod = self.scaled("lod", (), 1.0, std=0.0)
        self.built = True

    def call(self, images: Sequence[Any]) -> Any:
        """Combine images from the coarsest to the finest block, each (N, s, s, C)."""
        lod = ops.clip(self.lod(), 0.0, float(len(images) - 1))
        shown = images[0]
        for i, image in enumerate(images[1:], start=1):
            level = float(len(images) - 1 - i)
            # At or below this level only the finer picture is used; a whole level above, only the coarser one.
            coarse = ops.clip(lod - level, 0.0, 1.0)
            shown = enlarge(shown)
            shown = image + (shown - image) * coarse
        return shown


def build_generator(
    config: GeneratorConfig, outputs: Sequence[str] = ("image",), dtype: str = "float32"
) -> keras.Model:
    """Return the generator as a Keras model.

    Args:
        config: what network it is.
        outputs: which of "image" (N, H, W, C; about -1 to 1), "block4" (N, 4, 4, c) and "block8" (N, 8, 8, c) it gives.
        dtype: Keras dtype policy: "float32", or "mixed_bfloat16" to compute in bf16.

    Returns:
        A model from latents (N, latent_size), or [latents, labels (N, label_size)] if the network takes labels, to a
        dict with an entry per output.

    Raises:
        ValueError: an unknown output, or "block8" of a network that ends at 4x4.
    """
    available = OUTPUTS if config.log2 > 2 else OUTPUTS[:2]
    if not outputs or set(outputs) - set(available):
        raise ValueError(f"Expected outputs among {', '.join(available)}. Received: {', '.join(outputs) or 'none'}.")
    latents = keras.Input((config.latent_size,), name="latents", dtype="float32")
    labels = keras.Input((config.label_size,), name="labels", dtype="float32") if config.label_size else None
    x = latents if labels is None else ops.concatenate([latents, labels], axis=1)
    x = FirstBlock(config, name="block_4", dtype=dtype)(x)
    activations = {"block4": x}
    images = [ToRGB(config, 2, name="rgb_4", dtype=dtype)(x)]
    for r in config.blocks[1:]:
        x = Block(config, r, name=f"block_{2**r}", dtype=dtype)(x)
        activations[f"block{2**r}"] = x
        images.append(ToRGB(config, r, name=f"rgb_{2**r}", dtype=dtype)(x))
    given = {**activations, "image": Blend(name="blend", dtype="float32")(images)}
    result = {name: ops.cast(given[name], "float32") for name in outputs}
    return keras.Model(latents if labels is None else [latents, labels], result, name="generator")


def named_variables(model: keras.Model) -> dict[str, keras.Variable]:
    """Return the model's variables under the original's names."""
    return {name: v for layer in model.layers if isinstance(layer, ScaledLayer) for name, v in layer.named.items()}


def assign_variables(model: keras.Model, arrays: Mapping[str, np.ndarray]) -> None:
    """Set every variable of the model; on any error the model stays as it was.

    Args:
        model: from :func:`build_generator`.
        arrays: one array a variable, by name; converted to float32.

    Raises:
        ValueError: a variable is missing or of a wrong shape.
    """
    keras_variables.assign(named_variables(model), arrays)


def read_variables(model: keras.Model) -> dict[str, np.ndarray]:
    """Return every variable of the model as a float32 array, by the original's name."""
    return keras_variables.read(named_variables(model))


def pixel_norm(x: Any, epsilon: float) -> Any:
    """Divide each feature vector (last axis) by its root mean square."""
    y = ops.cast(x, "float32")
    return ops.cast(y * ops.rsqrt(ops.mean(ops.square(y), axis=-1, keepdims=True) + epsilon), x.dtype)


def enlarge(x: Any) -> Any:
    """Enlarge twice in height and width by nearest neighbour: (N, H, W, C) to (N, 2H, 2W, C)."""
    return ops.repeat(ops.repeat(x, 2, axis=1), 2, axis=2)


def widen(kernel: Any) -> Any:
    """Return 4x4 kernel whose stride-2 transposed convolution is nearest-neighbour enlarging and a 3x3 convolution."""
    # One product, since the gradient of slices is slow: each row of four is the sum of those of three that it meets.
    meets = np.eye(4, 3) + np.eye(4, 3, -1)
    rows = ops.cast(np.kron(meets, meets), kernel.dtype)
    return ops.reshape(ops.matmul(rows, ops.reshape(kernel, (9, -1))), (4, 4, *kernel.shape[2:]))


def _he_scale(config: GeneratorConfig, name: str) -> float:
    scaled = GeneratorConfig(**{**config.as_dict(), "use_wscale": True})  # type: ignore[arg-type]
    return scaled.scale_of(name)
