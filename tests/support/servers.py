"""Debian's Redis and PostgreSQL for tests: on ports of their own, in temporary folders, stopped afterwards.

They can be stopped, killed and started again on the same port and data, as an operator or a power cut would.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis
from psycopg import sql
from support.ports import free_port

from deploy.start import Service, postgres_service, redis_service

STARTS = 180.0
"""Seconds in which a server must answer, on a busy machine too."""


class ServerProcess:
    """A server that a test started.

    Args:
        command: what runs it.
        folder: of its data.
        port: where it listens.
        user: who runs it; None for the user of the tests.
    """

    def __init__(self, command: list[str], folder: Path, port: int, user: str | None = None) -> None:
        self._command, self._folder, self.port, self._user = command, folder, port, user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Its URL."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Return whether it answers a request of its protocol."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                user=self._user,
                start_new_session=True,
            )
        until = time.monotonic() + STARTS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise OSError(f"The server did not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def start_again(self) -> None:
        """Start it on the same port, as soon as nobody else has it."""
        until = time.monotonic() + STARTS
        while True:
            try:
                return self.start()
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """Stop it as an operator does."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stop it as a power cut does."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        children: list[psutil.Process] = []
        if self._process.poll() is None and how == signal.SIGKILL:
            children = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(how)
        for child in children:  # PostgreSQL's have groups of their own
            with suppress(psutil.NoSuchProcess):
                child.kill()
        psutil.wait_procs(children, 30)
        self._process.wait(60)
        self._process = None


class RedisServer(ServerProcess):
    """A redis-server."""

    @property
    def address(self) -> str:
        """Its URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        """Return whether it answers PING."""
        try:
            with redis.Redis(port=self.port, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def empty(self) -> None:
        """Delete all that it holds."""
        with redis.Redis(port=self.port) as client:
            client.flushall()


class PostgresServer(ServerProcess):
    """A PostgreSQL server with one superuser, `likeness`."""

    @property
    def address(self) -> str:
        """The URL of its first database."""
        return f"postgresql://likeness@127.0.0.1:{self.port}/postgres"

    def answers(self) -> bool:
        """Return whether it answers a query."""
        try:
            with psycopg.connect(self.address, connect_timeout=1) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.Error:
            return False

    def database(self, name: str) -> str:
        """Create an empty database; return its URL."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql://likeness@127.0.0.1:{self.port}/{name}"


@contextmanager
def redis_server(*options: str) -> Iterator[RedisServer]:
    """Run Redis while the test runs; nothing is kept on the disk unless an option says so.

    Args:
        options: further ones, such as `--appendonly`, `yes`.
    """
    with _started(RedisServer, lambda folder, port: redis_service(folder, port, *options)) as server:
        yield server


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run PostgreSQL while the test runs; as root by the user `postgres`, since initdb refuses root."""
    with _started(PostgresServer, postgres_service) as server:
        yield server


@contextmanager
def _started(kind: type[Any], service_of: Callable[[Path, int], Service]) -> Iterator[Any]:
    """Start a server in a new folder, on another port if somebody else was faster."""
    folder = Path(tempfile.mkdtemp(prefix="likeness-server-", dir="/tmp"))
    server = None
    try:
        for attempt in range(5):
            try:
                service = service_of(folder, free_port())
            except FileNotFoundError as error:
                pytest.skip(str(error))
            server = kind(service.command, folder, service.port, service.user)
            try:
                server.start()
                break
            except OSError:
                if attempt == 4:
                    raise
        yield server
    finally:
        if server is not None:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)
