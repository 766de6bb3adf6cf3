"""Bridge from an ASGI server to the WSGI application in threads, so that no thread ever waits for a client.

A thread is taken when a request is complete, and returned when the application has produced its answer:

    body up to COLLECTED_BYTES   collected first, in memory
    a larger one                 the application is called immediately, in a thread of a pool of its own, and may
    refuse it
                                 before any of it is read; what is left of a refused body is received and dropped, so
                                 that the client gets the answer
    an answer in parts           about CHUNK_BYTES at a time: the thread goes back to the pool while they are sent

The other bridges (a2wsgi, asgiref, Starlette) hold a thread from the first byte of the body to the last of the answer.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import FileWrapper

from dashboard.faces.answers import as_text
from dashboard.web.answers import ErrorAnswer

COLLECTED_BYTES = 1 << 20
CHUNK_BYTES = 1 << 17
UPLOAD_THREADS = 8
"""Number of concurrent uploads; further ones are queued without delaying other requests."""
HEALTH, HEALTH_THREADS = ("/healthz", "/readyz"), 2
"""Addresses for monitoring, which have their own threads and are answered under any load."""
MOST_WAITING = 2000
"""Limit of requests waiting for a thread; further ones are answered 503 with Retry-After."""
DROP_SECONDS = 30.0
"""Time limit in seconds for receiving the rest of a refused body."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class WsgiBridge:
    """An ASGI application that wraps a WSGI application.

    Args:
        app: the WSGI application.
        threads: number of concurrent requests.
    """

    def __init__(self, app: Any, threads: int) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._uploads = ThreadPoolExecutor(UPLOAD_THREADS, thread_name_prefix="upload")
        self._health = ThreadPoolExecutor(HEALTH_THREADS, thread_name_prefix="health")
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Args:
            scope: the request, as ASGI describes it.
            receive: returns parts of its body.
            send: accepts parts of the answer.
        """
        if scope["type"] != "http":
            raise ValueError(f"Expected an HTTP request. Received: {scope['type']}.")
        body = await _collect(scope, receive)
        if body is None:
            return  # the client has gone
        if self._waiting >= MOST_WAITING:
            await _send_busy(send)
            return
        stream: io.BytesIO | _Upload = body.stream(receive)
        pool = self._uploads if isinstance(stream, _Upload) else self._pool
        if scope["path"].endswith(HEALTH) and pool is self._pool:
            pool = self._health
        answer = _Answer(self._app, environ_of(scope, stream, body.length))
        self._waiting += 1
        try:
            part = await _in_thread(pool, answer.start)
        finally:
            self._waiting -= 1
        refused = isinstance(stream, _Upload) and not stream.ended
        headers = [*answer.headers, (b"connection", b"close")] if refused else answer.headers
        gone = asyncio.ensure_future(_disconnected(receive)) if not answer.complete and not refused else None
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            while not answer.complete:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                if gone and gone.done():
                    return
                part = await _in_thread(pool, answer.more)
            if refused:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                part = b""
                await _drop_rest(receive)
            await send({"type": "http.response.body", "body": part})
        finally:
            if gone:
                gone.cancel()
            await _in_thread(pool, answer.close)

    def close(self) -> None:
        """Wait for the threads, which finish their requests."""
        self._pool.shutdown()
        self._uploads.shutdown()
        self._health.shutdown()


async def _in_thread(pool: ThreadPoolExecutor, work: Callable[[], Any]) -> Any:
    return await asyncio.get_running_loop().run_in_executor(pool, work)


class _Body:
    """The part of a body received before the application is called, and the declared length."""

    def __init__(self, parts: bytearray, ended: bool, declared: str | None) -> None:
        self.parts, self.ended, self.declared = parts, ended, declared

    @property
    def length(self) -> str | None:
        return str(len(self.parts)) if self.ended else self.declared

    def stream(self, receive: Receive) -> io.BytesIO | _Upload:
        if self.ended:
            return io.BytesIO(self.parts)
        return _Upload(bytes(self.parts), receive, asyncio.get_running_loop())


async def _collect(scope: Scope, receive: Receive) -> _Body | None:
    """Receive a small body, or nothing of a body declared as larger; None if the client disconnects."""
    headers = dict(scope["headers"])
    declared = headers.get(b"content-length", b"").decode("latin1") or None
    if declared is None and b"transfer-encoding" not in headers:
        return _Body(bytearray(), ended=True, declared=None)
    parts = bytearray()
    if declared is not None and int(declared) > COLLECTED_BYTES:
        return _Body(parts, ended=False, declared=declared)
    while len(parts) <= COLLECTED_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts += message.get("body", b"")
        if not message.get("more_body"):
            return _Body(parts, ended=True, declared=declared)
    return _Body(parts, ended=False, declared=None)


async def _disconnected(receive: Receive) -> None:
    """Wait until the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _drop_rest(receive: Receive) -> None:
    """Receive the rest of a refused request: a client that is disconnected while sending may not show the answer."""
    try:
        async with asyncio.timeout(DROP_SECONDS):
            while (message := await receive())["type"] == "http.request" and message.get("more_body"):
                pass
    except TimeoutError:
        pass


