"""The port of jobs: what pages and addresses ask of them, wherever they run.

Runner        one process: a queue in memory                                     runner.py
TableRunner   several processes, which share a table of jobs                     table_runner.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from dashboard.jobs.job import Job, Outlook
from dashboard.stores.result import Arrays, Result
from dashboard.synthesis.model import Model


class Jobs(Protocol):
    """Jobs: started once for all callers, each of whom gets an id of its own."""

    def start(self, kind: str, model: Model, params: dict[str, Any], visitor: str = "") -> Job:
        """Start a job, or join it; stored results are returned immediately."""
        ...

    def look(self, kind: str, model: Model, params: dict[str, Any]) -> Outlook:
        """Estimate a job's duration without starting it, and watch it if it is running."""
        ...

    def find(self, job_id: str) -> Job:
        """Return a job by its id; raise NotFound if there is none."""
        ...

    def cancel(self, job_id: str) -> Job:
        """Cancel a job; it goes on while another caller waits for it."""
        ...

    def result(self, job_id: str) -> Arrays:
        """Return the arrays of a job's result, partial or complete; empty if there are none yet."""
        ...

    def file(self, job_id: str, name: str) -> Path:
        """Return the path of a file written by a job that is done."""
        ...

    def remove(self, job_id: str, visitor: str = "", anyones: bool = False) -> None:
        """Delete the result of a job that is done; raise Forbidden if another visitor started it."""
        ...

    def kept(self, kind: str, model: Model, params: dict[str, Any]) -> Result | None:
        """Return a stored result without starting a job."""
        ...

    def counts(self) -> dict[tuple[str, str], int]:
        """Return the number of waiting and running jobs by kind and state."""
        ...

    def close(self) -> None:
        """End this process's part of the jobs."""
        ...
