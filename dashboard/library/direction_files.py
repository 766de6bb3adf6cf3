"""Directions of a file: boundaries, components, eigenvectors, tables; several of them, each with a title."""

from __future__ import annotations

import io
import math
import pickle
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from dashboard.errors import InputError, OfficialFileError
from dashboard.library.array_reader import ArrayEntry, arrays_in
from dashboard.library.file_kinds import READ, kind_of, refuse_pickle
from dashboard.library.latent_arrays import as_rows, fits
from dashboard.library.latent_columns import index_columns
from dashboard.library.latent_files import read_latent_file
from dashboard.library.latent_rows import numbers_of
from dashboard.library.table_reader import Table
from dashboard.library.text_form import is_number
from dashboard.synthesis.official.directions import parse_directions

MAX_BYTES = 64 << 20
"""Size limit of an uploaded file in bytes."""

MAX_KEPT = 64
"""Directions that are taken from a file in one import, at most."""

MAX_FOUND = 4096
MAX_TITLE = 48

FORMS = ("safetensors", "npz", "pkl")
DIRECTIONS = f"directions as {READ}, or in TL-GAN's form"


_NONE = re.compile(
    r"(^|[/_.])(mean|avg|average|center|centre|std|stdev|var|variance|eigen_?val(ue)?s?|singular_values?|scale|bias|intercept)_?\d*_?$",
    re.I,
)
"""Names of vectors that are stored beside directions: means, spreads, eigenvalues."""

_TITLED = ("name", "title", "direction", "attribute", "label")


@dataclass(frozen=True, eq=False)
class FoundDirection:
    """A direction of a file.

    Args:
        title: after its file, its array and its index in it.
        vector: (L,) float64 as the file has it.
        description: what the file says of it, such as its own length; a clause.
    """

    title: str
    vector: np.ndarray
    description: str


def read_directions(path: Path, size: int, name: str = "", notes: list[str] | None = None) -> list[FoundDirection]:
    """Read the directions of a file.

    Args:
        path: the file.
        size: L, numbers of a direction.
        name: the file's name, for titles.
        notes: sentences on what was left out are added to it.

    Returns:
        The directions, in file order, without those that are all zero or not finite.

    Raises:
        InputError: it holds none of this length.
    """
    stem = (
        title_of(re.sub(r"\.(npy|npz|csv|tsv|txt|safetensors|pkl)$", "", name.rpartition("/")[2], flags=re.I))
        or "Direction"
    )
    kind = kind_of(path, DIRECTIONS)
    if kind == "pickle":
        found = _tl_gan(path, size)
    elif kind == "text":
        found = _of_table(path, size, stem)
    else:
        found = _of_arrays(arrays_in(path, kind), size, stem)
    if len(found) > MAX_FOUND:
        raise InputError(f"Expected at most {MAX_FOUND:,} directions. Received: {len(found):,}. Send fewer.")
    good = [each for each in found if np.isfinite(each.vector).all() and each.vector.any()]
    if not found:
        raise InputError(
            f"Expected at least one direction of {size} numbers. Received: none. Send a file that holds some."
        )
    if not good:
        raise InputError(
            f"Expected directions of {size} finite numbers, not all zero. Received: {found[0].title} "
            f"{'all zero' if not found[0].vector.any() else 'with numbers that are not finite'}. Mend it."
        )
    if notes is not None and (bad := [each.title for each in found if each not in good]):
        shown = ", ".join(bad[:5]) + (f" and {len(bad) - 5:,} more" if len(bad) > 5 else "")
        notes.append(f"Left out, since all zero or not finite: {shown}.")
    return _unique(good)


def take(found: Sequence[FoundDirection], wanted: str) -> list[FoundDirection]:
    """Return the chosen directions of a file.

    Args:
        found: all of them.
        wanted: numbers from 1, with commas between them; empty for all, as far as they are not too many.

    Raises:
        InputError: there are too many, or a number is out of range.
    """
    if not wanted:
        if len(found) > MAX_KEPT:
            raise InputError(
                f"Expected a choice of at most {MAX_KEPT} directions. Received: a file of {len(found):,}. "
                "Name them by their numbers, such as take=1,2,3."
            )
        return list(found)
    numbers = [part.strip() for part in wanted.split(",") if part.strip()]
    if not all(part.isdecimal() and len(part) < 6 and 1 <= int(part) <= len(found) for part in numbers):
        raise InputError(
            f"Expected numbers from 1 to {len(found):,}, such as 1,2. Received: {wanted[:40]}. Change them."
        )
    if not 1 <= len(numbers) <= MAX_KEPT:
        raise InputError(f"Expected 1 to {MAX_KEPT} directions at a time. Received: {len(numbers):,}. Choose fewer.")
    return [found[int(part) - 1] for part in dict.fromkeys(numbers)]


