"""Retention: uploads and computed results of visitors are deleted after some days."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

DAY = 24 * 3600.0
EVERY = 3600.0
"""Seconds between two runs."""

log = logging.getLogger(__name__)


class Retention:
    """Delete old files, at the start and then every hour, in a separate thread.

    Args:
        days: age at which files are deleted; 0 for never.
        expiries: functions that delete files older than a number of seconds, and return their count.
    """

    def __init__(self, days: float, expiries: Sequence[Callable[[float], int]]) -> None:
        self._seconds, self._expiries = days * DAY, expiries
        self._ended = threading.Event()
        if days:
            threading.Thread(target=self._run, name="retention", daemon=True).start()

    def sweep(self) -> int:
        """Delete old files; returns their count."""
        return sum(expire(self._seconds) for expire in self._expiries) if self._seconds else 0

    def close(self) -> None:
        """Stop the thread."""
        self._ended.set()

    def _run(self) -> None:
        while True:
            try:
                if count := self.sweep():
                    log.info("%d uploads and results have expired and were deleted.", count)
            except OSError as error:
                log.warning("Expired files could not be deleted (%s). The next try is in an hour.", error.strerror)
            if self._ended.wait(EVERY):
                return
