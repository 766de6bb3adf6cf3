"""Export of compared faces and sheets: a file made in full precision."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from dashboard.exports.animation import Animation, frame_of, frame_order, moving, step_of
from dashboard.exports.export_request import ANIMATED, Export, read_export
from dashboard.exports.html_export import html_page
from dashboard.exports.image_export import SheetLayout, draw
from dashboard.exports.rendering import pictures_of, scores_of
from dashboard.exports.table_export import states_table
from dashboard.faces.encoding import resize
from dashboard.faces.scores import BankScale
from dashboard.faces.style_mix import Drawable
from dashboard.jobs.job_context import Work
from dashboard.jobs.reference_seconds import reference_seconds
from dashboard.sheets.sheet import Sheet
from dashboard.synthesis.model import Model

Position = tuple[int, int]


def check(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters of an export, as `dashboard.exports.export_request.read_export` takes them, without those
    that have no effect.

    Raises:
        LikenessError: a parameter is invalid, or the export is over a limit.
    """
    return read_export(params, model).params


def is_brief(params: dict[str, Any], model: Model) -> bool:
    """Return whether canonical parameters are for a file small enough to be made during the request."""
    return read_export(params, model).brief(model)


def seconds(params: dict[str, Any], model: Model) -> float:
    """Return the seconds on the reference machine: every face is generated once, every frame drawn."""
    export = read_export(params, model)
    sheet = export.sheet(model)
    made = drawn = len(sheet.faces)
    if export.form in ANIMATED:
        made = len(sheet.rows) * export.frames
        drawn = made * (2 if export.back else 1)
    generated, shown = made * model.config.resolution**2 / 1e6, drawn * export.size**2 / 1e6
    return reference_seconds("export") * generated + reference_seconds("export drawn") * shown


def run(work: Work) -> None:
    """Make the file."""
    model = work.model()
    export = read_export(work.params, model)
    if export.form in ANIMATED:
        _write_animation(work, export, model)
    elif export.form == "csv":
        _table(work, export, model)
    else:
        _write_sheet(work, export, model)


def _write_sheet(work: Work, export: Export, model: Model) -> None:
    """Write all faces as one image or as a page."""
    sheet = export.sheet(model)
    positions, faces = _possible(sheet)
    made = pictures_of(faces, model, work.engine("exact"), export.size)
    pictures = dict(zip(positions, _with_progress(work, made, len(faces), "faces"), strict=True))
    path = work.file(export.name)
    if export.form == "html":
        path.write_text(html_page(export, sheet, model, pictures), encoding="utf-8")
    else:
        layout = SheetLayout(sheet, export.size, captions=export.what == "faces")
        draw(layout, pictures, foot=_foot(model)).save(path, "PNG", compress_level=6)


def _table(work: Work, export: Export, model: Model) -> None:
    """Write a table of latents, coordinates, and scores where the model has a scorer."""
    sheet, scores = export.sheet(model), None
    if model.has_scorer and model.has_bank:
        scale, (positions, faces) = BankScale(model), _possible(sheet)
        read = _with_progress(work, scores_of(faces, model, work.engine("exact")), len(faces), "faces")
        scores = {position: scale.standard(each) for position, each in zip(positions, read, strict=True)}
    # Spreadsheets recognise UTF-8 by the byte order mark.
    work.file(export.name).write_text(states_table(sheet, model, scores), encoding="utf-8-sig")


def _write_animation(work: Work, export: Export, model: Model) -> None:
    """Write an animation frame by frame; faces kept for the way back are stored at the model's own size at most."""
    work.progress(0.0, "Computing the frames")
    sheet = moving(export, model)
    frames = [frame_of(sheet, at) for at in range(len(sheet.columns))]
    order = list(frame_order(len(frames), export.back))
    faces = [face for frame in frames for face in _possible(frame)[1]]
    made = pictures_of(faces, model, work.engine("exact"), min(export.size, model.config.resolution))
    kept: dict[int, dict[Position, np.ndarray]] = {}
    extent = SheetLayout(frames[0], export.size, stepped=True).extent
    with Animation(work.file(export.name), export.form, export.rate, extent) as animation:
        for done, at in enumerate(order, 1):
            if at not in kept:
                positions, _ = _possible(frames[at])
                kept[at] = dict(zip(positions, islice(made, len(positions)), strict=True))
            shown = kept[at] if export.back else kept.pop(at)
            pictures = {position: resize(picture, export.size) for position, picture in shown.items()}
            step = step_of(export, sheet.columns[at])
            layout = SheetLayout(frames[at], export.size, stepped=True)
            animation.add(np.asarray(draw(layout, pictures, step, _foot(model))))
            work.progress(0.98 * done / len(order), f"{done:,} of {len(order):,} frames")


def _possible(sheet: Sheet) -> tuple[list[Position], list[Drawable]]:
    """Return the positions of the feasible faces, and the faces."""
    found = {
        (row, column): cell.face
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells.cells)
        if cell.face is not None and not cell.reason
    }
    return list(found), list(found.values())


def _with_progress(work: Work, made: Iterator[np.ndarray], count: int, what: str) -> Iterator[np.ndarray]:
    for done, each in enumerate(made, 1):
        work.progress(0.95 * done / count, f"{done:,} of {count:,} {what}")
        yield each


def _foot(model: Model) -> str:
    return f"{model.name}@{model.digest8}"
