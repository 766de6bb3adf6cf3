"""The HTTP server of `dashboard.web` with any WSGI application behind it, in a thread of the test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from dashboard.web.http_server import server_config
from dashboard.web.wsgi_bridge import WsgiBridge


@contextmanager
def serving(app: Any, threads: int = 4) -> Iterator[tuple[str, int]]:
    """Serve an application while the block runs.

    Args:
        app: the WSGI application.
        threads: requests that it answers concurrently.

    Yields:
        Host and port.
    """
    bridge = WsgiBridge(app, threads)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        server = uvicorn.Server(server_config(bridge, "127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join()
            bridge.close()


def exchange(where: tuple[str, int], sent: bytes, seconds: float = 60.0) -> bytes:
    """Send bytes on a connection of its own, and receive until the server closes it.

    Args:
        where: host and port.
        sent: a request that has the connection closed, or one that the server refuses.
        seconds: how long each part of the answer is waited for.
    """
    with socket.create_connection(where, timeout=seconds) as connection:
        connection.sendall(sent)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)


def one_answer(connection: socket.socket) -> bytes:
    """Receive one answer of a connection that stays open: its head, and the body of the length that it gives.

    Raises:
        AssertionError: the server closed the connection earlier.
    """
    received = b""
    while b"\r\n\r\n" not in received:
        received += (part := connection.recv(65536))
        assert part, received
    head, body = received.split(b"\r\n\r\n", 1)
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", 0)):
        body += (part := connection.recv(65536))
        assert part, (head, body)
    return head + b"\r\n\r\n" + body
