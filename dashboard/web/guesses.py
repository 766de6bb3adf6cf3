"""Limit of wrong secrets: ten a minute from one visitor are checked, further ones are refused unread."""

from __future__ import annotations

import math
import time

from flask import current_app
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MOST = 10
"""Wrong secrets that a visitor may send in a minute."""

EXTENSION = "likeness-guesses"


class Guesses:
    """Wrong guesses of each visitor."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(MOST)

    def wait(self, visitor: str) -> int:
        """Return the seconds until a visitor may try again; 0 for now."""
        if self._limiter.test(self._limit, visitor):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._limit, visitor).reset_time - time.time()))

    def note(self, visitor: str) -> None:
        """Count a wrong guess of a visitor."""
        self._limiter.hit(self._limit, visitor)


def guesses() -> Guesses:
    """Return the guesses of the application that answers this request."""
    kept = current_app.extensions
    return kept[EXTENSION] if EXTENSION in kept else kept.setdefault(EXTENSION, Guesses())
