"""Addresses of jobs: `POST /jobs`, `/jobs/look`, `/jobs/ID/cancel`, `.../remove`; `GET /jobs/ID`, `.../files/NAME`.

Every visitor may start jobs: they change nothing stored for others, are limited, and run after all requests for faces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, send_file

from dashboard.errors import InputError
from dashboard.faces.answers import answers
from dashboard.jobs.job import Job
from dashboard.jobs.ports import Jobs
from dashboard.synthesis.model import Model
from dashboard.web.answers import JobAnswer, JobNumber, OutlookAnswer
from dashboard.web.fair_shares import take_share, visitor_key
from dashboard.web.makers import is_admin
from dashboard.web.security import own_pages


def jobs_blueprint(jobs: Jobs, model_of: Callable[[object], Model]) -> Blueprint:
    """Return the routes.

    Args:
        jobs: the jobs of this server.
        model_of: returns a model by its name, None for the default one; raises NotFound if there is none.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("jobs", __name__)

    @blueprint.post("/jobs")
    @own_pages
    @answers(JobAnswer)
    def start() -> JobAnswer:
        kind, model, params = _asked(model_of)
        take_share("exports" if kind == "export" else "jobs")
        return _answer(jobs.start(kind, model, params, visitor_key(request)))

    @blueprint.post("/jobs/look")
    @own_pages
    @answers(OutlookAnswer)
    def look() -> OutlookAnswer:
        return OutlookAnswer(**jobs.look(*_asked(model_of)).as_json())

    @blueprint.get("/jobs/<job_id>")
    @answers(JobAnswer)
    def state(job_id: str) -> JobAnswer:
        return _answer(jobs.find(job_id))

    @blueprint.post("/jobs/<job_id>/cancel")
    @own_pages
    @answers(JobAnswer)
    def cancel(job_id: str) -> JobAnswer:
        return _answer(jobs.cancel(job_id))

    @blueprint.post("/jobs/<job_id>/remove")
    @own_pages
    @answers(JobNumber)
    def remove(job_id: str) -> JobNumber:
        jobs.remove(job_id, visitor_key(request), anyones=is_admin())
        return JobNumber(id=job_id)

    @blueprint.get("/jobs/<job_id>/files/<name>")
    def file(job_id: str, name: str) -> Response:
        answer = send_file(jobs.file(job_id, name), as_attachment=True, download_name=name)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return blueprint


def _asked(model_of: Callable[[object], Model]) -> tuple[str, Model, dict[str, Any]]:
    """Return kind, model and parameters of a request's body.

    Raises:
        InputError: the body is invalid.
    """
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not isinstance(asked.get("params", {}), dict):
        raise InputError('Expected {"kind": ..., "model": ..., "params": {...}}. Received: something else.')
    return asked.get("kind", ""), model_of(asked.get("model")), asked.get("params", {})


def _answer(job: Job) -> JobAnswer:
    return JobAnswer(**job.as_json())
