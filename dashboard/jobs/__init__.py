"""Jobs: long work in processes of their own, with progress, cancel, and the result on disk.

    registry.py   the kinds there are, each by the functions that check its parameters and do it
    runner.py     starts work once for all who ask, bounded; every asker has an id of his own
    job.py        what a caller learns: a job, and what to expect before it is started
    durations.py  how long jobs take on this machine
    shared_job.py one piece of work from start to end, and the process that does it
    worker.py     that process; job_context.py is what a kind's function gets there
    inline_job.py what it gets where the work is so short that the server does it itself
    kinds/        what is computed

The functions below are for callbacks: they act on the application that answers the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the process that does a job imports this package too, and needs no web framework
    from dashboard.jobs.job import Job
    from dashboard.jobs.runner import Runner
    from dashboard.stores.result import Arrays, Result


def current_jobs() -> Runner:
    """Return the jobs of the application that answers this request."""
    import flask

    from dashboard.jobs.runner import EXTENSION

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
    """Return the arrays of a job's result, or of what there is so far; see :meth:`Runner.result`."""
    return current_jobs().result(job_id)
