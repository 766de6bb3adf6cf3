"""The training faces as the model saw them: at its resolution, half of them mirrored."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.shards import open_shards, reduce


class Renders:
    """A data set of rendered faces, read from disk on demand.

    Args:
        folder: what the render step wrote.
        resolution: of the model, which divides that of the renders.
    """

    def __init__(self, folder: Path, resolution: int) -> None:
        self.folder, self.shards, self.resolution = folder, open_shards(folder), resolution
        self.ends = np.cumsum([len(shard) for shard in self.shards])

    def __len__(self) -> int:
        return int(self.ends[-1])

    def take(self, rows: np.ndarray, mirrored: np.ndarray) -> np.ndarray:
        """Return the pictures uint8 (n, S, S, 3) of faces by their indices, mirrored if `mirrored` (n,) is set."""
        of = np.searchsorted(self.ends, rows, side="right")
        row_in_shard = rows - np.concatenate([[0], self.ends])[of]
        size = self.shards[0].shape[1]
        found = np.empty((len(rows), size, size, 3), np.uint8)
        for shard in np.unique(of):
            chosen = np.flatnonzero(of == shard)
            found[chosen] = self.shards[shard][row_in_shard[chosen]]
        found[mirrored] = found[mirrored, :, ::-1]
        return reduce(found, self.resolution)

    def two_parts(self, count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return two disjoint sets of faces.

        Args:
            count: faces in each; fewer if there are not enough.
            seed: of the choice, and of which are mirrored.

        Returns:
            Indices (n,) of both sets, and which of each set's faces are mirrored, bool (n,).
        """
        random, n = np.random.default_rng(seed), min(count, len(self) // 2)
        order = random.permutation(len(self))
        return order[:n], order[n : 2 * n], random.random(n) < 0.5
