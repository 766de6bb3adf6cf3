"""Inline jobs: work so short that the server does it during the request, since starting a process takes longer.

It is what a kind's function gets instead of `Work`, writes the same result, and is kept and found like any other.
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


class CoreEngine:
    """The server's own engine, with the lowest priority: faces on screen go first.

    Args:
        core: the queue in front of it.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def run(
        self, latents: np.ndarray, labels: np.ndarray | None = None, outputs: Sequence[str] = ("image",)
    ) -> dict[str, np.ndarray]:
        """Compute outputs for latents, as `dashboard.synthesis.engine.Engine.run` does.

        Raises:
            Busy: too many wait already.
            EngineError: the engine failed.
        """
        given = [None] * len(latents) if labels is None else labels
        made = [self._core.compute(latent, outputs, label) for latent, label in zip(latents, given, strict=True)]
        return {name: np.stack([each[name] for each in made]) for name in outputs}


class InlineWork:
    """The context of an inline job.

    Args:
        origin: what the result is kept under.
        folder: where it is written.
        model: the model.
        core: the queue in front of its exact engine.

    Attributes:
        params: canonical, as the kind's check gave them.
    """

    def __init__(self, origin: Origin, folder: Path, model: Model, core: Core) -> None:
        self.params: dict[str, Any] = dict(origin.params)
        self._model, self._engine, self._writer = model, CoreEngine(core), Writer(folder, origin)

    def model(self) -> Model:
        """Return the model."""
        return self._model

    def engine(self, precision: str = "exact") -> CoreEngine:
        """Return the server's engine; it computes exactly, whatever is asked for."""
        return self._engine

    def progress(self, fraction: float, step: str = "") -> None:
        """Ignore progress: the answer is sent when all is done."""

    def file(self, name: str) -> Path:
        """Return the path to write a file to."""
        return self._writer.file(name)

    def done(self) -> None:
        """Say that all is there."""
        self._writer.done()
