"""Writer of results: partial arrays, files, and an index with the hashes of both."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import numpy as np

from dashboard.errors import InputError
from dashboard.stores.result import FORMAT, INDEX, Origin, Recorded, describe

MAX_BYTES = 1 << 29
"""Size limit of one result in bytes."""

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class Writer:
    """Write a result; it is complete and readable after every step.

    Args:
        folder: from :meth:`Results.begin`.
        origin: what it is computed from.
        limit: its size limit in bytes.
        compressed: whether arrays are compressed, which is slower, for shipped results.
    """

    def __init__(self, folder: Path, origin: Origin, limit: int = MAX_BYTES, compressed: bool = False) -> None:
        self._folder, self._origin, self._limit = folder, origin, limit
        self._save = np.savez_compressed if compressed else np.savez
        self._stage = 0
        self._arrays: dict[str, Recorded | None] = {}

    def keep(self, **arrays: np.ndarray) -> int:
        """Replace the arrays; concurrent readers get the old or the new ones.

        Args:
            arrays: by name; numbers, truth values or text.

        Returns:
            The number of times that arrays have been written.
        """
        self._stage += 1
        stream = io.BytesIO()
        self._save(stream, allow_pickle=False, **{name: np.asarray(array) for name, array in arrays.items()})
        self._check(stream.getbuffer().nbytes)
        name = f"arrays-{self._stage}.npz"
        _write(self._folder / name, stream.getvalue())
        self._arrays = {name: describe(self._folder / name)}
        self._index(self._arrays, done=False)
        # Keep the previous version: a reader may have read the previous index.
        (self._folder / f"arrays-{self._stage - 2}.npz").unlink(missing_ok=True)
        return self._stage

    def file(self, name: str) -> Path:
        """Return the path for a large file; it becomes part of the result on completion.

        Args:
            name: letters, digits, ".", "_" and "-".
        """
        if not FILE_NAME.fullmatch(name):
            raise ValueError(f"Expected a file name of letters, digits, '.', '_' and '-'. Received: {name[:80]!r}.")
        (self._folder / "files").mkdir(mode=0o700, exist_ok=True)
        return self._folder / "files" / name

    def done(self) -> None:
        """Mark the result as complete."""
        files = sorted((self._folder / "files").glob("*"))
        self._check(sum(file.stat().st_size for file in files))
        for old in self._folder.glob("arrays-*.npz"):
            if old.name not in self._arrays:
                old.unlink()
        self._index({**self._arrays, **{f"files/{file.name}": describe(file) for file in files}}, done=True)

    def _index(self, files: dict[str, Recorded | None], *, done: bool) -> None:
        index = {
            "format": FORMAT,
            "kind": self._origin.kind,
            "version": self._origin.version,
            "model": list(self._origin.model),
            "params": dict(self._origin.params),
            "stage": self._stage,
            "done": done,
            "files": files,
        }
        _write(self._folder / INDEX, json.dumps(index, allow_nan=False, indent=1).encode())

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise InputError(
                f"Expected a result of at most {self._limit >> 20} MB. Received: {size >> 20} MB. Ask for less."
            )


def _write(path: Path, payload: bytes) -> None:
    part = path.with_suffix(".writing")
    part.write_bytes(payload)
    os.replace(part, path)
