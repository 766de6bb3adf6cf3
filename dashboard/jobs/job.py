"""A job as its callers see it, and an estimate of one that has not started."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from dashboard.jobs.durations import Duration
from dashboard.jobs.shared_job import Progress


@dataclass(frozen=True)
class Job:
    """One caller's request for a result; callers who ask for the same result share the work.

    Args:
        id: unguessable; its owner may read the job's state and results, and cancel it.
        kind: of the work.
        progress: of the job.
    """

    id: str
    kind: str
    progress: Progress

    def as_json(self) -> dict[str, Any]:
        """Return the status as plain values, for the browser."""
        return {"id": self.id, "kind": self.kind, **asdict(self.progress)}


@dataclass(frozen=True)
class Outlook:
    """An estimate of a job that has not started.

    Args:
        duration: estimated; 0 seconds if its result is stored.
        job: the same job if another visitor has started it; else None.
    """

    duration: Duration
    job: Job | None

    def as_json(self) -> dict[str, Any]:
        """Return the status as plain values, for the browser."""
        return {**asdict(self.duration), "job": self.job.as_json() if self.job else None}
