"""Previews: small pictures of a large generator during a drag, computed by its first blocks.

A block's activations determine the finished picture at the block's size nearly linearly. The read-out is a
least-squares fit of each pixel of finished pictures, averaged to that size, on the block's activations there. A
progressively grown network brings such read-outs in its file, but they have not been trained since the blocks above
them were added, and other families bring none.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.synthesis.families import NetworkConfig

SIDE = 128
"""Pixels a side of a preview."""

LEAST_RESOLUTION = 512
"""Smallest resolution with previews: below, a full picture takes about as long."""

FACES = 6
"""Faces for the read-out: fitted on the first, tested on the last ones."""

HELD_OUT = 2
"""Faces that the read-out is tested on."""

LEAST_PSNR = 20.0
"""Smallest PSNR in decibels of a usable read-out, on the test faces."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class ReadOut:
    """A linear map from a block's activations to a picture.

    Args:
        weights: (C + 1, channels), the last row added.
        psnr: decibels, against finished pictures that it was not fitted on, averaged to its size.
    """

    weights: Floats
    psnr: float

    @property
    def faithful(self) -> bool:
        """Whether previews are similar enough to the picture."""
        return self.psnr >= LEAST_PSNR

    def written(self) -> bytes:
        """Return it as a file's bytes; `read` reads them."""
        file = io.BytesIO()
        np.savez(file, weights=self.weights, psnr=np.array(self.psnr))
        return file.getvalue()

    @classmethod
    def read(cls, content: bytes) -> ReadOut | None:
        """Return the read-out in a file's bytes; None for other content."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                return cls(np.asarray(file["weights"], np.float32), float(file["psnr"]))
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return None

    def __call__(self, activations: Floats) -> Floats:
        """Return pictures (N, h, w, channels) of activations (N, h, w, C)."""
        return activations @ self.weights[:-1] + self.weights[-1]


def preview_block(config: NetworkConfig) -> str | None:
    """Return the activations that previews are read from, "block128"; None for a network that needs or has none."""
    return f"block{SIDE}" if config.resolution >= LEAST_RESOLUTION and "block4" in config.activations else None


def fit_read_out(activations: Floats, pictures: Floats) -> ReadOut:
    """Fit a read-out.

    Args:
        activations: (N, h, w, C), N above `HELD_OUT`.
        pictures: (N, H, W, channels) of the same faces, H a multiple of h.

    Returns:
        The read-out, fitted on all but the last faces and tested on these.
    """
    count, side, channels = len(activations), activations.shape[1], pictures.shape[-1]
    times = pictures.shape[1] // side
    small = pictures.reshape(count, side, times, side, times, channels).mean((2, 4))
    fitted = count - HELD_OUT
    columns = np.concatenate([activations, np.ones((*activations.shape[:3], 1), np.float32)], axis=-1)
    a = columns[:fitted].reshape(-1, columns.shape[-1]).astype(np.float64)
    b = small[:fitted].reshape(-1, channels).astype(np.float64)
    weights = np.linalg.lstsq(a.T @ a, a.T @ b, rcond=None)[0].astype(np.float32)
    error = np.clip(columns[fitted:] @ weights, -1, 1) - np.clip(small[fitted:], -1, 1)
    return ReadOut(weights, float(10 * np.log10(4 / max(float(np.square(error).mean()), 1e-12))))
