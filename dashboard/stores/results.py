"""The results of a server: started, completed, looked up, and limited in size."""

from __future__ import annotations

import errno
import hashlib
import logging
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

from dashboard.errors import NotFound
from dashboard.stores.durable import has_room
from dashboard.stores.result import Origin, Result, read_result
from dashboard.stores.result_lookup import find_result, finished, last_used

MAX_BYTES = 1 << 30
"""Size limit of all results in bytes; the least recently used are dropped first."""

ABANDONED = 24 * 3600
"""Seconds after which an unfinished result in a shared folder that is not written to is removed."""

MAKER = "maker"
"""Name of the file with the hash of the visitor who requested a result."""

log = logging.getLogger(__name__)


class Results:
    """The results of one server.

    Args:
        folder: their folder, created if missing; None for a temporary one.
        limit: total bytes.
        locks: whether locks of files tell which servers have ended; False for a folder that several hosts share,
            where results that nobody has written to for a day are taken for abandoned.
    """

    def __init__(self, folder: Path | None, limit: int = MAX_BYTES, locks: bool = True) -> None:
        self._limit, self._owner, self._locks = limit, secrets.token_hex(8), locks
        self._lock: FileLock | None = None
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        try:
            if folder is not None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._lock = _locked(folder / f"{self._owner}.lock") if locks else None
        except OSError as error:
            log.warning(
                "Results in %s cannot be stored (%s): they are lost when this process ends.", folder, error.strerror
            )
            folder = None
        if folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="likeness-jobs-", ignore_cleanup_errors=True)
            self._lock = _locked(Path(self._temporary.name) / f"{self._owner}.lock")
        self.folder = folder or Path(self._temporary.name if self._temporary else "")
        self.sweep()

    def begin(self, origin: Origin) -> Path:
        """Return a new folder for an unfinished result.

        Raises:
            OSError: the disk has no space above its reserve, or cannot be written.
        """
        if not has_room(self.folder, 0):
            raise OSError(errno.ENOSPC, "too little room on the disk")
        return Path(tempfile.mkdtemp(prefix=f"{origin.key}.{self._owner}.", suffix=".part", dir=self.folder))

    def drop(self, part: Path) -> None:
        """Remove an unfinished result."""
        shutil.rmtree(part, ignore_errors=True)

    def finish(self, part: Path, origin: Origin, visitor: str = "") -> Result:
        """Rename a complete result to its final name, and delete old ones above the limit.

        Args:
            part: from :meth:`begin`; its index marks it as complete.
            origin: its origin.
            visitor: key of the visitor who requested it; stored with it as a hash, so that it is never without.

        Returns:
            The result.

        Raises:
            NotFound: the result is incomplete.
        """
        final = self.folder / origin.key
        if not self._locks and (there := read_result(final)) is not None and there.index["done"]:
            shutil.rmtree(part, ignore_errors=True)  # another host was faster; readers keep what they see
            return there
        (part / MAKER).write_text(_hashed(visitor), encoding="ascii")
        shutil.rmtree(final, ignore_errors=True)
        try:
            part.rename(final)
        except OSError:  # another server with the same home was faster
            if not final.is_dir():
                raise
            shutil.rmtree(part, ignore_errors=True)
        self._prune(origin.key)
        result = read_result(final)
        if result is None or not result.index["done"]:
            raise NotFound("Expected a result that is complete. Received: one that is not. Start it again.")
        return result

    def find(self, origin: Origin) -> Result | None:
        """Return a finished result, see :func:`dashboard.stores.result_lookup.find_result`."""
        return find_result(self.folder, origin)

    def is_maker(self, origin: Origin, visitor: str) -> bool:
        """Return whether a visitor requested a finished result."""
        try:
            return (self.folder / origin.key / MAKER).read_text(encoding="ascii") == _hashed(visitor)
        except (OSError, ValueError):
            return False

    def remove(self, origin: Origin) -> None:
        """Delete a finished result, if it exists."""
        shutil.rmtree(self.folder / origin.key, ignore_errors=True)

    def expire(self, seconds: float) -> int:
        """Delete finished results not used for a number of seconds; returns their count."""
        old = [folder for folder in finished(self.folder) if last_used(folder) < time.time() - seconds]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)

    @property
    def bytes(self) -> int:
        """Size on disk of all complete results, in bytes."""
        return sum(
            file.stat().st_size for folder in finished(self.folder) for file in folder.rglob("*") if file.is_file()
        )

    def sweep(self) -> None:
        """Remove unfinished results of ended servers."""
        for lock in self.folder.glob("*.lock"):
            if lock.stem != self._owner and _abandoned(lock):
                lock.unlink(missing_ok=True)
        if not self._locks:
            for part in self.folder.glob("*.part"):
                if last_written(part) < time.time() - ABANDONED:
                    shutil.rmtree(part, ignore_errors=True)
            return
        alive = {lock.stem for lock in self.folder.glob("*.lock")}
        for part in self.folder.glob("*.part"):
            if part.name.split(".")[1] not in alive:
                shutil.rmtree(part, ignore_errors=True)

    def close(self) -> None:
        """Release the folder; a temporary one is deleted."""
        for part in self.folder.glob(f"*.{self._owner}.*.part"):
            shutil.rmtree(part, ignore_errors=True)
        if self._lock is not None:
            self._lock.release()
        (self.folder / f"{self._owner}.lock").unlink(missing_ok=True)  # Windows cannot remove a file in use
        if self._temporary is not None:
            self._temporary.cleanup()

    def _prune(self, newest: str) -> None:
        total = 0
        folders = finished(self.folder)
        for folder in sorted(folders, key=lambda folder: (folder.name == newest, last_used(folder)), reverse=True):
            total += sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            if total > self._limit and folder.name != newest:
                shutil.rmtree(folder, ignore_errors=True)


def last_written(folder: Path) -> float:
    """Return when anything in a folder was last written, in seconds since 1970; now if it is gone."""
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    except OSError:
        return time.time()


def _hashed(visitor: str) -> str:
    return hashlib.sha256(visitor.encode()).hexdigest()


def _locked(path: Path) -> FileLock:
    lock = FileLock(path, mode=0o600, thread_local=False)  # closed by another thread than the one that opened it
    lock.acquire(timeout=0)
    return lock


def _abandoned(lock: Path) -> bool:
    """Return whether a lock is free."""
    try:
        with FileLock(lock, mode=0o600, timeout=0):
            return True
    except (Timeout, OSError):
        return False