def write_directions(form: str, vectors: Mapping[str, np.ndarray]) -> bytes:
    """Write directions as a file.

    Args:
        form: one of FORMS.
        vectors: (L,) by title, at least one.

    Returns:
        The file. TL-GAN's form names them by letters, digits and "_" alone.
    """
    if form == "safetensors":
        return save({name: np.asarray(vector, np.float32) for name, vector in vectors.items()})
    if form == "npz":
        stream = io.BytesIO()
        columns = np.column_stack([np.asarray(vector, np.float32) for vector in vectors.values()])
        np.savez(stream, direction=columns, name=np.array(list(vectors)))
        return stream.getvalue()
    names = [re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "Direction" for name in vectors]
    unique = [name if name not in names[:k] else f"{name}_{k}" for k, name in enumerate(names)]
    matrix = np.asfortranarray(np.column_stack([np.asarray(vector, np.float64) for vector in vectors.values()]))
    return pickle.dumps({"direction": matrix, "name": unique}, protocol=3)  # arrays and words: nothing that runs


def title_of(text: str) -> str:
    """Return a title from a name of a file or an array."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text.replace("_", " ")).split())
    return words[:MAX_TITLE].strip()


def _tl_gan(path: Path, size: int) -> list[FoundDirection]:
    if path.stat().st_size > MAX_BYTES:
        raise InputError(
            f"Expected a file of at most {MAX_BYTES >> 20} MB. Received: a larger one. Send fewer directions."
        )
    try:
        names, matrix = parse_directions(path.read_bytes())
    except OfficialFileError as error:
        raise refuse_pickle(DIRECTIONS) from error
    _check_size(len(matrix), size)
    return [FoundDirection(name, column, _length(column)) for name, column in zip(names, matrix.T, strict=True)]


def _of_table(path: Path, size: int, stem: str) -> list[FoundDirection]:
    """Return a direction a row, named by a column of text; or a direction a column, named by its title."""
    if columns := _table_columns(path, size, stem):
        return columns
    table = read_latent_file(path, size)
    rows = np.concatenate(list(table.blocks())).astype(np.float64)
    texts = [c for c in table.columns if c.kind == "categories" and not c.missing and not all(map(is_number, c.labels))]
    names = next((c for c in texts if c.name.lower() in _TITLED), texts[0] if texts else None)
    titles = [title_of(names.labels[code]) for code in names.values] if names else _numbered(stem, len(rows))
    return [FoundDirection(title, row, _length(row)) for title, row in zip(titles, rows, strict=True)]


def _table_columns(path: Path, size: int, stem: str) -> list[FoundDirection]:
    """Return the directions of a table of L rows, each a column; none where it is another table."""
    table = Table(path, 64 * (size + 2) + (1 << 16))
    numeric = [k for k, yes in enumerate(table.numeric()) if yes]
    taken = [k for k in numeric if k not in index_columns(table, numeric)]
    if not taken or table.width >= size or table.count() != size:
        return []
    parts = [numbers_of(rows.frame, taken, table.form.decimal) for rows in table.rows(set(), [])]
    columns = np.concatenate(parts).astype(np.float64).T
    if columns.shape[1] != size:
        return []
    numbered = _numbered(stem, len(taken))
    titles = [title_of(table.names[k]) or number for k, number in zip(taken, numbered, strict=True)]
    return [FoundDirection(title, row, _length(row)) for title, row in zip(titles, columns, strict=True)]


def _of_arrays(entries: Sequence[ArrayEntry], size: int, stem: str) -> list[FoundDirection]:
    by_name = {entry.name: entry for entry in entries}
    if set(by_name) == {"direction", "name"} and _is_exported(by_name, size):
        return _exported(by_name, size)
    if components := next((by_name[name] for name in ("lat_comp", "act_comp") if _holds(by_name, name, size)), None):
        return _components(components, by_name, size, stem)
    found: list[FoundDirection] = []
    fitting = [entry for entry in entries if entry.real and (fits(entry.shape, size) or _columns(entry.shape, size))]
    if not fitting:
        if not any(entry.real for entry in entries):
            entries[0].real_numbers()
        listed = "; ".join(entry.words for entry in entries[:5])
        raise InputError(f"Expected directions of {size} numbers. Received: {listed}. Take those of this model.")
    named = [entry for entry in fitting if not _NONE.search(entry.name)]
    fitting = named or fitting
    for entry in fitting:
        array = entry.real_numbers()
        rows = array.T if _columns(entry.shape, size) else as_rows(array, size, entry.name[:40] or "the array")[0]
        title = title_of(entry.name.rpartition("/")[2]) if len(fitting) > 1 or entry.name not in ("", "arr_0") else stem
        vectors = np.asarray(rows, np.float64)
        if len(vectors) > 1 and (vectors == vectors[:1]).all():
            vectors = vectors[:1]  # one for each layer, all equal
        titles = _titles_beside(entries, len(vectors)) if len(fitting) == 1 else None
        titles = titles or _numbered(title or stem, len(vectors))
        found += [FoundDirection(name, row, _length(row)) for name, row in zip(titles, vectors, strict=True)]
    return found


def _titles_beside(entries: Sequence[ArrayEntry], count: int) -> list[str] | None:
    """Return what an array of so many words says the directions are called."""
    words = next((entry for entry in entries if entry.text and math.prod(entry.shape) == count), None)
    if words is None:
        return None
    texts = [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in np.ravel(words.load()).tolist()]
    return _named([title_of(text) for text in texts])


def _is_exported(by_name: Mapping[str, ArrayEntry], size: int) -> bool:
    matrix, names = by_name["direction"], by_name["name"]
    return names.text and len(matrix.shape) == 2 and math.prod(names.shape) == matrix.shape[1] != 1


def _holds(by_name: Mapping[str, ArrayEntry], name: str, size: int) -> bool:
    return name in by_name and by_name[name].real and fits(by_name[name].shape, size)


def _components(entry: ArrayEntry, by_name: Mapping[str, ArrayEntry], size: int, stem: str) -> list[FoundDirection]:
    """Return GANSpace's components: "lat_comp" (k, 1, L) with "lat_stdev" (k,)."""
    rows = np.asarray(as_rows(entry.real_numbers(), size, entry.name)[0], np.float64)
    spread = by_name.get(entry.name.replace("_comp", "_stdev"))
    values = np.ravel(spread.real_numbers()) if spread is not None and spread.real else np.zeros(0)
    descriptions = (
        [f"standard deviation {value:.3g} in the file" for value in values] if len(values) == len(rows) else None
    )
    titles = [f"{stem[: MAX_TITLE - 15]} component {k + 1}" for k in range(len(rows))]
    words = descriptions or [_length(row) for row in rows]
    return [FoundDirection(*parts) for parts in zip(titles, rows, words, strict=True)]


