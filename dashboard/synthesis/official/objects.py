"""The few classes and functions that a pickle may name, as values: NumPy's arrays and NVIDIA's network.

Nothing is imported or called by name. Source of each function's arguments: NumPy's ``ndarray.__reduce__`` and
``dtype.__reduce__``, of 2018 to today.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from dashboard.synthesis.official.values import (
    Named,
    Pair,
    StoredArray,
    StoredNetwork,
    StoredType,
    describe,
    printable,
    refuse,
)

_ARRAYS = ("numpy.core.multiarray", "numpy._core.multiarray")
_BUFFERS = ("numpy.core.numeric", "numpy._core.numeric")
_NDARRAY = Named("numpy", "ndarray")

ARRAY_PAIRS: frozenset[Pair] = frozenset(
    {_NDARRAY.pair, ("numpy", "dtype"), ("_codecs", "encode")}
    | {(module, name) for module in _ARRAYS for name in ("_reconstruct", "scalar")}
    | {(module, "_frombuffer") for module in _BUFFERS}
)
"""Names of a pickled array, by the NumPy of 2018 and of today."""

NETWORK_PAIRS: frozenset[Pair] = frozenset({("tfutil", "Network"), ("tfutil_cpu", "Network")})
"""The class of NVIDIA's networks, and that of Streamlit's copy for processors."""

MAX_DIMENSIONS = 8


class Objects:
    """Factory of the values that one file names.

    Args:
        pairs: allowed names, as exact (module, name): a rule on a module or prefix could be bypassed, through
            ``numpy.testing`` or a dotted name.
        length: bytes of the file; the bytes copied from it, and those covered by arrays, are each limited to this,
            however often the file refers to the same bytes.
    """

    number_types: tuple[str, ...] = ("f4", "f8")
    """NumPy's codes of the types of arrays."""

    def __init__(self, pairs: frozenset[Pair], length: int) -> None:
        self._pairs = pairs
        self._left = {"copied": length, "covered": length}
        self.calls: dict[str, tuple[int, Callable[..., Any]]] = {
            "dtype": (3, self._type),
            "_reconstruct": (3, self._empty_array),
            "scalar": (2, self._scalar),
            "_frombuffer": (4, self._array_of_buffer),
            "encode": (2, self._encoded),
        }

    def name(self, module: Any, name: Any) -> Named:
        """Return a name, if it is allowed."""
        if not isinstance(module, str) or not isinstance(name, str):
            refuse("the name of a class", f"{describe(module)} and {describe(name)}")
        if (module, name) not in self._pairs:
            self.refuse_name(module, name)
        return Named(module, name)

    def refuse_name(self, module: str, name: str) -> NoReturn:
        """Refuse a file, with its apparent kind and the expected one."""
        _refuse_name(module, name)

    def new(self, kind: Any, arguments: Any) -> Any:
        """Return an object of a class, without arguments; only networks are created this way."""
        if not isinstance(kind, Named) or kind.pair not in NETWORK_PAIRS or arguments != ():
            refuse("a network, made without arguments", f"{describe(kind)} with {describe(arguments)}")
        return StoredNetwork(kind)

    def call(self, function: Any, arguments: Any) -> Any:
        """Return the result of one of the allowed functions."""
        if isinstance(function, Named) and isinstance(arguments, tuple):
            count, make = self.calls.get(function.name, (-1, None))
            if make is not None and len(arguments) == count:
                return make(*arguments)
        refuse("a function of NumPy's with its usual arguments", f"{describe(function)} with {describe(arguments)}")

    def build(self, target: Any, state: Any) -> None:
        """Set the state of an object."""
        if isinstance(target, StoredNetwork) and isinstance(state, dict) and target.state is None:
            target.state = state
        elif isinstance(target, StoredType) and isinstance(state, tuple):
            _set_byte_order(target, state)
        elif isinstance(target, StoredArray) and isinstance(state, tuple) and len(state) == 5:
            version, shape, kind, fortran, raw = state
            if version != 1 or target.values is not None:
                refuse("the state of a new array, of version 1", describe(version))
            target.values = self._array(raw, kind, shape, fortran in (True, 1))
        else:
            refuse("an object and its state", f"{describe(target)} and {describe(state)}")

    def _array(self, raw: Any, kind: Any, shape: Any, fortran: bool) -> np.ndarray:
        """Return the bytes as an array, without a copy; the shape must cover them exactly."""
        if not isinstance(kind, StoredType):
            refuse("a type of numbers", describe(kind))
        whole = isinstance(shape, tuple | list) and all(type(n) is int and n >= 0 for n in shape)
        if not whole or len(shape) > MAX_DIMENSIONS:
            refuse(f"the shape of an array of at most {MAX_DIMENSIONS} dimensions", describe(shape))
        data = self.bytes_of(raw)
        if math.prod(shape) * kind.numpy.itemsize != len(data):
            declared = f"{kind.numpy.itemsize} x {' x '.join(str(n)[:20] for n in shape)}" if shape else "one number"
            refuse(f"an array's bytes to cover its shape ({declared})", f"{len(data)} bytes")
        self.spend("covered", len(data))
        return np.frombuffer(data, kind.numpy).reshape(tuple(shape), order="F" if fortran else "C")

    def bytes_of(self, raw: Any) -> memoryview | bytes:
        """Return bytes, or the text that they were written as by Python 2 or protocol 2."""
        if isinstance(raw, memoryview):
            return raw
        if not isinstance(raw, str):
            refuse("bytes", describe(raw))
        self.spend("copied", len(raw))
        try:
            return raw.encode("latin-1")
        except UnicodeEncodeError:
            refuse("bytes, or bytes as Latin-1 text", f"the text {describe(raw)}")

    def spend(self, account: str, count: int) -> None:
        """Subtract bytes from one of the two budgets, "copied" and "covered"; refuse if it is exceeded."""
        self._left[account] -= count
        if self._left[account] < 0:
            refuse("arrays that the file's own bytes cover", "one stretch of bytes used for several arrays")

    def _type(self, code: Any, _align: Any, _copy: Any) -> StoredType:
        if not isinstance(code, str) or code.lstrip("<>|") not in self.number_types:
            refuse("arrays of float32 or float64", f"one of type {describe(code)}")
        return StoredType(code[-2:], ">" if code[0] == ">" else "<")

    def _empty_array(self, kind: Any, shape: Any, code: Any) -> StoredArray:
        if kind != _NDARRAY or shape != (0,) or code not in ("b", b"b"):
            refuse("an array, made as NumPy does", f"{describe(kind)} with {describe(shape)} and {describe(code)}")
        return StoredArray()

    def _scalar(self, kind: Any, raw: Any) -> StoredArray:
        return StoredArray(self._array(raw, kind, (), False))

    def _array_of_buffer(self, raw: Any, kind: Any, shape: Any, order: Any) -> StoredArray:
        if order not in ("C", "F"):
            refuse('an array in order "C" or "F"', describe(order))
        return StoredArray(self._array(raw, kind, shape, order == "F"))

    def _encoded(self, text: Any, encoding: Any) -> memoryview:
        if encoding not in ("latin1", "latin-1") or not isinstance(text, str):
            refuse("text to be encoded as Latin-1", f"{describe(text)} and {describe(encoding)}")
        return memoryview(self.bytes_of(text))


