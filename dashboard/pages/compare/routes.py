"""Addresses of the Compare page: a sheet of faces as the page lays it out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from dashboard.sheets.plan import read_faces, read_plan
from dashboard.sheets.sheet import Sheet, sheet_of
from dashboard.synthesis.model import Model


def compare_blueprint(model_of: Callable[[str | None], Model]) -> Blueprint:
    """The routes.

    Args:
        model_of: gives a model by its name, None for the default one; raises NotFound where there is none.

    Returns:
        A blueprint; errors of the tree in `dashboard.errors` are for the application to answer.
    """
    blueprint = Blueprint("compare", __name__, url_prefix="/compare")

    @blueprint.get("/sheet.json")
    def sheet() -> Response:
        """A sweep, a grid or a mix: its headings, and the face of every place. No face is made for it."""
        model = model_of(request.args.get("model"))
        plan, problem = read_plan(request.args, model)
        if problem is not None:
            raise problem
        found = sheet_of(plan, read_faces(request.args.get("faces", ""), model), model)
        answer = Response(json.dumps(as_json(found), allow_nan=False), mimetype="application/json")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return blueprint


def as_json(sheet: Sheet) -> dict[str, Any]:
    """A sheet as plain values.

    Returns:
        title, columns, and rows of {title, note, locked, cells: [{face, words, reason}]}; face is null where it cannot
        be written down.
    """
    return {
        "title": sheet.title,
        "columns": list(sheet.columns),
        "rows": [
            {
                "title": row.title,
                "note": row.note,
                "locked": row.locked,
                "cells": [
                    {"face": str(cell.face) if cell.face else None, "words": cell.words, "reason": cell.reason}
                    for cell in row.cells
                ],
            }
            for row in sheet.rows
        ],
    }
