"""Files of latents, NPY or CSV, read block by block as they arrive: never whole, and never as anything that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import InputError

MAX_ROWS = 1_000_000
MIN_ROWS = 2
"""Fewer have no components."""

MAX_CSV_BYTES = 100_000_000
"""Of text, which says little with many bytes: 20,000 rows of 512 numbers."""

MAX_LABEL = 60
BLOCK = 4096
"""Rows at a time."""

_LABEL = "label"
_PLAIN = "NPY or CSV"


class Block(NamedTuple):
    """Some rows of a file, in order.

    Args:
        rows: (k, L) finite numbers.
        labels: k texts, or None where the file has no labels.
    """

    rows: NDArray[np.float32]
    labels: list[str] | None


class Source(Protocol):
    """What bytes arrive from."""

    def read(self, size: int = ..., /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


def read_latents(source: Source, size: int, limit: int) -> Iterator[Block]:
    """Read a file of latents, told by how it begins.

    Args:
        source: where it arrives from.
        size: L, numbers of a latent.
        limit: bytes that it may have.

    Returns:
        Its rows, in blocks.

    Raises:
        InputError: it is none, does not fit, or is too large; says what was expected, what came, and what to do.
    """
    file = io.BufferedReader(_Limited(source, limit), 1 << 16)
    begin = file.peek(8)[:8]
    if begin.startswith(b"\x93NUMPY"):
        return _read_npy(file, size)
    if begin.startswith(b"PK\3\4"):
        raise InputError("Expected NPY or CSV. Received: an NPZ or a ZIP. Save the array alone, with numpy.save.")
    if begin[:1] == b"\x80":
        raise InputError("Expected NPY or CSV. Received: a pickle, which is not read here. Save it with numpy.save.")
    if not begin:
        raise InputError(f"Expected {_PLAIN} with rows of {size} numbers. Received: an empty file. Choose another.")
    return _read_csv(io.BufferedReader(_Limited(file, MAX_CSV_BYTES)), size)


class _Limited(io.RawIOBase):
    """A source that refuses to give more than a limit."""

    def __init__(self, source: Source, limit: int) -> None:
        self._source, self._limit, self._given = source, limit, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        content = self._source.read(len(buffer))
        buffer[: len(content)] = content
        self._given += len(content)
        if self._given > self._limit:
            what = "CSV" if self._limit == MAX_CSV_BYTES else "a file"
            raise InputError(
                f"Expected {what} of at most {self._limit // 1_000_000:,} MB. Received: more. "
                "Save it as NPY of float32, or send fewer rows."
            )
        return len(content)


# NPY ------------------------------------------------------------------------------------------------------------------


def _read_npy(file: io.BufferedReader[Any], size: int) -> Iterator[Block]:
    n, dtype = _npy_header(file, size)
    width = size * dtype.itemsize
    for first in range(0, n, BLOCK):
        count = min(BLOCK, n - first)
        content = file.read(count * width)
        if len(content) < count * width:
            raise InputError(
                f"Expected {n:,} rows, as the file's header says. Received: {first + len(content) // width:,}. "
                "The file is cut off: save it anew, and send it again."
            )
        rows = np.frombuffer(content, dtype).reshape(count, size)
        yield Block(_finite(rows, first), None)
    if file.read(1):
        raise InputError(f"Expected {n:,} rows, as the header says. Received: more bytes after them. Save it anew.")


def _npy_header(file: io.BufferedReader[Any], size: int) -> tuple[int, np.dtype[Any]]:
    """Rows and their type, checked before any of them is read."""
    try:
        version = np.lib.format.read_magic(file)
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, by_columns, dtype = read(file)
    except InputError:
        raise
    except Exception as error:  # NumPy reads it as Python's literals, and says of what is none whatever its parser says
        raise InputError("Expected an NPY. Received: one with a broken header. Save it with numpy.save.") from error
    if dtype.hasobject:
        raise InputError(
            "Expected an NPY of plain numbers. Received: Python objects, which are pickled and not read here. "
            "Save numpy.asarray(latents, dtype=float32)."
        )
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise InputError(f"Expected numbers, such as float32. Received: {str(dtype)[:40]}. Save them as float32.")
    if len(shape) != 2 or shape[1] != size:
        raise InputError(
            f"Expected n rows of {size} numbers. Received: an array of shape {str(shape)[:60]}. "
            "Take latents of this model, one a row."
        )
    _check_count(shape[0])
    if by_columns and shape[0] > 1:
        raise InputError(
            "Expected rows one after the other (C order). Received: an array by columns (Fortran order). "
            "Save numpy.ascontiguousarray(latents)."
        )
    return shape[0], dtype


# CSV ------------------------------------------------------------------------------------------------------------------


def _read_csv(file: io.BufferedReader[Any], size: int) -> Iterator[Block]:
    try:
        yield from _blocks(csv.reader(_lines(io.TextIOWrapper(file, "utf-8-sig", newline=""), size)), size)
    except UnicodeDecodeError as error:
        raise InputError(f"Expected {_PLAIN}. Received: a file that is neither. Choose another.") from error
    except csv.Error as error:
        raise InputError(f"Expected CSV. Received: a broken one ({str(error)[:60]}). Save it anew.") from error


def _lines(text: io.TextIOWrapper, size: int) -> Iterator[str]:
    longest = 64 * (size + 2)
    while line := text.readline(longest):
        if len(line) == longest:
            raise InputError(
                f"Expected {size} numbers a line, with commas between them, and at most a label. Received: a line of "
                f"more than {longest - 1:,} characters. Take latents of this model, one a line."
            )
        yield line


def _blocks(reader: Any, size: int) -> Iterator[Block]:
    first = next((row for row in reader if row), [])
    titled = _is_header(first)
    one = next((row for row in reader if row), []) if titled else first
    column = _label_column(first if titled else [], one, size)
    count, held, labels = 0, [], []
    while one:
        held.append(_numbers(one, size, column, reader.line_num))
        if column is not None:
            labels.append(" ".join(one[column].split())[:MAX_LABEL])
        if len(held) == BLOCK:
            yield Block(_finite(np.array(held), count), labels if column is not None else None)
            count, held, labels = count + BLOCK, [], []
            _check_count(count)
        one = next((row for row in reader if row), None)
    _check_count(count + len(held))
    if held:
        yield Block(_finite(np.array(held), count), labels if column is not None else None)


def _is_header(row: list[str]) -> bool:
    """Whether a first line names columns: no number stands in it, or just the columns' own numbers, as pandas does."""
    names = [cell.strip() for cell in row if cell.strip().lower() != _LABEL]
    counted = len(names) > 1 and names == [str(k) for k in range(len(names))]
    return bool(row) and (counted or not any(_is_number(cell) for cell in names))


