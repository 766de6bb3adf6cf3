"""Files of PyTorch programs, as plain values: NVIDIA's pickles of StyleGAN, and those of ``torch.save``.

    a pickle            contains the tensors' numbers, each with a short header
    torch.save, today   a zip: data.pkl, and a member for each storage
    torch.save, before  a few pickles one after the other, then all storages

Nothing is imported or called by name, and the source code in NVIDIA's files is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from dashboard.synthesis.official.objects import ARRAY_PAIRS, Objects
from dashboard.synthesis.official.pickles import check_start
from dashboard.synthesis.official.torch_storages import (
    FORMAT_VERSION,
    MAGIC,
    STORAGE_PAIRS,
    HeaderReader,
    LegacyStorages,
    StoredStorage,
    TorchReader,
    ZipStorages,
    read_legacy_storage,
    storage_key,
    tensor_of,
)
from dashboard.synthesis.official.values import Named, Pair, StoredArray, describe, printable, refuse

PERSISTENCE_VERSION = 6

_MODULE = ("torch_utils.persistence", "_reconstruct_persistent_obj")
_PARAMETER = ("torch._utils", "_rebuild_parameter")
_TENSOR = ("torch._utils", "_rebuild_tensor_v2")
_STORAGE = ("torch.storage", "_load_from_bytes")
_ORDERED = ("collections", "OrderedDict")
_SETS = (("builtins", "set"), ("__builtin__", "set"))
_EASY_DICT = ("dnnlib.util", "EasyDict")
_NAMESPACE = ("argparse", "Namespace")
TENSORFLOW_NETWORK = ("dnnlib.tflib.network", "Network")

TORCH_PAIRS: frozenset[Pair] = (
    frozenset({_MODULE, _PARAMETER, _TENSOR, _STORAGE, _ORDERED, *_SETS, _EASY_DICT, _NAMESPACE})
    | STORAGE_PAIRS
    | ARRAY_PAIRS
    | {TENSORFLOW_NETWORK}
)
"""Names allowed in such files."""


@dataclass(frozen=True, eq=False)
class StoredModule:
    """A network, or a part of one, as stored in NVIDIA's files.

    Args:
        kind: the name of its class.
        state: its attributes, plain values; `_parameters`, `_buffers` and `_modules` among them.
    """

    kind: str
    state: dict[str, Any]


class StoredTensorFlow:
    """A network of StyleGAN's TensorFlow version; None until the file has described it."""

    def __init__(self) -> None:
        self.state: dict[str, Any] | None = None


class TorchObjects(Objects):
    """Factory of the values that files of PyTorch programs name.

    Args:
        length: bytes of the file.
        storages: storages of the numbers; None if they are in the pickle itself.
    """

    number_types = ("f4", "f8", "f2", "b1", "i8", "i4")

    def __init__(self, length: int, storages: ZipStorages | LegacyStorages | None = None) -> None:
        super().__init__(TORCH_PAIRS, length)
        self.storages = storages
        self.waiting: list[StoredTensor] = []

    def refuse_name(self, module: str, name: str) -> NoReturn:
        """Refuse: only StyleGAN networks are read."""
        given = printable(f"{module[:60]}.{name[:60]}")
        refuse("a file that names StyleGAN's parts and arrays only", f"{given}. Nothing of the file was run")

    def new(self, kind: Any, arguments: Any) -> Any:
        """Return an empty dict of NVIDIA's own kind, options that are ignored, or a network of TensorFlow."""
        if isinstance(kind, Named) and arguments == ():
            if kind.pair in (_EASY_DICT, _NAMESPACE):
                return {}
            if kind.pair == TENSORFLOW_NETWORK:
                return StoredTensorFlow()
        refuse("a dict, made without arguments", f"{describe(kind)} with {describe(arguments)}")

    def call(self, function: Any, arguments: Any) -> Any:
        """Return the result of one of the allowed functions."""
        pair = function.pair if isinstance(function, Named) else None
        count = len(arguments) if isinstance(arguments, tuple) else -1
        if pair == _MODULE and count == 1:
            return _module(arguments[0])
        if pair == _PARAMETER and count == 3:
            return self._parameter(arguments[0])
        if pair == _TENSOR and count in (6, 7):
            return self._tensor(*arguments[:4])
        if pair == _STORAGE and count == 1:
            return self._storage(arguments[0])
        if pair in (_ORDERED, _EASY_DICT) and count == 0:
            return {}
        if pair in _SETS and count == 1 and arguments[0] == []:
            return frozenset()
        if pair in ARRAY_PAIRS:
            return super().call(function, arguments)
        refuse("a function of such files, with its usual arguments", f"{describe(function)} of {describe(arguments)}")

    def build(self, target: Any, state: Any) -> None:
        """Give an object its state; that of a dict is PyTorch metadata, and is ignored."""
        if isinstance(target, StoredTensorFlow):
            if not isinstance(state, dict) or target.state is not None:
                refuse("a network and its state", describe(state))
            target.state = state
        elif not (isinstance(target, dict) and isinstance(state, dict)):
            super().build(target, state)

    def persistent(self, key: Any) -> Any:
        """Return a storage that the file holds outside the pickle."""
        kind, name, count = storage_key(key)
        if isinstance(self.storages, ZipStorages):
            return self.storages.storage(kind, name, count)
        if isinstance(self.storages, LegacyStorages):
            announced = self.storages.announced.setdefault(name, (kind, count))
            if announced != (kind, count):
                refuse("one type and length for each storage", f"two for the storage {name[:20]}")
            return name
        refuse("a pickle that holds all of its numbers itself", f"a reference to the storage {describe(name)}")

    def _storage(self, raw: Any) -> StoredStorage:
        return read_legacy_storage(self.bytes_of(raw))

    def _tensor(self, storage: Any, offset: Any, size: Any, stride: Any) -> Any:
        if isinstance(storage, StoredStorage):
            values = tensor_of(storage, offset, size, stride)
            self.spend("covered", values.size * values.dtype.itemsize)
            return StoredArray(values)
        if isinstance(self.storages, LegacyStorages) and storage in self.storages.announced:
            tensor = StoredTensor(storage, offset, size, stride)
            self.waiting.append(tensor)
            return tensor
        refuse("a tensor over a storage", describe(storage))

    def _parameter(self, tensor: Any) -> StoredArray:
        if not isinstance(tensor, StoredArray):
            refuse("a parameter made of a tensor", describe(tensor))
        return tensor

    def fill(self) -> None:
        """Fill the tensors of an old file with their numbers, after reading its storages."""
        assert isinstance(self.storages, LegacyStorages)
        for tensor in self.waiting:
            tensor.values = tensor_of(self.storages.found[tensor.storage], tensor.offset, tensor.size, tensor.stride)
            self.spend("covered", tensor.values.size * tensor.values.dtype.itemsize)