def _exported(by_name: Mapping[str, ArrayEntry], size: int) -> list[FoundDirection]:
    """Return the form that this dashboard writes: a matrix L x F and F names."""
    matrix, names = by_name["direction"].real_numbers(), np.atleast_1d(by_name["name"].load())
    if matrix.ndim != 2 or names.ndim != 1 or len(names) != matrix.shape[1] or names.dtype.kind not in "US":
        raise InputError(f"Expected a name for each column of {matrix.shape}. Received: names of shape {names.shape}.")
    _check_size(len(matrix), size)
    titles = [title_of(name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)) for name in names]
    columns = zip(_named(titles), np.asarray(matrix, np.float64).T, strict=True)
    return [FoundDirection(title, column, _length(column)) for title, column in columns]


def _columns(shape: Sequence[int], size: int) -> bool:
    """Return whether an array holds directions as its columns."""
    return len(shape) == 2 and shape[0] == size and shape[1] != size


def _check_size(length: int, size: int) -> None:
    if length != size:
        raise InputError(
            f"Expected directions of {size} numbers. Received: {length:,} in each. Take those of this model."
        )


def _length(vector: np.ndarray) -> str:
    length = float(np.linalg.norm(vector))
    return "" if abs(length - 1) < 1e-3 else f"length {length:.3g} in the file; kept with length 1"


def _numbered(title: str, count: int) -> list[str]:
    return [title] if count == 1 else [f"{title[: MAX_TITLE - 6]} {k + 1}" for k in range(count)]


def _named(titles: Sequence[str]) -> list[str]:
    return [title or f"Direction {k + 1}" for k, title in enumerate(titles)]


def _unique(found: Sequence[FoundDirection]) -> list[FoundDirection]:
    """Make titles unique."""
    taken: dict[str, int] = {}
    named: list[Any] = []
    for each in found:
        taken[each.title] = taken.get(each.title, 0) + 1
        count = taken[each.title]
        title = each.title if count == 1 else f"{each.title[: MAX_TITLE - 6]} ({count})"
        named.append(FoundDirection(title, each.vector, each.description))
    return named
