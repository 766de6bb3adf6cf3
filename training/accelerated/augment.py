"""Augmentation of renders in JAX, as in ``training.label.augment``; JPEG's loss is computed without encoding files.

Source of the tables: ITU-T T.81 (JPEG), annex K; of how quality scales them: the Independent JPEG Group's library.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

LUMA = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62], [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
    ], np.float32,
)  # fmt: skip
CHROMA = np.full((8, 8), 99, np.float32)
CHROMA[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]

TO_YCC = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)


def augment(images: Any, key: Any) -> Any:
    """Augment each picture at random: shift, colour change, blur, noise and JPEG compression.

    Args:
        images: float32 (N, H, W, 3) in [-1, 1], H and W multiples of 8.
        key: random key of JAX.

    Returns:
        float32 (N, H, W, 3) in [-1, 1].
    """
    n, size = images.shape[:2]
    keys = jax.random.split(key, 8)

    def one(k: int, low: float, high: float, *shape: int) -> Any:
        return jax.random.uniform(keys[k], (n, *shape), jnp.float32, low, high)

    margin = max(size // 32, 1)
    padded = jnp.pad(images, ((0, 0), (margin, margin), (margin, margin), (0, 0)), "reflect")
    starts = jax.random.randint(keys[0], (n, 2), 0, 2 * margin + 1)
    cut = lambda picture, start: jax.lax.dynamic_slice(picture, (start[0], start[1], 0), (size, size, 3))  # noqa: E731
    x = jax.vmap(cut)(padded, starts)
    soft = x + (blur(x) - x) * one(1, 0.0, 1.0, 1, 1, 1)
    softer = soft + (blur(blur(soft)) - soft) * jnp.maximum(one(2, -1.0, 1.0, 1, 1, 1), 0.0)
    x = softer * one(3, 0.94, 1.06, 1, 1, 3) + one(4, -0.05, 0.05, 1, 1, 3)
    x = x + jax.random.normal(keys[5], x.shape) * one(6, 0.0, 0.06, 1, 1, 1)
    x = jnp.clip(x, -1.0, 1.0)
    quality, half = jax.random.uniform(keys[7], (), jnp.float32, 60.0, 95.0), n // 2
    return jnp.concatenate([jpeg(x[:half], quality), x[half:]])


def blur(images: Any) -> Any:
    """Filter pictures (N, H, W, 3) with a 3x3 binomial kernel."""
    for axis in (1, 2):
        pad = [(0, 0)] * 4
        pad[axis] = (1, 1)
        p, n = jnp.pad(images, pad, "symmetric"), images.shape[axis]
        before, here, after = (jax.lax.slice_in_dim(p, k, k + n, axis=axis) for k in range(3))
        images = 0.25 * before + 0.5 * here + 0.25 * after
    return images


def jpeg(images: Any, quality: Any) -> Any:
    """Apply JPEG's losses to pictures (N, H, W, 3) in [-1, 1], with colours at half the resolution.

    Args:
        images: H and W multiples of 16.
        quality: from 50 to 100.
    """
    scale = (200.0 - 2.0 * quality) / 100.0
    ycc = (images * 127.5) @ TO_YCC.T
    luma = _quantised(ycc[..., 0], jnp.maximum(jnp.round(LUMA * scale), 1.0))
    colours = []
    for k in (1, 2):
        n, h, w = ycc.shape[:3]
        small = ycc[..., k].reshape(n, h // 2, 2, w // 2, 2).mean(axis=(2, 4))
        small = _quantised(small, jnp.maximum(jnp.round(CHROMA * scale), 1.0))
        colours.append(small.repeat(2, axis=1).repeat(2, axis=2))
    back = jnp.stack([luma, *colours], axis=-1) @ np.linalg.inv(TO_YCC).T.astype(np.float32)
    return jnp.clip(back / 127.5, -1.0, 1.0)


def _quantised(plane: Any, table: Any) -> Any:
    """Compress a plane (N, H, W) in blocks of 8: cosine transform, rounding to multiples of the table, inverse."""
    k = np.arange(8)
    turn = np.sqrt(2.0 / 8.0) * np.cos((2 * k[None, :] + 1) * k[:, None] * np.pi / 16.0)
    turn[0] /= np.sqrt(2.0)
    turn = turn.astype(np.float32)
    n, h, w = plane.shape
    blocks = plane.reshape(n, h // 8, 8, w // 8, 8)
    found = jnp.einsum("ui,nhiwj,vj->nhuwv", turn, blocks, turn)
    table = table[:, None, :]
    found = jnp.round(found / table) * table
    return jnp.einsum("ui,nhuwv,vj->nhiwj", turn, found, turn).reshape(n, h, w)
