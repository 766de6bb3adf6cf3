"""What all runners of jobs share: names of results, stored results, estimates, and inline jobs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import prometheus_client

from dashboard.errors import Busy, Forbidden
from dashboard.jobs.durations import Durations
from dashboard.jobs.inline_job import InlineWork
from dashboard.jobs.job_context import JobSpec
from dashboard.jobs.registry import Kind, kind_of, named
from dashboard.jobs.warm_workers import WarmWorkers
from dashboard.stores.ports import ResultStore
from dashboard.stores.result import Origin, Result, model_parts
from dashboard.stores.shipped_results import find_shipped
from dashboard.synthesis.core import Core
from dashboard.synthesis.engine import EngineKind
from dashboard.synthesis.model import Model

EXTENSION = "likeness-jobs"
"""Key of the runner in a Flask application's extensions."""

RUNNING = 2
"""Number of concurrent jobs, each with one thread; the rest are queued."""

WAITING = 8
"""Length limit of the queue; further jobs are refused."""

ENDED = prometheus_client.Counter("likeness_jobs_ended_total", "Jobs that ended, by kind and how.", ("kind", "state"))

log = logging.getLogger(__name__)


class Computations:
    """The base of every runner.

    Args:
        results: the store of results.
        engine: the setting.
        blobs: folder of compiled networks, or None.
        home: LIKENESS_HOME, or None if nothing is stored.
        core_of: returns the server's exact engine of a model, for inline jobs; None for no inline jobs.
        per_visitor: limit of waiting and running jobs per visitor; 0 for none.
    """

    def __init__(
        self,
        results: ResultStore,
        engine: EngineKind,
        blobs: Path | None,
        home: Path | None = None,
        core_of: Callable[[Model], Core] | None = None,
        per_visitor: int = 0,
    ) -> None:
        self._core_of, self._hand = core_of, threading.Lock()
        self._results, self._blobs, self._home = results, blobs, home
        self._engine: EngineKind = engine
        self._per_visitor = per_visitor
        self._workers = WarmWorkers()
        self._durations = Durations(home)

    def kept(self, kind: str, model: Model, params: dict[str, Any]) -> Result | None:
        """Return a stored result without starting a job.

        Raises:
            InputError: as for :meth:`start`.
        """
        found, origin = named_result(kind, model, params)
        return self._kept(origin, model, found.loose)

    def _kept(self, origin: Origin, model: Model, loose: tuple[str, ...] = ()) -> Result | None:
        """Return the result shipped with the model, or else the one computed here."""
        return find_shipped(origin, model, loose) or self._results.find(origin)

    def _check_maker(self, origin: Origin, visitor: str, anyones: bool) -> None:
        """Raise Forbidden if another visitor requested a result, unless a caller may delete anyone's."""
        if not anyones and not self._results.is_maker(origin, visitor):
            raise Forbidden(
                "Expected the visitor who started this job, or an administrator. Received: another visitor. "
                "Nothing was deleted.",
                "role",
            )

    def _spec_of(self, found: Kind, origin: Origin, model: Model) -> JobSpec:
        """Return the specification of a job for its process."""
        blobs = str(self._blobs) if self._blobs else None
        home = str(self._home) if self._home else None
        return JobSpec(found.run, origin, str(model.path), self._engine, blobs, home, found.stays)

    def _work_of(self, found: Kind, origin: Origin, model: Model) -> tuple[str, float]:
        """Return the key of jobs of equal duration on one machine, and the seconds of this one on the reference
        machine.
        """
        params = dict(origin.params)
        first = found.stays and not self._workers.ready
        alike = (params[name] for name in found.alike if name in params)
        key = " ".join(map(str, (origin.kind, origin.model[0], self._engine, *alike, *(["first"] if first else []))))
        return key, found.reference(params, model) + (found.first if first else 0.0)

    def _run_inline(self, found: Kind, origin: Origin, model: Model, visitor: str) -> None:
        """Run a short job in this thread and store its result; start a normal job if it is running already or the queue
        is full.
        """
        if self._core_of is None or not self._hand.acquire(blocking=False):
            return
        part = None
        try:
            part = self._results.begin(origin)
            work = InlineWork(origin, part, model, self._core_of(model))
            named(found.run)(work)
            work.done()
            self._results.finish(part, origin, visitor)
        except (Busy, OSError) as error:
            log.debug("%s runs as a job instead: %s", found.title, error)
        finally:
            if part is not None:
                self._results.drop(part)
            self._hand.release()


def named_result(kind: str, model: Model, params: dict[str, Any]) -> tuple[Kind, Origin]:
    """Return a kind by its name, and the key of its result for these parameters."""
    found = kind_of(kind)
    return found, Origin(kind, found.version, model_parts(model), found.canonical(params, model))
