"""Reports of an accelerated run: a log, sheets of samples, and held-out faces next to their renders."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from training.accelerated.compiling import Compiled
from training.shards import reduce
from training.sheets import save_sheet
from training.train.pairs import frame_of

COLUMNS = (
    "time", "stage", "elapsed", "faces", "faces a second", "faces in pool", "lod", "rate",
    "distance", "detail", "perceptual", "bands", "matched",
    "D loss", "G loss", "D patches", "G patches", "real score", "fake score", "penalty",
    "own-code PSNR", "own-code PSNR at 128",
)  # fmt: skip

SHEET = 64
"""Faces of a sheet: rows of ``RandomState(0)``, as in all sheets."""


class OwnCodes(NamedTuple):
    """Held-out faces and their reconstructions from codes, uint8 (n, R, R, 3), with the median of their PSNR.

    The noise that fills the latent differs between faces, and is the same in every measurement.
    """

    renders: np.ndarray
    made: np.ndarray
    psnr: float
    psnr_at_128: float


def own_codes(
    compiled: Compiled, arrays: dict[str, Any], images: np.ndarray, codes: np.ndarray, lod: float = 0.0
) -> OwnCodes:
    """Return held-out faces and the generator's reconstructions from their codes.

    Args:
        compiled: the stage.
        arrays: of the generator.
        images: uint8 (n, S, S, 3). codes: (n, K).
        lod: level of detail.
    """
    size = compiled.steps.course.config.latent_size
    rest = np.random.RandomState(1).randn(len(codes), size - codes.shape[1])
    latents = np.concatenate([codes, rest], axis=1).astype(np.float32) @ frame_of(size)
    made = compiled.draw(arrays, latents, lod)
    renders = reduce(images, made.shape[1])
    side = min(128, made.shape[1])
    return OwnCodes(renders, made, psnr(renders, made), psnr(reduce(renders, side), reduce(made, side)))


def psnr(ones: np.ndarray, others: np.ndarray) -> float:
    """Return the median over pictures uint8 (n, S, S, 3) of the peak signal-to-noise ratio in decibels."""
    apart = np.square(ones.astype(np.float32) - others).mean(axis=(1, 2, 3))
    return float(np.median(10.0 * np.log10(255.0**2 / np.maximum(apart, 1e-6))))


class Report:
    """The log of a run, and its sheets.

    Args:
        folder: of the run; the log continues if there is one.
        out: where sheets go.
        latent_size: of the generator.
    """

    def __init__(self, folder: Path, out: Path, latent_size: int) -> None:
        self.path, self.out = folder / "log.csv", out
        self.latents = np.random.RandomState(0).randn(SHEET, latent_size)
        self.begun = time.time()
        out.mkdir(parents=True, exist_ok=True)
        if not self.path.exists():
            self._append(list(COLUMNS))

    def line(self, stage: str, values: dict[str, float]) -> None:
        """Write a line of the log."""
        values = {**values, "time": time.time() - self.begun}
        self._append([stage if c == "stage" else f"{values[c]:.6g}" if c in values else "" for c in COLUMNS])

    def sheets(self, stage: str, compiled: Compiled, arrays: dict[str, Any], found: OwnCodes | None) -> None:
        """Write the sheet of samples, and one of held-out faces: each render with the face of its code to its right."""
        save_sheet(self.out / f"samples-{stage}.webp", compiled.draw(arrays, self.latents), 8)
        if found is not None:
            count = min(len(found.made), SHEET // 2)
            pairs = np.stack([found.renders[:count], found.made[:count]], axis=1)
            save_sheet(self.out / f"pairs-{stage}.webp", pairs.reshape(-1, *found.made.shape[1:]), 8)

    def _append(self, row: list[str]) -> None:
        with self.path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(row)
