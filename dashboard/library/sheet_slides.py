"""Slides of a sheet: parts that an audience can read from a distance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dashboard.faces.routes import face_address
from dashboard.library.items import Kind
from dashboard.serving.open_model import OpenModel
from dashboard.sheets.sheet import Row, Sheet

MAX_COLUMNS = 13
MAX_ROWS = 6
"""Rows of a slide; a grid, which means nothing in parts, stays whole."""


def tile_slides(kind: Kind, sheet: Sheet, open_model: OpenModel) -> list[dict[str, Any]]:
    """Lay a sheet out for the stage.

    Args:
        kind: what the sheet is.
        sheet: the sheet.
        open_model: the model that makes its faces.

    Returns:
        For each slide: columns, and rows of {title, note, locked, cells: [{address, words, reason}]}. A long mix keeps
        both ends and as many steps between them as fit. Rows of the same person stay on one slide; the free and the
        locked run of a grid have one each.
    """
    kept = _kept(len(sheet.columns))
    columns = [sheet.columns[index] for index in kept]
    return [
        {"columns": columns, "rows": [_row(row, kept, open_model) for row in rows]}
        for rows in _slides(kind, sheet.rows)
    ]


def _kept(count: int) -> list[int]:
    return [round(float(index)) for index in np.linspace(0, count - 1, min(count, MAX_COLUMNS))]


def _slides(kind: Kind, rows: Sequence[Row]) -> list[list[Row]]:
    if kind == "grid":
        runs = ([row for row in rows if row.locked is hold] for hold in (False, True))
        return [run for run in runs if run]
    slides: list[list[Row]] = []
    for person in _persons(rows):
        if not slides or len(slides[-1]) + len(person) > MAX_ROWS:
            slides.append([])
        slides[-1] += person
    return slides


def _persons(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows of one person: the free run and, below it, the locked one."""
    person: list[Row] = []
    for row in rows:
        if person and (row.title != person[-1].title or not row.locked):
            yield person
            person = []
        person.append(row)
    if person:
        yield person


def _row(row: Row, kept: Sequence[int], open_model: OpenModel) -> dict[str, Any]:
    cells = [row.cells[index] for index in kept]
    return {
        "title": row.title,
        "note": row.note,
        "locked": bool(row.locked),
        "cells": [
            {
                "address": face_address(open_model.model, cell.face) if cell.face and not cell.reason else None,
                "words": cell.words,
                "reason": cell.reason,
            }
            for cell in cells
        ],
    }
