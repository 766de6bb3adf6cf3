"""Addresses of the generator page that look for other faces: within chosen ranges."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import Blueprint, Response, request

from dashboard.errors import InputError
from dashboard.spaces.within import SEEDS, count, drawn, read_ranges
from dashboard.synthesis.model import Model


def finding_blueprint(model_of: Callable[[str | None], Model]) -> Blueprint:
    """The routes.

    Args:
        model_of: gives a model by its name, None for the default one; raises NotFound where there is none.

    Returns:
        A blueprint; errors of the tree in `dashboard.errors` are for the application to answer.
    """
    blueprint = Blueprint("finding", __name__, url_prefix="/find")

    @blueprint.get("/within.json")
    def within() -> Response:
        """How many faces lie within `?within=Smiling:1:4,...`; with `draw=NUMBER` the base of one of them, too."""
        model = model_of(request.args.get("model"))
        ranges = read_ranges(request.args.get("within", ""), model)
        found = count(model, ranges)
        told = {
            "matches": found.matches,
            "of": found.of,
            "by": "scores" if model.has_bank else "coordinates",
            "widen": {"name": found.widen[0], "matches": found.widen[1]} if found.widen else None,
        }
        if "draw" in request.args:
            base = drawn(model, ranges, _number(request.args["draw"]), request.args.get("now", ""))
            told["base"] = str(base) if base else None
        return _json(told)

    return blueprint


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < SEEDS):
        raise InputError(f"Expected a whole number below {SEEDS}. Received: {text[:20]}. Draw again.")
    return int(text)


def _json(value: object) -> Response:
    answer = Response(json.dumps(value, allow_nan=False), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
