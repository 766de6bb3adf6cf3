"""Arrays in safetensors files, read with limits: sizes and shapes are checked before anything is allocated."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from dashboard.errors import ModelError

MAX_HEADER_BYTES = 1 << 20
"""Size limit of a header in bytes: a few hundred tensors at 100 bytes each."""

_ITEM_BYTES = {"F16": 2, "F32": 4, "F64": 8, "I64": 8}


def declared_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the tensors that a file declares, read from its header alone.

    Args:
        path: a safetensors file.

    Returns:
        A shape for each name.

    Raises:
        ModelError: the file is not a safetensors file, has a header over 1 MiB, or holds other types than float16,
            float32, float64 and int64.
    """
    with path.open("rb") as file:
        header_bytes = int.from_bytes(file.read(8), "little")
    if header_bytes > MAX_HEADER_BYTES:
        raise ModelError(
            f"Expected {path.name} to be a safetensors file with a header of at most {MAX_HEADER_BYTES} bytes. "
            f"Received: {header_bytes} bytes. Fetch the model again."
        )
    try:
        # The library checks that the declared offsets are contiguous and end at the end of the file.
        with safe_open(path, framework="np") as file:
            names = list(file.keys())
            slices = {name: file.get_slice(name) for name in names}
            types = {name: str(part.get_dtype()) for name, part in slices.items()}
            shapes = {name: tuple(int(n) for n in part.get_shape()) for name, part in slices.items()}
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"Expected {path.name} to be a safetensors file. Received: {error}. Fetch the model again."
        ) from error
    if odd := sorted(name for name, kind in types.items() if kind not in _ITEM_BYTES):
        raise ModelError(
            f"Expected {path.name} to hold float16, float32, float64 or int64. "
            f"Received: {types[odd[0]]} for {odd[0]}. Store it as one of those."
        )
    return shapes


def check_shapes(path: Path, expected: Mapping[str, tuple[int, ...]]) -> None:
    """Check that a file declares exactly these tensors.

    Args:
        path: a safetensors file.
        expected: a shape for each name.

    Raises:
        ModelError: a tensor is missing, unknown or of a wrong shape; the message names it.
    """
    received = declared_shapes(path)
    advice = "Restore the file, or fetch the model again."
    if missing := sorted(set(expected) - set(received)):
        raise ModelError(f"Expected {path.name} to hold {missing[0]}. Received: no tensor of that name. {advice}")
    if unknown := sorted(set(received) - set(expected)):
        raise ModelError(
            f"Expected {path.name} to hold only what its model.json describes. Received: {unknown[0][:100]}. {advice}"
        )
    for name, shape in expected.items():
        if received[name] != tuple(shape):
            raise ModelError(
                f"Expected {name} in {path.name} of shape {tuple(shape)}. Received: {received[name]}. {advice}"
            )


def load_arrays(path: Path, dtype: type[np.floating], wanted: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """Return the tensors of a file; check what it declares first, with :func:`check_shapes`.

    Args:
        path: a safetensors file.
        dtype: type for real tensors; integer tensors are unchanged.
        wanted: names of the tensors to read; None for all.

    Returns:
        An array for each name.

    Raises:
        ModelError: the file cannot be read, or a value is not finite; the message names it.
    """
    arrays: dict[str, np.ndarray] = {}
    try:
        with safe_open(path, framework="np") as file:
            names = list(file.keys())
            for name in names if wanted is None else wanted:
                stored = file.get_tensor(name)
                arrays[name] = stored.astype(dtype) if np.issubdtype(stored.dtype, np.floating) else stored
    except (SafetensorError, OSError) as error:
        raise ModelError(f"Expected {path.name} to be readable. Received: {error}. Fetch the model again.") from error
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ModelError(
                f"Expected finite numbers in {path.name}. Received: an infinity or no number in {name}. "
                "Fetch the model again."
            )
    return arrays


def save_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays as a safetensors file.

    Args:
        path: the file; replaced if it exists.
        arrays: an array for each name, of float16, float32, float64 or int64.
    """
    # ascontiguousarray would turn a scalar (such as "lod") into a vector of one.
    save_file({name: np.asarray(array, order="C") for name, array in arrays.items()}, path)


def array_bytes(shapes: Mapping[str, tuple[int, ...]], item_bytes: int = 8) -> int:
    """Return the bytes that tensors of these shapes take at the widest type, without the file's header."""
    return sum(math.prod(shape) for shape in shapes.values()) * item_bytes
