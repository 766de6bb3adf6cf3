"""Time and size limits of a connection."""

import contextlib
import socket
import time

import psutil
import pytest
from support.http_server import exchange, serving
from support.jobs import wait_until

from dashboard.web import connection_limits
from dashboard.web.connection_limits import MAX_HEADER_BYTES, MAX_TARGET_BYTES, STALL_BYTES, STALL_SECONDS, Progress


def large(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return iter([body, *[b"x" * 100_000] * 100])


@pytest.fixture
def where(monkeypatch):
    for name, value in {"HEADER_SECONDS": 0.6, "STALL_SECONDS": 0.6, "TICK_SECONDS": 0.1}.items():
        monkeypatch.setattr(connection_limits, name, value)
    with serving(large) as found:
        yield found


@pytest.fixture
def patient(monkeypatch):
    """Serve with limits that a busy machine does not reach."""
    for name, value in {"HEADER_SECONDS": 60.0, "STALL_SECONDS": 60.0, "TICK_SECONDS": 0.1}.items():
        monkeypatch.setattr(connection_limits, name, value)
    with serving(large) as found:
        yield found


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HTTP/1.1\r\nHost: he", b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 90\r\n\r\nhalf"],
    ids=["silent", "half a header", "half a body"],
)
def test_a_client_that_sends_too_little_is_closed(where, sent):
    began = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        assert exchange(where, sent) == b""
    assert 0.4 < time.monotonic() - began < 30


def closed(server: int, client: int) -> bool:
    """Return whether the server, in this process, has closed the connection between two ports."""
    ours = psutil.Process().net_connections("tcp")
    return not any(each.laddr.port == server and each.raddr and each.raddr.port == client for each in ours)


def test_a_client_that_does_not_read_is_closed(where):
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(where)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert connection.recv(1)  # the answer has begun
        wait_until(lambda: closed(where[1], connection.getsockname()[1]))
        size = 0
        try:
            while part := connection.recv(65536):
                size += len(part)
        except ConnectionResetError:
            pass
    assert size < 5_000_000  # of ten


def test_a_client_that_reads_slowly_but_steadily_is_served(monkeypatch):
    monkeypatch.setattr(connection_limits, "STALL_SECONDS", 2.5)
    began, size = time.monotonic(), 0
    with serving(large) as where, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.connect(where)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        while part := connection.recv(200_000):
            size += len(part)
            time.sleep(0.03)
    assert size > 10_000_000
    assert time.monotonic() - began > 2.5, "faster than the limit would allow a client that rests"


def test_a_connection_is_used_again(patient):
    sent = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\nab"
    last = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    assert exchange(patient, sent + sent + last).count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * MAX_TARGET_BYTES + b" HTTP/1.1\r\nHost: here\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: here\r\nX: " + b"a" * MAX_HEADER_BYTES + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * (2 << 20), 431),
        (b"nonsense\r\n\r\n", 400),
    ],
    ids=["long address", "large header", "many headers", "endless header", "no HTTP"],
)
def test_what_is_too_large_is_refused(patient, sent, status):
    with socket.create_connection(patient, timeout=60) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(sent)
        try:
            assert connection.recv(100).startswith(b"HTTP/1.1 %d" % status)
        except ConnectionResetError:
            assert len(sent) > 1 << 20  # closed while it sends an endless body


def test_progress():
    progress = Progress()
    assert not progress.stalled(0, 0, True)
    assert not progress.stalled(STALL_SECONDS, STALL_BYTES - 1, True)
    assert progress.stalled(STALL_SECONDS + 1, STALL_BYTES - 1, True)
    assert not progress.stalled(STALL_SECONDS + 2, STALL_BYTES, True)
    assert not progress.stalled(STALL_SECONDS * 9, STALL_BYTES, False)
    assert not progress.stalled(STALL_SECONDS * 9 + 1, STALL_BYTES, True)
