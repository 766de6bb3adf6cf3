"""Quotas: how often a visitor did something in the last minute or hour."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from dashboard.stores.process_database import ProcessDatabase

LONGEST = 3600
"""Seconds after which nothing counts any more."""


class LimitsQuotas:
    """Quotas in a storage of the library `limits`.

    Args:
        storage: where hits are counted; by default the memory of this process.
    """

    def __init__(self, storage: Storage | None = None) -> None:
        self._limiter = MovingWindowRateLimiter(storage or MemoryStorage())

    def hit(self, name: str, visitor: str, most: int, seconds: int) -> float:
        """Count once more, see `dashboard.stores.ports.Quotas`."""
        limit = _limit(name, most, seconds)
        return 0.0 if self._limiter.hit(limit, visitor) else self._left(limit, visitor)

    def wait(self, name: str, visitor: str, most: int, seconds: int) -> float:
        """Return the seconds until there is room; 0 for now."""
        limit = _limit(name, most, seconds)
        return 0.0 if self._limiter.test(limit, visitor) else self._left(limit, visitor)

    def _left(self, limit: RateLimitItemPerSecond, visitor: str) -> float:
        return max(0.001, self._limiter.get_window_stats(limit, visitor).reset_time - time.time())


def _limit(name: str, most: int, seconds: int) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(most, seconds, namespace=name)


class SqliteQuotas:
    """Quotas that the processes of one host share.

    Args:
        database: shared by the processes.
        clock: seconds; one host has one clock.
    """

    def __init__(self, database: ProcessDatabase, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = database, clock

    def hit(self, name: str, visitor: str, most: int, seconds: int) -> float:
        """Count once more, see `dashboard.stores.ports.Quotas`."""
        now = self._clock()
        with self._database.use() as base:
            base.execute("DELETE FROM hits WHERE at < ?", (now - LONGEST,))
            left = _left(base, name, visitor, most, seconds, now)
            if not left:
                base.execute("INSERT INTO hits VALUES (?, ?, ?)", (name, visitor, now))
        return left

    def wait(self, name: str, visitor: str, most: int, seconds: int) -> float:
        """Return the seconds until there is room; 0 for now."""
        with self._database.use(changes=False) as base:
            return _left(base, name, visitor, most, seconds, self._clock())


def _left(base: sqlite3.Connection, name: str, visitor: str, most: int, seconds: int, now: float) -> float:
    rows = base.execute(
        "SELECT at FROM hits WHERE name = ? AND visitor = ? AND at > ? ORDER BY at DESC LIMIT ?",
        (name, visitor, now - seconds, most),
    ).fetchall()
    return max(0.001, rows[-1]["at"] + seconds - now) if len(rows) >= most else 0.0
