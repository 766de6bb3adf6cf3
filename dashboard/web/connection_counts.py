"""How many connections each process has, in memory that the processes share: whoever has fewest accepts the next."""

from __future__ import annotations

import mmap
import struct
import tempfile
from typing import IO

UNUSED = -1
_COUNT = struct.Struct("=i")


def new_counts(slots: int) -> IO[bytes]:
    """Return a file for the counts of some processes, which other processes can inherit."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the processes run
    file.write(_COUNT.pack(UNUSED) * slots)
    file.flush()
    return file


class ConnectionCounts:
    """The counts of all processes.

    Args:
        handle: of the file of :func:`new_counts`.
    """

    def __init__(self, handle: int) -> None:
        self._memory = mmap.mmap(handle, 0)
        self._slots = len(self._memory) // _COUNT.size

    def set(self, slot: int, count: int) -> None:
        """Set the count of a process; UNUSED if it accepts nothing."""
        _COUNT.pack_into(self._memory, slot * _COUNT.size, count)

    def others_have_fewer(self, slot: int, count: int) -> bool:
        """Return whether another process that accepts connections has fewer than a count."""
        counts = [_COUNT.unpack_from(self._memory, each * _COUNT.size)[0] for each in range(self._slots)]
        return any(UNUSED < each < count for number, each in enumerate(counts) if number != slot)
