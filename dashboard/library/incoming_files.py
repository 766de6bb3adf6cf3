"""Uploaded files: streamed to the disk, read a few at a time, and deleted after half an hour."""

from __future__ import annotations

import ctypes
import io
import json
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from dashboard.errors import Busy, InputError, LibraryError, NotFound
from dashboard.stores.durable import check_room, write_file

FOLDER, PREFIX, PART = "incoming", "file-", "part-"
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


@dataclass(frozen=True)
class IncomingFile:
    """An uploaded file.

    Args:
        token: unguessable; names it from now on.
        path: of the file.
        name: its original name.
    """

    token: str
    path: Path
    name: str


class IncomingFiles:
    """The uploaded files that wait for a decision, in files of their own, so that every process finds them.

        part-TOKEN           an upload that goes on
        file-TOKEN           a whole file
        file-TOKEN.json      its original name, and what a first reading found
        file-TOKEN.npy       its first rows

    Args:
        home: LIKENESS_HOME, or None if nothing can be stored.
    """

    def __init__(self, home: Path | None) -> None:
        self._folder = home / FOLDER if home else None
        self._forget_old(most=MOST)

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
        self._forget_old(most=MOST - 1)
        token = secrets.token_hex(16)
        part, path = self._folder / f"{PART}{token}", self._folder / f"{PREFIX}{token}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            check_room(self._folder, length or 0)
            size = _write(source, part, limit)
            if size and (length is None or size == length):
                write_file(_about(path), json.dumps({"name": _clean(name)}).encode())
                os.replace(part, path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise LibraryError(
                f"The file could not be taken in ({error.strerror}). Free some space, and try again."
            ) from error
        if not path.exists():
            part.unlink(missing_ok=True)
            if not length:
                raise InputError("Expected a file with something in it. Received: an empty file. Choose another.")
            raise InputError(
                f"Expected a file of {length:,} bytes. Received: {size:,} bytes. The upload ended early: send it again."
            )
        return IncomingFile(token, path, _clean(name))

    def find(self, token: object) -> IncomingFile:
        """Return a file by its token.

        Raises:
            NotFound: there is none, or none any more.
        """
        if self._folder is not None and _TOKEN.fullmatch(str(token)):
            path = self._folder / f"{PREFIX}{token}"
            if path.exists():
                return IncomingFile(str(token), path, str(_read_about(path).get("name", "")))
        raise NotFound("Expected a file that was sent a while ago. Received: another. Send it again.")

    def note(self, file: IncomingFile, reading: Mapping[str, Any], rows: np.ndarray) -> None:
        """Store what a first reading found.

        Args:
            file: the file.
            reading: how it was read, plain values.
            rows: its first rows, (n, L).
        """
        stream = io.BytesIO()
        np.save(stream, rows, allow_pickle=False)
        write_file(file.path.with_suffix(".npy"), stream.getvalue())
        write_file(_about(file.path), json.dumps({"name": file.name, "reading": dict(reading)}).encode())

    def noted(self, file: IncomingFile) -> tuple[dict[str, Any], np.ndarray]:
        """Return what :meth:`note` stored; empty if that was nothing."""
        reading = _read_about(file.path).get("reading")
        try:
            rows = np.load(file.path.with_suffix(".npy"), allow_pickle=False)
        except (OSError, ValueError):
            rows = np.empty((0, 0))
        return reading if isinstance(reading, dict) else {}, rows

    def drop(self, file: IncomingFile) -> None:
        """Delete an uploaded file."""
        _delete(file.path)

    def _forget_old(self, most: int) -> None:
        """Delete files that waited for long, and the oldest ones above a number."""
        found = []
        for path in self._folder.glob("*") if self._folder else ():
            with suppress(OSError):  # another process was faster
                changed = path.stat().st_mtime
                if changed < time.time() - KEPT_SECONDS and path.is_file():
                    path.unlink(missing_ok=True)
                elif path.name.startswith(PREFIX) and not path.suffix:
                    found.append((changed, path))
        for _, path in sorted(found)[: max(0, len(found) - most)]:
            _delete(path)


def _about(path: Path) -> Path:
    return path.with_suffix(".json")


def _read_about(path: Path) -> dict[str, Any]:
    try:
        about = json.loads(_about(path).read_bytes())
    except (OSError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


def _delete(path: Path) -> None:
    for each in (path, _about(path), path.with_suffix(".npy")):
        each.unlink(missing_ok=True)


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
