"""A painter whose pictures follow directly from the latent, for tests of the layers above the engines."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from dashboard.faces.encoding import Format
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions


class FakePainter:
    """Paints a ramp whose colour is the latent's first number, and counts its pictures.

    Args:
        resolution: edge of the pictures.
        numeric: the numeric class of webp pictures; png is always "fake-f32".
        before: called before each picture; may wait or raise.
    """

    def __init__(
        self, resolution: int = 32, numeric: str = "fake-f32", before: Callable[[], None] | None = None
    ) -> None:
        self.resolution = resolution
        self._numeric = numeric
        self.before = before
        self.painted: list[np.ndarray] = []
        self.forms: list[Format] = []
        self.urgent: list[bool] = []
        self.options: list[DrawingOptions] = []
        self._lock = threading.Lock()

    def numeric(self, form: Format) -> str:
        """Return the numeric class of a format."""
        return "fake-f32" if form == "png" else self._numeric

    def image(
        self, latent: np.ndarray, form: Format, urgent: bool = True, options: DrawingOptions = PLAIN
    ) -> np.ndarray:
        """Return the picture of one latent."""
        if self.before is not None:
            self.before()
        with self._lock:
            self.painted.append(latent)
            self.forms.append(form)
            self.urgent.append(urgent)
            self.options.append(options)
        ramp = np.linspace(0, 255, self.resolution, dtype=np.uint8)
        picture = np.zeros((self.resolution, self.resolution, 3), np.uint8)
        picture[:, :, 0] = ramp
        picture[:, :, 1] = ramp[:, None]
        picture[:, :, 2] = int(abs(float(np.ravel(latent)[0])) * 60) % 256
        return picture

    @property
    def previews(self) -> bool:
        """Return False: it has none."""
        return False

    def preview(self, latent: np.ndarray, urgent: bool = True, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Return the picture itself."""
        return self.image(latent, "webp", urgent, options)

    def scores(self, latent: np.ndarray, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Return the latent's first numbers, one per score of the tiny model, as predictable scores."""
        if self.before is not None:
            self.before()
        with self._lock:
            self.painted.append(latent)
        return latent[:8]
