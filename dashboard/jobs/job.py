"""What a caller learns about a job: the job itself, and an estimate before it is started."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from dashboard.jobs.durations import Duration
from dashboard.jobs.shared_job import Progress


@dataclass(frozen=True)
class Job:
    """One caller's request for a result; callers who ask for the same result share the work.

    Args:
        id: unguessable: whoever has it may read the job's state and results, and cancel it.
        kind: of the work.
        progress: where it stands.
    """

    id: str
    kind: str
    progress: Progress

    def as_json(self) -> dict[str, Any]:
        """Return the status as plain values, for the browser."""
        return {"id": self.id, "kind": self.kind, **asdict(self.progress)}


@dataclass(frozen=True)
class Outlook:
    """What to expect of a job that was not started yet.

    Args:
        duration: how long it takes; 0 seconds where its result is kept.
        job: the same work where another visitor has started it; None otherwise.
    """

    duration: Duration
    job: Job | None

    def as_json(self) -> dict[str, Any]:
        """Return the status as plain values, for the browser."""
        return {**asdict(self.duration), "job": self.job.as_json() if self.job else None}
