"""Backup of a home: one ZIP of the library and, on request, of imported models.

Data that can be recomputed (caches, results) or belongs to one installation (its secret) is excluded.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from dashboard.errors import InputError
from dashboard.stores.durable import check_room, sync_file, sync_folder
from dashboard.stores.library_database import FILE, FOLDER

FORMAT = 1
MANIFEST = "backup.json"
MODELS, ACCEPTED = "models", "accepted-licences.json"
_PASSING = re.compile(r"(^|/)(\.[^/]*|lock|.*-wal|.*-shm)(/|$)")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~@ -]{0,200}")


def write_backup(home: Path, file: Path, models: bool = False) -> tuple[int, int]:
    """Write a backup, even while a dashboard runs: the database is copied in a consistent state.

    Args:
        home: LIKENESS_HOME.
        file: the ZIP to write; it appears when complete.
        models: whether fetched and imported models are included.

    Returns:
        The number of files and their total bytes.

    Raises:
        InputError: there is nothing to back up, or the file exists.
        OSError: the file cannot be written.
    """
    if file.exists():
        raise InputError(f"Expected a new file. Received: {file}, which is there. Choose another name.")
    names = list(_kept(home, models))
    if not names:
        raise InputError(f"Expected a library in {home}. Received: none. Nothing was written.")
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    size = 0
    try:
        with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            manifest = {
                "format": FORMAT,
                "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "models": models,
            }
            packed.writestr(MANIFEST, json.dumps(manifest))
            for name in names:
                size += _pack(packed, home, name)
        sync_file(Path(part))
        os.replace(part, file)
        sync_folder(file.parent)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return len(names), size


def restore_backup(home: Path, file: Path) -> tuple[int, str]:
    """Replace the library by a backup; the old library is set aside.

    Args:
        home: LIKENESS_HOME; no dashboard may be using it.
        file: written by `write_backup`.

    Returns:
        The number of restored files, and the folder of the old data; empty if there was none.

    Raises:
        InputError: the file is not a backup or is damaged, or there is too little space.
        OSError: the files cannot be written; the old data is unchanged.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=home, prefix=".restore-"))
    try:
        names = _unpack(file, new)
        aside = ""
        if (home / FOLDER).exists():
            number = 1 + max(
                (
                    int(path.suffix[1:])
                    for path in home.glob(f"{FOLDER}.before-restore.*")
                    if path.suffix[1:].isdecimal()
                ),
                default=0,
            )
            aside = str(home / f"{FOLDER}.before-restore.{number}")
            os.replace(home / FOLDER, aside)
        if (new / FOLDER).exists():
            os.replace(new / FOLDER, home / FOLDER)
        for model in sorted((new / MODELS).iterdir()) if (new / MODELS).is_dir() else ():
            if not (home / MODELS / model.name).exists():  # keep an installed model
                (home / MODELS).mkdir(mode=0o700, exist_ok=True)
                os.replace(model, home / MODELS / model.name)
        if (new / ACCEPTED).exists() and not (home / ACCEPTED).exists():
            os.replace(new / ACCEPTED, home / ACCEPTED)
        sync_folder(home)
        return len(names), aside
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _kept(home: Path, models: bool) -> Iterator[str]:
    """Yield the names of the files to back up, relative to the home."""
    for top in (FOLDER, *([MODELS] if models else [])):
        for path in sorted((home / top).rglob("*")):
            name = path.relative_to(home).as_posix()
            if path.is_file() and not path.is_symlink() and not _PASSING.search(name):
                yield name
    if (home / ACCEPTED).is_file():
        yield ACCEPTED


def _pack(packed: zipfile.ZipFile, home: Path, name: str) -> int:
    path = home / name
    if path.name != FILE:
        packed.write(path, name)
        return path.stat().st_size
    with tempfile.NamedTemporaryFile(suffix=".sqlite3") as copy:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy.name)) as target:
            source.backup(target)
        packed.write(copy.name, name)
        return Path(copy.name).stat().st_size


def _unpack(file: Path, folder: Path) -> list[str]:
    """Unpack a backup after checking its names and sizes."""
    try:
        with zipfile.ZipFile(file) as packed:
            manifest = json.loads(packed.read(MANIFEST)) if MANIFEST in packed.namelist() else None
            if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
                raise InputError(
                    f"Expected a backup of format {FORMAT}. Received: {file.name}, which is none. Choose another."
                )
            infos = [info for info in packed.infolist() if info.filename != MANIFEST and not info.is_dir()]
            for info in infos:
                parts = PurePosixPath(info.filename).parts
                fits = parts[0] in (FOLDER, MODELS, ACCEPTED) and all(_SAFE.fullmatch(part) for part in parts)
                if not fits or "\\" in info.filename:
                    raise InputError(
                        f"Expected files of a library. Received: {info.filename[:60]!r}. Nothing was restored."
                    )
            check_room(folder, sum(info.file_size for info in infos))
            for info in infos:
                path = folder.joinpath(*PurePosixPath(info.filename).parts)
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with (
                    packed.open(info) as source,
                    os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
                ):
                    shutil.copyfileobj(source, out, 1 << 20)
                    out.flush()
                    os.fsync(out.fileno())
            return [info.filename for info in infos]
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        said = "".join(c if c.isprintable() else "?" for c in str(error))[:80]
        raise InputError(
            f"Expected a whole backup. Received: {file.name}, damaged ({said}). Nothing was restored."
        ) from error
