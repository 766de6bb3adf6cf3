"""Augmentation of renders, because the scorer reads a GAN's faces: soft, noisy and slightly off in colour."""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

import tensorflow as tf


def augment(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Augment each picture at random: shift, colour change, blur, noise and JPEG compression.

    Args:
        images: float32 (N, H, W, 3) in [-1, 1].
        seed: int32 (2,), random seed.

    Returns:
        float32 (N, H, W, 3) in [-1, 1].
    """
    n, size = tf.shape(images)[0], images.shape[1]
    seeds = tf.random.split(seed, 7)

    def one(shape: tuple[object, ...], low: float, high: float, k: int) -> tf.Tensor:
        return tf.random.stateless_uniform(tf.stack([n, *shape]), seeds[k], low, high)

    margin = max(size // 32, 1)
    padded = tf.pad(images, [[0, 0], [margin, margin], [margin, margin], [0, 0]], "REFLECT")
    x = tf.image.stateless_random_crop(padded, tf.stack([n, size, size, 3]), seeds[0])
    soft = x + (blur(x) - x) * one((1, 1, 1), 0.0, 1.0, 1)
    softer = soft + (blur(blur(soft)) - soft) * tf.maximum(one((1, 1, 1), -1.0, 1.0, 2), 0.0)
    x = softer * one((1, 1, 3), 0.94, 1.06, 3) + one((1, 1, 3), -0.05, 0.05, 4)
    x += tf.random.stateless_normal(tf.shape(x), seeds[5]) * one((1, 1, 1), 0.0, 0.06, 6)
    x = tf.clip_by_value(x, -1.0, 1.0)
    # One quality per batch: TensorFlow compresses one picture at a time, and half of the batch is enough.
    half = n // 2
    pressed = tf.map_fn(
        lambda picture: tf.image.stateless_random_jpeg_quality(picture, 60, 95, seeds[2]), x[:half] / 2.0 + 0.5
    )
    return tf.concat([pressed * 2.0 - 1.0, x[half:]], axis=0)


def blur(images: tf.Tensor) -> tf.Tensor:
    """Filter pictures (N, H, W, 3) with a 3x3 binomial kernel."""
    line = tf.constant([0.25, 0.5, 0.25])
    kernel = tf.tile((line[:, None] * line[None, :])[:, :, None, None], [1, 1, 3, 1])
    padded = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]], "SYMMETRIC")
    return tf.nn.depthwise_conv2d(padded, kernel, [1, 1, 1, 1], "VALID")
