"""Writes StyleGAN's files as NVIDIA's programs and rosinality's do, instruction by instruction."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from support.official_files import Build, Call, Global, New, Raw, Writer

STORAGES = {"f4": "FloatStorage", "f8": "DoubleStorage", "f2": "HalfStorage", "i8": "LongStorage"}
ORDERED = Call(Global("collections", "OrderedDict"), ())


class Tensor:
    """An array to be written as a tensor; `layout` "last" gives it the strides of channels-last."""

    def __init__(self, values: np.ndarray, layout: str = "first") -> None:
        self.values, self.layout = np.asarray(values), layout


class Module:
    """A module to be written: its class, parameters, buffers, parts and attributes."""

    def __init__(
        self,
        kind: str,
        parameters: Mapping[str, Any] | None = None,
        buffers: Mapping[str, Any] | None = None,
        parts: Mapping[str, Module] | None = None,
        **attributes: Any,
    ) -> None:
        self.kind, self.attributes = kind, attributes
        self.parameters, self.buffers, self.parts = dict(parameters or {}), dict(buffers or {}), dict(parts or {})


def legacy_storage(values: np.ndarray, magic: int = 0x1950A86A20F9469CFC6C, device: str = "cpu") -> bytes:
    """Return a storage as `torch.save` pickled it before 2020: five pickles, a count, the numbers."""
    kind = STORAGES[f"{values.dtype.kind}{values.dtype.itemsize}"]
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    out = bytearray()
    for value in (magic, 1001, system):
        out += Writer(protocol=2).file(value)
    reference = Writer(protocol=2)
    reference.write(("storage", Global("torch", kind), "94", device, values.size, None))
    out += b"\x80\x02" + bytes(reference.out) + b"Q."
    out += Writer(protocol=2).file(["94"])
    return bytes(out) + struct.pack("<q", values.size) + values.tobytes()


def strides_of(shape: tuple[int, ...], layout: str) -> tuple[int, ...]:
    """Return strides in numbers, of a tensor (O, I, H, W) whose channels come first or last."""
    if layout == "first" or len(shape) != 4:
        return tuple(int(np.prod(shape[i + 1 :])) for i in range(len(shape)))
    _, maps, height, width = shape
    return height * width * maps, 1, width * maps, maps


def byte_order(tensor: Tensor) -> np.ndarray:
    """Return the numbers in the storage's sequence."""
    values = tensor.values
    if tensor.layout == "last" and values.ndim == 4:
        values = values.transpose(0, 2, 3, 1)
    return np.ascontiguousarray(values).reshape(-1)


class PickledTensors:
    """Converts modules and tensors to the content of NVIDIA's pickles."""

    source = "# networks.py\nimport torch\nraise SystemExit('never run')\n"

    def module(self, module: Module) -> Call:
        """Return a persistent object."""
        state = {
            "training": False,
            "_parameters": {name: self.parameter(value) for name, value in module.parameters.items()},
            "_buffers": {name: None if value is None else self.tensor(value) for name, value in module.buffers.items()},
            "_non_persistent_buffers_set": Call(Global("builtins", "set"), ([],)),
            "_backward_hooks": ORDERED,
            "_modules": {name: self.module(part) for name, part in module.parts.items()},
            **module.attributes,
            "_init_args": (),
            "_init_kwargs": New(Global("dnnlib.util", "EasyDict")),
        }
        meta = {
            "type": "class",
            "version": 6,
            "module_src": self.source,
            "class_name": module.kind,
            "state": state,
        }
        return Call(Global("torch_utils.persistence", "_reconstruct_persistent_obj"), (meta,))

    def parameter(self, value: Any) -> Call:
        return Call(Global("torch._utils", "_rebuild_parameter"), (self.tensor(value), False, ORDERED))

    def tensor(self, value: Any) -> Call:
        tensor = value if isinstance(value, Tensor) else Tensor(np.asarray(value, np.float32))
        shape = tensor.values.shape
        arguments = (self.storage(tensor), 0, shape, strides_of(shape, tensor.layout), False, ORDERED)
        return Call(Global("torch._utils", "_rebuild_tensor_v2"), arguments)

    def storage(self, tensor: Tensor) -> Any:
        return Call(Global("torch.storage", "_load_from_bytes"), (legacy_storage(byte_order(tensor)),))


