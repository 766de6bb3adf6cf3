"""The form of a table as text: encoding, delimiter, decimal mark and header, detected from its first lines."""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from dashboard.errors import InputError

LOOKED_AT = 30
"""Lines that the form is detected from."""

CHUNK = 1 << 20
WHITE = " "
"""The delimiter of runs of blanks and tabs."""

DELIMITERS = ("\t", ";", ",", "|", WHITE)
DELIMITER_WORDS = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar", WHITE: "blanks"}
ENCODING_WORDS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
                  "utf-32": "UTF-32", "cp1252": "Latin-1 (Windows-1252)", "latin-1": "Latin-1"}  # fmt: skip

MISSING = frozenset(
    {
        *("", "na", "n/a", "n.a.", "n.a", "nan", "null", "none", "nil", "missing", "<na>", "-", "--", ".", "?"),
        *("\u2013", "\u2014", "#n/a", "#na", "#value!", "#div/0!", "#ref!", "#num!", "#null!"),
    }
)
"""Texts of missing values, in lower case."""

_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$")
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*$', re.I)
"""Excel's own first line, which names the delimiter."""

_MINUS = re.compile("\u2212(?=[\\d.,])")
"""The minus sign that spreadsheets of some countries write instead of a hyphen."""

_QUOTED = re.compile(r'(?:(?<=[,;\t|])|^) *"(?:[^"]|"")*" *(?=$|[,;\t|])')
_OPEN_QUOTE = re.compile(r'(?:[,;\t|]|^) *"')
_WORD = re.compile(r'"((?:[^"]|"")*)"(?=\s|$)|(\S+)')
MOST_QUOTED = 50
"""Lines that one quoted cell may have."""

_ENDLESS = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "-infinity"})
_TITLES = frozenset({"face", "seed", "base", "id", "name", "index", "row", "label", "class", "y", "target", "score"})


@dataclass(frozen=True)
class TextForm:
    """The form of a table.

    Args:
        encoding: Python's name.
        delimiter: between cells; `WHITE` for blanks.
        decimal: "." or ",".
        header: whether the first line names the columns.
        skipped: lines before the table: comments.
        comment: whether the header is a comment ("# a b c"), as numpy.savetxt writes it.
    """

    encoding: str
    delimiter: str
    decimal: str
    header: bool
    skipped: int = 0
    comment: bool = False

    @property
    def words(self) -> str:
        """The form in words: "semicolon, decimal comma, UTF-8"."""
        decimal = "decimal comma" if self.decimal == "," else "decimal point"
        return f"{DELIMITER_WORDS[self.delimiter]}, {decimal}, {ENCODING_WORDS.get(self.encoding, self.encoding)}"


def is_number(cell: str, decimal: str = ".") -> bool:
    """Return whether a cell is a number, or one that is not finite."""
    text = cell.strip()
    return bool((_COMMA if decimal == "," else _POINT).match(text)) or text.lower() in _ENDLESS


def is_missing(cell: str) -> bool:
    """Return whether a cell stands for a value that is not there."""
    return cell.strip().lower() in MISSING


def split(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line."""
    if delimiter == WHITE:
        if '"' not in line:
            return line.split()
        return [found[2] or found[1].replace('""', '"') for found in _WORD.finditer(line)]
    if '"' in line:
        return next(csv.reader([line], delimiter=delimiter), [])
    return line.rstrip("\r\n").split(delimiter)


def joined(cells: Sequence[str], delimiter: str) -> str:
    """Return a line of cells, quoted where they must be; `split` gives them back."""
    return delimiter.join(
        '"' + cell.replace('"', '""') + '"' if any(c in cell for c in (delimiter, '"', "\n", "\r")) else cell
        for cell in cells
    )


def is_open(line: str) -> bool:
    """Return whether a cell of a line begins with a quote that the line does not close."""
    return bool(line.count('"') % 2 and _OPEN_QUOTE.search(_QUOTED.sub("", line.rstrip("\r\n"))))


def lines_of(file, longest: int) -> Iterator[tuple[int, str]]:  # noqa: ANN001
    """Yield the lines of a table; a cell between quotes may go over several of them, which become one.

    Args:
        file: open as text.
        longest: characters of a line.

    Returns:
        The number of each line, from 1, and its text, with hyphens for minus signs.

    Raises:
        InputError: a line is longer.
    """
    ahead: deque[str] = deque()
    number = 0

    def following() -> str:
        line = ahead.popleft() if ahead else file.readline(longest)
        if len(line) >= longest and not line.endswith("\n"):
            raise too_long(longest, number + 1)
        return line

    while line := following():
        first = number = number + 1
        if is_open(line):
            more: list[str] = []
            whole = line
            while is_open(whole) and len(more) < MOST_QUOTED and len(whole) < longest and (part := following()):
                more.append(part)
                whole = whole.rstrip("\r\n") + " " + part
            if is_open(whole):  # an unclosed quote: lines are read one by one
                ahead.extendleft(reversed(more))
            else:
                line, number = whole, number + len(more)
        yield first, _MINUS.sub("-", line) if "\u2212" in line else line


def find_form(path: Path, longest: int, **given: str) -> TextForm:
    """Find the form of a table.

    Args:
        path: the file.
        longest: characters of a line.
        given: values to use instead of detected ones: delimiter, decimal, header ("yes" or "no").

    Returns:
        The form.

    Raises:
        InputError: it is not text, or a line is longer.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline=None) as file:
        lines, skipped, comment, separator = _first_lines(file, longest)
    if not lines:
        raise InputError("Expected lines of numbers. Received: empty lines. Choose another file.")
    body = lines[1:] if len(lines) > 1 else lines
    delimiter, decimal = _delimiter(body, given.get("delimiter") or separator, given.get("decimal"))
    cells = [split(line, delimiter) for line in lines]
    form = TextForm(encoding, delimiter, decimal, _has_header(cells, decimal), skipped)
    if comment is not None and len(split(comment, delimiter)) == len(cells[0]) > 1 and not form.header:
        form = replace(form, header=True, skipped=skipped - 1, comment=True)
    if given.get("header") in ("yes", "no"):
        form = replace(form, header=given["header"] == "yes")
    return form


