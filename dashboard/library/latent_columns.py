"""Columns of a table: which hold the latents, and which only counts the rows."""

from __future__ import annotations

import re

import numpy as np

from dashboard.errors import InputError
from dashboard.library.table_reader import Table

_INDEX = re.compile(r"(|index|unnamed: \d+(\.\d+)*|rows?|id|idx|#|level_\d)", re.I)
"""Titles of a column that only counts rows."""


def latent_columns(table: Table, size: int, first: int | None = None) -> tuple[list[int], list[int]]:
    """Find the columns of the latents.

    Args:
        table: the table.
        size: L, how many they are.
        first: the first of them, from 1, where that is said.

    Returns:
        Their indices from 0, and those of columns that only count the rows.

    Raises:
        InputError: there are not so many columns of numbers.
    """
    numeric = [k for k, yes in enumerate(table.numeric()) if yes]
    if first is not None:
        if first - 1 + size > table.width:
            raise InputError(
                f"Expected {size} columns from column {first:,} on. Received: {table.width:,} in all. Change it."
            )
        return list(range(first - 1, first - 1 + size)), []
    if len(numeric) < size:
        many = f"{len(numeric):,} columns of numbers" + (f", of {table.width:,}" if table.width != len(numeric) else "")
        advice = "Take latents of this model."
        if table.count() == size:
            advice = "Its rows and columns are swapped: turn it."
        elif len(numeric) * 2 < table.width >= size and table.sample:
            odd = next(k for k in range(table.width) if k not in numeric)
            cell = "".join(c if c.isprintable() else "?" for c in table.sample[0][odd])[:40]
            advice = f'Column {odd + 1:,} begins with "{cell}": write such numbers as 0.25.'
        raise InputError(f"Expected rows of {size} numbers. Received: {many} ({table.form.words}). {advice}")
    index = index_columns(table, numeric)
    rest = [k for k in numeric if k not in index]
    if len(rest) < size:
        rest, index = numeric, []
    if len(rest) == size:
        return rest, index
    named = _counting_names(table, rest, size)
    return named or _alike(table, rest, size), index


def index_columns(table: Table, numeric: list[int]) -> list[int]:
    """Find the first columns where they only number the rows, as pandas writes them.

    Args:
        table: the table.
        numeric: its columns of numbers.

    Returns:
        Their indices from 0: columns that count from 0 or 1 and have the name of an index or none, and such without a
        name above named ones, which number the rows of a larger table.
    """
    found: list[int] = []
    while len(found) in numeric and _is_index(table, len(found)):
        found.append(len(found))
    return found


def _is_index(table: Table, k: int) -> bool:
    if table.titled and not _INDEX.fullmatch(table.names[k]):
        return False
    cells = [row[k].strip() for row in table.sample]
    if len(cells) < 2:
        return False
    if cells in ([str(n) for n in range(len(cells))], [str(n + 1) for n in range(len(cells))]):
        return True
    unnamed = table.titled and not table.names[k].lower().removeprefix("unnamed: 0")
    return bool(unnamed and all(cell.isdecimal() for cell in cells) and len(set(cells)) == len(cells))


def _counting_names(table: Table, among: list[int], size: int) -> list[int] | None:
    """Return the columns whose names are one word and numbers: z0, z1, ..."""
    groups: dict[str, list[int]] = {}
    for k in among:
        if matched := re.fullmatch(r"(.*?)[\s_.\[(-]*\d+[\])]?", table.names[k]):
            groups.setdefault(matched[1].lower(), []).append(k)
    return next((group for group in groups.values() if len(group) == size), None)


def _alike(table: Table, among: list[int], size: int) -> list[int]:
    """Return the run of so many adjacent columns that are most alike: the columns before and after it differ most."""
    decimal = table.form.decimal
    values = np.array([[_number(row[k], decimal) for k in among] for row in table.sample[:100]], np.float64)
    with np.errstate(all="ignore"):
        spread, middle = np.nanstd(values, axis=0), np.nanmean(values, axis=0)
        usual = np.nanmedian(spread)
        odd = np.abs(np.log((spread + 1e-9) / (usual + 1e-9))) + np.abs(middle) / (usual + 1e-9)
        whole = np.all((values == np.round(values)) | np.isnan(values), axis=0)
    odd = np.nan_to_num(odd, nan=9.0) + (whole & (whole.mean() < 0.5)) * 10.0
    extra = len(among) - size
    score = [odd[:k].sum() + odd[k + size :].sum() + (k == 0) * 1e-9 for k in range(extra + 1)]
    first = int(np.argmax(score))
    return among[first : first + size]


def _number(cell: str, decimal: str) -> float:
    try:
        return float(cell.strip().replace(",", ".") if decimal == "," else cell)
    except ValueError:
        return float("nan")
