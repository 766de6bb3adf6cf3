"""Uploaded files: streamed to the disk, read a few at a time, and deleted with their process."""

from __future__ import annotations

import ctypes
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from dashboard.errors import Busy, InputError, LibraryError, NotFound
from dashboard.stores.durable import check_room
from dashboard.stores.process_files import process_token, sweep

FOLDER, PREFIX = "incoming", "file-"
CHUNK = 1 << 20
CONCURRENT = 2
"""Files that are read at the same time: each may need several times its size in memory."""

WAIT = 60.0
"""Seconds that a file waits for its turn."""

MOST = 32
"""Files that may wait at the same time."""

KEPT_SECONDS = 1800.0
"""Seconds that a file waits for a decision."""

_TOKEN = re.compile(r"[0-9a-f]{32}")
_reading = threading.BoundedSemaphore(CONCURRENT)


class Source(Protocol):
    """Source of bytes."""

    def read(self, size: int = ..., /) -> bytes:
        """Read at most so many bytes; none at the end."""
        ...


@dataclass(eq=False)
class IncomingFile:
    """An uploaded file.

    Args:
        token: unguessable; names it from now on.
        path: of the file.
        name: its original name.
        came_at: seconds since the process began.
        found: what a first reading found in it; None until then.
    """

    token: str
    path: Path
    name: str
    came_at: float = field(default_factory=time.monotonic)
    found: Any = None


class IncomingFiles:
    """The uploaded files that wait for a decision.

    Args:
        home: LIKENESS_HOME, or None if nothing can be stored.
    """

    def __init__(self, home: Path | None) -> None:
        self._folder = home / FOLDER if home else None
        self._files: dict[str, IncomingFile] = {}
        self._lock = threading.Lock()
        if self._folder is not None:
            sweep(self._folder, f"{PREFIX}*")

    def receive(self, source: Source, limit: int, length: int | None, name: str = "") -> IncomingFile:
        """Take a file from where it arrives.

        Args:
            source: gives its bytes.
            limit: bytes that it may have.
            length: bytes that were announced, or None.
            name: its name.

        Returns:
            The file, on the disk.

        Raises:
            InputError: it is empty, larger, or ended early; or there is no room.
            LibraryError: writing to the disk failed.
        """
        if self._folder is None:
            raise InputError(
                "Expected a LIKENESS_HOME to take files in. Received: one that cannot be used. See the log."
            )
        check_length(limit, length)
        self._forget_old()
        token = secrets.token_hex(16)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / f"{PREFIX}{process_token(self._folder)}-{token}"
            check_room(self._folder, length or 0)
            size = _write(source, path, limit)
        except OSError as error:
            raise LibraryError(
                f"The file could not be taken in ({error.strerror}). Free some space, and try again."
            ) from error
        if not size or (length is not None and size != length):
            path.unlink(missing_ok=True)
            if not length:
                raise InputError("Expected a file with something in it. Received: an empty file. Choose another.")
            raise InputError(
                f"Expected a file of {length:,} bytes. Received: {size:,} bytes. The upload ended early: send it again."
            )
        found = IncomingFile(token, path, _clean(name))
        with self._lock:
            self._files[token] = found
        return found

    def find(self, token: object) -> IncomingFile:
        """Return a file by its token.

        Raises:
            NotFound: there is none, or none any more.
        """
        with self._lock:
            found = self._files.get(str(token)) if _TOKEN.fullmatch(str(token)) else None
        if found is None or not found.path.exists():
            raise NotFound("Expected a file that was sent a while ago. Received: another. Send it again.")
        return found

    def drop(self, file: IncomingFile) -> None:
        """Delete an uploaded file."""
        with self._lock:
            self._files.pop(file.token, None)
        file.path.unlink(missing_ok=True)

    def _forget_old(self) -> None:
        now = time.monotonic()
        with self._lock:
            by_age = sorted(self._files.values(), key=lambda file: file.came_at)
            old = [file for file in by_age if now - file.came_at > KEPT_SECONDS]
            gone = {*old, *by_age[: max(0, len(by_age) - MOST + 1)]}
            for file in gone:
                del self._files[file.token]
        for file in gone:
            file.path.unlink(missing_ok=True)


def check_length(limit: int, length: int | None) -> None:
    """Refuse a file by the length that is announced, before anything of it is read.

    Raises:
        InputError: it is larger than the limit.
    """
    if (length or 0) > limit:
        raise _too_large(limit, length or 0)


@contextmanager
def reading() -> Iterator[None]:
    """Wait for one of the slots in which files are read whole; what they needed is given back to the system.

    Raises:
        Busy: all are taken for longer than anyone waits.
    """
    if not _reading.acquire(timeout=WAIT):
        raise Busy(f"{CONCURRENT} files are being read already. Nothing was changed. Try again in a moment.", 10.0)
    try:
        yield
    finally:
        _reading.release()
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)  # glibc keeps what a thread freed, for that thread


def _write(source: Source, path: Path, limit: int) -> int:
    size = 0
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit, size)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return size


def _too_large(limit: int, size: int) -> InputError:
    return InputError(
        f"Expected a file of at most {limit // 1_000_000:,} MB. Received: {size // 1_000_000:,} MB. "
        "Send fewer rows, or have the server's limit raised (LIKENESS_LATENTS_MB for latents)."
    )


def _clean(name: str) -> str:
    return "".join(c if c.isprintable() and c not in "/\\" else " " for c in name)[:120].strip()
