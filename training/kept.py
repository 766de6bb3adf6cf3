"""Results of steps on disk: JSON next to arrays, and the completed parts of long work.

Every file is written under a temporary name and renamed, so a file under its final name is complete.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file

from training.errors import TrainingError


def write_result(folder: Path, name: str, fields: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a step's result as ``name.json`` and ``name.safetensors``. The JSON comes last and marks it as complete."""
    folder.mkdir(parents=True, exist_ok=True)
    write_arrays(folder / f"{name}.safetensors", arrays)
    write_text(folder / f"{name}.json", json.dumps(fields, indent=1) + "\n")


def read_result(folder: Path, name: str, step: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read what :func:`write_result` wrote.

    Args:
        folder, name: of the files.
        step: the step that writes it, for the error.

    Raises:
        TrainingError: there is none, or it cannot be read.
    """
    try:
        fields = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return fields, load_file(folder / f"{name}.safetensors")
    except (OSError, ValueError, SafetensorError) as error:
        raise TrainingError(
            f"Expected {name}.json and {name}.safetensors in {folder}. Received: {error}. Run the {step} step first."
        ) from error


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray], metadata: dict[str, str] | None = None) -> None:
    """Write a safetensors file atomically."""
    part = path.with_name(f"{path.name}.part")
    # safetensors writes an array's memory as it is and ignores its strides.
    save_file({name: np.asarray(a, order="C") for name, a in arrays.items()}, part, metadata=metadata)
    part.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write a text file atomically."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


class Kept:
    """Cache of slowly computed arrays in a folder, valid until their inputs change.

    Args:
        folder: created when the first array is stored. None stores nothing.
        *made_of: everything that all arrays depend on: arrays, mappings of arrays, and plain values.
    """

    def __init__(self, folder: Path | None, *made_of: Any) -> None:
        self.folder, self.made_of = folder, digest(*made_of)

    def array(self, name: str, make: Callable[[], np.ndarray], *made_of: Any) -> np.ndarray:
        """Return the array of that name from the cache, or compute and store it.

        Args:
            name: of the file.
            make: computes it.
            *made_of: everything else that this array depends on.
        """
        if self.folder is None:
            return make()
        path, key = self.folder / f"{name}.safetensors", digest(self.made_of, *made_of)
        if path.is_file():
            with safe_open(path, framework="numpy") as file:
                if (file.metadata() or {}).get("key") == key:
                    return file.get_tensor("array")
        made = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        write_arrays(path, {"array": made}, {"key": key})
        return made


def digest(*parts: Any) -> str:
    """Compute 64 hex digits that identify values, arrays and mappings of them by content."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            total.update(f"{part.dtype}{part.shape}".encode())
            total.update(np.ascontiguousarray(part).tobytes())
        elif isinstance(part, Mapping):
            total.update(digest(*(value for item in sorted(part.items()) for value in item)).encode())
        else:
            total.update(repr(part).encode())
        total.update(b"\0")
    return total.hexdigest()
