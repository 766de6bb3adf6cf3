"""`python -m dashboard faces` and `latents`: many faces, as pictures or as arrays."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import click
import numpy as np

from dashboard.api import BATCH, LoadedModel, load_model, one_seed
from dashboard.commands.drawing import PICTURE, TRUNCATION, drawing_options, read_w, with_options
from dashboard.commands.group import ended_tidily
from dashboard.commands.picture_files import progress, write_picture
from dashboard.entanglement.picture_manifest import plain_row, write_manifest
from dashboard.errors import InputError
from dashboard.faces.face import Face, Seed
from dashboard.library.latent_files import read_latent_file
from dashboard.settings import load_settings
from dashboard.synthesis.stylegan.options import DrawingOptions

FILE = click.Path(path_type=Path)
LABELS = click.option("--labels", "label_file", type=FILE, help="(N, labels) array in a .npy file; zeros if omitted.")
BLOCK = 256
"""Latents written per block."""

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


def shared(command: Any) -> Any:
    """Return the options that both commands have."""
    for option in reversed(
        (
            click.option("--model", default="", help="Name or folder of the model [LIKENESS_MODEL, else the first]."),
            click.option("--seeds", help="Such as 0-63, or 4217,1000.83."),
            click.option("--latents", "latent_file", type=FILE, help="File of latents, instead of seeds."),
            click.option("--pin", "pins", multiple=True, metavar="ATTRIBUTE=VALUE", help="Hold a coordinate, in σ."),
        )
    ):
        command = option(command)
    return command


@click.command
@shared
@LABELS
@with_options(*TRUNCATION, *PICTURE)
@click.option("--out", type=FILE, help="Folder for a PNG file of each face.")
@click.option("--npy", type=FILE, help="File for one array (N, H, W, C).")
@click.option("--dtype", type=click.Choice(["float32", "uint8"]), default="float32", show_default=True,
              help="Of --npy: float32 network output (-1 black, 1 white), or bytes.")  # fmt: skip
@click.option("--engine", type=click.Choice(["auto", "openvino", "tensorflow"]), help="[LIKENESS_ENGINE, else auto]")
@click.option("--batch", type=click.IntRange(1, 256), default=BATCH, show_default=True, help="Faces at a time.")
@click.option("--manifest", type=FILE, help="CSV with a row per picture: its face and its model.")
@click.option("--traversals", type=click.IntRange(2, 5000), metavar="BASES",
              help="Instead of seeds: the pictures of the measured effects, for another judge to score.")  # fmt: skip
@click.option("--lock", "locks", multiple=True, metavar="ATTRIBUTE", help="With --traversals: lock this direction.")
def faces(
    model: str, seeds: str | None, latent_file: Path | None, pins: tuple[str, ...], label_file: Path | None,
    psi: float, cutoff: int | None, noise: str, translate: str, rotate: float, w_file: Path | None,
    out: Path | None, npy: Path | None, dtype: str, engine: Any, batch: int, manifest: Path | None,
    traversals: int | None, locks: tuple[str, ...],
) -> None:  # fmt: skip
    """Make faces: PNG files in a folder (--out), or one array (--npy)."""
    if manifest is not None and out is None:
        raise InputError("Expected --manifest with --out. Received: no folder. Add --out.")
    if locks and not traversals:
        raise InputError("Expected --lock with --traversals. Received: --lock alone. Add --traversals.")
    if (out is None) == (npy is None):
        raise InputError(f"Expected either --out or --npy. Received: {'both' if out else 'neither'}.")
    loaded = load_model(model, engine or load_settings().engine, load_settings().threads or None)
    config = loaded.model.config
    if traversals:
        from dashboard.commands.traversal_pictures import write_traversals

        if out is None or manifest is None or seeds or latent_file or pins or label_file or w_file:
            raise InputError(
                "Expected --traversals with --out and --manifest, and no seeds, latents, labels, pins or w. "
                "Received: others. Change them."
            )
        with ended_tidily():
            click.echo(write_traversals(loaded, traversals, locks, out, manifest, batch))
        return
    if w_file is not None:
        if seeds or latent_file or pins or label_file:
            raise InputError("Expected --w alone. Received: seeds, latents, labels or pins as well. Leave one out.")
        rows, space = read_w(w_file, config)
        wanted, labels = Latents(loaded, rows, {}), None
    else:
        space, wanted = "z", _latents(loaded, seeds, latent_file, pins)
        labels = _labels(loaded, label_file, len(wanted))
    options = drawing_options(config, psi, cutoff, noise, translate, rotate, space)
    pictures = _pictures(loaded, wanted, labels, batch, options)
    with ended_tidily():
        if npy is not None:
            _write_array(npy, pictures, len(wanted), _shape(loaded), np.dtype(dtype))
        elif out is not None:
            _write_files(out, pictures, wanted)
            if manifest is not None:
                names = [(f"{wanted.name(k)}.png", wanted.face(k)) for k in range(len(wanted))]
                write_manifest(manifest, (plain_row(loaded.model, file, *face) for file, face in names))
    click.echo(f"{len(wanted):,} faces of {loaded.name} are in {npy or out}")


@click.command
@shared
@LABELS
@with_options(*TRUNCATION)
@click.option("--space", type=click.Choice(["z", "w", "w+", "s"]), default="z", show_default=True,
              help="Latents, or the inputs of a StyleGAN's layers: w, rows of w, or all styles.")  # fmt: skip
@click.option("--out", type=FILE, required=True, help="File for the array (N, L), float32.")
def latents(
    model: str, seeds: str | None, latent_file: Path | None, pins: tuple[str, ...], label_file: Path | None,
    psi: float, cutoff: int | None, space: Any, out: Path,
) -> None:  # fmt: skip
    """Write the latents of faces, with pins held: one array, on the sphere where the model normalises latents."""
    loaded = load_model(model)
    wanted = _latents(loaded, seeds, latent_file, pins)
    labels = _labels(loaded, label_file, len(wanted))
    options = drawing_options(loaded.model.config, psi, cutoff)

    def block(first: int) -> np.ndarray:
        z = wanted.block(first, BLOCK)
        if space == "z":
            return z.astype(np.float32)
        return loaded.styles(z, None if labels is None else labels[first : first + BLOCK], space, options)

    head = block(0)
    blocks = (head if not first else block(first) for first in range(0, len(wanted), BLOCK))
    with ended_tidily():
        _write_array(out, blocks, len(wanted), head.shape[1:], np.dtype(np.float32))
    click.echo(f"{len(wanted):,} latents of {loaded.name} are in {out}")
    if space == "s":
        click.echo("Numbers per layer: " + ", ".join(f"{name} {n}" for name, n in loaded.style_sizes().items()))


class Latents:
    """The requested latents, in blocks.

    Args:
        loaded: the model.
        source: seeds, or an array (N, L) on disk.
        pins: coordinates to hold.
    """

    def __init__(self, loaded: LoadedModel, source: Seeds | np.ndarray, pins: dict[str, float]) -> None:
        self._loaded, self._source, self._pins = loaded, source, pins

    def __len__(self) -> int:
        return len(self._source)

    def block(self, first: int, size: int) -> np.ndarray:
        """Return (n, L) float64: those from `first` on, at most `size`."""
        part = self._source[first : first + size]
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
        return str(Face(seed, tuple(sorted(self._pins.items())))), str(seed)


def _latents(loaded: LoadedModel, seeds: str | None, file: Path | None, pins: tuple[str, ...]) -> Latents:
    if (seeds is None) == (file is None):
        raise InputError(f"Expected either --seeds or --latents. Received: {'both' if seeds else 'neither'}.")
    source = Seeds(seeds) if seeds is not None else _rows(file, loaded.latent_size, bool(pins))  # type: ignore[arg-type]
    found = Latents(loaded, source, dict(map(_pin, pins)))
    if len(pins) > len({name for name, _ in map(_pin, pins)}):
        raise InputError("Expected every attribute once. Received: one of them twice. Keep one of its pins.")
    found.block(0, 1)  # errors are raised before anything is written
    return found


def _rows(file: Path, size: int, pinned: bool) -> np.ndarray:
    """Return the latents of a file in any supported format, an NPY memory-mapped; skipped rows are reported."""
    if not file.exists():
        raise InputError(f"Expected a file of latents. Received: {file}, which does not exist. Nothing was made.")
    found = read_latent_file(file, size, zeros=not pinned)
    if found.of > found.rows or found.notes:
        click.echo("; ".join([found.summary, *found.notes]), err=True)
    return found.array if found.array is not None and found.of == found.rows else np.concatenate(list(found.blocks()))


def _labels(loaded: LoadedModel, file: Path | None, number: int) -> np.ndarray | None:
    if file is None:
        return None
    found = _array(file, loaded.model.config.label_size, "labels")
    if len(found) != number:
        raise InputError(f"Expected a row of labels for each of {number:,} faces. Received: {len(found):,} rows.")
    return found


def _pin(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise InputError(f"Expected a pin such as Smiling=2.2. Received: {text[:64]}.") from None


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


def _shape(loaded: LoadedModel) -> tuple[int, int, int]:
    config = loaded.model.config
    return config.resolution, config.resolution, config.num_channels


def _pictures(
    loaded: LoadedModel, wanted: Latents, labels: np.ndarray | None, batch: int, options: DrawingOptions
) -> Iterator[np.ndarray]:
    for first in range(0, len(wanted), batch):
        given = None if labels is None else np.asarray(labels[first : first + batch], np.float32)
        yield loaded.faces(wanted.block(first, batch), given, batch, options)


def _write_array(file: Path, blocks: Iterator[np.ndarray], number: int, shape: tuple[int, ...], kind: np.dtype) -> None:
    """Write blocks of rows as one .npy file, which appears when it is complete."""
    from dashboard.synthesis.pixels import to_bytes

    file.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "wb") as stream, progress(number) as bar:
            header = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False, "shape": (number, *shape)}
            np.lib.format.write_array_header_1_0(stream, header)
            for block in blocks:
                stream.write(
                    np.ascontiguousarray(to_bytes(block) if kind == np.uint8 else block.astype(kind)).tobytes()
                )
                bar.update(len(block))
        os.chmod(half, 0o666 & ~_umask())
        os.replace(half, file)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


def _write_files(folder: Path, blocks: Iterator[np.ndarray], wanted: Latents) -> None:
    from dashboard.faces.encoding import encode
    from dashboard.synthesis.pixels import to_bytes

    folder.mkdir(parents=True, exist_ok=True)
    number = count()
    with progress(len(wanted)) as bar:
        for block in blocks:
            for picture in to_bytes(block):
                write_picture(folder / f"{wanted.name(next(number))}.png", encode(picture, "png"))
            bar.update(len(block))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
