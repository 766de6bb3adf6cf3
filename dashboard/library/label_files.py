"""Labels of faces from a file: two values of any kind are two classes, numbers are scores, blanks are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import InputError
from dashboard.library.array_reader import ArrayEntry, arrays_in
from dashboard.library.columns import Column, counted
from dashboard.library.file_kinds import READ, kind_of, refusal, refuse_pickle
from dashboard.library.latent_arrays import as_rows, choose, fitting
from dashboard.library.latent_files import Reading, read_latent_file
from dashboard.library.table_reader import LeftOut, Table
from dashboard.library.text_form import is_missing, is_number

MAX_LABELS = 20_000
MAX_CLASSES_SHOWN = 6
LABELS = f"labels: faces and their labels, or latents and labels, as {READ}"

_NAMES = ("labels", "label", "y", "target", "targets", "class", "classes", "attribute", "score", "scores", "value")
_FACES = ("face", "faces", "seed", "seeds", "base", "address")
_FACE = re.compile(r"\d{1,10}(\.\d+)?$")
_ONES = ("1", "yes", "true", "y", "t", "positive", "pos", "+", "+1", "on", "present", "with")


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels, as far as they are there.

    Args:
        values: (n,) flags of two classes, or float64 scores.
        bases: n faces such as "31.5"; none where the labels are those of `latents`, or of the sample in its order.
        latents: (n, L), or None.
        rows: (n,) row numbers in the file, from 0; of labels alone, the rows of the sample that they belong to.
        lines: (n,) where they stand in the file, from 1.
        words: what was read, in a sentence: which value is 1, how many blanks.
        scores: whether they are numbers that a direction is found for by regression.
    """

    values: NDArray[Any]
    bases: list[str]
    latents: np.ndarray | None
    rows: NDArray[np.intp]
    lines: NDArray[np.intp]
    words: str
    scores: bool = False


@dataclass(eq=False)
class _Raw:
    """Labels as they stand in a file."""

    texts: list[str]
    bases: list[str] = field(default_factory=list)
    latents: np.ndarray | None = None
    lines: Sequence[int] = ()
    column: int = 1
    decimal: str = "."
    name: str = ""
    left_out: int = 0


def read_labels(path: Path, size: int, labels: str | None = None, one: str | None = None) -> Labels:
    """Read a file of labels.

    Args:
        path: the file.
        size: L, numbers of a latent.
        labels: name of the column or array of labels, where there are several.
        one: the value that is 1, or of several the one that is held against all others.

    Returns:
        The labels.

    Raises:
        InputError: it is no such file, or a label is none; names line, column and value.
    """
    kind = kind_of(path, LABELS)
    if kind == "pickle":
        raise refuse_pickle(LABELS)
    raw = _of_table(path, size, labels) if kind == "text" else _of_arrays(arrays_in(path, kind), size, labels)
    if not 1 <= len(raw.texts) <= MAX_LABELS:
        raise InputError(f"Expected 1 to {MAX_LABELS:,} labels. Received: {len(raw.texts):,}. Send fewer.")
    return _read(raw, one)


def _read(raw: _Raw, one: str | None) -> Labels:
    there = np.array([k for k, text in enumerate(raw.texts) if not is_missing(text)], np.intp)
    texts = [" ".join(raw.texts[k].split()) for k in there]
    if not texts and raw.left_out == len(raw.texts):
        raise InputError(f"Expected finite latents with labels. Received: none of {raw.left_out:,} rows is. Mend them.")
    if not texts:
        raise InputError("Expected labels. Received: blanks alone. Choose another column or file.")
    lines = np.array(raw.lines or range(1, len(raw.texts) + 1), np.intp)[there]
    latents = raw.latents[there] if raw.latents is not None else None
    bases = [raw.bases[k] for k in there] if raw.bases else []
    blanks = len(raw.texts) - len(there)
    left_out = [f"{counted(blanks, 'blank', 'blanks')} left out."] if blanks else []
    left_out += [f"{counted(raw.left_out, 'row', 'rows')} left out."] if raw.left_out else []
    numeric = [is_number(text, raw.decimal) for text in texts]
    values = _distinct(texts, raw.decimal) if all(numeric) else sorted(set(texts))
    if one is not None or len(values) <= 2:
        flags, words = _classes(texts, values, one, raw)
        return Labels(flags, bases, latents, there, lines, " ".join([words, *left_out]))
    if all(numeric):
        numbers = np.array([_number(text, raw.decimal) for text in texts])
        if not np.isfinite(numbers).all():
            raise _bad(raw, texts, lines, int(np.argmin(np.isfinite(numbers))), "finite numbers")
        words = f"{len(numbers):,} numbers from {numbers.min():.4g} to {numbers.max():.4g}: a direction by regression."
        return Labels(numbers, bases, latents, there, lines, " ".join([words, *left_out]), scores=True)
    if sum(numeric) * 2 > len(numeric):
        raise _bad(raw, texts, lines, numeric.index(False), "numbers, or two values")
    counts = sorted(((texts.count(value), value) for value in values), reverse=True)
    shown = ", ".join(f"{value[:20]} ({count:,})" for count, value in counts[:MAX_CLASSES_SHOWN])
    raise InputError(
        f"Expected two values, or numbers. Received: {len(values):,} values: {shown}. "
        "Name the one that is held against all others (one=VALUE)."
    )


