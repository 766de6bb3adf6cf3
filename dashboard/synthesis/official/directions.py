"""TL-GAN's direction file: a dict of "direction" (L, F) and "name", a list of F names.

Source: Guan, "Transparent Latent-space GAN" (2018), and the file that its published code writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.synthesis.manifest import MAX_ATTRIBUTES
from dashboard.synthesis.official.files import digest_of, read_file
from dashboard.synthesis.official.objects import ARRAY_PAIRS
from dashboard.synthesis.official.pickles import read_pickle
from dashboard.synthesis.official.values import StoredArray, describe, printable, refuse

MAX_BYTES = 32 << 20
"""256 directions of 8,192 numbers in float64 have 17 MB."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, eq=False)
class OfficialDirections:
    """Directions as stored in a file.

    Args:
        names: one per column, as in the file.
        directions: (L, F) float64, columns of any length above zero.
        provenance: the file's length and digest.
    """

    names: tuple[str, ...]
    directions: np.ndarray
    provenance: dict[str, Any]


def read_directions(path: Path) -> OfficialDirections:
    """Read TL-GAN's directions.

    Args:
        path: the file.

    Returns:
        Names and directions.

    Raises:
        OfficialFileError: the file has another format; the message says what was expected and received.
        OSError: the file cannot be read.
    """
    content = read_file(path, MAX_BYTES)
    names, directions = parse_directions(content)
    return OfficialDirections(names, directions, {"bytes": len(content), "sha256": digest_of(content)})


def parse_directions(content: bytes) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names and directions, from the file's bytes; raises as :func:`read_directions`."""
    value = read_pickle(content, ARRAY_PAIRS)
    if not isinstance(value, dict) or set(value) != {"direction", "name"}:
        held = ", ".join(printable(key) for key in list(value)[:5]) if isinstance(value, dict) else describe(value)
        refuse('a dict of "direction" and "name"', held or "an empty one")
    names, stored = value["name"], value["direction"]
    if not isinstance(stored, StoredArray) or stored.values is None or stored.values.ndim != 2:
        refuse("directions as a matrix, a column each", describe(stored))
    if not isinstance(names, list) or not 1 <= len(names) <= MAX_ATTRIBUTES or len(names) != stored.values.shape[1]:
        refuse(f"a list of 1 to {MAX_ATTRIBUTES} names, one a column of {stored.values.shape}", describe(names))
    for name in names:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            refuse('names of 1 to 64 letters, digits and "_"', describe(name))
    if len(set(names)) != len(names):
        refuse("each name once", f"{max(names, key=names.count)} twice")
    directions = np.array(stored.values, np.float64, order="C")
    for name, column in zip(names, directions.T, strict=True):
        if not np.isfinite(column).all() or not column.any():
            refuse(f"finite numbers, not all zero, as the direction {name}", "others")
    return tuple(names), directions
