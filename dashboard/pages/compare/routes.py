"""Addresses of the Compare page: the data of a sheet of faces."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, request

from dashboard.faces.answers import REVALIDATED, answers
from dashboard.sheets.plan import read_faces, read_plan
from dashboard.sheets.sheet import Sheet, sheet_of
from dashboard.synthesis.model import Model
from dashboard.web.answers import SheetAnswer, SheetCell, SheetRow


def compare_blueprint(model_of: Callable[[str | None], Model]) -> Blueprint:
    """Return the routes.

    Args:
        model_of: returns a model by its name, None for the default one; raises NotFound if there is none.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("compare", __name__, url_prefix="/compare")

    @blueprint.get("/sheet.json")
    @answers(SheetAnswer, REVALIDATED)
    def sheet() -> SheetAnswer:
        """Answer with a sheet: its headings, and the face or the style mix of every cell. No face is generated."""
        model = model_of(request.args.get("model"))
        plan, problem = read_plan(request.args, model)
        if problem is not None:
            raise problem
        return _answer(sheet_of(plan, read_faces(request.args.get("faces", ""), model), model))

    return blueprint


def _answer(sheet: Sheet) -> SheetAnswer:
    """Return the answer for a sheet; a cell without a face string has no face."""
    rows = [
        SheetRow(
            title=row.title,
            note=row.note,
            locked=bool(row.locked),
            cells=[
                SheetCell(face=str(cell.face) if cell.face else None, words=cell.words, reason=cell.reason)
                for cell in row.cells
            ],
        )
        for row in sheet.rows
    ]
    return SheetAnswer(title=sheet.title, columns=list(sheet.columns), rows=rows)