def _set_byte_order(target: StoredType, state: tuple) -> None:
    """Set the state of a plain type: version and byte order; refuse subarrays, fields and metadata."""
    if (
        len(state) != 8
        or state[0] != 3
        or state[1] not in ("<", ">", "|")
        or any(part is not None for part in state[2:5])
    ):
        refuse("arrays of plain numbers", f"a type with the state {', '.join(describe(part) for part in state[:9])}")
    target.order = state[1].replace("|", "<")  # numbers of one byte have no order


def _refuse_name(module: str, name: str) -> NoReturn:
    given = printable(f"{module[:60]}.{name[:60]}")
    if (module, name) == ("network", "Network"):
        refuse(
            "a network of PG-GAN's TensorFlow version (tfutil.Network)",
            f"{given}, of its older Theano version, which is another format. Use the file of the TensorFlow version",
        )
    if module.startswith(("dnnlib", "torch_utils")):
        refuse("a network of PG-GAN (tfutil.Network)", f"{given}, of StyleGAN. Use a PG-GAN file")
    if (module, name) in NETWORK_PAIRS:
        refuse("TL-GAN's directions, which are arrays only", "a network. Give it as the network's file")
    refuse("a file that names PG-GAN's network and NumPy's arrays only", f"{given}. Nothing of the file was run")
