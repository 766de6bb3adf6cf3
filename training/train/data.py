"""Rendered faces as training batches: shards on disk, reduced once to the resolution that is trained."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training.errors import TrainingError


def open_shards(folder: Path) -> list[np.memmap]:
    """The image shards of a data set, memory-mapped.

    Args:
        folder: what ``python -m training render`` wrote.

    Returns:
        uint8 arrays (n, S, S, 3), in order.

    Raises:
        TrainingError: no data set, or a shard of another shape or type.
    """
    paths = sorted(folder.glob("images-*.npy"))
    if not (folder / "dataset.json").is_file() or not paths:
        raise TrainingError(
            f"Expected a data set in {folder}. Received: no dataset.json with images-*.npy. Run the render step first."
        )
    size = int(json.loads((folder / "dataset.json").read_text(encoding="utf-8"))["size"])
    shards = [np.load(path, mmap_mode="r", allow_pickle=False) for path in paths]
    for path, shard in zip(paths, shards, strict=True):
        if shard.dtype != np.uint8 or shard.ndim != 4 or shard.shape[1:] != (size, size, 3):
            raise TrainingError(
                f"Expected {path.name} to hold uint8 (n, {size}, {size}, 3). Received: {shard.dtype} {shard.shape}."
            )
    return shards


def reduce(images: np.ndarray, resolution: int) -> np.ndarray:
    """uint8 pictures (n, S, S, C) averaged down to (n, resolution, resolution, C).

    Raises:
        TrainingError: ``resolution`` does not divide S.
    """
    n, size, _, channels = images.shape
    if size % resolution:
        raise TrainingError(
            f"Expected faces of a multiple of {resolution} pixels. Received: {size}. Render them larger."
        )
    k = size // resolution
    if k == 1:
        return np.asarray(images)
    boxes = images.reshape(n, resolution, k, resolution, k, channels)
    return ((boxes.sum(axis=(2, 4), dtype=np.uint32) + k * k // 2) // (k * k)).astype(np.uint8)


class Faces:
    """Endless batches in random order, every face once an epoch, half of them mirrored.

    Shards that the render step finishes in the meantime are taken in between two epochs.
    """

    def __init__(self, folder: Path, resolution: int, batch: int, seed: int) -> None:
        self.folder, self.resolution = folder, resolution
        self.taken: set[str] = set()
        self.images = self._new_images()
        if len(self.images) < batch:
            raise TrainingError(f"Expected at least {batch} faces, one batch. Received: {len(self.images)}.")
        self.batch, self.random = batch, np.random.default_rng(seed)
        self.order = np.empty(0, np.int64)

    def _new_images(self) -> np.ndarray:
        """The faces of shards that have not been read yet, uint8 (n, resolution, resolution, C)."""
        new = [shard for shard in open_shards(self.folder) if str(shard.filename) not in self.taken]
        self.taken |= {str(shard.filename) for shard in new}
        return np.concatenate([reduce(shard, self.resolution) for shard in new]) if new else np.empty(0, np.uint8)

    def next(self, lod: float = 0.0) -> np.ndarray:
        """The next batch, float32 (batch, H, W, C) in [-1, 1].

        Args:
            lod: from 0 to 1, how much of the picture is as coarse as half the resolution, as the generator's is then.
        """
        if len(self.order) < self.batch:
            if len(new := self._new_images()):
                self.images = np.concatenate([self.images, new])
            self.order = self.random.permutation(len(self.images))
        chosen, self.order = self.order[: self.batch], self.order[self.batch :]
        images = self.images[chosen].astype(np.float32) / 127.5 - 1.0
        mirrored = self.random.random(self.batch) < 0.5
        images[mirrored] = images[mirrored, :, ::-1]
        return images if lod == 0.0 else coarsen(images, lod)


def coarsen(images: np.ndarray, lod: float) -> np.ndarray:
    """Pictures (N, H, W, C) mixed with themselves at half the resolution; ``lod`` from 0 (as they are) to 1."""
    n, h, w, c = images.shape
    half = images.reshape(n, h // 2, 2, w // 2, 2, c).mean(axis=(2, 4))
    return images + (half.repeat(2, axis=1).repeat(2, axis=2) - images) * np.float32(lod)
