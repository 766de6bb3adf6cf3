"""Labels of faces from a file: two values of any kind are two classes, numbers are scores, blanks are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import InputError
from dashboard.library.columns import counted
from dashboard.library.label_columns import LabelChoice, RawLabels, raw_labels
from dashboard.library.text_form import is_missing, is_number

MAX_CLASSES_SHOWN = 6
MAX_COUNTED = 50
"""Values that are listed with their count, at most."""

_SIGNS = ({"+", "-"}, {"+", "\u2212"}, {"+", "\u2013"})
"""Labels of two signs, one of which means a blank elsewhere."""

_ONES = ("1", "yes", "true", "y", "t", "positive", "pos", "+", "+1", "on", "present", "with")


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels of faces, without blanks.

    Args:
        values: (n,) flags of two classes, or float64 scores.
        bases: n faces such as "31.5"; none where the labels are those of `latents`, or of the sample in its order.
        latents: (n, L), or None.
        rows: (n,) row numbers in the file, from 0; of labels alone, the rows of the sample that they belong to.
        lines: (n,) where they stand in the file, from 1.
        words: what was read, in a sentence: which value is 1, how many blanks.
        scores: whether they are numbers that a direction is found for by regression.
        column: the column or array that they stand in; empty where it has no name.
        columns: all that could be taken.
        counts: its values with how often each stands there, the most frequent first: MAX_COUNTED of them.
        one: the value that is 1; empty where they are scores.
        numbers: whether they could be scores: numbers of more than two values.
        blanks: how many rows have none.
        left_out: how many rows cannot be used.
    """

    values: NDArray[Any]
    bases: list[str]
    latents: np.ndarray | None
    rows: NDArray[np.intp]
    lines: NDArray[np.intp]
    words: str
    scores: bool = False
    column: str = ""
    columns: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    one: str = ""
    numbers: bool = False
    blanks: int = 0
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
        LabelChoice: the file leaves open which column holds them, or which value is 1.
        InputError: it is no such file, or a label is none; names line, column and value.
    """
    return _read(raw_labels(path, size, labels), one)


def _read(raw: RawLabels, one: str | None) -> Labels:
    given = {text.strip() for text in raw.texts if text.strip()}
    missing = (lambda text: not text.strip()) if given in _SIGNS else is_missing
    there = np.array([k for k, text in enumerate(raw.texts) if not missing(text)], np.intp)
    texts = [" ".join(raw.texts[k].split()) for k in there]
    if not texts and raw.left_out == len(raw.texts):
        raise InputError(f"Expected finite latents with labels. Received: none of {raw.left_out:,} rows is. Mend them.")
    if not texts:
        raise InputError("Expected labels. Received: blanks alone. Choose another column or file.")
    lines = np.array(raw.lines or range(1, len(raw.texts) + 1), np.intp)[there]
    latents = raw.latents[there] if raw.latents is not None else None
    bases = [raw.bases[k] for k in there] if raw.bases else []
    blanks = len(raw.texts) - len(there) - raw.blanked
    left_out = [f"{counted(blanks, 'blank', 'blanks')} left out."] if blanks else []
    left_out += [f"{counted(raw.left_out, 'row', 'rows')} left out."] if raw.left_out else []
    numeric = [is_number(text, raw.decimal) for text in texts]
    if not any(numeric) and all(is_number(text, other := "," if raw.decimal == "." else ".") for text in texts):
        raw.decimal, numeric = other, [True] * len(texts)  # of this column alone: faces keep their point
    values = _distinct(texts, raw.decimal) if all(numeric) else sorted(set(texts))
    if not all(numeric) and len(values) > 2 and len({value.casefold() for value in values}) == 2:
        first: dict[str, str] = {}
        texts = [first.setdefault(text.casefold(), text) for text in texts]  # yes, Yes and YES are one value
        values = sorted(set(texts))
    counts = tuple(Counter(_first_written(texts, values, raw.decimal)).most_common(MAX_COUNTED))
    fields: dict[str, Any] = {
        "column": raw.name, "columns": tuple(raw.columns), "counts": counts, "blanks": blanks,
        "left_out": raw.left_out, "numbers": all(numeric) and len(values) > 2,
    }  # fmt: skip
    if one is not None or len(values) <= 2:
        flags, words, one = _classes(texts, values, one, raw)
        return Labels(flags, bases, latents, there, lines, " ".join([words, *left_out]), one=one, **fields)
    if all(numeric):
        numbers = np.array([_number(text, raw.decimal) for text in texts])
        if not np.isfinite(numbers).all():
            raise _bad(raw, texts, lines, int(np.argmin(np.isfinite(numbers))), "finite numbers")
        words = f"{len(numbers):,} numbers from {numbers.min():.4g} to {numbers.max():.4g}: a direction by regression."
        return Labels(numbers, bases, latents, there, lines, " ".join([words, *left_out]), scores=True, **fields)
    if sum(numeric) * 2 > len(numeric):
        raise _bad(raw, texts, lines, numeric.index(False), "numbers, or two values")
    shown = ", ".join(f"{value[:20]} ({count:,})" for value, count in counts[:MAX_CLASSES_SHOWN])
    raise LabelChoice(
        f"Expected two values, or numbers. Received: {len(values):,} values: {shown}. "
        "Name the one that is held against all others (one=VALUE).",
        raw.columns,
        raw.name,
        counts,
    )


def _first_written(texts: Sequence[str], values: Sequence[str], decimal: str) -> list[str]:
    """Return the labels, a number each as it is first written: 1 and 1.0 are one value."""
    of = {_plain(value, decimal): value for value in values}
    return [of[_plain(text, decimal)] for text in texts]


def _classes(
    texts: Sequence[str], values: Sequence[str], one: str | None, raw: RawLabels
) -> tuple[NDArray[np.bool_], str, str]:
    """Return the flags of two classes, the sentence that says which is which, and the value that is 1."""
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
    return flags, f"1 is {one[:40]} ({int(flags.sum()):,}), 0 is {zero[:40]} ({int((~flags).sum()):,}).", one


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


def _bad(raw: RawLabels, texts: Sequence[str], lines: NDArray[np.intp], index: int, expected: str) -> InputError:
    value = "".join(c if c.isprintable() else "?" for c in texts[index])[:40]
    named = f" ({raw.name})" if raw.name not in ("", f"column {raw.column}") else ""
    return InputError(
        f'Expected {expected}. Received: "{value}" in line {lines[index]:,}, column {raw.column}{named}. '
        "Mend it, or leave the cell empty."
    )
