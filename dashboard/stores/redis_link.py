"""The link of one process to Redis: short timeouts, and after a failure a pause, so that pages never wait for it.

What is kept there, pictures and quotas, is useful but not needed: every user of the link goes on without it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT = 0.5
"""Seconds that one request may wait for Redis."""

PAUSE = 2.0
"""Seconds without another try after a failure."""

PREFIX = "likeness:"
"""What all our keys begin with."""

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class RedisLink:
    """A link, opened on first use.

    Args:
        address: such as `redis://cache:6379/0`.
        clock: seconds.
    """

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.client = redis.Redis.from_url(
            address, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 1)
        )
        parts = urlsplit(address)
        self.location = f"Redis at {parts.hostname or parts.path}{f':{parts.port}' if parts.port else ''}"
        self._clock, self._until, self._reason = clock, 0.0, ""
        self._lock = threading.Lock()

    def ask(self, question: Callable[[redis.Redis], Answer], otherwise: Answer) -> Answer:
        """Return the answer to a question; `otherwise` while Redis is away."""
        if self._clock() < self._until:
            return otherwise
        try:
            answer = question(self.client)
        except (redis.RedisError, OSError) as error:
            self._note(str(error).strip() or type(error).__name__)
            return otherwise
        self._note("")
        return answer

    @property
    def problem(self) -> str:
        """Why Redis cannot be used, as a sentence; empty if it answers."""
        if self.ask(lambda client: bool(client.ping()), False):
            return ""
        return (
            f"Expected an answer of {self.location}. Received: {self._reason[:200].rstrip('.')}. Pages and pictures go "
            "on without it; each process counts quotas for itself."
        )

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def _note(self, reason: str) -> None:
        """Note a failure, or with an empty reason a success; log each change once."""
        with self._lock:
            changed = bool(reason) != bool(self._reason)
            self._reason = reason
            self._until = self._clock() + PAUSE if reason else 0.0
        if changed and reason:
            log.warning("%s does not answer (%s). The dashboard goes on without it.", self.location, reason)
        elif changed:
            log.warning("%s answers again.", self.location)
