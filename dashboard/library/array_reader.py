"""Arrays of a file (NPY, NPZ, safetensors), without pickle: what it declares is checked before anything is read."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from dashboard.errors import InputError
from dashboard.library.file_kinds import Kind, is_array_name, refusal

MAX_ARRAYS = 256
"""Arrays of a file, at most."""

MAX_UNPACKED = 1 << 30
"""Bytes of one array that is read whole; those of an NPY file are read on demand, whatever their size."""

_KINDS = {
    "c": "complex numbers", "O": "Python objects, which are pickled and not opened", "U": "text", "S": "bytes",
    "M": "dates", "m": "spans of time", "V": "records", "T": "text",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class ArrayEntry:
    """An array of a file, read on demand.

    Args:
        name: in the file; empty where the file is the array.
        shape: as declared.
        dtype: as declared.
        load: gives the array; of an NPY file a view of the disk.
        named: a type that is none of NumPy's, as the file names it.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    load: Callable[[], np.ndarray]
    named: str = ""

    @property
    def real(self) -> bool:
        """Whether it holds real numbers (or flags)."""
        return self.dtype.kind in "fiub"

    @property
    def text(self) -> bool:
        """Whether it holds text or bytes."""
        return self.dtype.kind in "US"

    @property
    def words(self) -> str:
        """Description for a sentence: "latents, float32 of shape (60, 512)"."""
        name = "".join(c if c.isprintable() else "?" for c in self.name)[:40]
        return f"{name + ', ' if name else ''}{(self.named or str(self.dtype))[:40]} of shape {str(self.shape)[:60]}"

    def real_numbers(self) -> np.ndarray:
        """Return the array.

        Raises:
            InputError: it holds none that are real; named by what they are.
        """
        if not self.real:
            what = self.named or _KINDS.get(self.dtype.kind, "another type")
            detail = f"{self.dtype} ({what})" if self.dtype.kind in "cMm" else what
            raise InputError(
                f"Expected real numbers. Received: {detail}{' in ' + self.name[:40] if self.name else ''}. "
                "Save them as float32."
            )
        return self.load()


def arrays_in(path: Path, kind: Kind) -> list[ArrayEntry]:
    """List the arrays of a file.

    Args:
        path: the file.
        kind: "npy", "npz" or "safetensors".

    Returns:
        Its arrays, in file order.

    Raises:
        InputError: it is damaged, cut off, or holds too much.
    """
    found = {"npy": _npy, "npz": _npz, "safetensors": _safetensors}[kind](path)
    if not 1 <= len(found) <= MAX_ARRAYS:
        raise InputError(f"Expected a file of 1 to {MAX_ARRAYS} arrays. Received: {len(found):,}. Send fewer.")
    return found


def _npy(path: Path) -> list[ArrayEntry]:
    with path.open("rb") as file:
        shape, by_columns, dtype = _header(file)
        begin = file.tell()
    wanted, there = math.prod(shape) * dtype.itemsize, path.stat().st_size - begin
    if dtype.hasobject:
        return [ArrayEntry("", shape, dtype, _unread)]
    if there != wanted:
        raise _cut_off("the NPY", wanted, there)

    def load() -> np.ndarray:
        order = "F" if by_columns else "C"
        if not wanted:
            return np.zeros(shape, dtype)
        return np.asarray(np.memmap(path, dtype, "r", begin, shape or (1,), order)).reshape(shape, order=order)

    return [ArrayEntry("", shape, dtype, load)]


def _npz(path: Path) -> list[ArrayEntry]:
    entries: list[ArrayEntry] = []
    try:
        with zipfile.ZipFile(path) as packed:
            infos = packed.infolist()
            if len(infos) > MAX_ARRAYS:
                raise InputError(f"Expected at most {MAX_ARRAYS} arrays. Received: {len(infos):,}. Send fewer.")
            names = [info.filename for info in infos if is_array_name(info.filename)]
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise refusal("arrays of different names", f"two called {twice[:40]}", "Save them again.")
            for info in infos:
                if not is_array_name(info.filename):
                    continue  # a file beside the arrays
                with packed.open(info) as file:
                    shape, _, dtype = _header(file)
                    wanted, there = math.prod(shape) * dtype.itemsize, info.file_size - file.tell()
                name = info.filename.removesuffix(".npy")
                if not dtype.hasobject and wanted != there:
                    raise _cut_off(f"{name[:40]} in the NPZ", wanted, there)
                load = _unread if dtype.hasobject else _member(path, info.filename, wanted)
                entries.append(ArrayEntry(name, shape, dtype, load))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _broken("an NPZ", error) from error
    return entries


