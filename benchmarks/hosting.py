"""Many visitors: 200 who drag, 1,000 viewers of one presentation behind nginx, and a long steady load.

python -m benchmarks.hosting weights/NAME [--seconds 60] [--output docs/benchmarks/hosting.md]
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.command import write_report
from benchmarks.load import Load, drags, press, slides
from benchmarks.machine import describe_machine
from benchmarks.needs import Rates, first_visit, needs, update_guide
from benchmarks.served import Served, fetch, served
from benchmarks.service import quantile
from benchmarks.slow_clients import Waits, probe
from dashboard.synthesis.model_folder import open_model

VISITORS, VIEWERS = 200, 1000
SEEN = 100
PRESSED = 5
"""Seconds for which pages and cached faces are requested without other load."""
EVERY, SLIDES = 10, 6
"""Seconds from slide to slide, instead of a minute: six times the load; and slides."""
SOAK_REQUESTS, SOAK_SECONDS = 20_000, 600

NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; worker_rlimit_nofile 8192; {user}
events {{ worker_connections 4096; }}
http {{
  access_log off;
  log_format asked '$upstream_cache_status $uri';
  proxy_temp_path {folder}/proxy; client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=faces:10m max_size=1g;
  upstream likeness {{ server 127.0.0.1:{upstream}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
    location / {{ proxy_pass http://likeness; }}
    location /faces/ {{
      access_log {folder}/faces.log asked;
      proxy_pass http://likeness;
      proxy_cache faces; proxy_cache_lock on; proxy_cache_valid 200 30d;
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Dragged:
    """Waiting times of a visitor in milliseconds, while others drag."""

    load: Load
    face: Waits
    page: Waits
    face_alone: Waits
    page_alone: Waits


def dragged(server: Served, attribute: str, seconds: int) -> Dragged:
    """Have 200 visitors drag, and one more look at cached faces and pages.

    Args:
        server: a dashboard.
        attribute: what is dragged.
        seconds: how long.
    """
    for seed in range(1, SEEN + 1):
        fetch(f"{server.pictures}1:{seed}.webp")
    face, page = f"{server.pictures}1:1.webp", f"{server.url}/"
    face_alone, page_alone = probe(face, 5, 0.05), probe(page, 5, 0.05)
    found: list[Load] = []
    load = threading.Thread(
        target=lambda: found.append(drags(server.pictures, VISITORS, seconds + 15, SEEN, attribute))
    )
    load.start()
    time.sleep(12)  # until all have begun
    faces, pages = probe(face, seconds / 2, 0.1), probe(page, seconds / 2, 0.1)
    load.join()
    return Dragged(found[0], faces, pages, face_alone, page_alone)


@contextmanager
def behind_nginx(server: Served) -> Iterator[tuple[str, Path, psutil.Process]]:
    """Put nginx with a cache for pictures before a dashboard.

    Yields:
        Its address, the log that tells what was requested and whether it came from the cache, and its process.
    """
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        raise SystemExit("Expected nginx. Received: none. Type: sudo apt-get install -y nginx-light")
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        folder = Path(name)
        words = {"folder": folder, "port": port, "upstream": server.url.rsplit(":", 1)[1]}
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(NGINX.format(**words, user=user))
        running = subprocess.Popen([found, "-p", name, "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(100):
                try:
                    fetch(f"{url}/healthz")
                    break
                except OSError:
                    time.sleep(0.05)
            yield url, folder / "faces.log", psutil.Process(running.pid)
        finally:
            running.terminate()
            running.wait(10)


def presented(server: Served) -> tuple[Load, int, float]:
    """Have 1,000 viewers look at one presentation behind nginx.

    Returns:
        The load, how many faces reached the dashboard, and the processor time of nginx for one answer, in seconds.
    """
    with behind_nginx(server) as (url, log, running):
        path = server.pictures.removeprefix(server.url)
        before = _processor_time(running)
        load = slides(url + path, VIEWERS, EVERY, SLIDES, 700_000)
        each = (_processor_time(running) - before) / max(1, sum(load.statuses.values()))
        return load, len(re.findall(r"^(?!HIT)", log.read_text(), re.MULTILINE)) - 1, each


def _processor_time(process: psutil.Process) -> float:
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system for each in times)


@dataclass(frozen=True)
class Soaked:
    """A long steady load: what failed, memory in MB and open files at the half and at the end."""

    requests: int
    failed: tuple[str, ...]
    memory: tuple[float, float]
    files: tuple[int, int]

    @property
    def growth(self) -> float:
        """Relative growth of memory in the second half."""
        return self.memory[1] / self.memory[0] - 1


def soak(server: Served, attribute: str, requests: int = SOAK_REQUESTS, seconds: float = SOAK_SECONDS) -> Soaked:
    """Ask for pages, cached faces and new faces in turn, at a steady rate.

    Args:
        server: a dashboard.
        attribute: of which new faces have a new value.
        requests: in all.
        seconds: in which they are spread.
    """
    process: psutil.Process = server.process
    _use_every_thread(server)
    began = time.monotonic()
    failed: list[str] = []
    states: list[tuple[float, int]] = []
    for number in range(requests):
        if number in (requests // 2, requests - 1):
            files = _settled(process)
            states.append((process.memory_info().rss / 1e6, files))
        addresses = (
            f"{server.url}/",
            f"{server.pictures}1:{number % 50}.webp",
            f"{server.pictures}1:{number};{attribute}=0.5.webp",
            f"{server.url}/_dash-layout",
        )
        try:
            fetch(addresses[number % len(addresses)])
        except OSError as error:
            failed.append(f"{addresses[number % len(addresses)]}: {error!r}")
        time.sleep(max(0.0, began + (number + 1) * seconds / requests - time.monotonic()))
    (half, files), (end, files_at_end) = states
    return Soaked(requests, tuple(failed), (half, end), (files, files_at_end))


def _settled(process: psutil.Process) -> int:
    """Wait until all requests have ended, and return the open files, whose number has not changed for 2 s."""
    counts = [process.num_fds()]
    for _ in range(80):
        time.sleep(0.25)
        counts.append(process.num_fds())
        if len(counts) > 8 and len(set(counts[-8:])) == 1:
            break
    return counts[-1]


def _use_every_thread(server: Served) -> None:
    """Request so many new faces together that every thread has had its turn: each keeps a cache's file open."""

    def ask(seed: int) -> None:
        with contextlib.suppress(OSError):  # more than can wait: answered with Retry-After
            fetch(f"{server.pictures}1:{seed}.webp")

    with ThreadPoolExecutor(80) as crowd:
        list(crowd.map(ask, range(500_000, 500_400)))


