"""Logs of a run: CSV lines and TensorBoard scalars at intervals, and sheets of the same faces."""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

COLUMNS = (
    "faces", "resolution", "lod", "faces a second",
    "D loss", "G loss", "real score", "fake score", "penalty", "distance", "perceptual",
    "detail", "bands", "matched", "D patches", "G patches",
)  # fmt: skip


class Log:
    """Averages scalars between lines; ``log.csv`` is appended to, so that a resumed run continues in the same table."""

    def __init__(self, folder: Path, shown: int) -> None:
        self.path, self.writer = folder / "log.csv", tf.summary.create_file_writer(str(folder / "tensorboard"))
        self.sums: dict[str, list[tf.Tensor]] = {}
        self.since, self.shown = time.monotonic(), shown
        if not self.path.exists():
            self._append(COLUMNS)

    def add(self, losses: dict[str, tf.Tensor]) -> None:
        """Add one step's scalars, without waiting for them."""
        for name, value in losses.items():
            self.sums.setdefault(name, []).append(value)

    def write(self, shown: int, resolution: int, lod: float) -> dict[str, float]:
        """Write a line for the steps since the last one and return it."""
        now = time.monotonic()
        line = {name: float(np.mean([float(v) for v in values])) for name, values in self.sums.items()}
        line |= {"faces": shown, "resolution": resolution, "lod": round(lod, 3)}
        line |= {"faces a second": (shown - self.shown) / max(now - self.since, 1e-9)}
        self.sums, self.since, self.shown = {}, now, shown
        self._append([f"{line[c]:.6g}" if c in line else "" for c in COLUMNS])
        with self.writer.as_default(step=shown):
            for name, value in line.items():
                tf.summary.scalar(name.replace(" ", "_"), value)
        self.writer.flush()
        return line

    def _append(self, row: tuple[str, ...] | list[str]) -> None:
        with self.path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(row)


def sheet(images: np.ndarray, columns: int) -> Image.Image:
    """Return the pictures side by side, row by row.

    Args:
        images: uint8 (N, H, W, C), C of 1 or 3.
        columns: pictures per row.
    """
    n, h, w, c = images.shape
    rows = -(-n // columns)
    full = np.zeros((rows * columns, h, w, c), np.uint8)
    full[:n] = images
    grid = full.reshape(rows, columns, h, w, c).swapaxes(1, 2).reshape(rows * h, columns * w, c)
    return Image.fromarray(grid.squeeze(-1) if c == 1 else grid)
