"""Large arrays written as NPY or NPZ, block by block; the file appears when it is complete."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from dashboard.bulk.picture_files import UMASK

Blocks = Iterable[np.ndarray]


def write_npy(file: Path, blocks: Blocks, rows: int, shape: tuple[int, ...], dtype: np.dtype) -> None:
    """Write blocks of rows as one .npy file.

    Args:
        file: replaced if it exists.
        blocks: (n, *shape) each.
        rows: of all blocks together.
        shape: of a row.
        dtype: of the file.
    """
    with _appearing(file) as stream:
        _write(stream, blocks, rows, shape, dtype)


def write_npz(
    file: Path, arrays: Mapping[str, tuple[Blocks, int, tuple[int, ...], np.dtype]], constants: Mapping[str, Any]
) -> None:
    """Write several arrays as one .npz file, always with the same bytes for the same arrays.

    Args:
        file: replaced if it exists.
        arrays: blocks, rows, shape of a row and dtype, by name.
        constants: lists, texts or numbers, by name.
    """
    with _appearing(file) as stream, zipfile.ZipFile(stream, "w") as archive:
        for name, (blocks, rows, shape, dtype) in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                _write(member, blocks, rows, shape, dtype)
        for name, values in constants.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(values), allow_pickle=False)


def _write(stream: IO[bytes], blocks: Blocks, rows: int, shape: tuple[int, ...], dtype: np.dtype) -> None:
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (rows, *shape)}
    np.lib.format.write_array_header_1_0(stream, header)  # type: ignore[arg-type]
    for block in blocks:
        stream.write(np.ascontiguousarray(block, dtype).data.cast("B") if block.size else b"")


@contextmanager
def _appearing(file: Path) -> Iterator[IO[bytes]]:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        os.chmod(half, 0o666 & ~UMASK)
        os.replace(half, file)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
