"""PG-GAN's discriminator, NVIDIA's ``D_paper``: the generator's mirror image, under the original's variable names.

Source: Karras et al., "Progressive Growing of GANs" (ICLR 2018), section 3 and appendix A.
"""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

import math
from typing import Any, NamedTuple

import keras
from keras import ops

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.pggan import ScaledLayer, widen

GROUP = 4
"""Faces per group for the minibatch standard deviation."""


class DiscriminatorLayer(ScaledLayer):
    """A layer with the generator's config, since the discriminator has its shapes in reverse."""

    def __init__(self, config: GeneratorConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config

    def weight(self, name: str, *shape: int, gain: float = math.sqrt(2)) -> tuple[Any, Any]:
        """Return a scaled weight and its bias, in the sequence of their use."""
        scale = gain / math.sqrt(math.prod(shape[:-1]))
        return self.scaled(f"{name}/weight", shape, scale), self.scaled(f"{name}/bias", shape[-1:], 1.0, std=0.0)


class FromRGB(DiscriminatorLayer):
    """A picture (N, s, s, channels) to the activations that block ``r`` takes."""

    def __init__(self, config: GeneratorConfig, r: int, **kwargs: Any) -> None:
        super().__init__(config, **kwargs)
        self.r = r

    def build(self, _shape: Any) -> None:
        name = f"FromRGB_lod{self.config.log2 - self.r}"
        shape = (1, 1, self.config.num_channels, self.config.features(self.r - 1))
        self.conv, self.bias = self.weight(name, *shape)
        self.built = True

    def call(self, image: Any) -> Any:
        x = ops.conv(ops.cast(image, self.compute_dtype), self.conv(), padding="same", data_format="channels_last")
        return ops.leaky_relu(x + self.bias(), 0.2)


class DownBlock(DiscriminatorLayer):
    """Block ``r``: a convolution, then another one that halves the size."""

    def __init__(self, config: GeneratorConfig, r: int, **kwargs: Any) -> None:
        super().__init__(config, **kwargs)
        self.r = r

    def build(self, _shape: Any) -> None:
        size, here, below = (
            f"{2**self.r}x{2**self.r}",
            self.config.features(self.r - 1),
            self.config.features(self.r - 2),
        )
        self.conv0, self.bias0 = self.weight(f"{size}/Conv0", 3, 3, here, here)
        self.conv1, self.bias1 = self.weight(f"{size}/Conv1_down", 3, 3, here, below)
        self.built = True

    def call(self, x: Any) -> Any:
        x = ops.conv(x, self.conv0(), padding="same", data_format="channels_last")
        x = ops.leaky_relu(x + self.bias0(), 0.2)
        # A 3x3 convolution and a 2x2 average are one 4x4 convolution with stride 2.
        x = ops.conv(x, widen(self.conv1()) * 0.25, 2, padding="same", data_format="channels_last")
        return ops.leaky_relu(x + self.bias1(), 0.2)


class LastBlock(DiscriminatorLayer):
    """The 4x4 block: activations to one score a face (N, 1), in float32; higher means more real."""

    def build(self, _shape: Any) -> None:
        inner, outer = self.config.features(1), self.config.features(0)
        self.conv, self.conv_bias = self.weight("4x4/Conv", 3, 3, inner + 1, inner)
        self.dense0, self.bias0 = self.weight("4x4/Dense0", 16 * inner, outer)
        self.dense1, self.bias1 = self.weight("4x4/Dense1", outer, 1, gain=1.0)
        self.built = True

    def call(self, x: Any) -> Any:
        x = ops.concatenate([x, minibatch_deviation(x)], axis=-1)
        x = ops.conv(x, self.conv(), padding="same", data_format="channels_last")
        x = ops.leaky_relu(x + self.conv_bias(), 0.2)
        x = ops.matmul(ops.reshape(x, (-1, 16 * self.config.features(1))), self.dense0())
        x = ops.leaky_relu(x + self.bias0(), 0.2)
        return ops.cast(ops.matmul(x, self.dense1()) + self.bias1(), "float32")


def minibatch_deviation(x: Any, group: int = GROUP) -> Any:
    """Return the variation in each group of faces as one more feature map (N, H, W, 1).

    Args:
        x: activations (N, H, W, C); N is a multiple of ``group``, or smaller than it.
    """
    n, height, width, channels = x.shape
    g = min(group, n)
    y = ops.reshape(ops.cast(x, "float32"), (g, n // g, height, width, channels))
    spread = ops.sqrt(ops.mean(ops.square(y - ops.mean(y, axis=0, keepdims=True)), axis=0) + 1e-8)
    value = ops.reshape(ops.mean(spread, axis=(1, 2, 3)), (1, n // g, 1, 1, 1))
    return ops.cast(ops.reshape(ops.broadcast_to(value, (g, n // g, height, width, 1)), (n, height, width, 1)), x.dtype)


class FadeIn(keras.layers.Layer):
    """``fine + (coarse - fine) * lod``: a new block comes in without a jump."""

    def call(self, fine: Any, coarse: Any, lod: Any) -> Any:
        return fine + (coarse - fine) * ops.cast(lod, fine.dtype)


class Patches(DiscriminatorLayer):
    """The patch head: activations (N, s, s, C) to a score for each position (N, s, s, 1), in float32.

    A position covers 36 x 36 pixels of the picture, so it judges skin, hair and edges, not the whole face.
    Source: Isola et al., "Image-to-image translation with conditional adversarial networks" (CVPR 2017), section 3.2.2.
    """

    def build(self, shape: Any) -> None:
        self.conv0, self.bias0 = self.weight("Patches/Conv0", 1, 1, shape[-1], shape[-1])
        self.conv1, self.bias1 = self.weight("Patches/Conv1", 1, 1, shape[-1], 1, gain=1.0)
        self.built = True

    def call(self, x: Any) -> Any:
        x = ops.conv(x, self.conv0(), padding="same", data_format="channels_last")
        x = ops.leaky_relu(x + self.bias0(), 0.2)
        return ops.cast(ops.conv(x, self.conv1(), data_format="channels_last") + self.bias1(), "float32")


class _Layers(NamedTuple):
    """Tensors of the discriminator: inputs, activations after each block, the score."""

    image: Any
    lod: Any
    seen: list[Any]
    score: Any


def build_discriminator(config: GeneratorConfig, batch: int, dtype: str = "float32") -> keras.Model:
    """Return the discriminator as a Keras model.

    Args:
        config: of the generator at the current resolution.
        batch: faces per call; fixed, because the minibatch standard deviation works on groups.
        dtype: Keras dtype policy.

    Returns:
        A model from [images (batch, H, W, channels), lod ()] to scores (batch, 1).
    """
    layers = _layers(config, batch, dtype)
    return keras.Model([layers.image, layers.lod], layers.score, name="discriminator")


def build_critic(config: GeneratorConfig, batch: int, dtype: str = "float32") -> keras.Model:
    """Return the discriminator with its patch head and all of its activations.

    Args:
        config, batch, dtype: as in :func:`build_discriminator`.

    Returns:
        A model from [images (batch, H, W, channels), lod ()] to "score" (batch, 1), "patches" (batch, s, s, 1), s an
        eighth of the resolution but at least 4, and "seen", the activations after each block from the finest.
    """
    layers = _layers(config, batch, dtype)
    side = max(config.resolution // 8, 4)
    patches = Patches(config, name="patches", dtype=dtype)(next(x for x in layers.seen if x.shape[1] == side))
    return keras.Model(
        [layers.image, layers.lod],
        {"score": layers.score, "patches": patches, "seen": layers.seen},
        name="discriminator",
    )


def _layers(config: GeneratorConfig, batch: int, dtype: str) -> _Layers:
    image = keras.Input((config.resolution, config.resolution, config.num_channels), batch_size=batch, dtype="float32")
    lod = keras.Input(batch_shape=(), dtype="float32", name="lod")
    x = FromRGB(config, config.log2, name="from_rgb", dtype=dtype)(image)
    seen = []
    for r in reversed(config.blocks[1:]):
        x = DownBlock(config, r, name=f"down_{2**r}", dtype=dtype)(x)
        if r == config.log2:
            half = ops.average_pool(image, 2, 2, "valid", data_format="channels_last")
            coarse = FromRGB(config, r - 1, name="from_rgb_half", dtype=dtype)(half)
            x = FadeIn(name="fade_in", dtype=dtype)(x, coarse, lod)
        seen.append(x)
    return _Layers(image, lod, seen, LastBlock(config, name="down_4", dtype=dtype)(x))
