"""Files of latents: rows of L numbers, with columns beside them, described before anything is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import InputError
from dashboard.library.array_reader import ArrayEntry, arrays_in
from dashboard.library.columns import MAX_NAME, Column, array_column, clean_name, column_of, counted, renamed
from dashboard.library.file_kinds import Kind, kind_of, refuse_pickle
from dashboard.library.latent_arrays import as_rows, choose, fits, fitting
from dashboard.library.latent_columns import index_columns, latent_columns
from dashboard.library.latent_rows import float32, good_rows, numbers_of, unusable
from dashboard.library.table_reader import BLOCK, MAX_COLUMNS_BESIDE, LeftOut, Table, around

MAX_ROWS = 1_000_000
MAX_TEXT_BYTES = 100_000_000
"""Size limit of text in bytes: 20,000 rows of 512 numbers."""

MAX_MATRIX = 512
"""Columns of an array beside the latents, at most."""

MAX_REPORTED = 1000
"""Rows left out that are listed; further ones are counted."""


@dataclass(frozen=True)
class Reading:
    """Options of reading a file, from the words of a request; what they leave open is detected.

    Args:
        array: name of the array of latents, of a file of several.
        delimiter, decimal: of a table.
        header: "yes" or "no".
        first: the first column of the latents, from 1.
    """

    array: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: str | None = None
    first: int | None = None

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Reading:
        """Read it from words, each checked; what is empty is found by looking at the file."""
        first = str(words.get("first") or "")
        if first and not (first.isdecimal() and 1 <= int(first) <= 100_000):
            raise InputError(f"Expected the first column as a number from 1. Received: {first[:20]}. Change it.")
        kept = {name: str(words[name])[:200] for name in ("array", "delimiter", "decimal", "header") if words.get(name)}
        return cls(**kept, first=int(first) if first else None)

    @property
    def form(self) -> dict[str, str]:
        """The options about a table's form."""
        options = {"delimiter": self.delimiter, "decimal": self.decimal, "header": self.header}
        return {name: value for name, value in options.items() if value}


