"""The latents of bulk work: of seeds, or of files, which are read in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.api import LoadedModel, one_seed
from dashboard.errors import InputError
from dashboard.faces.attribute_layers import canonical_layers
from dashboard.faces.face import Face, Seed
from dashboard.library.latent_files import read_latent_file
from dashboard.synthesis.engine import latent_shape
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

MOST = 10_000_000
"""Limit of the faces of one command."""


class Seeds(Sequence[Seed]):
    """Seeds as typed: "0-63", "4217", "1000.83", separated by commas; ranges are not expanded.

    Args:
        text: what was typed.

    Raises:
        InputError: a part has another form.
    """

    def __init__(self, text: str) -> None:
        self._parts = [self._part(part.strip()) for part in text.split(",")]
        self._ends = np.cumsum([len(part) for part in self._parts])
        if len(self) > MOST:
            raise InputError(f"Expected at most {MOST:,} seeds. Received: {len(self):,}. Use several commands.")

    def __len__(self) -> int:
        return int(self._ends[-1])

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[k] for k in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        part = int(np.searchsorted(self._ends, index, side="right"))
        found = self._parts[part][index - (int(self._ends[part - 1]) if part else 0)]
        return Seed(found) if isinstance(found, int) else found

    @staticmethod
    def _part(text: str) -> Sequence[int] | Sequence[Seed]:
        first, dash, last = text.partition("-")
        if not dash:
            return [one_seed(text)]
        ends = [one_seed(end) for end in (first, last)]
        if any(end.row for end in ends) or ends[0].seed > ends[1].seed:
            raise InputError(f"Expected seeds such as 0-63. Received: {text[:64]}. Name the smaller one first.")
        return range(ends[0].seed, ends[1].seed + 1)


class Latents:
    """The requested latents, in blocks.

    Args:
        loaded: the model.
        source: seeds, or an array (N, L) on disk.
        pins: coordinates to hold.
        note: what there is to say about the source.
        layers: ranges of layers of pinned attributes.
        options: truncation of rows of w; latents of z and w are not truncated.
    """

    def __init__(
        self, loaded: LoadedModel, source: Seeds | np.ndarray, pins: Mapping[str, float], note: str = "",
        layers: Mapping[str, str] | None = None, options: DrawingOptions = PLAIN,
    ) -> None:  # fmt: skip
        self._loaded, self._source, self._pins = loaded, source, dict(pins)
        self._layers, self._options = dict(canonical_layers((layers or {}).items())), options
        self.note = note
        self.space: Any = "z"
        if pins and loaded.model.space == "w":
            self.space = "w+" if self._layers else "w"

    def __len__(self) -> int:
        return len(self._source)

    def block(self, first: int, size: int) -> np.ndarray:
        """Return the latents from `first` on, at most `size`.

        Returns:
            (n, L) float64, of z or, with pins on directions in w, of w; with pins on some layers (n, rows, w) float32
            of w+, truncated.
        """
        part = self._source[first : first + size]
        if self._layers:
            z = self._loaded.latents(part) if isinstance(part, list) else part
            return self._loaded.w_rows(z, self._pins, self._layers, self._options)
        if self.space == "w":
            return self._loaded.w(self._loaded.latents(part) if isinstance(part, list) else part, self._pins)
        if isinstance(part, list):
            return self._loaded.latents(part, self._pins)
        return self._loaded.pinned(part, self._pins) if self._pins else np.asarray(part, np.float64)

    def name(self, k: int) -> str:
        """Return the file name of face k, without its extension."""
        return f"seed-{self._source[k]}" if isinstance(self._source, Seeds) else f"{k:08d}"

    def face(self, k: int) -> tuple[str, str]:
        """Return the face and base of picture k in the form of an address; empty for a latent of a file."""
        if not isinstance(self._source, Seeds):
            return "", ""
        seed = self._source[k]
        return str(Face(seed, tuple(self._pins.items()), layers=tuple(self._layers.items()))), str(seed)


def latents_of(
    loaded: LoadedModel, seeds: str | None, file: Path | None, pins: Mapping[str, float],
    layers: Mapping[str, str] | None = None, options: DrawingOptions = PLAIN,
) -> Latents:  # fmt: skip
    """Return the latents of seeds or of a file, with pins.

    Args:
        loaded: the model.
        seeds: as typed; None for those of the file.
        file: in any supported format, an NPY memory-mapped; None for seeds.
        pins: coordinates to hold, by attribute.
        layers, options: as of :class:`Latents`.

    Raises:
        InputError, FaceError, PinError: the request is invalid; nothing has been computed.
    """
    if (seeds is None) == (file is None):
        raise InputError(f"Expected either --seeds or --latents. Received: {'both' if seeds else 'neither'}.")
    if file is None:
        found = Latents(loaded, Seeds(str(seeds)), pins, "", layers, options)
    else:
        rows, note = _rows(file, loaded.latent_size, bool(pins))
        found = Latents(loaded, rows, pins, note, layers, options)
    found.block(0, 1)  # errors are raised before anything is written
    return found


def read_label_rows(loaded: LoadedModel, file: Path | None, number: int) -> np.ndarray | None:
    """Return memory-mapped labels (N, label_size) of a .npy file; None without a file.

    Raises:
        InputError: the file has another format, or another number of rows.
    """
    if file is None:
        return None
    found = _array(file, loaded.model.config.label_size, "labels")
    if len(found) != number:
        raise InputError(f"Expected a row of labels for each of {number:,} faces. Received: {len(found):,} rows.")
    return found


def _rows(file: Path, size: int, pinned: bool) -> tuple[np.ndarray, str]:
    """Return the latents of a file, and what there is to say about skipped rows."""
    if not file.exists():
        raise InputError(f"Expected a file of latents. Received: {file}, which does not exist. Nothing was made.")
    found = read_latent_file(file, size, zeros=not pinned)
    note = "; ".join([found.summary, *found.notes]) if found.of > found.rows or found.notes else ""
    whole = found.array is not None and found.of == found.rows
    return (found.array if whole and found.array is not None else np.concatenate(list(found.blocks()))), note


def _array(file: Path, width: int, what: str) -> np.ndarray:
    """Return a memory-mapped array (N, width) of numbers: no code in it is run, and only the used part is read."""
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise InputError(f"Expected {what} in a .npy file. Received: {file.name}, of another format.") from error
    if not isinstance(array, np.ndarray) or array.ndim != 2 or array.shape[1] != width or array.dtype.kind not in "fiu":
        shape = getattr(array, "shape", "an archive")
        raise InputError(f"Expected {what} of shape (N, {width}). Received: {shape}. Nothing was made.")
    if not len(array):
        raise InputError(f"Expected at least one row of {what}. Received: none. Nothing was made.")
    return array


def read_w(file: Path, config: NetworkConfig) -> tuple[np.ndarray, Any]:
    """Read w from a memory-mapped file; returns it with its space.

    Args:
        file: NPY of (N, w) or (N, rows, w).
        config: of the target network.

    Returns:
        The array, and "w" or "w+".

    Raises:
        InputError: the file has another format, or the network has no w.
    """
    if "w" not in config.spaces:
        raise InputError(f"Expected a network with w (StyleGAN). Received: {', '.join(config.spaces)}. Use --latents.")
    shapes = {space: latent_shape(config, DrawingOptions(space=space)) for space in ("w", "w+")}
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise InputError(f"Expected w in a .npy file. Received: {file.name}, which is none.") from error
    found = [space for space, shape in shapes.items() if getattr(array, "shape", ())[1:] == shape and len(array)]
    if not found or array.dtype.kind not in "fiu":
        wanted = " or ".join(f"(N, {', '.join(map(str, shape))})" for shape in shapes.values())
        raise InputError(f"Expected numbers of shape {wanted} in {file.name}. Received: {getattr(array, 'shape', ())}.")
    return array, found[0]
