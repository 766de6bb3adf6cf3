"""The context of a job's function: parameters, the model, an engine, and methods to report progress."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.errors import NotFound
from dashboard.stores.result import Origin
from dashboard.stores.result_writer import Writer
from dashboard.synthesis.engine import Engine, EngineKind, Precision
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine

THREADS = 1
"""Threads of a job's computations: the other cores serve faces."""


@dataclass(frozen=True)
class JobSpec:
    """The specification of a job, as sent to a worker process.

    Args:
        run: the kind's function, "module:function".
        origin: the key of the result.
        model: the model's folder.
        engine: the setting.
        blobs: folder of compiled networks, or None.
        home: LIKENESS_HOME, whose library has extra directions and stored latents; or None.
        stays: whether the process waits for another job afterwards.
    """

    run: str
    origin: Origin
    model: str
    engine: EngineKind
    blobs: str | None
    home: str | None = None
    stays: bool = False

    def text(self, folder: Path) -> str:
        """Encode the specification and the folder of the result as one line."""
        return json.dumps({"folder": str(folder), **asdict(self)})

    @classmethod
    def read(cls, line: str) -> tuple[JobSpec, Path]:
        """Read the spec and the folder from a line of :meth:`text`."""
        fields = json.loads(line)
        return cls.of(fields), Path(fields["folder"])

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> JobSpec:
        """Read the spec from plain values, as `dataclasses.asdict` returns them."""
        origin = fields["origin"]
        origin = Origin(origin["kind"], origin["version"], tuple(origin["model"]), origin["params"])
        return cls(
            fields["run"], origin, fields["model"], fields["engine"], fields["blobs"], fields["home"], fields["stays"]
        )


class Work:
    """The context of one running job.

    Args:
        spec: the specification.
        folder: for the result.
        tell: sends a message to the server.

    Attributes:
        params: canonical parameters, as returned by the kind's check.
    """

    def __init__(self, spec: JobSpec, folder: Path, tell: Callable[[dict[str, Any]], None]) -> None:
        self._spec, self._folder, self._tell = spec, folder, tell
        self._writer = Writer(folder, spec.origin)
        self.params = dict(spec.origin.params)

    @functools.cache  # noqa: B019 - one work a process
    def model(self) -> Model:
        """Return the model with the extra directions of the server's library.

        Raises:
            NotFound: its files have changed since the job was started.
        """
        model = open_model(Path(self._spec.model))
        if model.digest != self._spec.origin.model[0]:
            raise NotFound(
                f'Expected model "{model.name}" unchanged. Received: one with other files. Open the page again.'
            )
        from dashboard.library.extra_directions import Library  # imported here only: it loads the web framework

        library = Library(Path(self._spec.home) if self._spec.home else None)
        return replace(model, computed=self._folder.parent, extra_directions=library)

    @functools.cache  # noqa: B019
    def engine(self, precision: Precision = "exact") -> Engine:
        """Return an engine of this process's own.

        Args:
            precision: "exact" for analyses and exports.
        """
        blobs = Path(self._spec.blobs) if self._spec.blobs else None
        return open_engine(self.model(), self._spec.engine, precision, THREADS, blobs)

    def progress(self, fraction: float, step: str = "") -> None:
        """Report progress.

        Args:
            fraction: 0 to 1.
            step: the current step, in a few words; empty for no change.
        """
        self._tell({"fraction": min(max(float(fraction), 0.0), 1.0), **({"step": step} if step else {})})

    def keep(self, **arrays: np.ndarray) -> None:
        """Store arrays: the result, or a partial one, which can be read immediately."""
        self._tell({"stage": self._writer.keep(**arrays)})

    def file(self, name: str) -> Path:
        """Return the path to write a large file to, such as an export; it can be downloaded when the job is done."""
        return self._writer.file(name)

    def done(self) -> None:
        """Mark the result as complete; called by the runner of the job."""
        self._writer.done()
