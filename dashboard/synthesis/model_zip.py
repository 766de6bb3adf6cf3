"""A model folder as one zip file, for sharing."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import get_args

from dashboard.errors import InputError
from dashboard.synthesis.manifest import FileName, check_name, read_manifest
from dashboard.synthesis.model_folder import open_model

DESCRIPTIONS = ("model.json", "MODEL_CARD.md")
ALLOWED = frozenset({*get_args(FileName), *DESCRIPTIONS})

MAX_UNPACKED = 2_000_000_000
"""Size limit of all files together, in bytes."""

CHUNK = 1 << 18


def pack_model(folder: Path) -> Iterator[bytes]:
    """Return a model folder as a zip, piece by piece, so that it is not stored in memory or on disk.

    Args:
        folder: the folder.

    Returns:
        The zip's bytes: a folder of the model's name with the files that model.json lists, not compressed, since
        weights hardly can be.

    Raises:
        ModelError: model.json cannot be read.
    """
    listed = read_manifest(folder, folder.name).files
    names = [name for name in (*DESCRIPTIONS, *sorted(listed)) if (folder / name).is_file()]
    return _packed(folder, names)


def unpack_model(path: Path, name: str, shelf: Path) -> Path:
    """Unpack a model folder from a zip, atomically.

    Args:
        path: the zip; its files may be in one folder. Names in it are never used as paths: they are compared with the
            file names of a model.
        name: the name of the new model.
        shelf: the folder for model folders; created with mode 0700 if missing.

    Returns:
        The folder; every file has been checked against the description.

    Raises:
        InputError: the file is not a zip of a model.
        ModelError: a file does not match the description.
    """
    check_name(name)
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=shelf) as scratch:
        folder = Path(scratch) / name
        folder.mkdir()
        try:
            with zipfile.ZipFile(path) as archive:
                for wanted, entry in _entries(archive).items():
                    _unpack(archive, entry, folder / wanted)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise InputError(f"Expected a zip of a model folder. Received: {error}. Pack the folder again.") from error
        open_model(folder)
        if (shelf / name).exists():
            raise InputError(f'Expected no model "{name}" yet. Received: one that is there. Choose another name.')
        folder.rename(shelf / name)
    return shelf / name


def _packed(folder: Path, names: list[str]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[arg-type]
        for name in names:
            with (
                (folder / name).open("rb") as source,
                archive.open(f"{folder.name}/{name}", "w", force_zip64=True) as to,
            ):
                while chunk := source.read(CHUNK):
                    to.write(chunk)
                    yield sink.take()
    yield sink.take()


class _Sink:
    """A file that is read while it is written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        """Return what was written since the last call."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of a zip by their names in a model folder."""
    found: dict[str, zipfile.ZipInfo] = {}
    parents = set()
    infos = archive.infolist()
    if len(infos) > 2 * len(ALLOWED):
        raise ValueError(f"{len(infos)} files")
    for entry in infos:
        path = PurePosixPath(entry.filename)
        if entry.is_dir():
            continue
        if path.name not in ALLOWED or path.name in found or len(path.parts) > 2:
            raise ValueError(f"a file that no model has, {entry.filename[:80]!r}")
        parents.add(path.parent)
        found[path.name] = entry
    if len(parents) > 1:
        raise ValueError("files of several folders")
    if "model.json" not in found:
        raise ValueError("no model.json")
    if (size := sum(entry.file_size for entry in found.values())) > MAX_UNPACKED:
        raise ValueError(f"{size:,} bytes, unpacked")
    return found


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    left = entry.file_size
    with archive.open(entry) as source, path.open("wb") as target:
        while chunk := source.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ValueError("a file longer than it says")
            target.write(chunk)