class ZippedTensors(PickledTensors):
    """The same for `torch.save`: storages become members of a zip."""

    def __init__(self) -> None:
        self.members: dict[str, bytes] = {}

    def storage(self, tensor: Tensor) -> Any:
        values, key = byte_order(tensor), str(len(self.members))
        self.members[key] = values.tobytes()
        writer = Writer(protocol=2)
        kind = Global("torch", STORAGES[f"{values.dtype.kind}{values.dtype.itemsize}"])
        writer.write(("storage", kind, key, "cpu", values.size))
        # The numbers under which a pickler keeps values would collide with those of the outer one.
        return Raw(_without_memo(bytes(writer.out)) + b"Q")

    def file(self, value: Any, compression: int = zipfile.ZIP_STORED) -> bytes:
        """Return the whole archive."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", compression) as archive:
            archive.writestr("archive/data.pkl", Writer(protocol=2).file(value))
            archive.writestr("archive/byteorder", "little")
            for key, raw in self.members.items():
                archive.writestr(f"archive/data/{key}", raw)
            archive.writestr("archive/version", "3\n")
        return stream.getvalue()


def _without_memo(instructions: bytes) -> bytes:
    """Return the instructions of a reference to a storage, without those that keep a value for later."""
    import pickletools

    out, start = bytearray(), 0
    whole = instructions + b"."
    offsets = [(opcode.name, offset) for opcode, _argument, offset in pickletools.genops(whole)]
    for (name, offset), following in zip(offsets, [p for _n, p in offsets[1:]] + [len(whole)], strict=True):
        if name not in ("BINPUT", "LONG_BINPUT", "MEMOIZE", "STOP"):
            out += whole[offset:following]
        start = following
    assert start == len(whole)
    return bytes(out)


def nvidia_file(generator: Module, protocol: int = 4, alone: bool = False, **others: Any) -> bytes:
    """Return NVIDIA's pickle: a dict with G, D, G_ema, or the generator alone."""
    write = PickledTensors()
    other = write.module(Module("Discriminator", {"weight": np.ones((2, 2))}, block_resolutions=[8, 4]))
    value = write.module(generator)
    if not alone:
        value = {"training_set_kwargs": {"path": "faces.zip", "use_labels": False}, "G": other, "D": other,
                 "G_ema": value, "augment_pipe": None, **others}  # fmt: skip
    return Writer(protocol=protocol, numpy=2 if protocol > 4 else 1).file(value)


def saved_file(generator: Module, **options: Any) -> bytes:
    """Return the same through `torch.save`."""
    write = ZippedTensors()
    return write.file({"G_ema": write.module(generator)}, **options)


def old_saved_file(tensors: Mapping[str, np.ndarray], **entries: Any) -> bytes:
    """Return a state dict "g_ema" as `torch.save` wrote it before 2020."""
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    out = bytearray()
    for value in (0x1950A86A20F9469CFC6C, 1001, system):
        out += Writer(protocol=2).file(value)
    keys = {name: str(100 + i) for i, name in enumerate(tensors)}

    def tensor(name: str) -> Call:
        values = np.asarray(tensors[name], np.float32)
        writer = Writer(protocol=2)
        writer.write(("storage", Global("torch", "FloatStorage"), keys[name], "cpu", values.size, None))
        storage = Raw(_without_memo(bytes(writer.out)) + b"Q")
        arguments = (storage, 0, values.shape, strides_of(values.shape, "first"), False, ORDERED)
        return Call(Global("torch._utils", "_rebuild_tensor_v2"), arguments)

    state = Build({name: tensor(name) for name in tensors}, {"_metadata": {}})
    options = New(Global("argparse", "Namespace"), (), {"path": "faces", "size": 8})
    out += Writer(protocol=2).file({"g_ema": state, "args": options, **entries})
    out += Writer(protocol=2).file(list(keys.values()))
    for name in tensors:
        values = np.asarray(tensors[name], np.float32)
        out += struct.pack("<q", values.size) + values.tobytes()
    return bytes(out)


def rosinality_file(tensors: Mapping[str, np.ndarray], mean: np.ndarray | None = None) -> bytes:
    """Return a checkpoint of rosinality's program, through today's `torch.save`."""
    write = ZippedTensors()
    value: dict[str, Any] = {"g_ema": {name: write.tensor(values) for name, values in tensors.items()}}
    if mean is not None:
        value["latent_avg"] = write.tensor(mean)
    return write.file(value)


def tensorflow_file(
    synthesis: Mapping[str, np.ndarray],
    mapping: Mapping[str, np.ndarray],
    own: Mapping[str, np.ndarray],
    arguments: Mapping[str, Any] | None = None,
    function: str = "G_synthesis_stylegan2",
) -> bytes:
    """Return a pickle (G, D, Gs) of StyleGAN2's TensorFlow version."""
    kind = Global("dnnlib.tflib.network", "Network")

    def network(name: str, build: str, variables: Mapping[str, np.ndarray], **more: Any) -> New:
        listed = [(key, np.asarray(value, np.float32)[()]) for key, value in variables.items()]
        state = {"version": 4, "name": name, "static_kwargs": dict(arguments or {}), "components": {},
                 "build_module_src": "exit()", "build_func_name": build, "variables": listed, **more}  # fmt: skip
        return New(kind, (), state)

    parts = {
        "synthesis": network("G_synthesis", function, synthesis),
        "mapping": network("G_mapping", "G_mapping", mapping),
    }
    whole = network("Gs", "G_main", own, components=parts)
    other = network("D", "D_stylegan2", {"x": np.ones(2)})
    return Writer(protocol=4).file((other, other, whole))
