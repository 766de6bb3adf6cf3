"""A file from outside as bytes: complete, limited in size, with its digest."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from dashboard.synthesis.official.values import printable, refuse


def read_file(path: Path, limit: int) -> bytes:
    """Read a whole file.

    It is read, not memory-mapped: truncating a mapped file would crash the process.

    Args:
        path: an ordinary file, or a link to one.
        limit: size limit in bytes.

    Returns:
        Its bytes.

    Raises:
        OfficialFileError: a folder, a device or a pipe, or a longer file; it has not been read.
        OSError: the file cannot be read.
    """
    # Non-blocking: a pipe without a writer would block forever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        refuse(f"{printable(path.name)} to be an ordinary file", "a folder, a device or a pipe")
    with open(descriptor, "rb") as file:
        if status.st_size > limit:
            refuse(f"{printable(path.name)} to have at most {limit} bytes", f"{status.st_size}")
        return file.read(status.st_size)


def digest_of(content: bytes) -> str:
    """Return SHA-256 of a file's bytes, in hex digits, to identify official files; none was published."""
    return hashlib.sha256(content).hexdigest()
