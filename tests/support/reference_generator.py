"""A second implementation of NVIDIA's `G_paper` in NumPy alone, written from the paper and the format's description.

It shares no code with the serving networks. It is slow, in float64, with one loop per kernel tap, so that it can be
compared with the description. Pictures are channels first here, as in the original.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dashboard.synthesis.config import GeneratorConfig


def reference_generator(
    config: GeneratorConfig, variables: Mapping[str, np.ndarray], latents: np.ndarray, labels: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Compute the network's picture of latents.

    Args:
        config: of the network.
        variables: by the original's names, as stored.
        latents: (N, latent_size).
        labels: (N, label_size), zeros if None.

    Returns:
        "image" (N, H, W, C) and the activations "block4" (N, 4, 4, c), "block8" ..., float64, channels last.
    """
    network = _Reference(config, {name: np.asarray(v, np.float64) for name, v in variables.items()})
    if labels is None:
        labels = np.zeros((len(latents), config.label_size))
    return network.run(np.concatenate([latents, labels], axis=1).astype(np.float64))


class _Reference:
    def __init__(self, config: GeneratorConfig, variables: dict[str, np.ndarray]) -> None:
        self.config, self.variables = config, variables

    def run(self, x: np.ndarray) -> dict[str, np.ndarray]:
        top = int(np.log2(self.config.resolution))
        if self.config.normalize_latents:
            x = x / np.sqrt(np.mean(x**2, axis=1, keepdims=True) + self.config.pixelnorm_epsilon)
        x = x @ self.weight("4x4/Dense/weight", gain=np.sqrt(2) / 4)
        x = x.reshape(len(x), -1, 4, 4)
        x = self.act(x, "4x4/Dense/bias")
        x = self.act(convolve(x, self.weight("4x4/Conv/weight")), "4x4/Conv/bias")
        outputs = {"block4": x}
        images = {top - 2: self.to_rgb(x, top - 2)}
        for r in range(3, top + 1):
            name = f"{2**r}x{2**r}"
            if f"{name}/Conv0_up/weight" in self.variables:
                x = transposed(x, self.weight(f"{name}/Conv0_up/weight"))
                x = self.act(x, f"{name}/Conv0_up/bias")
            else:
                x = convolve(double(x), self.weight(f"{name}/Conv0/weight"))
                x = self.act(x, f"{name}/Conv0/bias")
            x = self.act(convolve(x, self.weight(f"{name}/Conv1/weight")), f"{name}/Conv1/bias")
            outputs[f"block{2**r}"] = x
            images[top - r] = self.to_rgb(x, top - r)
        outputs["image"] = self.show(images, float(np.clip(self.variables["lod"], 0, top - 2)))
        return {name: value.transpose(0, 2, 3, 1) for name, value in outputs.items()}

    def weight(self, name: str, gain: float = float(np.sqrt(2))) -> np.ndarray:
        stored = self.variables[name]
        if not self.config.use_wscale:
            return stored
        # Conv0_up is stored as height, width, out, in; every other kernel ends with out.
        fan_in = stored.size / stored.shape[2 if "Conv0_up" in name else -1]
        return stored * gain / np.sqrt(fan_in)

    def act(self, x: np.ndarray, bias: str) -> np.ndarray:
        x = x + self.variables[bias][:, None, None]
        x = np.where(x > 0, x, x * (0.2 if self.config.use_leakyrelu else 0.0))
        if self.config.use_pixelnorm:
            x = x / np.sqrt(np.mean(x**2, axis=1, keepdims=True) + self.config.pixelnorm_epsilon)
        return x

    def to_rgb(self, x: np.ndarray, lod: int) -> np.ndarray:
        kernel = self.weight(f"ToRGB_lod{lod}/weight", gain=1.0)[0, 0]
        return np.einsum("nchw,cd->ndhw", x, kernel) + self.variables[f"ToRGB_lod{lod}/bias"][:, None, None]

    def show(self, images: dict[int, np.ndarray], lod: float) -> np.ndarray:
        fine, share = int(np.floor(lod)), lod % 1.0
        image = images[fine]
        if share:
            image = (1 - share) * image + share * double(images[fine + 1])
        for _ in range(fine):
            image = double(image)
        return image


def double(x: np.ndarray) -> np.ndarray:
    """Enlarge twice by nearest neighbour: (N, C, H, W) to (N, C, 2H, 2W)."""
    return x.repeat(2, axis=2).repeat(2, axis=3)


def convolve(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolve 3x3 (not flipped, zeros around) (N, I, H, W) with (3, 3, I, O) to (N, O, H, W)."""
    height, width = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return sum(
        np.einsum("nihw,io->nohw", padded[:, :, dy : dy + height, dx : dx + width], kernel[dy, dx])
        for dy in range(3)
        for dx in range(3)
    )  # type: ignore[return-value]


def transposed(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the fused form, (N, I, H, W) with (3, 3, O, I) to (N, O, 2H, 2W): each pixel adds a kernel at twice its
    position.

    The 4x4 kernel is the 3x3 one padded by one, plus itself shifted by one down, right and both.
    """
    padded = np.pad(kernel, ((1, 1), (1, 1), (0, 0), (0, 0)))
    wide = padded[1:, 1:] + padded[:-1, 1:] + padded[1:, :-1] + padded[:-1, :-1]
    n, _, height, width = x.shape
    result = np.zeros((n, kernel.shape[2], 2 * height + 2, 2 * width + 2))
    for dy in range(4):
        for dx in range(4):
            stamp = np.einsum("nihw,oi->nohw", x, wide[dy, dx])
            result[:, :, dy : dy + 2 * height : 2, dx : dx + 2 * width : 2] += stamp
    # "SAME": a 4x4 kernel at stride 2 reaches one pixel over each edge.
    return result[:, :, 1:-1, 1:-1]
