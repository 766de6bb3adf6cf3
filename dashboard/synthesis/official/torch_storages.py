"""The numbers of PyTorch's tensors as stored in files: arrays with a short header, or members of a zip.

PyTorch reads a storage with its own unpickler, which runs code. Here the header is compared with the only form that
PyTorch writes.
Source of the format: PyTorch's ``torch.serialization`` ("legacy" form and zip form).
"""

from __future__ import annotations

import io
import math
import struct
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from dashboard.synthesis.official.objects import Objects
from dashboard.synthesis.official.pickles import Reader
from dashboard.synthesis.official.values import Named, Pair, describe, refuse

MAGIC = 0x1950A86A20F9469CFC6C
FORMAT_VERSION = 1001
MAX_HEADER = 4096
"""Bytes in front of a legacy storage's numbers; PyTorch writes about 250."""

MAX_MEMBERS = 100_000
MAX_DIMENSIONS = 8

STORAGE_TYPES: dict[str, str] = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "|b1",
}
"""PyTorch's classes of storages that NumPy has a type for."""

STORAGE_PAIRS: frozenset[Pair] = frozenset(("torch", name) for name in STORAGE_TYPES)


@dataclass(frozen=True, eq=False)
class StoredStorage:
    """The numbers of one storage: a view (n,) of the file's bytes."""

    values: np.ndarray


class StorageObjects(Objects):
    """Factory for the header of a legacy storage, which names only its class."""

    def __init__(self, length: int) -> None:
        super().__init__(STORAGE_PAIRS, length)

    def call(self, function: Any, arguments: Any) -> Any:
        """Refuse: nothing is called in such a header."""
        refuse("the header of a storage, which calls nothing", describe(function))

    def persistent(self, key: Any) -> tuple[Named, str, int]:
        """Return class, key and count of the storage that a header announces."""
        return storage_key(key)


class TorchReader(Reader):
    """A reader of PyTorch's pickles, which refer to storages and hold empty sets."""

    instructions: ClassVar = {
        **Reader.instructions,
        0x8F: lambda reader: reader.push(frozenset()),
        ord("Q"): lambda reader: reader.push(reader.objects.persistent(reader.pop())),
    }


class HeaderReader(TorchReader):
    """A reader of the header of a legacy storage, whose magic number is longer than other whole numbers."""

    def integer(self, count: int) -> int:
        """Return a whole number of at most 10 bytes."""
        if count > 10:
            refuse(f"a whole number of at most 10 bytes at byte {self.at}", f"{count} bytes")
        return int.from_bytes(self.take(count), "little", signed=True)


def storage_key(key: Any) -> tuple[Named, str, int]:
    """Return class, key and count of a storage that a file refers to."""
    if not isinstance(key, tuple) or len(key) not in (5, 6) or key[0] != "storage":
        refuse("a reference to a storage", describe(key))
    kind, name, _offset, count = key[1:5]
    if not isinstance(kind, Named) or kind.pair not in STORAGE_PAIRS:
        refuse("a storage of plain numbers", describe(kind))
    if not isinstance(name, str) or type(count) is not int or count < 0:
        refuse("a storage's key and how many numbers it has", f"{describe(name)} and {describe(count)}")
    if len(key) == 6 and key[5] is not None:
        refuse("a storage that is no view of another", describe(key[5]))
    return kind, name, count


def read_legacy_storage(raw: memoryview | bytes) -> StoredStorage:
    """Read one storage as PyTorch pickles it: five short pickles, a count, and the numbers.

    Args:
        raw: its bytes, exactly.

    Returns:
        The storage, a view of these bytes.

    Raises:
        OfficialFileError: the bytes have another form; zips and other pickles are not read.
    """
    if bytes(raw[:2]) == b"PK":
        refuse("a tensor's plain numbers", "a zip archive instead, which is not looked into")
    reader = HeaderReader(bytes(raw[:MAX_HEADER]), StorageObjects(len(raw)))
    _check_preamble(reader)
    kind, key, count = _one(reader, tuple)
    if _one(reader, list) != [key]:
        refuse("a storage's own key after it", "another list")
    (stored,) = struct.unpack("<q", reader.take(8))
    if stored != count:
        refuse(f"a storage of {count} numbers", f"{stored}")
    return StoredStorage(_numbers(kind, count, memoryview(raw)[reader.at :]))


def _one(reader: Reader, kind: type) -> Any:
    check_protocol(reader)
    value = reader.read_next()
    if not isinstance(value, kind) or isinstance(value, bool):
        refuse(f"a {kind.__name__} in the header of a storage", describe(value))
    return value


def check_protocol(reader: Reader) -> None:
    """Check that a pickle of PyTorch's own protocol 2 begins here."""
    if bytes(reader.view[reader.at : reader.at + 2]) != b"\x80\x02":
        refuse(f"a pickle of protocol 2 at byte {reader.at} of a storage", "other bytes, which were not run")


def _check_preamble(reader: Reader) -> None:
    if _one(reader, int) != MAGIC or _one(reader, int) != FORMAT_VERSION:
        refuse("a storage as PyTorch writes it", "another magic number or version")
    if _one(reader, dict).get("little_endian") is not True:
        refuse("numbers with the lowest byte first", "others")


