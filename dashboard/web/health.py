"""`/healthz`: the process answers. `/readyz`: a face has been made, and the cache was asked."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from dashboard.serving.runtime import Runtime

NOT_KEPT = "no-store"


def health_blueprint(runtime: Runtime) -> Blueprint:
    """The two routes.

    Args:
        runtime: whose health it is.

    Returns:
        A blueprint.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return _answer({"status": "ok"}, 200)

    @blueprint.get("/readyz")
    def readyz() -> Response:
        if runtime.not_ready:
            return _answer({"error": runtime.not_ready}, 503)
        cache = "in use" if runtime.cache.in_use else "not in use"
        told = {"status": "ready", "model": runtime.model.name, "cache": cache}
        if why := runtime.degraded:
            told |= {"status": "degraded", "why": " ".join(why)}
        return _answer(told, 200)

    return blueprint


def _answer(value: dict[str, str], status: int) -> Response:
    response = jsonify(value)
    response.status_code = status
    response.headers["Cache-Control"] = NOT_KEPT
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response
