"""Writes PG-GAN's and TL-GAN's pickles, instruction by instruction, as the Python and NumPy versions of their time.

Written from the format's description, so that files can be made that no real pickler writes: hostile ones.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dashboard.synthesis.config import GeneratorConfig

SOURCE_TEXT = (
    "# networks.py\nimport tensorflow as tf\n\ndef G_paper(latents_in, labels_in, **kwargs):\n    return None\n"
)


@dataclass
class Global:
    """A name, as the file gives it."""

    module: str
    name: str


@dataclass
class Call:
    """REDUCE: a function called."""

    function: Any
    arguments: Any


@dataclass
class New:
    """NEWOBJ: an object made, and its state where it has one."""

    kind: Any
    arguments: Any = ()
    state: Any = None


@dataclass
class Build:
    """BUILD: a state given to something."""

    target: Any
    state: Any


@dataclass
class Raw:
    """Instructions as they are."""

    instructions: bytes


@dataclass(eq=False)
class Writer:
    """A pickler of a certain time.

    Args:
        protocol: 2 to 5.
        python: 2 or 3, which differ in how they write bytes and text.
        numpy: 1 or 2, which differ in where they keep arrays.
        flags: how a dtype's two flags were written: as numbers in 2018.
    """

    protocol: int = 3
    python: int = 3
    numpy: int = 1
    flags: tuple[Any, Any] = (0, 1)
    out: bytearray = field(default_factory=bytearray)
    texts: dict[str, int] = field(default_factory=dict)
    kept: int = 0

    def file(self, value: Any) -> bytes:
        """Return the whole pickle of a value."""
        self.out += bytes([0x80, self.protocol])
        self.write(value)
        body = bytes(self.out[2:]) + b"."
        frame = b"\x95" + struct.pack("<Q", len(body)) if self.protocol >= 4 else b""
        return bytes(self.out[:2]) + frame + body

    def write(self, value: Any) -> None:
        """Write instructions that leave a value on the stack."""
        if isinstance(value, Raw):
            self.out += value.instructions
        elif isinstance(value, np.generic):  # before float: a float64 is one
            self.write(Call(Global(self._core("multiarray"), "scalar"), (self._dtype(value.dtype), value.tobytes())))
        elif value is None:
            self.out += b"N"
        elif isinstance(value, bool):
            self.out += b"\x88" if value else b"\x89"
        elif isinstance(value, int):
            self._integer(value)
        elif isinstance(value, float):
            self.out += b"G" + struct.pack(">d", value)
        elif isinstance(value, str):
            self._text(value)
        elif isinstance(value, bytes | bytearray):
            self._bytes(value)
        elif isinstance(value, np.ndarray):
            self._array(value)
        else:
            self._compound(value)

    def _compound(self, value: Any) -> None:
        if isinstance(value, Global):
            if self.protocol >= 4:
                self.write(value.module)
                self.write(value.name)
                self.out += b"\x93"
            else:
                self.out += f"c{value.module}\n{value.name}\n".encode()
            self._keep()
        elif isinstance(value, Call):
            self.write(value.function)
            self.write(value.arguments)
            self.out += b"R"
            self._keep()
        elif isinstance(value, New):
            self.write(value.kind)
            self.write(value.arguments)
            self.out += b"\x81"
            self._keep()
            if value.state is not None:
                self.write(value.state)
                self.out += b"b"
        elif isinstance(value, Build):
            self.write(value.target)
            self.write(value.state)
            self.out += b"b"
        elif isinstance(value, tuple):
            self._tuple(value)
        elif isinstance(value, list):
            self.out += b"]"
            self._keep()
            self._marked(value, b"e")
        elif isinstance(value, dict):
            self.out += b"}"
            self._keep()
            self._marked([part for item in value.items() for part in item], b"u")
        else:
            raise TypeError(type(value))

    def _marked(self, values: Iterable[Any], end: bytes) -> None:
        if values := list(values):
            self.out += b"("
            for value in values:
                self.write(value)
            self.out += end

    def _tuple(self, value: tuple) -> None:
        if not value:
            self.out += b")"
            return
        if len(value) > 3:
            self.out += b"("
        for part in value:
            self.write(part)
        self.out += b"t" if len(value) > 3 else bytes([0x84 + len(value)])
        self._keep()

    def _integer(self, value: int) -> None:
        if 0 <= value < 256:
            self.out += b"K" + bytes([value])
        elif 0 <= value < 65536:
            self.out += b"M" + struct.pack("<H", value)
        elif -(2**31) <= value < 2**31:
            self.out += b"J" + struct.pack("<i", value)
        else:
            raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
            self.out += b"\x8a" + bytes([len(raw)]) + raw

    def _text(self, value: str) -> None:
        if value in self.texts:
            self.out += b"h" + bytes([self.texts[value]]) if self.texts[value] < 256 else self._far(value)
            return
        raw = value.encode()
        if self.python == 2:
            self.out += (b"U" + bytes([len(raw)]) if len(raw) < 256 else b"T" + struct.pack("<i", len(raw))) + raw
        elif self.protocol >= 4 and len(raw) < 256:
            self.out += b"\x8c" + bytes([len(raw)]) + raw
        else:
            self.out += b"X" + struct.pack("<I", len(raw)) + raw
        self.texts[value] = self._keep()

    def _far(self, value: str) -> bytes:
        return b"j" + struct.pack("<I", self.texts[value])

    def _bytes(self, value: bytes | bytearray) -> None:
        if self.python == 2:
            self.out += b"U" + bytes([len(value)]) if len(value) < 256 else b"T" + struct.pack("<i", len(value))
            self.out += value
        elif self.protocol == 2:
            raw = value.decode("latin-1").encode()
            self.write(Call(Global("_codecs", "encode"), (Raw(b"X" + struct.pack("<I", len(raw)) + raw), "latin1")))
            return
        elif isinstance(value, bytearray):
            self.out += b"\x96" + struct.pack("<Q", len(value)) + value
        elif len(value) < 256:
            self.out += b"C" + bytes([len(value)]) + value
        else:
            self.out += b"B" + struct.pack("<I", len(value)) + value
        self._keep()

    def _array(self, value: np.ndarray) -> None:
        fortran = bool(value.flags.f_contiguous and not value.flags.c_contiguous)
        raw = value.tobytes("F" if fortran else "C")
        shape, kind = value.shape, self._dtype(value.dtype)
        if self.protocol == 5:
            function = Global(self._core("numeric"), "_frombuffer")
            self.write(Call(function, (bytearray(raw), kind, shape, "F" if fortran else "C")))
            return
        code = "b" if self.python == 2 else b"b"
        empty = Call(Global(self._core("multiarray"), "_reconstruct"), (Global("numpy", "ndarray"), (0,), code))
        self.write(Build(empty, (1, shape, kind, fortran, raw)))

    def _dtype(self, kind: np.dtype) -> Build:
        order = ">" if kind.byteorder == ">" else "<"
        code = f"{kind.kind}{kind.itemsize}"
        return Build(Call(Global("numpy", "dtype"), (code, *self.flags)), (3, order, None, None, None, -1, -1, 0))

    def _core(self, part: str) -> str:
        return f"numpy._core.{part}" if self.numpy == 2 else f"numpy.core.{part}"

    def _keep(self) -> int:
        """Remember a value for later references, as every pickler does, and return its number."""
        number = self.kept
        self.kept += 1
        if self.protocol >= 4:
            self.out += b"\x94"
        elif number < 256:
            self.out += b"q" + bytes([number])
        else:
            self.out += b"r" + struct.pack("<I", number)
        return number


FORMS: dict[str, dict[str, Any]] = {
    "protocol 2, Python 2": {"protocol": 2, "python": 2},
    "protocol 2": {"protocol": 2},
    "protocol 3, 2018": {"protocol": 3},
    "protocol 4, 2018": {"protocol": 4},
    "protocol 4, NumPy 2": {"protocol": 4, "numpy": 2, "flags": (False, True)},
    "protocol 5, NumPy 1": {"protocol": 5, "flags": (False, True)},
    "protocol 5, NumPy 2": {"protocol": 5, "numpy": 2, "flags": (False, True)},
}
"""Possible writers of a file: options of `Writer`."""


def network(
    variables: Any,
    arguments: Mapping[str, Any],
    function: str = "G_paper",
    kind: Global | None = None,
    **changed: Any,
) -> New:
    """Return a network as `tfutil.Network` gives its state.

    Args:
        variables: by name, "lod" becoming a NumPy scalar, as TensorFlow gives it; or what is in the file instead.
        arguments: static_kwargs.
        function: build_func_name.
        kind: the class, `tfutil.Network` where None.
        changed: entries of the state that go before these.
    """
    if isinstance(variables, Mapping):
        variables = [(name, v[()] if isinstance(v, np.ndarray) and v.ndim == 0 else v) for name, v in variables.items()]
    state = {
        "version": 2,
        "name": "Gs" if function.startswith("G") else "D",
        "static_kwargs": dict(arguments),
        "build_module_src": SOURCE_TEXT,
        "build_func_name": function,
        "variables": variables,
        **changed,
    }
    return New(kind or Global("tfutil", "Network"), (), state)


def arguments_of(config: GeneratorConfig) -> dict[str, Any]:
    """Return the static_kwargs that give a config: all of its entries."""
    return {name: value for name, value in config.as_dict().items() if value is not None}


def generator(config: GeneratorConfig, variables: Mapping[str, np.ndarray], **options: Any) -> New:
    """Return a generator of a config; `options` are those of `network`."""
    return network(variables, {**arguments_of(config), **options.pop("arguments", {})}, **options)


def discriminator(seed: int = 5) -> New:
    """Return an unused network with its own arrays."""
    rng = np.random.default_rng(seed)
    variables = {"lod": np.zeros((), np.float32), "4x4/Conv/weight": rng.normal(size=(3, 3, 4, 4)).astype(np.float32)}
    return network(variables, {"resolution": 8, "num_channels": 3}, "D_paper")


def directions_file(directions: np.ndarray, names: list[str], **form: Any) -> bytes:
    """Return TL-GAN's file: float64 in Fortran order, as the slopes of a regression come transposed."""
    return Writer(**form).file({"direction": np.asfortranarray(directions, np.float64), "name": names})