def _numbers(kind: Named, count: int, raw: memoryview) -> np.ndarray:
    dtype = np.dtype(STORAGE_TYPES[kind.name])
    if count * dtype.itemsize != len(raw):
        refuse(f"a storage of {count} numbers of {dtype.itemsize} bytes", f"{len(raw)} bytes")
    return np.frombuffer(raw, dtype)


class LegacyStorages:
    """Storages behind the pickle of an old ``torch.save`` file: announced first, read after the pickle."""

    def __init__(self) -> None:
        self.announced: dict[str, tuple[Named, int]] = {}
        self.found: dict[str, StoredStorage] = {}

    def read(self, reader: Reader, order: list[Any]) -> None:
        """Read the storages in the order that the file states, up to its end."""
        for key in order:
            if key not in self.announced or key in self.found:
                refuse("each storage that the file refers to, once", describe(key))
            kind, count = self.announced[key]
            (stored,) = struct.unpack("<q", reader.take(8))
            if stored != count:
                refuse(f"a storage of {count} numbers", f"{stored}")
            raw = reader.take(count * np.dtype(STORAGE_TYPES[kind.name]).itemsize)
            self.found[key] = StoredStorage(_numbers(kind, count, raw))
        if missing := sorted(set(self.announced) - set(self.found)):
            refuse(f"the storage {missing[0][:20]}", f"a file without it ({len(missing)} are missing)")


class ZipStorages:
    """Storages in a current ``torch.save`` file: uncompressed members of a zip.

    Args:
        content: the whole file.
    """

    def __init__(self, content: bytes) -> None:
        self.view = memoryview(content)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(content))
            members = self.zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            refuse("a zip archive as torch.save writes it", f"a damaged one ({type(error).__name__})")
        if len(members) > MAX_MEMBERS:
            refuse(f"an archive of at most {MAX_MEMBERS} members", f"{len(members)}")
        self.members: Mapping[str, zipfile.ZipInfo] = {member.filename: member for member in members}
        heads = [name[: -len("data.pkl")] for name in self.members if name.endswith("/data.pkl")]
        if len(heads) != 1:
            refuse("one data.pkl in the archive", f"{len(heads)}")
        self.head = heads[0]
        order = self.members.get(f"{self.head}byteorder")
        if order is not None and bytes(self.raw(order.filename)[:8]) != b"little":
            refuse("numbers with the lowest byte first", "others")
        self.found: dict[str, StoredStorage] = {}

    def raw(self, name: str) -> memoryview:
        """Return the bytes of a member, as a view of the file."""
        member = self.members.get(name)
        if member is None:
            refuse(f"the member {name[:60]}", "an archive without it")
        if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 0x1:
            refuse(f"{name[:60]} to be stored as it is", "a compressed or encrypted one")
        start = member.header_offset
        header = self.view[start : start + 30]
        if len(header) < 30 or bytes(header[:4]) != b"PK\x03\x04":
            refuse(f"the member {name[:60]} where the archive says", "other bytes")
        lengths = struct.unpack("<HH", header[26:30])
        start += 30 + sum(lengths)
        if member.file_size != member.compress_size or start + member.file_size > len(self.view):
            refuse(f"{name[:60]} of {member.file_size} bytes", "fewer: the file is cut off or damaged")
        return self.view[start : start + member.file_size]

    def storage(self, kind: Named, key: str, count: int) -> StoredStorage:
        """Return the storage of that key."""
        if key not in self.found:
            self.found[key] = StoredStorage(_numbers(kind, count, self.raw(f"{self.head}data/{key}")))
        found = self.found[key]
        if found.values.dtype != np.dtype(STORAGE_TYPES[kind.name]) or len(found.values) != count:
            refuse("one type and length for each storage", f"two for the storage {key[:20]}")
        return found


def tensor_of(storage: StoredStorage, offset: Any, size: Any, stride: Any) -> np.ndarray:
    """Return a tensor as a view of its storage.

    Args:
        storage: the numbers.
        offset: its start, in numbers.
        size, stride: one per dimension, in numbers.

    Returns:
        A read-only view.

    Raises:
        OfficialFileError: the tensor reaches outside its storage, or has more numbers.
    """
    for numbers in (size, stride):
        if not isinstance(numbers, tuple) or not all(type(n) is int and 0 <= n <= sys.maxsize for n in numbers):
            refuse("a tensor's size and stride", f"{describe(size)} and {describe(stride)}")
    if len(size) != len(stride) or len(size) > MAX_DIMENSIONS or type(offset) is not int or offset < 0:
        refuse(f"a tensor of at most {MAX_DIMENSIONS} dimensions", f"{len(size)} with {len(stride)} strides")
    values, count = storage.values, math.prod(size)
    if count > len(values):
        refuse(f"a tensor of at most the {len(values)} numbers of its storage", f"{count}")
    reach = offset + 1 + sum((n - 1) * step for n, step in zip(size, stride, strict=True)) if count else offset
    if reach > len(values):
        refuse(f"a tensor inside the {len(values)} numbers of its storage", f"one that reaches to number {reach}")
    if not count:
        return np.empty(size, values.dtype)
    step = values.dtype.itemsize
    strides = [s * step if n > 1 else 0 for n, s in zip(size, stride, strict=True)]
    return np.lib.stride_tricks.as_strided(values[offset:], size, strides, writeable=False)
