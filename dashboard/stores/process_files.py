"""Files of one process in a folder that several share: downloads and uploads, and removed items until Undo.

A process holds a lock on its own file for its lifetime. The file's name, a token, is part of the names of its files, so
that a starting process can delete those of ended processes and no others. A lock is more reliable than a process
id: ids are reused, and mean nothing in another container.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

LOCKS = ".processes"
_TOKEN = re.compile(r"[0-9a-f]{16}")
_held: dict[tuple[str, int], tuple[str, FileLock]] = {}
_lock = threading.Lock()


def process_token(folder: Path) -> str:
    """Return this process's token in a folder, whose lock it holds from the first call on.

    Args:
        folder: created if missing.

    Raises:
        OSError: nothing can be written there.
    """
    key = (str(folder), os.getpid())
    with _lock:
        if key in _held:
            token = _held[key][0]
            if (folder / LOCKS / token).exists():
                return token
        (folder / LOCKS).mkdir(mode=0o700, parents=True, exist_ok=True)
        token = secrets.token_hex(8)
        lock = FileLock(folder / LOCKS / token, mode=0o600, thread_local=False)
        lock.acquire(timeout=0)
        _held[key] = (token, lock)
        return token


def is_alone(folder: Path) -> bool:
    """Return whether no other process holds a lock in a folder; this process then holds one.

    Raises:
        OSError: nothing can be written there.
    """
    own = process_token(folder)
    return all(path.name == own or _ended(folder, path.name) for path in (folder / LOCKS).iterdir())


def end_process(folder: Path) -> None:
    """Release this process's lock in a folder; its files may then be deleted by any process."""
    with _lock:
        held = _held.pop((str(folder), os.getpid()), None)
    if held is not None:
        held[1].release()
        with suppress(OSError):
            (folder / LOCKS / held[0]).unlink(missing_ok=True)


def sweep(folder: Path, pattern: str) -> None:
    """Delete files of ended processes.

    Args:
        folder: as for `process_token`.
        pattern: of the files, below the folder; files without a token in their names have no owner and are deleted.
    """
    if not folder.is_dir():
        return
    for path in list(folder.glob(pattern)):
        token = _TOKEN.search(path.name)
        if token is None or _ended(folder, token[0]):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    with suppress(OSError):
        for path in (folder / LOCKS).iterdir():
            if _ended(folder, path.name):
                path.unlink(missing_ok=True)


def _ended(folder: Path, token: str) -> bool:
    """Return whether the process of a token has ended: whether its lock is free."""
    if any(held == token for held, _ in _held.values()):
        return False
    if not (folder / LOCKS / token).exists():
        return True
    try:
        with FileLock(folder / LOCKS / token, mode=0o600, thread_local=False).acquire(timeout=0):
            return True
    except (Timeout, OSError):
        return False