def _classes(texts: Sequence[str], values: Sequence[str], one: str | None, raw: _Raw) -> tuple[NDArray[np.bool_], str]:
    """Return the flags of two classes, and the sentence that says which is which."""
    if len(values) < 2:
        raise InputError(
            f"Expected two values. Received: {values[0][:40]} alone, {len(texts):,} times. Label both kinds."
        )
    if one is None:
        one = _one_of(values, raw.decimal)
    of = {text: _plain(text, raw.decimal) for text in set(texts)}
    wanted = _plain(one, raw.decimal)
    flags = np.array([of[text] == wanted for text in texts], bool)
    if not flags.any():
        raise InputError(
            f"Expected one of the labels ({', '.join(values[:MAX_CLASSES_SHOWN])}). Received: {one[:40]}. Change it."
        )
    others = [value for value in values if _plain(value, raw.decimal) != wanted]
    zero = others[0] if len(others) == 1 else f"all others ({len(others):,} values)"
    return flags, f"1 is {one[:40]} ({int(flags.sum()):,}), 0 is {zero[:40]} ({int((~flags).sum()):,})."


def _one_of(values: Sequence[str], decimal: str) -> str:
    """Return which of two values is 1: the one that says yes, the larger number, or the last one by name."""
    if all(is_number(value, decimal) for value in values):
        return max(values, key=lambda value: _number(value, decimal))
    return next((value for value in values if value.lower() in _ONES), max(values))


def _distinct(texts: Sequence[str], decimal: str) -> list[str]:
    """Return the different numbers, each as it is first written."""
    found: dict[float, str] = {}
    for text in texts:
        found.setdefault(_number(text, decimal), text)
    return [found[number] for number in sorted(found)]


def _plain(text: str, decimal: str) -> Any:
    return _number(text, decimal) if is_number(text, decimal) else text


def _number(text: str, decimal: str) -> float:
    return float(text.replace(",", ".") if decimal == "," else text)


def _bad(raw: _Raw, texts: Sequence[str], lines: NDArray[np.intp], index: int, expected: str) -> InputError:
    value = "".join(c if c.isprintable() else "?" for c in texts[index])[:40]
    named = f" ({raw.name})" if raw.name else ""
    return InputError(
        f'Expected {expected}. Received: "{value}" in line {lines[index]:,}, column {raw.column}{named}. '
        "Mend it, or leave the cell empty."
    )


# Arrays ---------------------------------------------------------------------------------------------------------------


def _of_arrays(entries: Sequence[ArrayEntry], size: int, labels: str | None) -> _Raw:
    for each in entries:
        if not (each.real or each.text):
            each.real_numbers()
    wide = next((each for each in entries if each.real and sum(length > 1 for length in each.shape) > 1), None)
    if wide is not None and not fitting(entries, size):
        raise InputError(
            f"Expected latents of {size} numbers with labels, or labels in one row. Received: {wide.words}. "
            "Take latents of this model."
        )
    if fitting(entries, size):
        entry = choose(entries, size, None)
        latents, _ = as_rows(entry.real_numbers(), size, entry.name[:40])
        given = _chosen(
            [each for each in entries if each is not entry and _count(each) == len(latents)], labels, len(latents)
        )
        finite = np.asarray(np.isfinite(latents).all(axis=1))
        raw = _texts(given)
        texts = [text if good else "" for text, good in zip(raw.texts, finite.tolist(), strict=True)]
        return _Raw(texts, latents=np.asarray(latents), name=given.name, left_out=int((~finite).sum()))
    faces = next((each for each in entries if each.name.lower() in _FACES and each.text), None)
    if faces is not None:
        count = _count(faces)
        given = _chosen([each for each in entries if each is not faces and _count(each) == count], labels, count)
        return _Raw(_texts(given).texts, bases=[text.strip() for text in _texts(faces).texts], name=given.name)
    plain = [each for each in entries if max(each.shape, default=0) == _count(each) > 0]
    if not plain:
        listed = "; ".join(entry.words for entry in entries[:5])
        raise InputError(f"Expected labels in one row, or latents of {size} numbers with labels. Received: {listed}.")
    return _texts(_chosen(plain, labels, None))


