"""Start what compose.yaml starts, on this host and without containers, until Ctrl-C or SIGTERM.

    python deploy/start.py --folder /var/lib/likeness --port 8080

It needs Debian's nginx-light, postgresql and redis-server, and requirements-cluster.txt. Whatever ends is started
again after a second. `processes.json` in the folder has the ports and process ids; `logs` has the logs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = 60.0
"""Seconds in which a server must answer after its start."""

ENDS = 30.0
"""Seconds in which a process must end before it is killed."""


@dataclass
class Service:
    """A process that is started again when it ends.

    Args:
        name: of its log.
        command: what runs it.
        port: where it listens; 0 if it does not.
        metrics: where it serves /metrics; 0 if it does not.
        environment: further variables.
        user: who runs it; None for the present user.
        stops: the signal that ends it.
    """

    name: str
    command: list[str]
    port: int = 0
    metrics: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    stops: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None


def main() -> None:
    """Start all processes, and wait."""
    asked = _arguments()
    folder = asked.folder.absolute()
    _make(folder)
    started = _Cluster(folder)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: started.stop())
    try:
        redis, postgres = free_port(), free_port()
        started.start(redis_service(folder / "redis", redis))
        started.start(postgres_service(folder / "postgres", postgres))
        started.wait_for("redis", "postgres")
        settings = {
            "LIKENESS_HOME": str(folder / "home"),
            "LIKENESS_DATABASE": f"postgresql://likeness@127.0.0.1:{postgres}/postgres",
            "LIKENESS_REDIS": f"redis://127.0.0.1:{redis}/0",
            "LIKENESS_JOBS": "celery",
            "LIKENESS_PROXIES": "1",
        }
        for number in range(1, asked.web + 1):
            started.start(_dashboard(f"web-{number}", asked.dashboard, settings, free_port()))
        for number in range(1, asked.workers + 1):
            started.start(_dashboard(f"worker-{number}", asked.dashboard, settings, 0))
        webs = [each.port for each in started.services if each.name.startswith("web-")]
        started.start(nginx_service(folder / "nginx", asked.port or free_port(), webs))
        started.wait_until_ready()
        started.watch()
    finally:
        started.end_all()


class _Cluster:
    """The processes that were started, in order.

    Args:
        folder: for their logs and `processes.json`.
    """

    def __init__(self, folder: Path) -> None:
        self.services: list[Service] = []
        self._folder = folder
        self._stop = threading.Event()

    def start(self, service: Service) -> None:
        """Start a process, the first time or again."""
        if service not in self.services:
            self.services.append(service)
        with (self._folder / "logs" / f"{service.name}.log").open("ab") as log:
            service.process = subprocess.Popen(
                service.command,
                env={**os.environ, **service.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT if service.user is None else self._folder / service.name,
                user=service.user,
                start_new_session=True,  # Ctrl-C reaches this program only
            )
        listed = {
            each.name: {"pid": each.process.pid, "port": each.port, "metrics": each.metrics}
            for each in self.services
            if each.process
        }
        new = self._folder / "processes.json.new"
        new.write_text(json.dumps(listed, indent=1) + "\n")
        new.replace(self._folder / "processes.json")

    def wait_for(self, *names: str) -> None:
        """Wait until servers accept connections."""
        until = time.monotonic() + ANSWERS
        for service in self.services:
            while service.name in names and not _accepts(service.port) and not self._stop.wait(0.1):
                self._start_again()
                if time.monotonic() > until:
                    raise SystemExit(f"Expected {service.name} to answer. Received: nothing. See {self._folder}/logs.")

    def wait_until_ready(self) -> None:
        """Wait until every web process and then nginx serve a page, and print the address.

        nginx is asked last: it would remember for seconds which web processes did not answer it yet.
        """
        until = time.monotonic() + ANSWERS
        for service in self.services:
            if service.name != "nginx" and not service.name.startswith("web-"):
                continue
            while not self._stop.is_set() and not _is_ready(service.port):
                if time.monotonic() > until:
                    raise SystemExit(
                        f"Expected a first face of {service.name}. Received: none. See {self._folder}/logs."
                    )
                self._start_again()
                self._stop.wait(0.2)
        print(f"Likeness is at http://127.0.0.1:{self.services[-1].port}", flush=True)

    def watch(self) -> None:
        """Start again what ends, until `stop`."""
        while not self._stop.wait(1.0):
            self._start_again()

    def stop(self) -> None:
        """End `watch`."""
        self._stop.set()

    def end_all(self) -> None:
        """End all processes, the last one first."""
        for service in reversed(self.services):
            if service.process is None or service.process.poll() is not None:
                continue
            service.process.send_signal(service.stops)
            try:
                service.process.wait(ENDS)
            except subprocess.TimeoutExpired:
                service.process.kill()
                service.process.wait()

    def _start_again(self) -> None:
        for service in self.services:
            if service.process is not None and service.process.poll() is not None:
                print(f"{service.name} ended with status {service.process.returncode}; starting it again.", flush=True)
                self.start(service)


def redis_service(folder: Path, port: int, *options: str) -> Service:
    """Return Redis as a cache: nothing is kept on the disk, and the least recently used is dropped.

    Args:
        folder: an existing one.
        port: where it listens.
        options: further ones of redis-server.
    """
    kept = ["--save", "", "--maxmemory", "512mb", "--maxmemory-policy", "allkeys-lru"]
    where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    return Service("redis", [_program("redis-server"), *where, *kept, *options], port)


def postgres_service(folder: Path, port: int) -> Service:
    """Return PostgreSQL, whose database is created if it is missing; root runs it as `postgres`, as initdb demands.

    Args:
        folder: an existing one, which is given to that user.
        port: where it listens.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        raise FileNotFoundError("Expected Debian's postgresql. Received: none. Type: apt-get install postgresql")
    user = "postgres" if os.getuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user, user)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        given = ["-U", "likeness", "-A", "trust", "-E", "UTF8", "--locale=C"]
        environment = {**os.environ, "LC_ALL": "C"}  # whatever locales the host has
        command = [str(programs[-1]), "-D", str(data), *given]
        subprocess.run(command, check=True, cwd=folder, env=environment, user=user, stdout=subprocess.DEVNULL)
    server = str(programs[-1].with_name("postgres"))
    options = ["-c", "unix_socket_directories=", "-c", "shared_buffers=32MB", "-c", "max_connections=100"]
    command = [server, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", *options]
    return Service("postgres", command, port, user=user, stops=signal.SIGINT)


def nginx_service(folder: Path, port: int, webs: list[int]) -> Service:
    """Return nginx with nginx.conf, in front of web processes on this host.

    Args:
        folder: an existing one.
        port: where it listens.
        webs: ports of the web processes.
    """
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    servers = "\n        ".join(f"server 127.0.0.1:{web} max_fails=1 fail_timeout=2s;" for web in webs)
    text = re.sub(r"server web:8050 [^;]*;", servers, text)
    text = text.replace("listen 8080;", f"listen 127.0.0.1:{port};").replace("/tmp/", f"{folder}/")
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    user = " user root;" if os.getuid() == 0 else ""
    command = [_program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", f"daemon off;{user}"]
    return Service("nginx", command, port, stops=signal.SIGQUIT)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _dashboard(name: str, program: list[str], settings: dict[str, str], port: int) -> Service:
    metrics = free_port()
    own = {
        **settings,
        "LIKENESS_CACHE": f"{settings['LIKENESS_HOME']}-{name}",
        "LIKENESS_METRICS_PORT": str(metrics),
        **({"LIKENESS_PORT": str(port)} if port else {}),
    }
    command = [sys.executable, *program, *([] if port else ["worker"])]
    return Service(name, command, port, metrics, own)


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("redis", "postgres", "nginx", "logs"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except (URLError, OSError):
        return False


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        raise FileNotFoundError(f"Expected Debian's {name}. Received: none. Type: apt-get install {name}")
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="folder of all data")
    parser.add_argument("--port", type=int, default=0, help="port of nginx [a free one]")
    parser.add_argument("--web", type=int, default=2, help="number of web processes")
    parser.add_argument("--workers", type=int, default=2, help="number of workers")
    parser.add_argument("--dashboard", type=shlex.split, default=["-m", "dashboard"], help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
