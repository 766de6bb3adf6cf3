"""Tables as text, read by pandas in blocks of rows; lines that do not fit are left out, and reported with their line
number.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.library.text_form import (
    MISSING,
    WHITE,
    TextForm,
    find_form,
    is_missing,
    is_number,
    is_open,
    joined,
    lines_of,
    split,
)

BLOCK = 4096
"""Rows of a block."""

MAX_COLUMNS_BESIDE = 64
_MISSING = sorted({each for word in MISSING for each in (word, word.upper(), word.title())})
"""Texts that mean a missing number."""

CONTEXT = 12
"""Characters on either side of a value that an error quotes."""


@dataclass(frozen=True)
class LeftOut:
    """A row that is not used.

    Args:
        line: of the file, from 1; of an array its row.
        why: a clause: "is not finite", "has 400 of 512 numbers".
        number: which number of the row it is, from 1; 0 where it is no single one.
        value: as it stands in the file.
        around: the text around the value, as (before, value, after).
    """

    line: int
    why: str
    number: int = 0
    value: str = ""
    around: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a table, in file order.

    Args:
        lines: (k,) their lines in the file, from 1.
        texts: the lines as they stand in the file.
        frame: their cells, a pandas DataFrame with columns 0, 1, ...
    """

    lines: np.ndarray
    texts: list[str]
    frame: Any


class Table:
    """A table as text.

    Args:
        path: the file.
        longest: characters of a line.
        given: values to use instead of detected ones: delimiter, decimal, header.

    Raises:
        InputError: it is none.
    """

    def __init__(self, path: Path, longest: int, **given: str) -> None:
        self.path, self.longest = path, longest
        self.form: TextForm = find_form(path, longest, **given)
        first = self._first()
        self.width = max(
            first, key=lambda row: (sum(len(r) == len(row) for r in first), len(row)), default=[]
        ).__len__()
        header = first[0] if self.form.header else []
        self.sample = [row for row in (first[1:] if self.form.header else first) if len(row) == self.width]
        # numpy.savetxt and R leave the title of the first column out; a delimiter at a row's end makes an empty column.
        ended = all(is_missing(row[-1]) for row in self.sample)
        before = 1 if self.width - len(header) == 1 and not ended else 0
        self.names = [self._named(header, k - before) for k in range(self.width)]

    @staticmethod
    def _named(header: list[str], index: int) -> str:
        return " ".join(header[index].strip().strip('"').split()) if 0 <= index < len(header) else ""

    @property
    def titled(self) -> bool:
        """Whether columns have names."""
        return self.form.header

    def count(self) -> int:
        """Count its rows."""
        with self.path.open(encoding=self.form.encoding, newline=None) as file:
            return sum(1 for _ in _body(file, self.form, self.longest)) - self.form.header

    def numeric(self) -> list[bool]:
        """Check for each column whether most of its first cells are numbers."""
        decimal = self.form.decimal
        found = []
        for k in range(self.width):
            cells = [row[k] for row in self.sample if row[k].strip().lower() not in MISSING or "nan" in row[k].lower()]
            found.append(bool(cells) and sum(is_number(cell, decimal) for cell in cells) * 2 > len(cells))
        return found

    def rows(self, as_text: set[int], left_out: list[LeftOut], usual: int | None = None) -> Iterator[Rows]:
        """Read the table.

        Args:
            as_text: columns that are read as text.
            left_out: lines of another number of cells are added to it.
            usual: numbers that a row should have, for the sentence; None for the table's width.

        Returns:
            Its rows, in blocks.

        Raises:
            InputError: a line is too long.
        """
        import pandas

        lines = _Lines(self, left_out, usual)
        if not lines.peek():
            return
        reader = pandas.read_csv(
            lines,  # type: ignore[arg-type]  # what has `read` is a file to pandas
            sep="\t" if self.form.delimiter == WHITE else self.form.delimiter,
            decimal=self.form.decimal,
            header=None,
            names=list(range(self.width)),
            dtype=dict.fromkeys(as_text, str),
            keep_default_na=False,
            na_values=dict.fromkeys(set(range(self.width)) - as_text, _MISSING),
            skip_blank_lines=False,
            chunksize=BLOCK,
            engine="c",
            low_memory=False,
            index_col=False,
        )
        with reader:
            for frame in reader:
                numbers, texts = lines.taken(len(frame))
                yield Rows(numbers, texts, frame)

    def _first(self) -> list[list[str]]:
        """Return the cells of the first lines, the header first where there is one."""
        with self.path.open(encoding=self.form.encoding, newline=None) as file:
            lines = _body(file, self.form, self.longest)
            found = []
            for _, line in lines:
                found.append(split(line, self.form.delimiter))
                if len(found) > 200:
                    break
        return found