def _chosen(among: Sequence[ArrayEntry], wanted: str | None, count: int | None) -> ArrayEntry:
    listed = ", ".join(entry.name[:30] for entry in among[:8])
    if wanted is not None:
        found = next((entry for entry in among if entry.name == wanted), None)
        if found is None:
            raise InputError(f"Expected one of the arrays of labels ({listed}). Received: {wanted[:40]}. Choose one.")
        return found
    if not among:
        raise InputError(f"Expected an array of {count or 'n'} labels beside the latents. Received: none. Add one.")
    usual = [entry for name in _NAMES for entry in among if entry.name.lower() == name]
    if usual or len(among) == 1:
        return (usual or list(among))[0]
    raise InputError(f"Expected one array of labels. Received: {len(among)}: {listed}. Name it (labels=NAME).")


def _texts(entry: ArrayEntry) -> _Raw:
    if not (entry.real or entry.text):
        entry.real_numbers()
    if _count(entry) > MAX_LABELS:
        raise InputError(f"Expected at most {MAX_LABELS:,} labels. Received: {_count(entry):,}. Send fewer.")
    values = np.ravel(entry.load())
    if values.dtype.kind == "b":
        values = values.astype(np.int64)
    if values.dtype.kind == "f":
        return _Raw(["" if v != v else repr(v) for v in values.astype(np.float64).tolist()], name=entry.name)
    return _Raw(
        [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values.tolist()], name=entry.name
    )


def _count(entry: ArrayEntry) -> int:
    return int(np.prod(entry.shape, dtype=np.int64))


# Tables ---------------------------------------------------------------------------------------------------------------


def _of_table(path: Path, size: int, labels: str | None) -> _Raw:
    table = Table(path, 64 * (size + 2) + (1 << 16))
    if table.width >= size:
        return _beside_latents(path, size, labels)
    left_out: list[LeftOut] = []
    blocks = list(table.rows(set(range(table.width)), left_out))
    cells = {k: [text for block in blocks for text in block.frame[k].fillna("").tolist()] for k in range(table.width)}
    if not blocks:
        raise refusal(LABELS, "a table without a row", "Choose another file.")
    lines = np.concatenate([block.lines for block in blocks]).tolist()
    faces = _face_column(table, cells)
    column = _label_column(table, [k for k in range(table.width) if k != faces], labels)
    bases = [text.strip() for text in cells[faces]] if faces is not None else []
    return _Raw(cells[column], bases, None, lines, column + 1, table.form.decimal, table.names[column], len(left_out))


def _face_column(table: Table, cells: dict[int, list[str]]) -> int | None:
    """Return the column of faces: of that name, or the first one where it holds such, and others follow."""
    named = next((k for k, name in enumerate(table.names) if name.lower() in _FACES), None)
    if named is not None or table.width == 1:
        return named
    first = [text.strip() for text in cells[0] if text.strip()]
    shown = sum(bool(_FACE.match(text)) or ":" in text or "~" in text for text in first)
    return 0 if first and shown * 2 > len(first) else None


def _label_column(table: Table, among: Sequence[int], labels: str | None) -> int:
    names = [table.names[k] or f"column {k + 1}" for k in among]
    listed = ", ".join(names[:12])
    if labels is not None:
        if labels not in names:
            raise InputError(f"Expected one of the columns ({listed}). Received: {labels[:40]}. Choose one.")
        return among[names.index(labels)]
    usual = [among[[n.lower() for n in names].index(name)] for name in _NAMES if name in [n.lower() for n in names]]
    if usual or len(among) == 1:
        return (usual or list(among))[0]
    if not among:
        raise refusal(LABELS, "a column of faces alone", "Add a column of labels.")
    raise InputError(f"Expected one column of labels. Received: {len(among)}: {listed}. Name it (labels=NAME).")


def _beside_latents(path: Path, size: int, labels: str | None) -> _Raw:
    found = read_latent_file(path, size, Reading())
    if not found.columns:
        raise InputError(f"Expected a column of labels beside {size} numbers. Received: none. Add one.")
    names = [column.name for column in found.columns]
    if labels is not None and labels not in names:
        raise InputError(f"Expected one of the columns ({', '.join(names[:12])}). Received: {labels[:40]}. Choose one.")
    usual = [names[[n.lower() for n in names].index(name)] for name in _NAMES if name in [n.lower() for n in names]]
    if labels is None and not usual and len(names) > 1:
        raise InputError(
            f"Expected one column of labels. Received: {len(names)}: {', '.join(names[:12])}. Name it (labels=NAME)."
        )
    column = found.columns[names.index(labels or (usual or names)[0])]
    latents = np.concatenate(list(found.blocks()))
    return _Raw(_texts_of(column), latents=latents, name=column.name, left_out=found.of - found.rows)


def _texts_of(column: Column) -> list[str]:
    if column.kind == "numbers":
        return ["" if value != value else repr(value) for value in column.values.tolist()]
    return [column.labels[code] if code >= 0 else "" for code in column.values.tolist()]
