"""A dashboard of its own for a measurement: started as `make run` starts it, caches empty, and ended afterwards."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0
"""Timeout in seconds for the first answer of a dashboard."""


@dataclass(frozen=True)
class Served:
    """A dashboard that has made its first face.

    Args:
        url: its address, without a slash at the end.
        pictures: address of its pictures, without the face's string.
        seconds: from the start of the process to the bytes of the first face.
        process: the process that was started, which serves.
        secret: what lets a request change things.
    """

    url: str
    pictures: str
    seconds: float
    process: psutil.Process
    secret: str = ""

    def post(self, path: str, body: bytes, timeout: float = PATIENCE) -> dict[str, Any]:
        """Post bytes with the secret, and read JSON; `urllib.error.HTTPError` where the answer is none."""
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self.url + path, body, headers, method="POST")
        with urllib.request.urlopen(asked, timeout=timeout) as answer:
            return json.load(answer)

    def memory(self) -> tuple[float, float]:
        """Return the resident memory in MB: of the largest process (the web process), and of all together."""
        sizes = [p.memory_info().rss / 1e6 for p in (self.process, *self.process.children(recursive=True))]
        return max(sizes), sum(sizes)


OURS = ("-m", "dashboard", "--port", "{port}", "--model", "{model}")
"""Words of the command that serves, after that of Python."""


@contextmanager
def served(
    model: Path, command: Sequence[str] = OURS, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Served]:
    """Start a dashboard with empty caches and wait for its first face.

    Args:
        model: folder of the model.
        command: what serves it, for another server than ours.
        settings: further variables of its environment.

    Raises:
        RuntimeError: it ended, or did not answer in two minutes.
    """
    with socket.socket() as probe, tempfile.TemporaryDirectory() as home:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        probe.close()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIKENESS_")}
        port = url.rsplit(":", 1)[1]
        words = [sys.executable, *(word.format(port=port, model=model.absolute()) for word in command)]
        where = {"LIKENESS_HOME": home, "LIKENESS_PORT": port, "LIKENESS_MODEL": str(model.absolute())}
        started = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=ROOT, env={**kept, **where, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            pictures = url + json.loads(_first(f"{url}/model.json", process))["address"]
            # A face that no start makes for itself.
            _first(f"{pictures}1:987654321.webp", process)
            seconds = time.perf_counter() - started
            kept_secret = Path(home, "secret")
            secret = kept_secret.read_text().strip() if kept_secret.exists() else ""
            yield Served(url, pictures, seconds, psutil.Process(process.pid), secret)
        finally:
            process.terminate()
            process.wait(60)


def fetch(url: str) -> tuple[bytes, str]:
    """Return the body and Server-Timing of an address."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read(), answer.headers.get("Server-Timing", "")


def _first(url: str, process: subprocess.Popen[bytes]) -> bytes:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(
                f"Expected a dashboard. Received: exit status {process.returncode} of python -m dashboard."
            )
        try:
            return fetch(url)[0]
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"Expected an answer from {url} in {PATIENCE:.0f} s. Received: none.")
