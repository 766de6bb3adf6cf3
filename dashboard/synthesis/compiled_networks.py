"""Compiled networks on disk: the next start skips reading, building and optimising them."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)

MAX_BYTES = 1 << 30
"""Size limit of all compiled networks in bytes; the least recently used are deleted first."""

_DIGEST_BYTES = 32


class CompiledCache:
    """A folder of compiled networks, each with its digest at the beginning.

    The files are passed to native code that trusts them. So the folder is created with mode 0700, a folder writable by
    others is not used, and an altered file is deleted. Errors never reach the caller: if the folder cannot be used,
    that is logged once and networks are compiled again.

    Args:
        folder: created on first use; None to store nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def load(self, key: str) -> bytes | None:
        """Return the network of a key, or None.

        Args:
            key: any text that identifies the network; its digest is the file name.
        """
        if self.folder is None or not self.folder.is_dir() or not self._private():
            return None
        file = self._file(key)
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._give_up(error.strerror or str(error))
            return None
        digest, blob = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(blob).digest() != digest:
            log.warning("A compiled network was damaged and is made again: %s", file.name)
            self.drop(key)
            return None
        try:
            os.utime(file)
        except OSError:
            log.debug("Could not mark %s as used", file.name)
        return blob

    def save(self, key: str, blob: bytes) -> None:
        """Store a network, atomically."""
        if self.folder is None or len(blob) > MAX_BYTES:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._private():
                return
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
                try:
                    file.write(hashlib.sha256(blob).digest() + blob)
                    file.close()
                    os.replace(file.name, self._file(key))
                except OSError:
                    os.unlink(file.name)
                    raise
            self._prune()
        except OSError as error:
            self._give_up(error.strerror or str(error))

    def drop(self, key: str) -> None:
        """Delete a compiled network that turned out to be unusable."""
        if self.folder is not None:
            try:
                self._file(key).unlink(missing_ok=True)
            except OSError as error:
                self._give_up(error.strerror or str(error))

    def _file(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}.blob"

    def _private(self) -> bool:
        assert self.folder is not None
        status = self.folder.stat()
        if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
            self._give_up("others may write to it")
            return False
        return True

    def _prune(self) -> None:
        assert self.folder is not None
        files = sorted(((f.stat().st_mtime, f.stat().st_size, f) for f in self.folder.glob("*.blob")), reverse=True)
        total = 0
        for _, size, file in files:
            total += size
            if total > MAX_BYTES:
                file.unlink(missing_ok=True)

    def _give_up(self, reason: str) -> None:
        log.warning("Compiled networks are not kept in %s: %s", self.folder, reason)
        self.folder = None
