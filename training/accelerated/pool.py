"""Rendered faces on the device: shards are loaded as soon as they are written, during training."""

from __future__ import annotations

import json
import queue
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from training.accelerated.steps import Batch
from training.errors import TrainingError
from training.shards import HELD, MOST_HELD, first_face, is_held

LOOK = 0.2
"""Seconds between two checks for new shards."""

AHEAD = 6
"""Shards that are prefetched."""


class Pool:
    """Faces and their codes on the device.

    Args:
        folder: the data set, with dataset.json and codes.npy; shards may still be added.
        codes: float32 (faces, K).
        capacity: largest number of faces; later ones are ignored.
    """

    def __init__(self, folder: Path, codes: np.ndarray, capacity: int) -> None:
        fields = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
        self.folder, self.codes = folder, codes
        self.size, self.shard = int(fields["size"]), int(fields["shard"])
        capacity = min(capacity, int(fields["n"]))
        self.images = jnp.zeros((capacity + self.shard, self.size, self.size, 3), jnp.uint8)
        self.paired = jnp.zeros((capacity + self.shard, codes.shape[1]), jnp.float32)
        self.capacity, self.count = capacity, 0
        self.held: list[tuple[np.ndarray, np.ndarray]] = []
        self.numbers: list[np.ndarray] = []
        self.waiting: queue.Queue[tuple[np.ndarray, np.ndarray]] = queue.Queue(AHEAD)
        self.stop, self.error = threading.Event(), ""
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def take_in(self) -> bool:
        """Add one shard that has been read, if there is one; return whether there was."""
        if self.error:
            raise TrainingError(self.error)
        try:
            images, numbers = self.waiting.get_nowait()
        except queue.Empty:
            return False
        held = is_held(numbers)
        if sum(len(codes) for _, codes in self.held) < MOST_HELD and held.any():
            self.held.append((images[held], np.asarray(self.codes[numbers[held]])))
        images, numbers = images[~held], numbers[~held]
        count = min(len(images), self.capacity - self.count)
        if count <= 0:
            return False
        # One shape for every shard, so that it is compiled once; the next shard overwrites the excess.
        full = np.zeros((self.shard, *images.shape[1:]), np.uint8)
        codes = np.zeros((self.shard, self.codes.shape[1]), np.float32)
        full[:count], codes[:count] = images[:count], self.codes[numbers[:count]]
        self.images = _put(self.images, full, self.count)
        self.paired = _put(self.paired, codes, self.count)
        self.numbers.append(numbers[:count])
        self.count += count
        return True

    def wait(self, least: int, seconds: float) -> None:
        """Add shards until there are ``least`` faces, or all.

        Raises:
            TrainingError: they do not exist after the given seconds.
        """
        end = time.monotonic() + seconds
        while self.count < min(least, self.capacity * (HELD - 1) // HELD):
            if not self.take_in():
                time.sleep(LOOK)
            if time.monotonic() > end:
                raise TrainingError(
                    f"Expected {least} faces in {self.folder} within {seconds:.0f} seconds. Received: {self.count}. "
                    "See the render step's log."
                )

    def batch(self) -> Batch:
        """Return the data on the device, as an input of a step."""
        return Batch(self.images, self.paired, jnp.int32(self.count))

    def shapes(self) -> Batch:
        """Return the same as shapes, for compiling."""
        shape = jax.ShapeDtypeStruct
        images, codes = self.images, self.paired
        return Batch(shape(images.shape, images.dtype), shape(codes.shape, codes.dtype), shape((), jnp.int32))

    def held_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the held-out faces so far: uint8 (n, S, S, 3), and codes (n, K)."""
        images, codes = zip(*self.held, strict=True) if self.held else ([], [])
        if not images:
            return np.zeros((0, self.size, self.size, 3), np.uint8), np.zeros((0, self.codes.shape[1]), np.float32)
        return np.concatenate(images)[:MOST_HELD], np.concatenate(codes)[:MOST_HELD]

    def close(self) -> None:
        """Stop reading shards."""
        self.stop.set()

    def _read(self) -> None:
        taken: set[str] = set()
        while not self.stop.is_set():
            for path in sorted(self.folder.glob("images-*.npy")):
                if path.name in taken or self.stop.is_set():
                    continue
                try:
                    images = np.load(path, allow_pickle=False)
                except (OSError, ValueError) as error:
                    self.error = f"Expected a shard in {path.name}. Received: {error}. Remove it and render again."
                    return
                taken.add(path.name)
                if images.dtype != np.uint8 or images.shape[1:] != (self.size, self.size, 3):
                    self.error = f"Expected uint8 (n, {self.size}, {self.size}, 3) in {path.name}. Received: others."
                    return
                numbers = first_face(self.folder, path) + np.arange(len(images))
                while not self.stop.is_set():
                    try:
                        self.waiting.put((images, numbers), timeout=LOOK)
                        break
                    except queue.Full:
                        continue
            self.stop.wait(LOOK)


@partial(jax.jit, donate_argnums=0)
def _put(into: Any, part: Any, index: Any) -> Any:
    return jax.lax.dynamic_update_slice_in_dim(into, part, index, axis=0)
