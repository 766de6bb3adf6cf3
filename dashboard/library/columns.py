"""Columns beside latents: numbers or categories, some values missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dashboard.library.text_form import is_missing, is_number

MAX_LABEL = 60
"""Length limit of a category."""

MAX_CATEGORIES = 10_000
FEW = 12
"""Number of different whole numbers up to which a column is read as categories."""

MAX_NAME = 40
BARS = 12

Kind = Literal["numbers", "categories"]


@dataclass(frozen=True, eq=False)
class Column:
    """A column beside latents.

    Args:
        name: from the header, or "column 3".
        kind: what it is taken for.
        values: numbers (n,) float64, NaN where missing; categories (n,) int32 indices of `labels`, -1 where missing.
        labels: the categories, the most frequent first.
    """

    name: str
    kind: Kind
    values: NDArray[Any]
    labels: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """Number of rows without a value."""
        gone = np.isnan(self.values) if self.kind == "numbers" else self.values < 0
        return int(gone.sum())

    @property
    def words(self) -> str:
        """The column in words: "age (numbers)", "sex (2 categories)"."""
        what = "numbers" if self.kind == "numbers" else counted(len(self.labels), "category", "categories")
        missing = f", {self.missing:,} missing" if self.missing else ""
        return f"{self.name} ({what}{missing})"

    def taken(self, rows: NDArray[Any]) -> Column:
        """Return the column for some rows."""
        return Column(self.name, self.kind, self.values[rows], self.labels)

    def taken_for(self, kind: object) -> Column:
        """Return the same as another kind, where it can be: categories that are all numbers are numbers too."""
        if kind == self.kind or kind not in ("numbers", "categories"):
            return self
        texts = (
            [f"{value:g}" for value in self.values.tolist()]
            if self.kind == "numbers"
            else [self.labels[code] if code >= 0 else "" for code in self.values.tolist()]
        )
        if kind == "numbers" and all(is_number(label) for label in self.labels):
            values = np.array([float(text) if text else np.nan for text in texts])
            return Column(self.name, "numbers", values)
        return (
            (_categories(self.name, texts, np.array([is_missing(text) for text in texts])) or self)
            if kind != "numbers"
            else self
        )

    def as_json(self) -> dict[str, Any]:
        """Return what a page shows of the column: name, kind, the numbers of a small plot, and a sentence."""
        common = {"name": self.name, "kind": self.kind, "missing": self.missing}
        if self.kind == "categories":
            counts = np.bincount(self.values[self.values >= 0], minlength=len(self.labels))
            shown = [[label or "(empty)", int(count)] for label, count in zip(self.labels[:6], counts[:6], strict=True)]
            words = " · ".join(f"{label} {count:,}" for label, count in shown)
            more = len(self.labels) - len(shown)
            return {**common, "shares": [count for _, count in shown] + ([int(counts[6:].sum())] if more else []),
                    "words": words + (f" · {more:,} more" if more else "")}  # fmt: skip
        there = self.values[~np.isnan(self.values)]
        if not len(there):
            return {**common, "bars": [], "words": "no value"}
        bars = np.histogram(there, BARS)[0].tolist() if np.ptp(there) > 0 else [len(there)]
        low, middle, high = (float(v) for v in (there.min(), np.median(there), there.max()))
        return {**common, "bars": bars, "words": f"{low:.4g} to {high:.4g}, middle {middle:.4g}"}


def column_of(name: str, cells: Sequence[str], decimal: str = ".", kind: Kind | None = None) -> Column | None:
    """Return a column from its texts.

    Args:
        name: its name.
        cells: one a row; what `is_missing` holds for is missing.
        decimal: the decimal mark.
        kind: what it is to be taken for; None to find out.

    Returns:
        The column; None where it has more categories than are kept, or no value at all.
    """
    gone = np.array([is_missing(cell) for cell in cells], bool)
    there = [cell for cell, missing in zip(cells, gone, strict=True) if not missing]
    if not there:
        return None
    if kind != "categories" and all(is_number(cell, decimal) for cell in there):
        numbers = np.full(len(cells), np.nan)
        numbers[~gone] = [float(cell.strip().replace(",", ".") if decimal == "," else cell) for cell in there]
        numbers[~np.isfinite(numbers)] = np.nan
        return numeric_column(name, numbers, kind)
    texts = [" ".join(cell.split())[:MAX_LABEL] for cell in cells]
    return _categories(name, texts, gone)


def numeric_column(name: str, numbers: NDArray[Any], kind: Kind | None = None) -> Column | None:
    """Return a column from its numbers, NaN where missing; a few whole numbers are categories unless `kind` says
    otherwise.
    """
    values = np.asarray(numbers, np.float64)
    there = values[~np.isnan(values)]
    if not len(there):
        return None
    whole = bool((there == np.round(there)).all())
    if kind is None:
        kind = "categories" if whole and len(np.unique(there)) <= FEW else "numbers"
    if kind == "numbers":
        return Column(name, "numbers", values)
    return _categories(name, [f"{v:.0f}" if whole else f"{v:g}" for v in values.tolist()], np.isnan(values))


def array_column(name: str, array: NDArray[Any], kind: Kind | None = None) -> Column | None:
    """Return a column from an array (n,) of numbers, flags, text or bytes."""
    values = np.asarray(array).ravel()
    if values.dtype.kind in "fiu":
        return numeric_column(name, values, kind)
    if values.dtype.kind == "b":
        return column_of(name, ["yes" if v else "no" for v in values.tolist()], kind="categories")
    texts = [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values.tolist()]
    return column_of(name, texts, kind=kind)


def renamed(column: Column, taken: Sequence[str]) -> Column:
    """Return the same column under a name that is not taken yet: "age (2)"."""
    name, k = column.name, 2
    while name in taken:
        name, k = f"{column.name[: MAX_NAME - 5]} ({k})", k + 1
    return Column(name, column.kind, column.values, column.labels)


def clean_name(name: str, number: int) -> str:
    """Return a name as a page shows it; a column without one is "column 3"."""
    words = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:MAX_NAME].strip()
    return words or f"column {number}"


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its word: "1 row", "50 rows"."""
    return f"{count:,} {one if count == 1 else many}"


def _categories(name: str, texts: Sequence[str], gone: NDArray[np.bool_]) -> Column | None:
    counts = Counter(text for text, missing in zip(texts, gone, strict=True) if not missing)
    if len(counts) > MAX_CATEGORIES:
        return None
    labels = sorted(counts, key=lambda label: (-counts[label], label))
    codes_of = {label: code for code, label in enumerate(labels)}
    codes = [-1 if missing else codes_of[text] for text, missing in zip(texts, gone, strict=True)]
    return Column(name, "categories", np.array(codes, np.int32), tuple(labels))
