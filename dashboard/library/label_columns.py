"""The column or array of labels in a file, and the faces or latents that they are of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dashboard.errors import InputError
from dashboard.library.array_reader import ArrayEntry, arrays_in
from dashboard.library.columns import Column
from dashboard.library.file_kinds import READ, kind_of, refusal, refuse_pickle
from dashboard.library.latent_arrays import as_rows, choose, fitting
from dashboard.library.latent_files import Reading, read_latent_file
from dashboard.library.table_reader import LeftOut, Table

MAX_LABELS = 20_000
LABELS = f"labels: faces and their labels, or latents and labels, as {READ}"

_NAMES = ("labels", "label", "y", "target", "targets", "class", "classes", "attribute", "score", "scores", "value")
_FACES = ("face", "faces", "seed", "seeds", "base", "address")
_FACE = re.compile(r"\d{1,10}(\.\d+)?$")


class LabelChoice(InputError):
    """The error of a file that leaves a choice open: which column holds the labels, or which value is 1.

    Args:
        message: the sentence for the person.
        column: the column or array that was read; empty where that is open.
        columns: all that can be.
        counts: the values of that one with how often each stands there, the most frequent first.
    """

    def __init__(
        self, message: str, columns: Sequence[str] = (), column: str = "", counts: Sequence[tuple[str, int]] = ()
    ) -> None:
        super().__init__(message)
        self.column, self.columns, self.counts = column, tuple(columns), tuple(counts)


@dataclass(eq=False)
class RawLabels:
    """Labels as written in a file.

    Args:
        texts: one a row; blanks where there is none.
        bases: faces, or none.
        latents: (n, L), or None.
        lines: where the rows stand in the file, from 1; none where they are counted.
        column: its number, from 1.
        decimal: its decimal mark.
        name: its name; empty where it has none.
        columns: names of all that could be taken.
        left_out: rows that cannot be used.
        blanked: of those left out, how many stand as blanks among the texts.
    """

    texts: list[str]
    bases: list[str] = field(default_factory=list)
    latents: np.ndarray | None = None
    lines: Sequence[int] = ()
    column: int = 1
    decimal: str = "."
    name: str = ""
    columns: Sequence[str] = ()
    left_out: int = 0
    blanked: int = 0


def raw_labels(path: Path, size: int, labels: str | None) -> RawLabels:
    """Find the labels of a file.

    Args:
        path: the file.
        size: L, numbers of a latent.
        labels: name of the column or array, where there are several.

    Returns:
        They, as they stand there.

    Raises:
        LabelChoice: several columns or arrays could be meant.
        InputError: it is no such file.
    """
    kind = kind_of(path, LABELS)
    if kind == "pickle":
        raise refuse_pickle(LABELS)
    raw = _of_table(path, size, labels) if kind == "text" else _of_arrays(arrays_in(path, kind), size, labels)
    if not 1 <= len(raw.texts) <= MAX_LABELS:
        raise InputError(f"Expected 1 to {MAX_LABELS:,} labels. Received: {len(raw.texts):,}. Send fewer.")
    return raw


# Arrays ---------------------------------------------------------------------------------------------------------------


def _of_arrays(entries: Sequence[ArrayEntry], size: int, labels: str | None) -> RawLabels:
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
        among = [each for each in entries if each is not entry and _count(each) == len(latents)]
        given = _chosen(among, labels, len(latents))
        finite = np.asarray(np.isfinite(latents).all(axis=1))
        raw = _texts(given)
        texts = [text if good else "" for text, good in zip(raw.texts, finite.tolist(), strict=True)]
        gone = int((~finite).sum())
        return RawLabels(
            texts, latents=np.asarray(latents), name=given.name, columns=_names(among), left_out=gone, blanked=gone
        )
    faces = next((each for each in entries if each.name.lower() in _FACES and len(entries) > 1), None)
    if faces is not None:
        count = _count(faces)
        if faces.dtype.kind not in "USiu":
            raise InputError(f'Expected faces as text, such as "31.5". Received: {faces.words}. Save them as text.')
        among = [each for each in entries if each is not faces and _count(each) == count]
        given = _chosen(among, labels, count)
        bases = [text.strip() for text in _texts(faces).texts]
        return RawLabels(_texts(given).texts, bases=bases, name=given.name, columns=_names(among))
    plain = [each for each in entries if max(each.shape, default=0) == _count(each) > 0]
    if not plain:
        listed = "; ".join(entry.words for entry in entries[:5])
        raise InputError(f"Expected labels in one row, or latents of {size} numbers with labels. Received: {listed}.")
    given = _chosen(plain, labels, None)
    return RawLabels(_texts(given).texts, name=given.name, columns=_names(plain))


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
    raise LabelChoice(
        f"Expected one array of labels. Received: {len(among)}: {listed}. Name it (labels=NAME).", _names(among)
    )


def _names(entries: Sequence[ArrayEntry]) -> list[str]:
    return [entry.name for entry in entries]


def _texts(entry: ArrayEntry) -> RawLabels:
    if not (entry.real or entry.text):
        entry.real_numbers()
    if _count(entry) > MAX_LABELS:
        raise InputError(f"Expected at most {MAX_LABELS:,} labels. Received: {_count(entry):,}. Send fewer.")
    values = np.ravel(entry.load())
    if values.dtype.kind == "b":
        values = values.astype(np.int64)
    if values.dtype.kind == "f":
        return RawLabels(["" if v != v else repr(v) for v in values.astype(np.float64).tolist()], name=entry.name)
    return RawLabels(
        [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values.tolist()], name=entry.name
    )


def _count(entry: ArrayEntry) -> int:
    return int(np.prod(entry.shape, dtype=np.int64))


# Tables ---------------------------------------------------------------------------------------------------------------


def _of_table(path: Path, size: int, labels: str | None) -> RawLabels:
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
    return RawLabels(
        cells[column], bases, None, lines, column + 1, table.form.decimal, _titled(table, column),
        [_titled(table, k) for k in range(table.width) if k != faces], len(left_out),
    )  # fmt: skip


def _titled(table: Table, k: int) -> str:
    return table.names[k] or f"column {k + 1}"


def _face_column(table: Table, cells: dict[int, list[str]]) -> int | None:
    """Return the column of faces: of that name, or the first one where it holds such, and others follow."""
    named = next((k for k, name in enumerate(table.names) if name.lower() in _FACES), None)
    if named is not None or table.width == 1:
        return named
    first = [text.strip() for text in cells[0] if text.strip()]
    shown = sum(bool(_FACE.match(text)) or ":" in text or "~" in text for text in first)
    return 0 if first and shown * 2 > len(first) else None


def _label_column(table: Table, among: Sequence[int], labels: str | None) -> int:
    names = [_titled(table, k) for k in among]
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
    raise LabelChoice(f"Expected one column of labels. Received: {len(among)}: {listed}. Name it (labels=NAME).", names)


def _beside_latents(path: Path, size: int, labels: str | None) -> RawLabels:
    found = read_latent_file(path, size, Reading())
    if not found.columns:
        raise InputError(f"Expected a column of labels beside {size} numbers. Received: none. Add one.")
    names = [column.name for column in found.columns]
    if labels is not None and labels not in names:
        raise InputError(f"Expected one of the columns ({', '.join(names[:12])}). Received: {labels[:40]}. Choose one.")
    usual = [names[[n.lower() for n in names].index(name)] for name in _NAMES if name in [n.lower() for n in names]]
    if labels is None and not usual and len(names) > 1:
        raise LabelChoice(
            f"Expected one column of labels. Received: {len(names)}: {', '.join(names[:12])}. Name it (labels=NAME).",
            names,
        )
    column = found.columns[names.index(labels or (usual or names)[0])]
    latents = np.concatenate(list(found.blocks()))
    gone = found.of - found.rows
    return RawLabels(_texts_of(column), latents=latents, name=column.name, columns=names, left_out=gone)


def _texts_of(column: Column) -> list[str]:
    if column.kind == "numbers":
        return ["" if value != value else repr(value) for value in column.values.tolist()]
    return [column.labels[code] if code >= 0 else "" for code in column.values.tolist()]