class StoredTensor(StoredArray):
    """A tensor whose numbers are read later."""

    def __init__(self, storage: str, offset: Any, size: Any, stride: Any) -> None:
        super().__init__()
        self.storage, self.offset, self.size, self.stride = storage, offset, size, stride


def read_torch_file(content: bytes) -> Any:
    """Read a file that a PyTorch program wrote, or a pickle of StyleGAN's TensorFlow version.

    Args:
        content: the whole file.

    Returns:
        None, bool, int, float, str, bytes, list, tuple, dict, frozenset, or one of `StoredArray`, `StoredModule`,
        `StoredTensorFlow`.

    Raises:
        OfficialFileError: the file has any other content.
    """
    if content[:4] == b"PK\x03\x04":
        storages = ZipStorages(content)
        pickled = bytes(storages.raw(f"{storages.head}data.pkl"))
        return TorchReader(pickled, TorchObjects(len(content), storages)).read()
    check_start(content[:64])
    if _is_old_save(content):
        return _old_save(content)
    return TorchReader(content, TorchObjects(len(content))).read()


def _is_old_save(content: bytes) -> bool:
    """Return whether a file begins as ``torch.save`` began it before 2020: with its magic number."""
    return content[:2] == b"\x80\x02" and content[2:4] == b"\x8a\x0a"


def _old_save(content: bytes) -> Any:
    storages = LegacyStorages()
    objects = TorchObjects(len(content), storages)
    reader = HeaderReader(content, objects)
    for expected in (MAGIC, FORMAT_VERSION):
        if (value := reader.read_next()) != expected:
            refuse("a file as torch.save wrote it", f"{describe(value)} in its header")
    system = reader.read_next()
    if not isinstance(system, dict) or system.get("little_endian") is not True:
        refuse("numbers with the lowest byte first", "others")
    value = reader.read_next()
    order = reader.read_next()
    if not isinstance(order, list):
        refuse("the list of the file's storages", describe(order))
    storages.read(reader, order)
    if reader.at != len(content):
        refuse("the file to end behind its storages", f"{len(content) - reader.at} more bytes")
    objects.fill()
    return value


def _module(meta: Any) -> StoredModule:
    """Return a persistent object of NVIDIA's: its class and state; its source code is ignored."""
    if not isinstance(meta, dict) or meta.get("type") != "class" or not isinstance(meta.get("class_name"), str):
        refuse("a module with its class", describe(meta))
    if (version := meta.get("version")) != PERSISTENCE_VERSION or not isinstance(meta.get("state"), dict):
        refuse(f"a module of version {PERSISTENCE_VERSION} with its state", f"version {describe(version)}")
    return StoredModule(meta["class_name"], meta["state"])


def array_of(value: Any, what: str) -> np.ndarray:
    """Return the numbers of a tensor or array that a file holds; refuse anything else."""
    if not isinstance(value, StoredArray) or value.values is None:
        refuse(f"numbers as {printable(what)}", describe(value))
    return value.values
