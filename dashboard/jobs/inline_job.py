"""Inline jobs: work so short that the server does it during the request, since starting a process takes longer.

A kind's function gets this context instead of `Work`; the result is written, stored and found like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.stores.result import Origin
from dashboard.stores.result_writer import Writer
from dashboard.synthesis.core import Core
from dashboard.synthesis.model import Model
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions


class CoreEngine:
    """The server's own engine, with the lowest priority: faces on screen go first.

    Args:
        core: its queue.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def run(
        self,
        latents: np.ndarray,
        labels: np.ndarray | None = None,
        outputs: Sequence[str] = ("image",),
        options: DrawingOptions = PLAIN,
    ) -> dict[str, np.ndarray]:
        """Compute outputs for latents, as `dashboard.synthesis.engine.Engine.run` does.

        Raises:
            Busy: the queue is full.
            EngineError: the engine failed.
        """
        given = [None] * len(latents) if labels is None else labels
        made = [
            self._core.compute(latent, outputs, label, options=options)
            for latent, label in zip(latents, given, strict=True)
        ]
        return {name: np.stack([each[name] for each in made]) for name in outputs}


class InlineWork:
    """The context of an inline job.

    Args:
        origin: the key of the result.
        folder: where the result is written.
        model: the model.
        core: the queue of the model's exact engine.

    Attributes:
        params: canonical parameters, as returned by the kind's check.
    """

    def __init__(self, origin: Origin, folder: Path, model: Model, core: Core) -> None:
        self.params: dict[str, Any] = dict(origin.params)
        self._model, self._engine, self._writer = model, CoreEngine(core), Writer(folder, origin)

    def model(self) -> Model:
        """Return the model."""
        return self._model

    def engine(self, precision: str = "exact") -> CoreEngine:
        """Return the server's engine; it computes in full precision for any `precision`."""
        return self._engine

    def progress(self, fraction: float, step: str = "") -> None:
        """Ignore progress: the answer is sent when the job is complete."""

    def file(self, name: str) -> Path:
        """Return the path to write a file to."""
        return self._writer.file(name)

    def done(self) -> None:
        """Mark the result as complete."""
        self._writer.done()
