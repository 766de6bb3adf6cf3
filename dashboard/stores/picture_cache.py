"""The picture cache: bytes on disk by key, limited in size; a failure of the cache is a miss.

diskcache unpickles what it reads (CVE-2025-69872), so its Disk is replaced by one that handles strings and bytes only.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diskcache
from diskcache.core import MODE_BINARY, MODE_RAW, UNKNOWN

from dashboard.stores.durable import has_room

DIGEST_BYTES = 16

LOOKS_EVERY = 5.0
"""Seconds after which the free space of the disk is read again."""

log = logging.getLogger(__name__)

_FAILURES = (OSError, sqlite3.Error, diskcache.Timeout, ValueError, TypeError)


class BytesDisk(diskcache.Disk):
    """A store of byte values by string keys; anything else, a pickle above all, is refused on reading and writing."""

    def put(self, key: Any) -> tuple[str, bool]:
        """Convert a key for the database."""
        if not isinstance(key, str):
            raise TypeError(f"Expected a string as key. Received: {type(key).__name__}.")
        return key, True

    def get(self, key: Any, raw: Any) -> str:
        """Convert a key from the database."""
        if not raw or not isinstance(key, str):
            raise ValueError("Expected a string as key in the cache. Received: something else.")
        return key

    def store(self, value: Any, read: bool, key: Any = UNKNOWN) -> tuple[Any, ...]:
        """Convert a value for the database or a file."""
        if read or not isinstance(value, bytes):
            raise TypeError(f"Expected bytes as value. Received: {type(value).__name__}.")
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> bytes:
        """Convert a value from the database or a file."""
        if mode not in (MODE_RAW, MODE_BINARY) or read or (mode == MODE_RAW and not isinstance(value, bytes)):
            raise ValueError("Expected bytes as value in the cache. Received: something else.")
        if mode == MODE_RAW:
            return value
        return (Path(self._directory) / str(filename)).read_bytes()


@dataclass(frozen=True, slots=True)
class Entry:
    """Bytes and their digest.

    Args:
        payload: the bytes.
        digest: 32 hexadecimal digits of their BLAKE2b hash.
    """

    payload: bytes
    digest: str

    @classmethod
    def of(cls, payload: bytes) -> Entry:
        """Return the entry of these bytes."""
        return cls(payload, hashlib.blake2b(payload, digest_size=DIGEST_BYTES).hexdigest())


class Cache:
    """Persistent entries on disk. Any failure is a miss, and is logged once.

    Create it after the fork: SQLite's connections do not survive one.

    Args:
        folder: its folder, created if missing; None for no cache.
        megabytes: size limit; the oldest entries are deleted first, so that reading never writes. 0: no cache.
    """

    def __init__(self, folder: Path | None, megabytes: int) -> None:
        self._folder = folder
        self._complained, self._looked_at, self._room = False, -LOOKS_EVERY, True
        self._store: diskcache.Cache | None = None
        if folder is None or megabytes == 0:
            return
        try:
            self._store = _open_store(folder, megabytes)
        except Exception as error:  # a damaged database can raise any error, and none may stop the dashboard
            self._begin_anew(folder, megabytes, error)

    def _begin_anew(self, folder: Path, megabytes: int, error: Exception) -> None:
        """Set a damaged cache aside and create another; without a writable disk there is no cache."""
        if isinstance(error, OSError | sqlite3.OperationalError):  # the disk, not the file
            self._complain(error)
            return
        try:
            aside = next(
                path for k in range(1, 100) if not (path := folder.with_name(f"{folder.name}.damaged.{k}")).exists()
            )
            folder.rename(aside)
            self._store = _open_store(folder, megabytes)
        except Exception as second:
            self._complain(second)
            return
        log.warning(
            "The picture cache %s was damaged. It is kept as %s, and an empty one was created.", folder, aside.name
        )

    @property
    def in_use(self) -> bool:
        """Whether the cache works."""
        return self._store is not None and not self._complained

    @property
    def bytes(self) -> int:
        """Size on disk in bytes; 0 if there is no file or it cannot be read."""
        try:
            return int(self._store.volume()) if self._store is not None else 0
        except _FAILURES as error:
            self._complain(error)
            return 0

    def get(self, key: str) -> Entry | None:
        """Look an entry up.

        Args:
            key: its key.

        Returns:
            The entry; None if there is none, or if its bytes have been altered.
        """
        if self._store is None:
            return None
        try:
            stored = self._store.get(key)
        except _FAILURES as error:
            self._complain(error)
            return None
        if not isinstance(stored, bytes) or len(stored) <= DIGEST_BYTES:
            return None
        entry = Entry.of(stored[DIGEST_BYTES:])
        return entry if stored.startswith(bytes.fromhex(entry.digest)) else None

    def put(self, key: str, entry: Entry) -> None:
        """Store an entry, if the disk's reserve stays free.

        Args:
            key: its key.
            entry: the bytes; their digest is stored with them, so that damage is detected when they are read.
        """
        if self._store is None or not self._has_room(len(entry.payload)):
            return
        try:
            self._store.set(key, bytes.fromhex(entry.digest) + entry.payload)
        except _FAILURES as error:
            self._complain(error)

    def _has_room(self, size: int) -> bool:
        now = time.monotonic()
        if now - self._looked_at > LOOKS_EVERY:
            assert self._folder is not None
            self._looked_at, self._room = now, has_room(self._folder, size)
        return self._room

    def close(self) -> None:
        """Close this thread's connection."""
        if self._store is not None:
            self._store.close()

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            log.warning(
                "The picture cache %s cannot be used as it should (%s: %s). Pictures are made again each time; "
                "remove the folder, or make room on the disk, and start again.",
                self._folder,
                type(error).__name__,
                error,
            )


def _open_store(folder: Path, megabytes: int) -> diskcache.Cache:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return diskcache.Cache(
        str(folder),
        timeout=1,
        disk=BytesDisk,
        size_limit=megabytes * 2**20,
        eviction_policy="least-recently-stored",
        # Each thread has its own connection: limit the cached pages of each, or threads use too much memory.
        sqlite_cache_size=256,
        sqlite_mmap_size=0,
    )