def _label_column(header: list[str], row: list[str], size: int) -> int | None:
    """Where labels stand: in a column of that name, or in the last one where it is no number."""
    named = [k for k, cell in enumerate(header) if cell.strip().lower() == _LABEL]
    if named:
        return named[0]
    return size if len(row) == size + 1 and not _is_number(row[-1]) else None


def _numbers(row: list[str], size: int, column: int | None, line: int) -> NDArray[np.float64]:
    if len(row) != size + (column is not None):
        raise InputError(
            f"Expected {size} numbers a line, with commas between them, and at most a column named label. "
            f"Received: {len(row):,} columns in line {line:,}. Take latents of this model."
        )
    cells = row if column is None else row[:column] + row[column + 1 :]
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError as error:
        place = next(k for k, cell in enumerate(cells) if not _is_number(cell))
        cell = "".join(c if c.isprintable() else "?" for c in cells[place].strip()[:40]) or "an empty cell"
        raise InputError(
            f"Expected numbers. Received: {cell}, in line {line:,}, column {place + 1}. Mend it, and send it again."
        ) from error


# Both -----------------------------------------------------------------------------------------------------------------


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _check_count(n: int) -> None:
    if n > MAX_ROWS or n < MIN_ROWS:
        raise InputError(f"Expected {MIN_ROWS} to {MAX_ROWS:,} rows. Received: {n:,}. Send a file of so many.")


def _finite(rows: NDArray[Any], first: int) -> NDArray[np.float32]:
    """The rows as float32; `first` is the number of rows before them."""
    with np.errstate(over="ignore"):
        found = rows.astype(np.float32)
    good = np.isfinite(found)
    if not good.all():
        row, column = (int(k) for k in np.argwhere(~good)[0])
        raise InputError(
            f"Expected finite numbers. Received: {rows[row, column]} in row {first + row + 1:,}, column {column + 1}. "
            "Leave such rows out."
        )
    return found
