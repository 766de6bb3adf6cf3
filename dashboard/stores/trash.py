"""Removed files and folders, kept beside the others for a day, so that Undo finds them from any process.

FOLDER/NAME              what is kept
FOLDER/.removed/NAME     what was removed; its time of change is the time of removal
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

TRASH = ".removed"
UNDO_SECONDS = 24 * 3600.0
"""Seconds that something removed can be restored."""


def discard(path: Path) -> None:
    """Move a file or folder to the trash beside it, and delete what has been there for long.

    Raises:
        OSError: it cannot be moved; it is as it was.
    """
    empty_trash(path.parent)
    there = _there(path)
    there.parent.mkdir(mode=0o700, exist_ok=True)
    _delete(there)
    os.utime(path)
    os.replace(path, there)


def is_discarded(path: Path) -> bool:
    """Return whether the trash has what was removed from a path."""
    return _there(path).exists()


def bring_back(path: Path) -> None:
    """Move a file or folder back from the trash.

    Raises:
        OSError: it cannot be moved, or is gone.
    """
    os.replace(_there(path), path)


def forget(path: Path) -> None:
    """Delete what was removed from a path, because it has been made again."""
    _delete(_there(path))


def empty_trash(folder: Path, seconds: float = UNDO_SECONDS) -> None:
    """Delete what was removed from a folder longer than some seconds ago, and what earlier versions left."""
    for path in (folder / TRASH).glob("*"):
        with suppress(OSError):  # another process was faster
            if path.stat().st_mtime <= time.time() - seconds:
                _delete(path)
    for old in folder.glob(f"{TRASH}-*"):
        _delete(old)


def _there(path: Path) -> Path:
    return path.parent / TRASH / path.name


def _delete(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
