"""The process that `make run` starts: slow clients delay nobody, and SIGTERM loses no accepted request."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.http_server import exchange, one_answer
from support.jobs import wait_until
from support.ports import free_port

from benchmarks.slow_clients import KINDS, held, probe
from dashboard.settings import ROOT
from dashboard.web.static_files import ROUTE

COUNT = 300
"""Connections of each kind."""


@dataclass
class Process:
    """A dashboard of its own."""

    url: str
    where: tuple[str, int]
    home: Path
    running: subprocess.Popen[bytes]

    def files(self) -> int:
        """Return the size of the files in its home, in bytes."""
        return sum(path.stat().st_size for path in self.home.rglob("*") if path.is_file())


@pytest.fixture
def process(tiny_model, tmp_path) -> Iterator[Process]:
    where = ("127.0.0.1", free_port())
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIKENESS_")}
    words = [sys.executable, "-m", "dashboard", "--port", str(where[1]), "--model", str(tiny_model.path)]
    environment = {**kept, "LIKENESS_HOME": str(tmp_path), "LIKENESS_THREADS": "1"}
    running = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{where[1]}"
    try:
        end = time.monotonic() + 120
        while running.poll() is None and time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                    break
            except OSError:
                time.sleep(0.1)
        yield Process(url, where, tmp_path, running)
    finally:
        running.terminate()
        running.communicate(timeout=60)


def largest() -> str:
    """Return the path of the largest file that pages load."""
    from dashboard.web.bundles import bundles

    size, name = max(
        (path.stat().st_size, f"{each.name}/{name}") for each in bundles() for name, path in each.files.items()
    )
    assert size > 1_000_000
    return f"/{ROUTE}/{name}"


def waits(url: str) -> tuple[float, float]:
    """Return the longest waits of another client, in seconds: for `/healthz`, and for a page."""
    return probe(f"{url}/healthz", 1.5).worst, probe(f"{url}/", 1.5).worst


@pytest.mark.long
def test_slow_clients_stop_nobody(process):
    large = largest()
    for kinds in (*((kind,) for kind in KINDS), KINDS):
        with held(process.url, kinds, COUNT, large) as made:
            assert made == COUNT * len(kinds), kinds
            health, pages = waits(process.url)
            for _ in range(5):  # the machine may have been busy with another test
                if health < 1 and pages < 2:
                    break
                health, pages = waits(process.url)
        assert health < 5, kinds
        assert pages < 10, kinds
    assert process.running.poll() is None


def test_a_refused_body_never_reaches_the_disk_and_is_answered(process):
    before = process.files()
    size = 5 << 20
    for path in ("/latent-space/sets?model=tiny", "/collections", "/_dash-update-component", "/healthz"):
        head = f"POST {path} HTTP/1.1\r\nHost: elsewhere.example\r\nContent-Length: {size}\r\n\r\n".encode()
        answered = exchange(process.where, head + b"x" * size)
        assert answered[9:12] in (b"400", b"403", b"405", b"413"), answered[:200]
        assert b"connection: close" in answered.split(b"\r\n\r\n")[0].lower()
        assert answered.split(b"\r\n\r\n", 1)[1], "the answer arrives whole"
    assert process.files() - before < size / 2


def refuses(where: tuple[str, int]) -> bool:
    """Return whether no new connection is accepted."""
    with socket.socket() as probing:
        return probing.connect_ex(where) != 0


def test_what_was_accepted_is_answered_at_sigterm(process):
    body = b'{"output":"..nothing.."}'
    head = b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection(process.where, timeout=60) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert one_answer(connection).startswith(b"HTTP/1.1 200")  # the connection has been accepted
        connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body[:5])
        time.sleep(0.5)
        process.running.send_signal(signal.SIGTERM)
        wait_until(lambda: refuses(process.where))
        connection.sendall(body[5:])
        assert one_answer(connection).startswith(b"HTTP/1.1 ")
    assert process.running.wait(60) == 0
