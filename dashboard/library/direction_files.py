"""Directions as files (safetensors, NPZ, TL-GAN's form), labels (CSV, NPY, NPZ); sizes are checked before reading."""

from __future__ import annotations

import csv
import io
import math
import pickle
import re
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from dashboard.errors import InputError
from dashboard.synthesis.official.directions import parse_directions

MAX_BYTES = 64 << 20
"""Of a file that is sent: 30,000 latents of 512 numbers."""

MAX_DIRECTIONS = 64
MAX_LABELS = 20_000

FORMS = ("safetensors", "npz", "pkl")
NPY = b"\x93NUMPY"

Array = np.ndarray


def read_directions(content: bytes) -> dict[str, Array]:
    """Directions of a file in any of the three forms, told by how it begins.

    Args:
        content: the file.

    Returns:
        Vectors (L,) by title.

    Raises:
        InputError: it is none, or holds something else.
    """
    if content[:2] == b"PK":
        arrays = read_npz(content)
        found = _columns(arrays) if set(arrays) == {"direction", "name"} else arrays
    elif content[:1] == b"\x80" and content[1:2] in (b"\2", b"\3", b"\4", b"\5"):  # a pickle's protocol
        names, matrix = parse_directions(content)
        found = dict(zip(names, matrix.T, strict=True))
    else:
        try:
            found = load(content)
        except (SafetensorError, KeyError, ValueError) as error:
            raise InputError(
                "Expected directions as safetensors, NPZ or in TL-GAN's form. Received: another file. Choose another."
            ) from error
    if not 1 <= len(found) <= MAX_DIRECTIONS:
        raise InputError(f"Expected 1 to {MAX_DIRECTIONS} directions. Received: {len(found)}.")
    return {name: np.asarray(vector) for name, vector in found.items()}


def write_directions(form: str, vectors: Mapping[str, Array]) -> bytes:
    """Directions as a file.

    Args:
        form: one of FORMS.
        vectors: (L,) by title, at least one.

    Returns:
        The file. TL-GAN's form names them by letters, digits and "_" alone.
    """
    if form == "safetensors":
        return save({name: np.asarray(vector, np.float32) for name, vector in vectors.items()})
    if form == "npz":
        stream = io.BytesIO()
        columns = np.column_stack([np.asarray(vector, np.float32) for vector in vectors.values()])
        np.savez(stream, direction=columns, name=np.array(list(vectors)))
        return stream.getvalue()
    names = [re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "Direction" for name in vectors]
    unique = [name if name not in names[:k] else f"{name}_{k}" for k, name in enumerate(names)]
    matrix = np.asfortranarray(np.column_stack([np.asarray(vector, np.float64) for vector in vectors.values()]))
    return pickle.dumps({"direction": matrix, "name": unique}, protocol=3)  # arrays and words: nothing that runs


def read_labels(content: bytes, latent_size: int) -> tuple[list[str], Array | None, Array]:
    """Labels: CSV of `face,label`, NPZ with `latents` (n, L) and `labels` (n,), or CSV or NPY of labels alone.

    Args:
        content: the file.
        latent_size: L.

    Returns:
        Bases such as "31.5" or none, latents or None, and flags (n,). Labels alone come with neither.

    Raises:
        InputError: it is neither, or does not fit the model.
    """
    if content[:2] == b"PK":
        arrays = read_npz(content)
        if set(arrays) != {"latents", "labels"}:
            raise InputError(f"Expected latents and labels in the NPZ. Received: {', '.join(sorted(arrays))[:80]}.")
        latents, labels = arrays["latents"], np.asarray(arrays["labels"]).ravel()
        if latents.ndim != 2 or latents.shape[1] != latent_size or len(labels) != len(latents):
            raise InputError(
                f"Expected n x {latent_size} numbers and n labels. Received: arrays of shape {latents.shape} and "
                f"{arrays['labels'].shape}. The page is as it was."
            )
        if len(labels) > MAX_LABELS:
            raise InputError(f"Expected at most {MAX_LABELS:,} labelled faces. Received: {len(labels):,}.")
        if not np.isfinite(latents).all():
            raise InputError("Expected finite latents. Received: an infinity or no number. The page is as it was.")
        return [], latents, _flags(labels.tolist())
    if content.startswith(NPY):
        return [], None, _bare(content)
    try:
        rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("Expected a CSV of faces and labels, or an NPZ. Received: another file.") from error
    if rows and rows[0][-1].strip() not in ("0", "1"):
        rows = rows[1:]  # a line of titles
    wide = {len(row) for row in rows}
    if not 1 <= len(rows) <= MAX_LABELS or wide not in ({1}, {2}):
        raise InputError(
            f"Expected lines such as 31.5,1, a face and 0 or 1, or 0 or 1 alone; at most {MAX_LABELS:,}. "
            f"Received: {len(rows):,} lines of {' and '.join(map(str, sorted(wide)[:3])) or '0'} cells."
        )
    bases = [row[0].strip() for row in rows] if wide == {2} else []
    return bases, None, _flags([row[-1].strip() for row in rows])


def read_npz(content: bytes) -> dict[str, Array]:
    """Arrays of an NPZ without pickle; every declared size is checked before anything is read.

    Raises:
        InputError: it is none, larger than may be, or holds objects.
    """
    arrays: dict[str, Array] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > MAX_DIRECTIONS or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise InputError(f"Expected at most {MAX_BYTES >> 20} MB of arrays. Received: more. Send fewer.")
            for entry in entries:
                with packed.open(entry) as file:
                    arrays[entry.filename.removesuffix(".npy")] = _read_npy(file.read(), entry.filename)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(f"Expected an NPZ of plain arrays. Received: {str(error)[:80]}.") from error
    return arrays


def _read_npy(content: bytes, name: str) -> Array:
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, kind = header(stream)
    if kind.hasobject or math.prod(shape) * kind.itemsize != len(content) - stream.tell():
        raise ValueError(f"{name[:40]} holds objects, or fewer numbers than it declares")
    return np.load(io.BytesIO(content), allow_pickle=False)


def _bare(content: bytes) -> Array:
    """Labels of an NPY file, alone."""
    try:
        labels = _read_npy(content, "The NPY file")
    except (ValueError, EOFError, OSError) as error:
        raise InputError(f"Expected an NPY of labels. Received: {str(error)[:80]}.") from error
    if labels.size != max(labels.shape, default=0) or not 1 <= labels.size <= MAX_LABELS:
        raise InputError(f"Expected 1 to {MAX_LABELS:,} labels in one row. Received: an array of shape {labels.shape}.")
    return _flags(labels.ravel().tolist())


def _columns(arrays: Mapping[str, Array]) -> dict[str, Array]:
    matrix, names = arrays["direction"], np.atleast_1d(arrays["name"])
    if matrix.ndim != 2 or len(names) != matrix.shape[1]:
        raise InputError(f"Expected a name for each column of {matrix.shape}. Received: {len(names)}.")
    return {str(name): column for name, column in zip(names, matrix.T, strict=True)}


def _flags(labels: Sequence[object]) -> Array:
    if not all(str(label) in ("0", "1", "0.0", "1.0", "True", "False") for label in labels):
        raise InputError("Expected labels of 0 and 1. Received: others. The page is as it was.")
    return np.array([str(label) in ("1", "1.0", "True") for label in labels], bool)