async def _send_busy(send: Send) -> None:
    sentence = "Expected fewer concurrent visitors. Received: more than can be answered. Try again in a second."
    headers = [(b"content-type", b"application/json"), (b"retry-after", b"1"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": as_text(ErrorAnswer(error=sentence)).encode()})


class _Upload(io.RawIOBase):
    """A body that the application's thread reads while it is received."""

    def __init__(self, first: bytes, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self._first, self._receive, self._loop = first, receive, loop
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._first and not self.ended:
            message = asyncio.run_coroutine_threadsafe(_next(self._receive), self._loop).result()
            self._first = message.get("body", b"")
            self.ended = message["type"] != "http.request" or not message.get("more_body")
        count = min(len(buffer), len(self._first))
        buffer[:count], self._first = self._first[:count], self._first[count:]
        return count


async def _next(receive: Receive) -> Message:
    return await receive()


class _Answer:
    """One call of the application, run in parts, each in any free thread.

    Attributes:
        status: the HTTP status, once started.
        headers: names and values, once started.
        complete: whether the last part was returned.
    """

    def __init__(self, app: Any, environ: dict[str, Any]) -> None:
        self._app, self._environ = app, environ
        self._context = contextvars.copy_context()
        self._parts: Iterable[bytes] = ()
        self._iterator: Iterator[bytes] = iter(())
        self.status, self.headers, self.complete = 500, [], False

    def start(self) -> bytes:
        """Call the application; return the first part of its answer."""
        return self._context.run(self._start)

    def more(self) -> bytes:
        """Return the next part."""
        return self._context.run(self._pull)

    def close(self) -> None:
        """Close the application's answer, after it was sent or abandoned."""
        if close := getattr(self._parts, "close", None):
            self._context.run(close)

    def _start(self) -> bytes:
        self._parts = self._app(self._environ, self._start_response)
        self._iterator = iter(self._parts)
        return self._pull()

    def _pull(self) -> bytes:
        pulled: list[bytes] = []
        size = 0
        for part in self._iterator:
            pulled.append(part)
            size += len(part)
            if size >= CHUNK_BYTES:
                return b"".join(pulled)
        self.complete = True
        return b"".join(pulled)

    def _start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
        return _no_write


def _no_write(data: bytes) -> None:
    raise NotImplementedError("Expected an application that returns its answer. Received: one that calls write().")


def _file_parts(file: Any, _: int = 0) -> FileWrapper:
    return FileWrapper(file, CHUNK_BYTES)


def environ_of(scope: Scope, stream: Any, length: str | None) -> dict[str, Any]:
    """Describe a request as WSGI does (PEP 3333).

    Args:
        scope: the request as ASGI describes it.
        stream: of its body.
        length: length of the body in bytes; None if it was not declared.

    Returns:
        The environ. Headers whose names contain an underscore are left out: WSGI could not distinguish them
        from those with a hyphen, which a proxy may set.
    """
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": stream,
        "wsgi.input_terminated": True,
        "wsgi.file_wrapper": _file_parts,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name or name in (b"content-length", b"transfer-encoding"):
            continue
        text, key = value.decode("latin1"), name.decode("latin1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        joined = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joined}{text}" if key in environ else text
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    return environ
