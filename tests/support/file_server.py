"""A web server of one file with the faults that a test requests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dashboard.synthesis.catalogue import RemoteFile


class FileServer:
    """Serves bytes at any path.

    Attributes:
        content: the file.
        etag: of this version; None for none.
        asked: the Range header of each request, or None, in sequence.
        moods: behaviour for each request, first to last; afterwards requests are answered correctly. Possible values:
            ("cut", n)          the connection ends after n bytes, whatever was announced
            ("short", n)        n bytes are announced and sent
            ("long", n)         n bytes more than the file are announced and sent
            ("unannounced", n)  no length is announced, and n bytes more are sent
            "no ranges"         the whole file whatever is asked for
            "wrong range"       another part than what was asked for
            "html"              a page, with status 200
            "bare html"         a page that says it is a file
            ("status", n)       status n and nothing else
            "silent"            never answers, until the server is stopped
            "stalls"            sends half, and no more until the server is stopped
            ("redirect", to)    to another address
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.etag: str | None = '"v1"'
        self.moods: list[Any] = []
        self.asked: list[str | None] = []
        self.stopped = threading.Event()
        self.port = 0

    def release(self) -> None:
        """Let silent or stalled requests end as broken connections."""
        self.stopped.set()
        self.stopped = threading.Event()

    def file(self, name: str = "file.bin") -> RemoteFile:
        """Return the file as a catalogue would name it, but for https."""
        return RemoteFile.model_construct(
            file=name, bytes=len(self.content), address=f"http://127.0.0.1:{self.port}/{name}"
        )


@contextmanager
def file_server(content: bytes) -> Iterator[FileServer]:
    """Run a server while the test does."""
    state = FileServer(content)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(state: FileServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked, stopped = self.headers.get("Range"), state.stopped
            state.asked.append(asked)
            mood = state.moods.pop(0) if state.moods else "good"
            kind: str = mood[0] if isinstance(mood, tuple) else mood
            value: Any = mood[1] if isinstance(mood, tuple) else None
            start = 0
            if asked and kind != "no ranges" and self.headers.get("If-Range") == state.etag:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
            if kind == "wrong range":
                start += 1
            body = state.content[start:]
            if kind == "silent":
                stopped.wait(600)
            elif kind == "status":
                self.answer(value, b"", {"Content-Length": "0"})
            elif kind == "redirect":
                self.answer(302, b"", {"Location": value, "Content-Length": "0"})
            elif kind in ("html", "bare html"):
                page = b"<!doctype html><title>Sign in</title>" + b" " * 14000
                honest = {"Content-Type": "text/html; charset=utf-8", "Content-Length": len(page)}
                self.answer(200, page, honest if kind == "html" else {"Content-Type": "application/octet-stream"})
            elif kind == "short":
                self.answer(200, body[:value], {"Content-Length": value})
            elif kind == "long":
                self.answer(200, body + b"x" * value, {"Content-Length": len(body) + value})
            elif kind == "unannounced":
                self.answer(200, body + b"x" * value, {})
            else:
                reply: dict[str, Any] = {"Content-Length": len(body)}
                if start:
                    reply["Content-Range"] = f"bytes {start}-{len(state.content) - 1}/{len(state.content)}"
                sent = body[:value] if kind == "cut" else body[: len(body) // 2] if kind == "stalls" else body
                self.answer(206 if start else 200, sent, reply)
                if kind == "stalls":
                    stopped.wait(600)

        def answer(self, status: int, body: bytes, headers: dict[str, Any]) -> None:
            self.send_response(status)
            if state.etag:
                self.send_header("ETag", state.etag)
            for name, value in headers.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
            self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    return Handler
