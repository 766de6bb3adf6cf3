"""Time and size limits of one HTTP connection, so that a slow client costs only a file descriptor.

uvicorn reads requests and writes answers without a thread, but waits for clients without limit. The protocol
below adds limits:

    silent, or half a header     closed HEADER_SECONDS after the connection or the request began
    headers or target too long   431 or 414
    a body that stalls           closed when STALL_SECONDS pass with less than STALL_BYTES received
    an answer that is not read       aborted when STALL_SECONDS pass with less than STALL_BYTES read

Nothing is counted by address: all users behind one router or proxy share one address.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEADER_SECONDS = 10.0
STALL_SECONDS = 15.0
STALL_BYTES = 16 * 1024
"""Minimum progress, about 9 kbit/s: slower than any usable connection."""
MAX_HEADER_BYTES = 32 * 1024
MAX_TARGET_BYTES = 8190
MAX_HEADERS = 100
HEADER_BUFFER_BYTES = 1 << 20
"""Bytes received before the headers end, including a body that comes with them in one piece."""
TICK_SECONDS = 1.0
TCP_NOTSENT_LOWAT = {"linux": 25, "darwin": 0x201}.get(sys.platform, -1)
"""Number of the option; `socket` names it from Python 3.12 on."""
UNSENT_BYTES = 128 * 1024


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol with the limits above."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock of the first request's headers."""
        super().connection_made(transport)
        keep_unsent_small(transport)
        self._header_began: float | None = self.loop.time()
        self._header_bytes = 0
        self._received = 0
        self._refused = False
        self._body, self._answer = Progress(), Progress()
        self._tick = self.loop.call_later(TICK_SECONDS, self._check)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._tick.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what arrives."""
        self._received += len(data)
        if self._header_began is not None:
            self._count_header(len(data))
        if not self._refused:
            super().data_received(data)

    def on_message_begin(self) -> None:
        """Start the clock of a request's headers; for the first request it runs since the connection was made."""
        if self._header_began is None:
            self._header_began, self._header_bytes = self.loop.time(), 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Limit the length of the request target."""
        super().on_url(url)
        if len(self.url) > MAX_TARGET_BYTES:
            self._refuse(414, f"Expected an address of at most {MAX_TARGET_BYTES} bytes. Received: a longer one.")

    def on_headers_complete(self) -> None:
        """Stop the clock of the headers, and hand the request over."""
        self._header_began = None
        if len(self.headers) > MAX_HEADERS or sum(len(n) + len(v) for n, v in self.headers) > MAX_HEADER_BYTES:
            self._refuse(431, f"Expected at most {MAX_HEADERS} headers, {MAX_HEADER_BYTES} bytes. Received: more.")
        if not self._refused:
            super().on_headers_complete()
        if getattr(self.server_state, "ending", False) and self.cycle is not None:
            self.cycle.keep_alive = False  # its answer has `Connection: close`

    def on_body(self, body: bytes) -> None:
        """Receive a part of the body, unless the request was refused."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Receive the end of the request, unless it was refused."""
        if not self._refused:
            super().on_message_complete()

    def resume_writing(self) -> None:
        """Note that the client has read most of the pending data."""
        self._answer.restart()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, unless its client is still reading an answer, which `_check` handles."""
        if self.transport.get_write_buffer_size():
            self.timeout_keep_alive_task = self.loop.call_later(TICK_SECONDS, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _check(self) -> None:
        """Close the connection if its client is too slow; otherwise check again in a second."""
        now = self.loop.time()
        waiting = self.transport.get_write_buffer_size()
        reading = self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete
        if self._header_began is not None and now - self._header_began > HEADER_SECONDS and not waiting:
            self.transport.close()
        # A body that stalls because the application does not read it is not the client's fault.
        stalled_body = self._body.stalled(now, self._received, reading and not self.flow.read_paused)
        # While an answer is pending nothing is added to it: its size decreases as the client reads.
        if stalled_body or self._answer.stalled(now, -waiting, waiting > 0):
            self.transport.abort()
        self._tick = self.loop.call_later(TICK_SECONDS, self._check)

    def _count_header(self, count: int) -> None:
        """Limit the size of the headers."""
        self._header_bytes += count
        if self._header_bytes > HEADER_BUFFER_BYTES:
            self._refuse(431, f"Expected headers of at most {MAX_HEADER_BYTES} bytes. Received: more.")

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer a request whose headers are too large, and close."""
        if self._refused:
            return
        self._refused = True
        body = sentence.encode()
        head = b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()


def keep_unsent_small(transport: asyncio.Transport) -> None:
    """Keep the system's send buffer small: otherwise it buffers megabytes for a client that does not read."""
    connection = transport.get_extra_info("socket")
    with contextlib.suppress(AttributeError, OSError):  # Windows has no such option
        connection.setsockopt(socket.IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_BYTES)


class Progress:
    """Detector of stalls: a count has to grow by STALL_BYTES in STALL_SECONDS while it is expected to grow."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._count = 0

    def restart(self) -> None:
        """Restart after progress."""
        self._began = None

    def stalled(self, now: float, count: int, expected: bool) -> bool:
        """Check whether the client has stalled.

        Args:
            now: time in seconds.
            count: the current count.
            expected: whether the client has to make it grow.

        Returns:
            True if the client had to make it grow for STALL_SECONDS, and it has grown too little.
        """
        if not expected:
            self._began = None
        elif self._began is None or count - self._count >= STALL_BYTES:
            self._began, self._count = now, count
        return self._began is not None and now - self._began > STALL_SECONDS
