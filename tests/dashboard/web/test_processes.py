"""Several processes behind one socket: what dies is replaced, a restart in turn fails no request, metrics add up."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.jobs import wait_until
from support.models import write_tiny_model
from support.ports import free_port
from support.running import running_children

from dashboard.settings import ROOT

pytestmark = pytest.mark.timeout(900)

COUNT = 2
LONG = 240.0
"""Timeout in seconds for processes to start, on a machine that does much else."""


@dataclass
class Processes:
    """A dashboard of several processes."""

    url: str
    port: int
    running: subprocess.Popen[bytes]

    def workers(self) -> set[int]:
        """Return the ids of its web processes."""
        return running_children(self.running.pid)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return answer.read().decode(errors="replace")


@pytest.fixture(scope="module")
def processes(tmp_path_factory) -> Iterator[Processes]:
    folder = tmp_path_factory.mktemp("several")
    model = write_tiny_model(folder / "tiny")
    for _ in range(5):
        found = started(folder / "home", str(model.path))
        wait_until(lambda found=found: found.running.poll() is not None or ready(found), LONG)
        if found.running.poll() is None:
            break  # else another program took the port meanwhile
    try:
        yield found
    finally:
        found.running.terminate()
        assert found.running.wait(240) == 0


def started(home: Path, model: str) -> Processes:
    """Start a dashboard on a port that was free a moment ago."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIKENESS_")}
    settings = {"HOME": str(home), "PROCESSES": str(COUNT), "THREADS": "1", "METRICS": "1"}
    settings |= {"TRUSTED_PEERS": "127.0.0.1"}
    running = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--port", str(port), "--model", model],
        cwd=ROOT,
        env={**kept, **{f"LIKENESS_{name}": value for name, value in settings.items()}},
    )
    return Processes(f"http://127.0.0.1:{port}", port, running)


def ready(found: Processes) -> bool:
    """Return whether all processes are ready, as their metrics say."""
    try:
        metrics = found.get("/metrics")
    except OSError:
        return False
    values = dict(re.findall(r"^(likeness_(?:ready|processes)) (\S+)$", metrics, re.MULTILINE))
    return values == {"likeness_ready": "1.0", "likeness_processes": f"{COUNT}.0"}


@dataclass
class Client:
    """A client that asks without pause, on one connection for as long as the server keeps it open."""

    port: int
    path: str
    failed: list[str] = field(default_factory=list)
    answered: int = 0
    ended: bool = False

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.ended:
            try:
                connection.request("GET", self.path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failed.append(f"status {answer.status}")
                self.answered += 1
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                connection.close()


@pytest.mark.long
def test_a_restart_in_turn_fails_no_request(processes):
    before = processes.workers()
    assert len(before) == COUNT
    digest = re.search(r'"digest8":\s*"([0-9a-f]+)"', processes.get("/model.json"))
    assert digest
    paths = ("/healthz", "/", f"/faces/tiny@{digest[1]}/1:7.webp")
    clients = [Client(processes.port, path) for path in paths]
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    wait_until(lambda: all(client.answered > 3 for client in clients), LONG)
    processes.running.send_signal(signal.SIGHUP)
    wait_until(lambda: len(processes.workers()) == COUNT and not processes.workers() & before, LONG)
    answered = [client.answered for client in clients]
    wait_until(lambda: all(client.answered > count + 3 for client, count in zip(clients, answered, strict=True)), LONG)
    for client in clients:
        client.ended = True
    for thread in threads:
        thread.join(60)
    assert [client.failed for client in clients] == [[], [], []]
    wait_until(lambda: ready(processes), LONG)


def test_a_process_that_is_killed_is_replaced_and_counters_only_grow(processes):
    def requests() -> float:
        return sum(map(float, re.findall(r"^likeness_requests_total\{.*\} (\S+)$", processes.get("/metrics"), re.M)))

    for _ in range(20):
        processes.get("/healthz")
    before, count = processes.workers(), requests()
    assert count >= 20
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: len(processes.workers()) == COUNT and victim not in processes.workers(), LONG)
    wait_until(lambda: ready(processes), LONG)
    assert requests() >= count


def test_one_secret_and_one_key_for_all(processes):
    cookies = set()
    for _ in range(20):
        with urllib.request.urlopen(f"{processes.url}/", timeout=60) as answer:
            cookies.add(answer.headers["Set-Cookie"].split("=")[0])
    assert len(cookies) == 1, "the name is made of the key that signs"
