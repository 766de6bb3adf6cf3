"""Accepting connections on a socket that several processes share, so that each gets its part.

The process that wakes first would get every waiting connection of a browser or a proxy, and keep it for as long as it
is open. So a process that has more connections than another one leaves the next to that one for some milliseconds.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

RETRY_SECONDS = 1.0
"""Pause after the system refused a connection, e.g. because too many files are open."""

DEFER_SECONDS, DEFERS = 0.002, 10
"""Pause of a process with more connections, and number of pauses after which it accepts one all the same."""

log = logging.getLogger(__name__)


class Acceptor:
    """Accept connections until it is closed.

    Args:
        listening: the shared socket.
        protocol: makes the protocol of a connection.
        has_most: returns whether another process has fewer connections.
    """

    def __init__(
        self,
        listening: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
        has_most: Callable[[int], bool] = lambda starting: False,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._listening, self._protocol = listening, protocol
        self._starting: set[asyncio.Task[None]] = set()
        self._has_most, self._deferred = has_most, 0
        self._closed = False
        listening.setblocking(False)
        self._loop.add_reader(listening, self._accept)

    def close(self) -> None:
        """Stop accepting; connections that wait are left to the other processes."""
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._listening)
            self._listening.close()

    def _accept(self) -> None:
        if self._deferred < DEFERS and self._has_most(len(self._starting)):
            self._deferred += 1
            self._pause(DEFER_SECONDS)
            return
        self._deferred = 0
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process was faster, or the client has gone
        except OSError as error:
            log.warning("A connection could not be accepted: %s.", error.strerror or error)
            self._pause(RETRY_SECONDS)
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = self._loop.create_task(self._begin(connection))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    def _pause(self, seconds: float) -> None:
        self._loop.remove_reader(self._listening)
        self._loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._listening, self._accept)

    async def _begin(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError:
            connection.close()
