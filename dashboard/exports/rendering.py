"""Pictures and scores of faces in batches, with progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from dashboard.faces.drawing import drawings_of
from dashboard.faces.encoding import resize
from dashboard.faces.style_mix import Drawable
from dashboard.synthesis.model import Model
from dashboard.synthesis.pixels import to_bytes
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

BATCH = 8
"""Number of faces in a batch."""


class Runs(Protocol):
    """Interface of an engine or of its queue."""

    def run(
        self,
        latents: np.ndarray,
        labels: np.ndarray | None = None,
        outputs: Sequence[str] = ("image",),
        options: DrawingOptions = PLAIN,
    ) -> dict[str, np.ndarray]:
        """Return the outputs for latents, as `dashboard.synthesis.engine.Engine.run` gives them."""
        ...


def pictures_of(faces: Sequence[Drawable], model: Model, engine: Runs, size: int) -> Iterator[np.ndarray]:
    """Yield the pictures of faces or style mixes, in the order of the faces.

    Args:
        faces: any number, all feasible.
        model, engine: the generator.
        size: edge in pixels.

    Yields:
        (size, size, 3) uint8.
    """
    for some in drawings_of(faces, model, BATCH):
        for picture in to_bytes(engine.run(some.latent, options=some.options)["image"]):
            scaled = resize(picture, size)
            yield np.broadcast_to(scaled, (size, size, 3)) if scaled.shape[2] == 1 else scaled


def scores_of(faces: Sequence[Drawable], model: Model, engine: Runs) -> Iterator[np.ndarray]:
    """Yield the scores of the pictures of faces, (S,) float32 each, in the order of the faces."""
    for some in drawings_of(faces, model, BATCH):
        yield from engine.run(some.latent, outputs=("scores",), options=some.options)["scores"]