def _encoding(path: Path) -> str:
    """Return the encoding of a file: by its mark, else UTF-8 where all of it is, else the one of Western Windows."""
    with path.open("rb") as file:
        begin = file.read(4096)
        if begin.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return "utf-32"
        if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        halves = begin[: len(begin) // 2 * 2]
        if len(halves) >= 4 and b"\0" in halves:
            for encoding, zeros in (("utf-16-le", halves[1::2]), ("utf-16-be", halves[0::2])):
                if zeros.count(0) > 0.9 * len(zeros):
                    return encoding
        file.seek(0)
        decoder, whole = codecs.getincrementaldecoder("utf-8")(), True
        try:
            while chunk := file.read(CHUNK):
                if b"\0" in chunk:
                    raise _no_text()
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            whole = False
        if whole:
            return "utf-8-sig"
        file.seek(0)
        odd = sum(byte < 32 and byte not in b"\t\r\n\f" for byte in file.read(1 << 16))
    if odd:
        raise _no_text()
    try:
        with path.open(encoding="cp1252") as file:
            while file.read(CHUNK):
                pass
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _no_text() -> InputError:
    return InputError(
        "Expected NPY, NPZ, safetensors or a table as text (CSV, TSV). Received: a file that is none of these. "
        "Save its numbers as NPY or CSV."
    )


def _first_lines(file, longest: int) -> tuple[list[str], int, str | None, str | None]:  # noqa: ANN001
    """Return the first lines with content, how many stand before them, their last comment, and Excel's "sep=;"."""
    lines: list[str] = []
    skipped, comment, separator = 0, None, None
    for number, line in islice(lines_of(file, longest), 1000):
        if line.lstrip().startswith("#") and not lines:
            skipped, comment = number, line.lstrip().lstrip("#").strip()
        elif number == 1 and (found := _SEPARATOR.match(line)):
            skipped, separator = number, found[1]
        elif line.strip():
            lines.append(line)
        elif not lines:
            skipped, comment = number, None
        if len(lines) == LOOKED_AT:
            break
    return lines, skipped, comment, separator


def too_long(longest: int, line: int) -> InputError:
    """Return the error for a line of more characters than a table of latents has."""
    return InputError(
        f"Expected lines of at most {longest:,} characters. Received: more in line {line:,}. "
        "Take latents of this model."
    )


def _delimiter(lines: Sequence[str], delimiter: str | None, decimal: str | None) -> tuple[str, str]:
    """Return the delimiter and the decimal mark by which the most cells are numbers."""
    best: tuple[tuple[float, ...], str, str] = ((-1.0,), ",", ".")
    for each in [delimiter] if delimiter in DELIMITERS else DELIMITERS:
        rows = [split(line, each) for line in lines]
        widths = [len(row) for row in rows]
        alike = widths.count(max(set(widths), key=widths.count)) / len(widths)
        cells = [cell for row in rows for cell in row if not is_missing(cell) or cell.strip().lower() == "nan"]
        for mark in [decimal] if decimal in (".", ",") else [".", ","]:
            if mark == each and not any('"' in line for line in lines):  # between quotes a number may hold it
                continue
            share = sum(is_number(cell, mark) for cell in cells) / max(len(cells), 1)
            several = float(max(widths) > 1)
            # In a table most cells are numbers; where two readings give as many, the point goes before the comma.
            score = (round(share, 2), alike, several, sum(widths), float(mark == "."), -DELIMITERS.index(each))
            if not share:
                score = (0.0, several * alike, several, sum(widths), float(mark == "."), -DELIMITERS.index(each))
            if score > best[0]:
                best = (score, each, mark)
    return best[1], best[2]


def _has_header(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Return whether a first line names columns: by what stands under it, or since it counts them as pandas does."""
    first, rest = rows[0], rows[1:]
    names = [cell.strip() for cell in first]
    if not rest:
        return bool(names) and not any(is_number(cell, decimal) for cell in names)
    words = {name.lower() for name in names}
    counted = [name for name in names if name and is_number(name, decimal)]
    if names == ["", "0"] and [row[0].strip() for row in rest] == [str(k) for k in range(len(rest))]:
        return True  # a series of pandas
    if len(counted) > 2 and counted in (
        [str(k) for k in range(len(counted))],
        [str(k + 1) for k in range(len(counted))],
    ):
        return True
    under = [
        k for k in range(len(names)) if sum(len(row) > k and is_number(row[k], decimal) for row in rest) * 2 > len(rest)
    ]
    under = [k for k in under if names[k]]  # an index has no title
    if under:
        named = sum(not is_number(names[k], decimal) and not is_missing(names[k]) for k in under)
        return named * 2 > len(under)
    return bool(words & _TITLES) or (
        len(words) == len(names) and not any(set(names) & {c.strip() for c in r} for r in rest)
    )
