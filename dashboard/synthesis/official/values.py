"""Values of a pickle besides plain ones, and their descriptions in errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from dashboard.errors import OfficialFileError

Pair = tuple[str, str]
"""Module and name of a class or function."""


@dataclass(frozen=True)
class Named:
    """A name in the file, not resolved to anything."""

    module: str
    name: str

    @property
    def pair(self) -> Pair:
        """Module and name."""
        return self.module, self.name


class StoredType:
    """The type of an array's numbers; the file may specify the byte order later."""

    def __init__(self, code: str, order: str = "<") -> None:
        self.code, self.order = code, order

    @property
    def numpy(self) -> np.dtype:
        """The NumPy type."""
        return np.dtype(self.order + self.code)


class StoredArray:
    """An array; a view of the file's bytes, None until they have been read."""

    def __init__(self, values: np.ndarray | None = None) -> None:
        self.values = values


class StoredNetwork:
    """A network as described in the file; None until it has been read."""

    def __init__(self, kind: Named) -> None:
        self.kind = kind
        self.state: dict[str, Any] | None = None


_OTHERS = {StoredNetwork: "a network", StoredType: "a type of numbers", memoryview: "bytes"}


def describe(value: Any) -> str:
    """Describe a value in a few words, however large or deep it is."""
    if value is None or isinstance(value, bool | int | float):
        return repr(value)[:40]
    if isinstance(value, str):
        return ascii(value[:60]) + ("..." if len(value) > 60 else "")
    if isinstance(value, Named):
        return printable(f"{value.module}.{value.name}")
    if isinstance(value, StoredArray):
        return "an array" if value.values is None else f"an array of shape {value.values.shape}"
    if isinstance(value, list | tuple | dict):
        return f"a {type(value).__name__} of {len(value)}"
    return _OTHERS.get(type(value), "something else")


def printable(text: str) -> str:
    """Return the first 100 characters of a text from a file, fit for a terminal."""
    return ascii(text[:100])[1:-1]


def refuse(expected: str, received: str) -> NoReturn:
    """Raise this package's error, in the common form."""
    raise OfficialFileError(f"Expected {expected}. Received: {received}.")