def _body(file: Any, form: TextForm, longest: int) -> Iterator[tuple[int, str]]:
    """Yield the lines of a table with their numbers, from its header on, without empty ones."""
    for number, line in lines_of(file, longest):
        if number == form.skipped + 1 and form.comment:
            line = line.lstrip().lstrip("#")
        elif number <= form.skipped or line.lstrip().startswith("#"):
            continue
        if line.strip():
            yield number, line


class _Lines:
    """The lines of a table as a file for pandas: each has the same number of cells and keeps its number."""

    def __init__(self, table: Table, left_out: list[LeftOut], usual: int | None) -> None:
        self._table, self._left_out, self._usual = table, left_out, usual
        self._file = table.path.open(encoding=table.form.encoding, newline=None)
        self._lines = _body(self._file, table.form, table.longest)
        if table.form.header:
            next(self._lines, None)
        self._given: deque[tuple[int, str]] = deque()
        self._ahead: str | None = None

    def peek(self) -> bool:
        """Return whether there is a line to read."""
        if self._ahead is None:
            self._ahead = self._next()
        return bool(self._ahead)

    def read(self, size: int = -1) -> str:
        """Return some lines, of about `size` characters together."""
        parts, length = [], 0
        while length < max(size, 1) // 2 or not parts:
            line, self._ahead = (self._ahead if self._ahead is not None else self._next()), None
            if not line:
                break
            parts.append(line)
            length += len(line)
        return "".join(parts)

    def __iter__(self) -> Iterator[str]:
        while line := self.read(1):
            yield line

    def taken(self, count: int) -> tuple[np.ndarray, list[str]]:
        """Return the numbers and texts of the next rows that pandas has read."""
        pairs = [self._given.popleft() for _ in range(count)]
        return np.array([number for number, _ in pairs]), [text for _, text in pairs]

    def _next(self) -> str:
        table = self._table
        for number, line in self._lines:
            cells = split(line, table.form.delimiter)
            if len(cells) != table.width:
                wanted = f"{table.width:,}"
                count = f"{len(cells):,} {'cell' if len(cells) == 1 else 'cells'}"
                quote = ", by a quote that is not closed" if is_open(line) else ""
                self._left_out.append(LeftOut(number, f"has {count} instead of {wanted}{quote}"))
                continue
            self._given.append((number, line))
            if table.form.delimiter == WHITE:
                return joined(cells, "\t") + "\n"
            # Quotes as pandas has them, whatever they were: it must see the rows that are seen here.
            return (joined(cells, table.form.delimiter) if '"' in line else line.rstrip("\r\n")) + "\n"
        self._file.close()
        return ""


def around(text: str, delimiter: str, column: int) -> tuple[str, tuple[str, str, str]]:
    """Return a cell of a line, and the text around it, for people to find it.

    Args:
        text: the line.
        delimiter: between its cells.
        column: of the cell, from 0.

    Returns:
        The cell; and what stands before it, the cell, and what follows.
    """
    cells = split(text, delimiter)
    cell = cells[column].strip() if column < len(cells) else ""
    shown = " " if delimiter in (WHITE, "\t") else delimiter
    before, after = shown.join(cells[max(column - 2, 0) : column]), shown.join(cells[column + 1 : column + 3])

    def clean(part: str) -> str:
        return re.sub(r"[^\x20-\x7e\u00a0-\u024f\u2212]", "?", part)

    left = f"… {shown}{clean(before)[-CONTEXT:]}{shown}" if column else ""
    right = f"{shown}{clean(after)[:CONTEXT]}{shown} …" if column + 1 < len(cells) else ""
    return clean(cell)[:40], (left, clean(cell)[:40] or "(empty)", right)