def milliseconds(waits: Waits) -> str:
    """Return the median and the 95th percentile."""
    values = [seconds * 1000 for seconds in waits.seconds]
    return f"p50 {quantile(values, 0.5):.0f}, p95 {quantile(values, 0.95):.0f}"


def report(model: Path, seconds: int) -> str:
    """Measure everything but the long load, which `make test-long` runs.

    Args:
        model: a model folder.
        seconds: how long visitors drag.

    Returns:
        A page in Markdown.
    """
    machine, loaded = describe_machine(("uvicorn", "openvino", "dash")), open_model(model)
    with served(model) as server:
        face = f"{server.pictures}1:1.webp"
        size = len(fetch(face)[0])
        pages, faces = press(f"{server.url}/", 8, PRESSED), press(face, 8, PRESSED)
        drag = dragged(server, loaded.names[0], seconds)
    with served(model) as server:
        view, made, each = presented(server)
        idle = server.process.cpu_times()
    statuses = ", ".join(f"{count} with {status}" for status, count in sorted(drag.load.statuses.items()))
    return "\n".join(
        [
            "# Many visitors",
            "",
            "Written by `python -m benchmarks.hosting`. wrk on the same machine generates the load.",
            "",
            f"Model: `{loaded.name}@{loaded.digest8}`, {loaded.config.resolution} px. Machine: {machine}.",
            "",
            f"## {VISITORS} visitors who drag sliders",
            "",
            "Each drags 3 s of every 15 s, at most 10 faces per second, half of them cached.",
            "",
            f"Answers: {statuses}; {drag.load.rate:.0f} per second; unexpected: {drag.load.unexpected}.",
            "",
            "| wait of one more visitor, in ms | without load | under load |",
            "|---|---|---|",
            f"| a cached face | {milliseconds(drag.face_alone)} | {milliseconds(drag.face)} |",
            f"| a page | {milliseconds(drag.page_alone)} | {milliseconds(drag.page)} |",
            "",
            f"## {VIEWERS} viewers of one presentation, behind nginx with a cache for `/faces/`",
            "",
            f"{SLIDES} new faces, one every {EVERY} s; every viewer requests each in the same second.",
            "",
            f"{sum(view.statuses.values())} answers, p50 {view.p50:.0f} ms, p95 {view.p95:.0f} ms, unexpected: "
            f"{view.unexpected}. Faces that reached the dashboard: {made}. Processor time of the dashboard since it "
            f"started: {idle.user + idle.system:.1f} s.",
            "",
            "## One process without other load",
            "",
            f"8 connections for {PRESSED} s: {pages.rate:,.0f} pages per second, {faces.rate:,.0f} cached faces per "
            "second.",
            "",
            *needs(Rates(os.cpu_count() or 1, pages.rate, faces.rate, drag.load, size, each, first_visit())),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.hosting", __doc__ or "", ("seconds", 60, "of dragging"), report, arguments)
    update_guide()


if __name__ == "__main__":
    main()
