"""Slow clients: connections that send nothing or too little, or do not read the response."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

KINDS = ("silent", "half a header", "half a body", "not reading")


def request_of(kind: str, host: str, large: str, post: str) -> bytes:
    """Return the request that a client of a kind sends.

    Args:
        kind: one of KINDS.
        host: value of the Host header.
        large: path of the largest answer.
        post: path that a body may be sent to.

    Returns:
        Bytes of a request, or of a part of one.
    """
    return {
        "silent": b"",
        "half a header": f"GET / HTTP/1.1\r\nHost: {host}\r\nX-Slow: a".encode(),
        "half a body": (
            f"POST {post} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
            + '{"output":'
        ).encode(),
        "not reading": f"GET {large} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
    }[kind]


@contextmanager
def held(
    url: str, kinds: Sequence[str], count: int, large: str, post: str = "/_dash-update-component"
) -> Iterator[int]:
    """Hold connections open, and open another where the server closes it, for as long as the block runs.

    Args:
        url: address of the server.
        kinds: of KINDS.
        count: connections of each kind.
        large: path of the largest answer.
        post: path that a body may be sent to.

    Yields:
        The connections that were made.
    """
    parts = urlsplit(url)
    where = (parts.hostname or "", parts.port or 80)
    wanted = [request_of(kind, parts.netloc, large, post) for kind in kinds for _ in range(count)]
    open_ones = [_connect(where, data) for data in wanted]
    ending = threading.Event()

    def renew() -> None:
        while not ending.wait(0.25):
            for index, one in enumerate(open_ones):
                if one is None or _closed(one):
                    if one is not None:
                        one.close()
                    open_ones[index] = _connect(where, wanted[index])

    renewing = threading.Thread(target=renew, daemon=True)
    renewing.start()
    try:
        yield sum(one is not None for one in open_ones)
    finally:
        ending.set()
        renewing.join()
        for one in open_ones:
            if one is not None:
                one.close()


@dataclass
class Waits:
    """Seconds that a visitor waited, one a request; `failed` counts those without an answer before the timeout."""

    seconds: list[float]
    failed: int

    @property
    def worst(self) -> float:
        """The longest wait; infinite where a request was not answered."""
        return float("inf") if self.failed else max(self.seconds)


def probe(url: str, seconds: float, pause: float = 0.1, timeout: float = 10.0) -> Waits:
    """Request an address repeatedly, each time on a new connection.

    Args:
        url: the address.
        seconds: how long.
        pause: seconds between an answer and the next request.
        timeout: seconds after which a request has failed.

    Returns:
        How long each took.
    """
    waits = Waits([], 0)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(url, timeout=timeout) as answer:
                answer.read()
            waits.seconds.append(time.perf_counter() - began)
        except OSError:
            waits.failed += 1
        time.sleep(pause)
    return waits


def _connect(where: tuple[str, int], data: bytes) -> socket.socket | None:
    one = socket.socket()
    # The smallest receive buffer, so that what is not read stays at the server.
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.settimeout(0.5)
    try:
        one.connect(where)
        one.sendall(data)
    except OSError:
        one.close()
        return None
    one.setblocking(False)
    return one


def _closed(one: socket.socket) -> bool:
    try:
        return one.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
