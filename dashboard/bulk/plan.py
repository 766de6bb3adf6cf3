"""Plans of bulk work: what the rows are made of, and how they are divided into blocks and slices."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import numpy as np

from dashboard.errors import InputError

BLOCK = 64
"""Rows computed together, always the same ones, so that rounding does not depend on the number of slices."""

MOST_SLICES = 100_000

VERSION = 1
"""Increased whenever rows are computed differently, so that slices of different versions are not merged."""


@dataclass(frozen=True)
class Slice:
    """One of several slices of bulk work.

    Args:
        number: from 1.
        of: number of slices.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Slice:
        """Read a slice such as 3/8.

        Raises:
            InputError: the text is not a slice.
        """
        found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]) <= MOST_SLICES:
            raise InputError(
                f"Expected a slice such as 3/8, from 1/8 to 8/8, of at most {MOST_SLICES:,}. Received: {text[:40]}."
            )
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def blocks(self, rows: int) -> range:
        """Return the numbers of its blocks, of so many rows; empty if there are fewer blocks than slices."""
        count = -(-rows // BLOCK)
        return range((self.number - 1) * count // self.of, self.number * count // self.of)


WHOLE = Slice(1, 1)


@dataclass(frozen=True)
class ArrayForm:
    """Form of one array of the result.

    Args:
        dtype: as NumPy writes it, such as "<f4".
        shape: of one row.
    """

    dtype: str
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Bulk work as plain values: what a slice's files belong to, and what a process needs to compute them.

    Args:
        kind: "faces", "rescore" or "bank".
        model: name of the model.
        digest: of the model and of the networks used.
        rows: number of rows of the result.
        options: everything that determines a row.
        arrays: form of the result's arrays.
        constants: further values of the result: lists, texts or numbers.
        request: the request as it was made, with paths of this machine; not part of the plan's identity.
    """

    kind: str
    model: str
    digest: str
    rows: int
    options: Mapping[str, Any]
    arrays: Mapping[str, ArrayForm]
    constants: Mapping[str, Any] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """SHA-256 of everything that determines the result."""
        determined = {**asdict(self), "model": None, "request": None, "version": VERSION, "block": BLOCK}
        return hashlib.sha256(json.dumps(determined, sort_keys=True).encode()).hexdigest()

    def written(self) -> str:
        """Return it as JSON."""
        return json.dumps({**asdict(self), "identity": self.identity}, sort_keys=True, indent=1)

    @classmethod
    def read(cls, text: str | bytes, source: str) -> Plan:
        """Read what `written` returned.

        Args:
            text: JSON.
            source: where it is from, for the error.

        Raises:
            InputError: the text is not a plan, or one of another version.
        """
        try:
            values = json.loads(text)
            identity = values.pop("identity")
            forms = {
                str(name): ArrayForm(np.dtype(form["dtype"]).str, tuple(map(int, form["shape"])))
                for name, form in values.pop("arrays").items()
            }
            found = cls(arrays=forms, **values)
            fits = found.identity == identity and type(found.rows) is int and found.rows > 0
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(f"Expected the plan of slices in {source}. Received: {error}. Choose another.") from error
        if not fits:
            raise InputError(
                f"Expected a plan of this version of Likeness in {source}. Received: another. Compute the slices anew."
            )
        return found

    def size(self, block: int) -> int:
        """Return the number of rows of a block."""
        return min(BLOCK, self.rows - block * BLOCK)

    def difference(self, other: Plan) -> str:
        """Say in which values another plan differs; empty if they are the same."""
        here, there = (
            {"kind": p.kind, "model": p.digest[:8], "rows": p.rows, **p.options, **p.constants} for p in (self, other)
        )
        names = [name for name in {**here, **there} if here.get(name) != there.get(name)]
        return ", ".join(f"{name} {_short(there.get(name))} instead of {_short(here.get(name))}" for name in names) or (
            "" if self.identity == other.identity else "another form of arrays"
        )


class Work(Protocol):
    """Bulk work that a process can compute."""

    @property
    def plan(self) -> Plan:
        """Its plan."""
        ...

    def block(self, number: int) -> dict[str, np.ndarray]:
        """Compute a block: rows 64 * number and on, of each array."""
        ...


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 40 else f"{text[:36]}..."
