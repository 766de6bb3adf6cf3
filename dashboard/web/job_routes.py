"""Addresses of jobs: `POST /jobs`, `GET /jobs/ID`, `POST /jobs/ID/cancel`, `/remove`, `GET /jobs/ID/files/NAME`.

Whoever may look may compute: jobs change nothing that is kept for others, are bounded, and go after everybody's faces.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request, send_file

from dashboard.errors import InputError
from dashboard.jobs.runner import Job, Runner
from dashboard.synthesis.model import Model
from dashboard.web.fair_shares import take_share, visitor_key
from dashboard.web.security import own_pages


def jobs_blueprint(jobs: Runner, model_of: Callable[[object], Model]) -> Blueprint:
    """The routes.

    Args:
        jobs: the jobs of this server.
        model_of: gives a model by its name, None for the default one; raises NotFound where there is none.

    Returns:
        A blueprint; errors of the tree in `dashboard.errors` are for the application to answer.
    """
    blueprint = Blueprint("jobs", __name__)

    @blueprint.post("/jobs")
    @own_pages
    def start() -> Response:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict) or not isinstance(asked.get("params", {}), dict):
            raise InputError('Expected {"kind": ..., "model": ..., "params": {...}}. Received: something else.')
        kind, model = asked.get("kind", ""), model_of(asked.get("model"))
        take_share("exports" if kind == "export" else "jobs")
        return _answer(jobs.start(kind, model, asked.get("params", {}), visitor_key(request)))

    @blueprint.get("/jobs/<job_id>")
    def state(job_id: str) -> Response:
        return _answer(jobs.find(job_id))

    @blueprint.post("/jobs/<job_id>/cancel")
    @own_pages
    def cancel(job_id: str) -> Response:
        return _answer(jobs.cancel(job_id))

    @blueprint.post("/jobs/<job_id>/remove")
    @own_pages
    def remove(job_id: str) -> Response:
        jobs.remove(job_id)
        return jsonify({"id": job_id})

    @blueprint.get("/jobs/<job_id>/files/<name>")
    def file(job_id: str, name: str) -> Response:
        answer = send_file(jobs.file(job_id, name), as_attachment=True, download_name=name)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return blueprint


def _answer(job: Job) -> Response:
    answer = jsonify(job.as_json())
    answer.headers["Cache-Control"] = "no-store"
    return answer
