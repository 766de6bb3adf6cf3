"""Small array files of the library: private, written atomically, and limited in size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from dashboard.stores.durable import write_file

MAX_BYTES = 1 << 20
"""Size limit in bytes; a latent of 8,192 numbers has 32 kB."""


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray], header: Mapping[str, str] | None = None) -> None:
    """Write a safetensors file: folders 0700, the file 0600, flushed before it is renamed to its final path.

    Args:
        path: the file.
        arrays: by name.
        header: texts to write into its header.

    Raises:
        OSError: it cannot be written.
    """
    content = save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, dict(header or {}))
    write_file(path, content)


def read_array(path: Path, name: str) -> tuple[np.ndarray, dict[str, str]] | None:
    """Read one array of a file.

    Args:
        path: the file.
        name: of the array.

    Returns:
        The array, (L,), and the texts of the header; None without a valid file.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        with safe_open(path, framework="np") as file:
            if list(file.keys()) != [name] or len(file.get_slice(name).get_shape()) != 1:
                return None
            return file.get_tensor(name), dict(file.metadata() or {})
    except (OSError, SafetensorError):
        return None
