"""Checkpoints of a run: all arrays and the number of faces, written atomically."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

NAME = "checkpoint.safetensors"


def write_checkpoint(folder: Path, shown: int, r: int, arrays: dict[str, np.ndarray]) -> None:
    """Replace the folder's checkpoint.

    Args:
        folder: of the run.
        shown: faces shown so far.
        r: block that is being trained.
        arrays: result of :meth:`Networks.state`.
    """
    part = folder / f"{NAME}.part"
    metadata = {"shown": str(shown), "r": str(r)}
    save_file({k: np.asarray(v, order="C") for k, v in arrays.items()}, part, metadata=metadata)
    os.replace(part, folder / NAME)


def read_checkpoint(folder: Path) -> tuple[int, int, dict[str, np.ndarray]] | None:
    """Return the faces shown, block and arrays of the folder's checkpoint; None if there is none yet."""
    path = folder / NAME
    if not path.is_file():
        return None
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        return int(metadata["shown"]), int(metadata["r"]), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
