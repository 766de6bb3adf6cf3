"""`/healthz`: the process is alive. `/readyz`: a face was generated, and the cache works."""

from __future__ import annotations

from flask import Blueprint, Response

from dashboard.faces.answers import json_answer
from dashboard.serving.runtime import Runtime
from dashboard.web.answers import ErrorAnswer, HealthAnswer, ReadyAnswer


def health_blueprint(runtime: Runtime) -> Blueprint:
    """Return the two routes.

    Args:
        runtime: whose health it is.

    Returns:
        A blueprint.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return json_answer(HealthAnswer(status="ok"))

    @blueprint.get("/readyz")
    def readyz() -> Response:
        if runtime.not_ready:
            response = json_answer(ErrorAnswer(error=runtime.not_ready), status=503)
            response.headers["Retry-After"] = "1"
            return response
        cache = "in use" if runtime.cache.in_use else "not in use"
        if why := runtime.degraded:
            return json_answer(ReadyAnswer(status="degraded", model=runtime.model.name, cache=cache, why=" ".join(why)))
        return json_answer(ReadyAnswer(status="ready", model=runtime.model.name, cache=cache))

    return blueprint