@dataclass(eq=False)
class LatentFile:
    """A file of latents that was inspected; `blocks` reads it again.

    Args:
        size: L, numbers of a latent.
        of: rows of the file.
        columns: what stands beside the latents, of the rows that can be used.
        left_out: rows that cannot, the first of them.
        notes: what was found and done, in sentences.
        form: delimiter, decimal mark and encoding in words; of an array its type and shape.
        arrays: names of the arrays that hold such vectors, where there are several.
        lengths: the smallest and the largest |z| of its rows.
        distinct: how many rows differ from all before them.
        constant: how many of the L columns hold one value only.
        rows: how many can be used.
        array: (of, L), of a file of arrays, where it lies: all rows, in the file's own type.
        zeros: whether a row of zeros is a latent; on the sphere it has no direction.
    """

    size: int
    of: int = 0
    columns: list[Column] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    form: str = ""
    arrays: list[str] = field(default_factory=list)
    lengths: tuple[float, float] = (0.0, 0.0)
    distinct: int = 0
    constant: int = 0
    rows: int = 0
    array: np.ndarray | None = None
    zeros: bool = False
    _source: Any = None

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Yield the rows that can be used, (k, L) float32 each."""
        for block, good, _ in self._source():
            if good.any():
                yield np.ascontiguousarray(block[good], np.float32)

    @property
    def summary(self) -> str:
        """The file in a sentence: "50 rows of 512 numbers; semicolon, decimal comma, UTF-8; beside them: ..."."""
        parts = [f"{counted(self.rows, 'row', 'rows')} of {self.size} numbers", self.form]
        if self.columns:
            parts.append("beside them: " + ", ".join(column.words for column in self.columns))
        if count := self.of - self.rows:
            first = self.left_out[0]
            parts.append(f"{counted(count, 'row', 'rows')} left out: line {first.line:,} {first.why}")
        return "; ".join(part for part in parts if part)

    @property
    def doubts(self) -> list[str]:
        """Doubts about the sample, in sentences; empty where there are none."""
        notes = []
        if self.distinct < self.rows:
            notes.append(
                f"{counted(self.distinct, 'distinct row', 'distinct rows')} of {self.rows:,}: the others repeat them."
            )
        if self.constant:
            notes.append(f"{self.constant:,} of {self.size} columns hold one value in every row.")
        if 1 < self.distinct <= self.size:
            most = counted(self.distinct - 1, "component differs", "components differ")
            notes.append(f"Fewer distinct rows than numbers in each: at most {most} from zero.")
        return notes

    def as_json(self) -> dict[str, Any]:
        """Return what a page and a command show, as plain values."""
        return {
            "summary": self.summary, "rows": self.rows, "of": self.of, "size": self.size, "form": self.form,
            "columns": [column.as_json() for column in self.columns], "notes": self.notes, "doubts": self.doubts,
            "left_out": [vars(each) for each in self.left_out], "arrays": self.arrays, "lengths": list(self.lengths),
            "distinct": self.distinct,
        }  # fmt: skip


def read_latent_file(path: Path, size: int, reading: Reading | None = None, zeros: bool = False) -> LatentFile:
    """Inspect a file of latents.

    Args:
        path: the file; nothing of it is run.
        size: L, numbers of a latent.
        reading: how, where not as it is found.
        zeros: whether a row of zeros is a latent.

    Returns:
        What is in it; nothing is kept.

    Raises:
        InputError: it is no such file, or no row of it can be used; says what was expected, what came, what to do.
    """
    reading = reading or Reading()
    kind = kind_of(path)
    if kind == "pickle":
        raise refuse_pickle()
    found = LatentFile(size, zeros=zeros)
    beside = _look_at_table(found, path, reading) if kind == "text" else _look_at_arrays(found, path, kind, reading)
    _look_through(found)
    if not found.rows:
        raise _nothing(found)
    good = np.concatenate([good for _, good, _ in beside]) if beside else np.zeros(0, bool)
    for column in [each for each in found.columns if len(each.values) == len(good) != found.rows]:
        found.columns[found.columns.index(column)] = column.taken(good)
    return found


# Arrays ---------------------------------------------------------------------------------------------------------------


def _look_at_arrays(found: LatentFile, path: Path, kind: Kind, reading: Reading) -> list[Any]:
    entries = arrays_in(path, kind)
    if not any(entry.real for entry in entries):
        entries[0].real_numbers()
    entry = choose(entries, found.size, reading.array)
    array, how = as_rows(entry.real_numbers(), found.size, entry.name[:40] or "an array")
    _check_count(len(array))
    found.array = array
    others = [each.name for each in fitting(entries, found.size)]
    found.arrays = others if len(others) > 1 else []
    found.form = entry.words
    found.notes += [how] if how else []
    if len(others) > 1:
        found.notes.append(f"Of {len(others)} arrays of such vectors, {entry.name[:40]} is taken.")
    for each in entries:
        if each is entry or fits(each.shape, found.size):
            continue
        columns = _columns_of(each, len(array)) if len(found.columns) < MAX_COLUMNS_BESIDE else []
        found.columns += [_again(column, found) for column in columns]
        if not columns:
            found.notes.append(f"Not taken: {each.words}.")
    if len(found.columns) > MAX_COLUMNS_BESIDE:
        found.notes.append(
            f"Of {len(found.columns):,} columns beside the numbers the first {MAX_COLUMNS_BESIDE} are taken."
        )
        del found.columns[MAX_COLUMNS_BESIDE:]

    zeros = found.zeros

    # No local name refers to the contents: the file would stay mapped until garbage collection.
    def source() -> Iterator[tuple[np.ndarray, NDArray[np.bool_], list[LeftOut]]]:
        for first in range(0, len(array), BLOCK):
            block = float32(np.asarray(array[first : first + BLOCK]))
            bad = unusable(block, zeros)
            left_out = [
                LeftOut(first + row + 1, why, number, f"{array[first + row][number - 1]}" if number else "")
                for row, (why, number) in bad.items()
            ]
            yield block, good_rows(len(block), bad), left_out

    found._source = source
    return [] if not found.columns else list(_flags_only(source()))


def _columns_of(entry: ArrayEntry, rows: int) -> list[Column]:
    """Return the columns of an array that has a value, or several, for each of the rows; none of another."""
    kept = [length for length in entry.shape if length != 1]
    if not (entry.real or entry.text) or rows == 0:
        return []
    if rows == 1:
        kept = [1, *kept]
    if kept[:1] != [rows] or len(kept) > 2 or (kept[1:] or [1])[0] > MAX_MATRIX:
        return []
    name, values = clean_name(entry.name, 0), entry.load().reshape(rows, -1)
    names = [name] if values.shape[1] == 1 else [f"{name[: MAX_NAME - 5]} {k + 1}" for k in range(values.shape[1])]
    columns = [array_column(title, values[:, k]) for k, title in enumerate(names)]
    return [column for column in columns if column is not None]


def _flags_only(source: Iterator[Any]) -> Iterator[tuple[None, NDArray[np.bool_], None]]:
    for _, good, _ in source:
        yield None, good, None


# Tables ---------------------------------------------------------------------------------------------------------------


def _look_at_table(found: LatentFile, path: Path, reading: Reading) -> list[Any]:
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise InputError(
            f"Expected text of at most {MAX_TEXT_BYTES // 1_000_000} MB. "
            f"Received: {path.stat().st_size // 1_000_000:,} MB. Save it as NPY of float32, or send fewer rows."
        )
    table = Table(path, 64 * (found.size + 2) + (1 << 16), **reading.form)
    found.form = table.form.words
    numeric = [k for k, yes in enumerate(table.numeric()) if yes]
    counting = index_columns(table, numeric)
    if len(numeric) == table.width == len(counting) + 1 and table.count() == found.size:
        return _one_column(found, table, numeric[-1])
    latents, index = latent_columns(table, found.size, reading.first)
    beside = [k for k in range(table.width) if k not in {*latents, *index}]
    if index:
        which, does = ("column", "numbers") if len(index) == 1 else (f"{len(index)} columns", "number")
        found.notes.append(f"The first {which} only {does} the rows: left out.")
    if len(beside) > MAX_COLUMNS_BESIDE:
        found.notes.append(f"Of {len(beside):,} columns beside the numbers the first {MAX_COLUMNS_BESIDE} are taken.")
        beside = beside[:MAX_COLUMNS_BESIDE]
    if table.titled:
        found.notes.append(f"Line {table.form.skipped + 1:,} names the columns.")
    if table.form.skipped and not table.form.comment:
        found.notes.append(f"{counted(table.form.skipped, 'line', 'lines')} before the table left out.")
    if beside and not _consecutive(latents):
        found.notes.append("The numbers are the columns whose names count.")
    elif beside:
        found.notes.append(f"The numbers are columns {latents[0] + 1:,} to {latents[-1] + 1:,}.")
    texts: dict[int, list[str]] = {k: [] for k in beside}
    flags = []
    as_text = set(range(table.width)) - set(latents)
    size, zeros = found.size, found.zeros

    def source() -> Iterator[tuple[np.ndarray, NDArray[np.bool_], list[LeftOut]]]:
        ragged: list[LeftOut] = []
        for rows in table.rows(as_text, ragged, size):
            block = numbers_of(rows.frame, latents, table.form.decimal)
            bad = unusable(block, zeros)
            bad_rows = [_bad_row(rows, row, why, number, latents, table) for row, (why, number) in bad.items()]
            if len(flags) < MAX_ROWS // BLOCK + 2 and not flags_done:
                for k in beside:
                    texts[k] += rows.frame[k].fillna("").tolist()
            merged, ragged[:] = [*ragged, *bad_rows], []
            yield block, good_rows(len(block), bad), merged
        if ragged:
            yield np.empty((0, size), np.float32), np.zeros(0, bool), ragged

    flags_done: list[bool] = []
    for _, good, _ in source():
        flags.append((None, good, None))
        _check_count(sum(len(each) for _, each, _ in flags))
    flags_done.append(True)
    for k in beside:
        column = column_of(clean_name(table.names[k], k + 1), texts[k], table.form.decimal)
        if column is None:
            found.notes.append(f"{clean_name(table.names[k], k + 1)}: no value, or too many different ones; left out.")
        else:
            found.columns.append(_again(column, found))
    found._source = source
    return flags


def _one_column(found: LatentFile, table: Table, column: int) -> list[Any]:
    """Return one vector, a number a line, as numpy.savetxt writes it."""
    found.notes.append("One vector, a number a line.")
    zeros = found.zeros

    def source() -> Iterator[tuple[np.ndarray, NDArray[np.bool_], list[LeftOut]]]:
        parts = [numbers_of(rows.frame, [column], table.form.decimal) for rows in table.rows(set(), [])]
        block = np.concatenate(parts).reshape(1, -1)
        bad = unusable(block, zeros)
        yield block, good_rows(1, bad), [LeftOut(max(number, 1), why, number) for why, number in bad.values()]

    found._source = source
    return []


def _again(column: Column, found: LatentFile) -> Column:
    """Return the column under a name that none of the others has."""
    return renamed(column, [each.name for each in found.columns])


def _consecutive(columns: list[int]) -> bool:
    return columns == list(range(columns[0], columns[0] + len(columns)))


def _bad_row(rows: Any, row: int, why: str, number: int, latents: list[int], table: Table) -> LeftOut:
    if not number:
        return LeftOut(int(rows.lines[row]), why)
    value, text = around(rows.texts[row], table.form.delimiter, latents[number - 1])
    return LeftOut(int(rows.lines[row]), "is not finite" if value else "has an empty cell", number, value, text)


# Both -----------------------------------------------------------------------------------------------------------------


def _look_through(found: LatentFile) -> None:
    """Count rows, distinct ones and constant columns, and measure lengths."""
    projections = np.random.default_rng(0).standard_normal((found.size, 2))
    seen: list[np.ndarray] = []
    low = high = first = None
    varies = np.zeros(found.size, bool)
    for block, good, bad in found._source():
        found.left_out += bad[: MAX_REPORTED - len(found.left_out)]
        found.of += len(block) + sum(" instead of " in each.why for each in bad)
        rows = block[good].astype(np.float64)
        found.rows += len(rows)
        if not len(rows):
            continue
        length = np.sqrt((rows**2).sum(axis=1))
        low = min(float(length.min()), low if low is not None else np.inf)
        high = max(float(length.max()), high or 0.0)
        first = rows[0] if first is None else first
        varies |= (rows != first).any(axis=0)
        seen.append(rows @ projections)
    found.lengths = (low or 0.0, high or 0.0)
    if seen:
        found.distinct = len(np.unique(np.concatenate(seen).round(9), axis=0))
        found.constant = int((~varies).sum()) if found.rows > 1 else 0
    found.left_out.sort(key=lambda each: each.line)


def _check_count(rows: int) -> None:
    if rows > MAX_ROWS:
        raise InputError(f"Expected at most {MAX_ROWS:,} rows. Received: {rows:,}. Send fewer.")


def _nothing(found: LatentFile) -> InputError:
    if not found.left_out:
        return InputError(f"Expected rows of {found.size} numbers. Received: none. Choose another file.")
    first = found.left_out[0]
    value = f', number {first.number} is "{first.value}"' if first.number and first.value else ""
    return InputError(
        f"Expected at least one row of {found.size} finite numbers. Received: none of {found.of:,}; row or line "
        f"{first.line:,} {first.why}{value}. Mend them, and send the file again."
    )
