"""A sheet as a table: every face's state, coordinates and scores."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from dashboard.faces.bases import coordinates_of
from dashboard.faces.face import Face
from dashboard.sheets.sheet import Sheet
from dashboard.synthesis.model import Model

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Characters that begin a formula in spreadsheets."""


def states_table(sheet: Sheet, model: Model, scores: Mapping[tuple[int, int], Mapping[str, float]] | None) -> str:
    """Write the table.

    Args:
        sheet: the sheet.
        model: the model.
        scores: in bank standard deviations by attribute, by row and column of the sheet; None if the model has
            no scorer.

    Returns:
        CSV with a row for every cell: model and its digest, row, others, column, face, problem, then coordinates and
        scores of all attributes, in standard deviations. A style mix has scores only.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    heads = [f"score {name}" for name in model.names] if scores is not None else []
    writer.writerow(
        ["model", "digest", "row", "others", "column", "face", "problem", *map(escaped, model.names), *heads]
    )
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells.cells):
            words = [cells.title, cells.note, _plain(sheet.columns[column]), str(cell.face or ""), cell.reason]
            numbers = [""] * (len(model.names) + len(heads))
            if isinstance(cell.face, Face) and not cell.reason:  # a style mix has no coordinates
                numbers[: len(model.names)] = [f"{value:.4f}" for value in coordinates_of(cell.face, model)]
            if read := (scores or {}).get((row, column)):
                numbers[len(model.names) :] = [f"{read[name]:.4f}" if name in read else "" for name in model.names]
            writer.writerow([escaped(model.name), model.digest, *map(escaped, words), *numbers])
    return text.getvalue()


def escaped(words: str) -> str:
    """Return a text as a cell that no spreadsheet reads as a formula."""
    return f"'{words}" if words.startswith(_FORMULA) and not _NUMBER.fullmatch(words) else words


def _plain(heading: str) -> str:
    """Return a heading as a machine-readable number if it is one."""
    plain = heading.replace("−", "-").removeprefix("+")
    return plain if _NUMBER.fullmatch(plain) else heading
