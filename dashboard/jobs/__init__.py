"""Jobs: long work in processes of their own, with progress, cancel, and the result on disk.

    registry.py   the kinds of jobs: for each, the functions that check its parameters and run it
    runner.py     starts each job once for all callers, within limits; every caller gets its own id
    job.py        what a caller gets: a job, or an estimate before it starts
    durations.py  how long jobs take on this machine
    reference_seconds.py  how long a unit of their work takes on the reference machine
    shared_job.py one job from start to end, and the process that runs it
    worker.py     that process; job_context.py is the context of a kind's function in it
    inline_job.py the context of a job so short that the server runs it itself
    kinds/        what is computed

The functions below are for callbacks: they act on the application that answers the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # worker processes import this package, too, and need no web framework
    from dashboard.jobs.job import Job
    from dashboard.jobs.ports import Jobs
    from dashboard.stores.result import Arrays, Result


def current_jobs() -> Jobs:
    """Return the jobs of the application that answers this request."""
    import flask

    from dashboard.jobs.computations import EXTENSION

    return flask.current_app.extensions[EXTENSION]


def start(kind: str, model: str | None, params: dict[str, Any]) -> Job:
    """Start a job about a model by its name, None for the default one; see :meth:`Runner.start`."""
    from dashboard.serving.runtime import current_runtime

    return current_jobs().start(kind, current_runtime().open_model(model).model, params)


def kept(kind: str, model: str | None, params: dict[str, Any]) -> Result | None:
    """Return a finished result about a model by its name, without starting anything; see :meth:`Runner.kept`."""
    from dashboard.serving.runtime import current_runtime

    return current_jobs().kept(kind, current_runtime().open_model(model).model, params)


def find(job_id: str) -> Job:
    """Return a job by its id; see :meth:`Runner.find`."""
    return current_jobs().find(job_id)


def cancel(job_id: str) -> Job:
    """Cancel a job by its id; see :meth:`Runner.cancel`."""
    return current_jobs().cancel(job_id)


def result(job_id: str) -> Arrays:
    """Return the arrays of a job's result, partial or complete; see :meth:`Runner.result`."""
    return current_jobs().result(job_id)
