"""Gradient penalties of the discriminator, in TensorFlow, because second derivatives differ between backends.

Sources: Mescheder et al. 2018 (R1), Gulrajani et al. 2017 (WGAN-GP).
"""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

Critic = Callable[[tf.Tensor], tf.Tensor]


def r1_penalty(critic: Critic, real: tf.Tensor) -> tf.Tensor:
    """Compute half the mean squared gradient of the scores with respect to real pictures (N, H, W, C)."""
    with tf.GradientTape() as tape:
        tape.watch(real)
        total = tf.reduce_sum(critic(real))
    gradient = tape.gradient(total, real)
    return 0.5 * tf.reduce_mean(tf.reduce_sum(tf.square(gradient), axis=(1, 2, 3)))


def gradient_penalty(critic: Critic, real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    """Return the mean squared distance from 1 of the gradient's norm, at random mixtures of real and fake pictures."""
    share = tf.random.uniform((tf.shape(real)[0], 1, 1, 1))
    mixed = real + (fake - real) * share
    with tf.GradientTape() as tape:
        tape.watch(mixed)
        total = tf.reduce_sum(critic(mixed))
    gradient = tape.gradient(total, mixed)
    norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=(1, 2, 3)) + 1e-12)
    return tf.reduce_mean(tf.square(norm - 1.0))