def _member(path: Path, name: str, size: int) -> Callable[[], np.ndarray]:
    def load() -> np.ndarray:
        if size > MAX_UNPACKED:
            raise InputError(
                f"Expected at most {MAX_UNPACKED >> 20:,} MB in one array of an NPZ. Received: {size >> 20:,} MB. "
                "Save it as NPY, which is read where it lies."
            )
        try:
            with np.load(path, allow_pickle=False) as packed:
                return packed[name.removesuffix(".npy")]
        except (ValueError, EOFError, OSError, KeyError, zipfile.BadZipFile, RuntimeError) as error:
            raise _broken("an NPZ", error) from error

    return load


def _safetensors(path: Path) -> list[ArrayEntry]:
    try:
        with safe_open(path, framework="np") as file:
            names = list(file.keys())[: MAX_ARRAYS + 1]
            entries = []
            for name in names:
                part = file.get_slice(name)
                kind, shape = part.get_dtype(), tuple(part.get_shape())
                if kind == "BF16":
                    entries.append(ArrayEntry(name, shape, np.dtype("f4"), _bfloat16(path, name)))
                else:
                    dtype = np.dtype(_TENSOR_TYPES.get(kind, "V1"))
                    entries.append(
                        ArrayEntry(name, shape, dtype, _tensor(path, name), "" if dtype.kind != "V" else kind)
                    )
            return entries
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        raise _broken("safetensors", error) from error


_TENSOR_TYPES = {
    "F64": "f8", "F32": "f4", "F16": "f2", "I64": "i8", "I32": "i4", "I16": "i2", "I8": "i1", "U64": "u8", "U32": "u4",
    "U16": "u2", "U8": "u1", "BOOL": "?", "C64": "c8",
}  # fmt: skip


def _bfloat16(path: Path, name: str) -> Callable[[], np.ndarray]:
    """Return a type that reads bfloat16, for which NumPy has none: the upper 16 bits of a float32."""

    def load() -> np.ndarray:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            declared = json.loads(file.read(length))[name]  # the library has checked it
            begin, end = declared["data_offsets"]
            file.seek(8 + length + begin)
            halves = np.frombuffer(file.read(end - begin), "<u2")
        return (halves.astype(np.uint32) << 16).view(np.float32).reshape(declared["shape"])

    return load


def _tensor(path: Path, name: str) -> Callable[[], np.ndarray]:
    def load() -> np.ndarray:
        try:
            with safe_open(path, framework="np") as file:
                return file.get_tensor(name)
        except (SafetensorError, OSError, ValueError, TypeError) as error:
            raise _broken("safetensors", error) from error

    return load


def _header(file: Any) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return shape, whether by columns, and type of an NPY; checked before anything of it is read."""
    try:
        version = np.lib.format.read_magic(file)
        if version == (1, 0):
            shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
        elif version == (2, 0):
            shape, by_columns, dtype = np.lib.format.read_array_header_2_0(file)
        else:  # 3.0 is 2.0 with names of fields in UTF-8, which plain numbers do not have
            words = file.read(int.from_bytes(file.read(4), "little")).decode("utf-8").encode("latin-1")
            stream = io.BytesIO(len(words).to_bytes(4, "little") + words)
            shape, by_columns, dtype = np.lib.format.read_array_header_2_0(stream)
    except InputError:
        raise
    except Exception as error:  # NumPy parses it as Python literals and raises whatever its parser raises
        raise InputError("Expected an NPY array. Received: a broken header. Save it again with numpy.save.") from error
    if not all(isinstance(length, int) and 0 <= length < 1 << 48 for length in shape) or len(shape) > 16:
        raise InputError("Expected an NPY array. Received: a shape that none has. Save it again with numpy.save.")
    return shape, by_columns, dtype


def _unread() -> np.ndarray:
    raise InputError(
        "Expected plain numbers. Received: Python objects, which are pickled and not opened. "
        "Save numpy.asarray(values, dtype=float32)."
    )


def _cut_off(what: str, wanted: int, there: int) -> InputError:
    how = "cut off" if there < wanted else "longer than it says"
    return refusal(
        f"{wanted:,} bytes of numbers, as {what} says",
        f"{max(there, 0):,}; it is {how}",
        "Save it again, or send it again.",
    )


def _broken(what: str, error: Exception) -> InputError:
    said = "".join(c if c.isprintable() else "?" for c in str(error))[:80]
    return refusal(f"{what} of plain arrays", f"a damaged one ({said})", "Save it again, or send it again.")
