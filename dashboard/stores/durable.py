"""Files that are complete after a power cut: written, flushed to the disk, and renamed to their final path."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from dashboard.errors import InputError

_reserve_mb: int | None = None


def set_reserve(reserve_mb: int | None) -> None:
    """Set the disk space that this process leaves free: megabytes, or None for 5 %, between 200 MB and 5 GB."""
    global _reserve_mb
    _reserve_mb = reserve_mb


def write_file(path: Path, content: bytes) -> None:
    """Replace a file atomically: it has its old or its new content, never a part.

    Args:
        path: the file, mode 0600; its folder is created if missing, mode 0700.
        content: all of it.

    Raises:
        OSError: it cannot be written; the old file is unchanged.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # 0600
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Flush a file to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Flush the names in a folder to the disk, if the system supports it."""
    with suppress(OSError):
        sync_file(path)


def reserve_of(folder: Path) -> int:
    """Return the bytes of a folder's disk that must stay free (see `set_reserve`).

    Raises:
        OSError: the folder does not exist.
    """
    if _reserve_mb is not None:
        return _reserve_mb * 1_000_000
    return int(min(max(shutil.disk_usage(folder).total * 0.05, 200e6), 5e9))


def has_room(folder: Path, size: int) -> bool:
    """Return whether a number of bytes can be written with the reserve left free; False if the folder is missing."""
    try:
        return shutil.disk_usage(folder).free >= size + reserve_of(folder)
    except OSError:
        return False


def check_room(folder: Path, size: int) -> None:
    """Refuse to write if less than the reserve would be left on the disk.

    Raises:
        InputError: there is too little space.
    """
    if has_room(folder, size):
        return
    try:
        free, reserve = shutil.disk_usage(folder).free, reserve_of(folder)
    except OSError as error:
        raise InputError(
            f"Expected room in LIKENESS_HOME. Received: a folder that cannot be looked at ({error.strerror}). Make it."
        ) from error
    raise InputError(
        f"Expected {size / 1e6 + 0.05:,.1f} MB on the disk beside the {reserve / 1e6:,.0f} MB that are left free. "
        f"Received: {free / 1e6:,.1f} MB. Free some space, or set LIKENESS_RESERVE_MB."
    )
