"""What generator and discriminator are trained on. In TensorFlow, since penalties need second derivatives.

Sources: Goodfellow et al. 2014 (non-saturating logistic), Mescheder et al. 2018 (R1), Gulrajani et al. 2017 and
PG-GAN's appendix A (WGAN-GP with a small drift term), Johnson et al. 2016 (perceptual distance).
"""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

Critic = Callable[[tf.Tensor], tf.Tensor]

DRIFT = 0.001
"""WGAN's weight of the squared scores of real faces, which keeps them near 0."""


SMALLEST = 8
"""Side in pixels of the pyramid's top."""


def generator_loss(kind: str, fake: tf.Tensor) -> tf.Tensor:
    """Loss of the generator, a scalar, from the scores (N, 1) of its faces."""
    return tf.reduce_mean(tf.nn.softplus(-fake) if kind == "logistic" else -fake)


def discriminator_loss(kind: str, real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    """Loss of the discriminator, a scalar, from the scores (N, 1) of real and made faces; penalties apart."""
    if kind == "logistic":
        return tf.reduce_mean(tf.nn.softplus(fake)) + tf.reduce_mean(tf.nn.softplus(-real))
    return tf.reduce_mean(fake) - tf.reduce_mean(real) + DRIFT * tf.reduce_mean(tf.square(real))


def pyramid_distance(made: tf.Tensor, real: tf.Tensor, squares: tf.Tensor | float = 0.0) -> tf.Tensor:
    """Mean difference of pictures (N, H, W, C), summed over their pyramid down to 8 pixels; a scalar.

    Args:
        made, real: the pictures.
        squares: weight of squared differences beside absolute ones. What the network cannot tell yet (who wears
            glasses) it draws as the median of the faces where absolute differences count, so not at all; as their mean
            where squared ones do.
    """
    gap = made - real
    total = _size(gap, squares)
    while gap.shape[1] > SMALLEST:
        gap = tf.nn.avg_pool2d(gap, 2, 2, "VALID")
        total += _size(gap, squares)
    return total


def perceptual_distance(made: Sequence[tf.Tensor], real: Sequence[tf.Tensor]) -> tf.Tensor:
    """How differently a network sees two batches of pictures: 0 for the same, a scalar.

    Args:
        made, real: what the network makes of them on its way, each (N, ...), as a scorer gives its layers.

    Returns:
        The squared difference as a share of the squares of what is seen of the real ones, mean over layers.
    """
    pairs = [(tf.cast(a, tf.float32), tf.cast(b, tf.float32)) for a, b in zip(made, real, strict=True)]
    shares = [tf.reduce_mean(tf.square(a - b)) / (tf.reduce_mean(tf.square(b)) + 1e-8) for a, b in pairs]
    return tf.add_n(shares) / len(shares)


def _size(gap: tf.Tensor, squares: tf.Tensor | float) -> tf.Tensor:
    return tf.reduce_mean(tf.abs(gap)) + squares * tf.reduce_mean(tf.square(gap))


def r1_penalty(critic: Critic, real: tf.Tensor) -> tf.Tensor:
    """Half the mean squared gradient of the scores with respect to real pictures (N, H, W, C)."""
    with tf.GradientTape() as tape:
        tape.watch(real)
        total = tf.reduce_sum(critic(real))
    gradient = tape.gradient(total, real)
    return 0.5 * tf.reduce_mean(tf.reduce_sum(tf.square(gradient), axis=(1, 2, 3)))


def gradient_penalty(critic: Critic, real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    """Mean squared distance from 1 of the gradient's norm, at random mixtures of real and made pictures."""
    share = tf.random.uniform((tf.shape(real)[0], 1, 1, 1))
    mixed = real + (fake - real) * share
    with tf.GradientTape() as tape:
        tape.watch(mixed)
        total = tf.reduce_sum(critic(mixed))
    gradient = tape.gradient(total, mixed)
    norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=(1, 2, 3)) + 1e-12)
    return tf.reduce_mean(tf.square(norm - 1.0))
