"""Rendered faces as training batches: shards on disk, reduced once to the resolution that is trained."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training.errors import TrainingError

HELD = 64
"""One in this many faces is held out of training on pairs."""

MOST_HELD = 256
"""Held-out faces that are used, at most."""


def open_shards(folder: Path) -> list[np.memmap]:
    """Return the image shards of a data set, memory-mapped.

    Args:
        folder: output of ``python -m training render``.

    Returns:
        uint8 arrays (n, S, S, 3), in sequence.

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


def first_face(folder: Path, shard: Path) -> int:
    """Return the number of the first face of a shard file in its data set."""
    size = int(json.loads((folder / "dataset.json").read_text(encoding="utf-8")).get("shard", 0))
    return size * int(shard.stem.rpartition("-")[2])


def is_held(numbers: np.ndarray) -> np.ndarray:
    """Return which of the faces with these numbers are held out of training on pairs, bool."""
    return numbers % HELD == HELD - 1


def reduce(images: np.ndarray, resolution: int) -> np.ndarray:
    """Average uint8 pictures (n, S, S, C) down to (n, resolution, resolution, C).

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
    """Endless batches, shuffled, every face once an epoch.

    Args:
        folder: the data set. Shards that the render step finishes in the meantime are added between two epochs.
        resolution: of the batches; the stored faces are averaged down to it once.
        batch: faces a batch.
        seed: of shuffling and mirroring.
        codes: float32 (faces of the data set, K), or None. Without codes, half of the faces are mirrored. With codes
            none is, because a code is not symmetric, and one face in 64 is held out to measure reconstruction on.
    """

    def __init__(self, folder: Path, resolution: int, batch: int, seed: int, codes: np.ndarray | None = None) -> None:
        self.folder, self.resolution, self.codes = folder, resolution, codes
        self.taken: set[str] = set()
        self.shards: list[np.ndarray] = []
        self.rows, self.numbers = np.empty((0, 2), np.int64), np.empty(0, np.int64)
        self._take_new_shards()
        if len(self.rows) < batch:
            raise TrainingError(f"Expected at least {batch} faces, one batch. Received: {len(self.rows)}.")
        self.batch, self.random = batch, np.random.default_rng(seed)
        self.order = np.empty(0, np.int64)

    def _take_new_shards(self) -> None:
        """Add the shards not read yet: pictures uint8 (n, resolution, resolution, 3), for each face its shard and row,
        and its number in the data set. Pictures that are not reduced stay on disk, memory-mapped.
        """
        for shard in open_shards(self.folder):
            path = Path(str(shard.filename))
            if path.name in self.taken:
                continue
            self.taken.add(path.name)
            rows = np.arange(len(shard))
            numbers = first_face(self.folder, path) + rows
            if self.codes is not None:
                rows, numbers = rows[~is_held(numbers)], numbers[~is_held(numbers)]
            own = np.full_like(rows, len(self.shards))
            self.shards.append(reduce(shard, self.resolution))
            self.rows = np.concatenate([self.rows, np.stack([own, rows], axis=1)])
            self.numbers = np.concatenate([self.numbers, numbers])

    def next(self, lod: float = 0.0) -> tuple[np.ndarray, np.ndarray | None]:
        """Return the next batch, float32 (batch, H, W, C) in [-1, 1], and its codes (batch, K), if there are codes.

        Args:
            lod: from 0 to 1, share of the half-resolution picture in the blend, as in the generator.
        """
        if len(self.order) < self.batch:
            self._take_new_shards()
            self.order = self.random.permutation(len(self.rows))
        chosen, self.order = self.order[: self.batch], self.order[self.batch :]
        found = np.stack([self.shards[shard][row] for shard, row in self.rows[chosen]])
        images = found.astype(np.float32) / 127.5 - 1.0
        codes = None if self.codes is None else np.asarray(self.codes[self.numbers[chosen]])
        if codes is None:
            mirrored = self.random.random(self.batch) < 0.5
            images[mirrored] = images[mirrored, :, ::-1]
        return (images if lod == 0.0 else coarsen(images, lod)), codes


def coarsen(images: np.ndarray, lod: float) -> np.ndarray:
    """Mix pictures (N, H, W, C) with themselves at half the resolution; ``lod`` from 0 (as they are) to 1."""
    n, h, w, c = images.shape
    half = images.reshape(n, h // 2, 2, w // 2, 2, c).mean(axis=(2, 4))
    return images + (half.repeat(2, axis=1).repeat(2, axis=2) - images) * np.float32(lod)
