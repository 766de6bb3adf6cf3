"""WSGI behind an ASGI server: the environment of the application, and that no thread waits for a client."""

import json
import socket
import threading
import time

import pytest
from support.http_server import exchange, one_answer, serving

from dashboard.web import connection_limits, wsgi_bridge

CLOSE = b"Host: here\r\nConnection: close\r\n"


def environment(environ, start_response):
    """Answer with the environment of the application."""
    body = environ["wsgi.input"].read()
    texts = {key: value for key, value in environ.items() if isinstance(value, str)}
    answer = json.dumps({**texts, "body": body.decode("latin1")}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


def asked(sent):
    with serving(environment) as where:
        head, _, body = exchange(where, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    return json.loads(body)


def test_the_environment_of_the_application():
    found = asked(
        b"POST /a%20b/%C3%A9?x=1&y=%20 HTTP/1.1\r\n" + CLOSE + b"Cookie: a=1\r\nCookie: b=2\r\nX-One: 1\r\nX-One: 2\r\n"
        b"X_Auth_User: forged\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
    )
    assert found["PATH_INFO"].encode("latin1").decode() == "/a b/é"
    assert found["QUERY_STRING"] == "x=1&y=%20"
    assert (found["HTTP_COOKIE"], found["HTTP_X_ONE"]) == ("a=1; b=2", "1,2")
    assert (found["CONTENT_TYPE"], found["CONTENT_LENGTH"], found["body"]) == ("text/plain", "5", "hello")
    assert "HTTP_X_AUTH_USER" not in found
    assert found["REMOTE_ADDR"] == "127.0.0.1"


def test_a_body_in_chunks_has_its_length():
    found = asked(
        b"POST / HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    assert (found["CONTENT_LENGTH"], found["body"]) == ("5", "abcde")


@pytest.mark.parametrize("declared", [True, False], ids=["with its length", "in chunks"])
def test_a_large_body_is_read_while_it_arrives(declared):
    size = wsgi_bridge.COLLECTED_BYTES * 3

    def count(environ, start_response):
        stream, total = environ["wsgi.input"], 0
        while part := stream.read(50_000):
            total += len(part)
        start_response("200 OK", [("Content-Length", str(len(str(total))))])
        return [str(total).encode()]

    head = b"POST / HTTP/1.1\r\n" + CLOSE
    body = b"x" * size
    sent = (
        head + b"Content-Length: %d\r\n\r\n" % size + body
        if declared
        else head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % size + body + b"\r\n0\r\n\r\n"
    )
    with serving(count) as where:
        assert exchange(where, sent).endswith(str(size).encode())


def test_a_refused_body_is_not_read_and_the_client_gets_the_answer():
    read = []

    def refuse(environ, start_response):
        read.append(environ["wsgi.input"])
        start_response("413 Too Large", [("Content-Length", "2")])
        return [b"no"]

    size = 8 << 20
    with serving(refuse) as where:
        answer = exchange(where, b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)
    assert answer.startswith(b"HTTP/1.1 413")
    assert answer.endswith(b"no")
    assert b"connection: close" in answer.lower()
    assert read[0].ended is False


def test_an_upload_that_waits_for_permission_is_refused_without_its_body():
    def refuse(environ, start_response):
        start_response("403 Forbidden", [("Content-Length", "2")])
        return [b"no"]

    with serving(refuse) as where, socket.create_connection(where, timeout=60) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n")
        assert one_answer(connection).startswith(b"HTTP/1.1 403")


def test_threads_do_not_wait_for_clients_that_do_not_read(monkeypatch):
    monkeypatch.setattr(connection_limits, "STALL_SECONDS", 600.0)
    closed = []

    class Large:
        def __iter__(self):
            return iter([b"x" * 100_000] * 400)

        def close(self):
            closed.append(threading.current_thread().name)

    def large(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Large() if environ["PATH_INFO"] == "/large" else [b"small"]

    with serving(large, threads=2) as where:
        resting = [socket.create_connection(where) for _ in range(20)]
        for connection in resting:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n")
        time.sleep(0.5)
        began = time.monotonic()
        assert exchange(where, b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n").endswith(b"5\r\nsmall\r\n0\r\n\r\n")
        assert time.monotonic() - began < 60  # of 600
        for connection in resting:
            connection.close()
        end = time.monotonic() + 60
        while len(closed) < len(resting) and time.monotonic() < end:
            time.sleep(0.05)
    assert len(closed) == len(resting) + 0
    assert all(name.startswith("request") for name in closed)


def test_requests_past_the_queue_limit_get_retry_after(monkeypatch):
    monkeypatch.setattr(wsgi_bridge, "MOST_WAITING", 1)
    begun, going_on = threading.Event(), threading.Event()

    def wait(environ, start_response):
        begun.set()
        going_on.wait(60)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    with serving(wait) as where, socket.create_connection(where) as first:
        first.sendall(b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n")
        assert begun.wait(60)
        busy = exchange(where, b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n")
        going_on.set()
        assert one_answer(first).startswith(b"HTTP/1.1 200")
    assert busy.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 1" in busy


def test_an_application_that_fails_is_a_500_and_serves_on():
    def fail(environ, start_response):
        if environ["PATH_INFO"] == "/fail":
            raise RuntimeError("no")
        start_response("204 No Content", [])
        return []

    with serving(fail) as where:
        assert exchange(where, b"GET /fail HTTP/1.1\r\n" + CLOSE + b"\r\n").startswith(b"HTTP/1.1 500")
        assert exchange(where, b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n").startswith(b"HTTP/1.1 204")
