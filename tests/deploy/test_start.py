"""Two web processes, two workers, Redis, PostgreSQL and nginx, started by deploy/start.py and killed at any moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from support.jobs import KIND, wait_until
from support.models import write_tiny_model
from support.running import running_children

from dashboard.settings import PREFIX, ROOT

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PROGRAM = (
    "-c 'from dashboard.cli import main; from support.jobs import small_kind; kind = small_kind(); kind.__enter__(); "
    "main()'"
)
"""The dashboard with the kind of job of the tests."""

TAKEN_OVER = 20.0
"""Seconds in which a job of a killed worker runs again, as issue and operators expect; a busy machine gets twice."""


class Cluster:
    """What the script has started.

    Args:
        folder: of its data.
        address: of nginx.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.session = requests.Session()
        self.session.trust_env = False
        secret = (folder / "home" / "secret").read_text().strip()
        entered = self.session.get(f"{address}/enter", params={"secret": secret}, allow_redirects=False, timeout=30)
        assert entered.status_code == 303

    def service(self, name: str) -> dict[str, int]:
        """Return process id and ports of a service, as they are now."""
        return json.loads((self.folder / "processes.json").read_text())[name]

    def pid(self, name: str) -> int:
        """Return the present process of a service."""
        return self.service(name)["pid"]

    def computing(self) -> str:
        """Return the name of a worker that computes; the first one if none does yet."""
        names = ("worker-1", "worker-2")
        return next((name for name in names if running_children(self.pid(name))), names[0])

    def metrics(self, name: str) -> str:
        """Return the metrics of a service."""
        return self.session.get(f"http://127.0.0.1:{self.service(name)['metrics']}/metrics", timeout=30).text

    def kill(self, name: str) -> None:
        """End a service's process by SIGKILL, and wait until the script has started another."""
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: self.pid(name) != before)

    def start(self, number: int, until: str = "") -> str:
        """Start a job; until the dashboard answers, as its page does."""
        while True:
            asked = {"kind": KIND, "params": {"number": number, "until": until}}
            try:
                answer = self.session.post(f"{self.address}/jobs", json=asked, timeout=30)
            except requests.RequestException:
                continue
            if answer.status_code == 200:
                return answer.json()["id"]
            assert answer.status_code in (502, 503, 504), answer.text
            time.sleep(0.1)

    def job(self, job_id: str) -> dict[str, Any]:
        """Return a job's state; {} if nobody answers."""
        try:
            answer = self.session.get(f"{self.address}/jobs/{job_id}", timeout=30)
        except requests.RequestException:
            return {}
        return answer.json() if answer.status_code == 200 else {}

    def ended(self, job_id: str) -> dict[str, Any]:
        """Return a job once it has ended."""
        found: dict[str, Any] = {}

        def there() -> bool:
            found.update(self.job(job_id))
            return found.get("state") in ("done", "failed", "cancelled")

        wait_until(there)
        return found


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="likeness-cluster-", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    write_tiny_model(folder / "tiny")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        f"{PREFIX}MODEL": str(folder / "tiny"),
        f"{PREFIX}THREADS": "1",
        f"{PREFIX}JOBS_PER_HOUR": "0",
    }
    command = [sys.executable, str(ROOT / "deploy" / "start.py"), "--folder", str(folder), "--dashboard", PROGRAM]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        said = []
        while not said or (said[-1] and not said[-1].startswith("Likeness is at ")):
            said.append(process.stdout.readline())
        logs = "".join(f"== {log.name}\n{log.read_text()[-2000:]}" for log in sorted((folder / "logs").iterdir()))
        assert len(said) == 1, f"{said}\n{(folder / 'log').read_text()}\n{logs}"
        threading.Thread(target=process.stdout.read, daemon=True).start()  # the pipe must not fill
        yield Cluster(folder, said[-1].split()[-1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)
        shutil.rmtree(folder, ignore_errors=True)


def test_ten_workers_killed_at_random_moments_lose_nothing(cluster: Cluster) -> None:
    moments = random.Random(19)
    seconds = []
    for number in range(100, 110):
        until = cluster.folder / f"go-{number}"
        job = cluster.start(number, str(until))
        time.sleep(moments.uniform(0, 2.0))
        killed = time.monotonic()
        cluster.kill(cluster.computing())
        until.touch()
        assert cluster.ended(job)["state"] == "done"
        seconds.append(time.monotonic() - killed)
        answer = cluster.session.get(f"{cluster.address}/jobs/{job}/files/answer.txt", timeout=30)
        assert answer.text == f"{number} on tiny"
    print("seconds from the kill to the result:", ", ".join(f"{each:.1f}" for each in sorted(seconds)))
    assert max(seconds) < 2 * TAKEN_OVER


def test_workers_and_web_processes_have_metrics(cluster: Cluster) -> None:
    assert cluster.ended(cluster.start(150))["state"] == "done"
    ended = f'likeness_jobs_ended_total{{kind="{KIND}",state="done"}}'
    workers = [cluster.metrics(name) for name in ("worker-1", "worker-2")]
    assert any(ended in text for text in workers)
    assert all("likeness_worker_busy 0.0" in text for text in workers)
    assert "likeness_requests_total" in cluster.metrics("web-1")


def test_redis_restarted_loses_nothing_and_pages_go_on(cluster: Cluster) -> None:
    until = cluster.folder / "go-redis"
    running = cluster.start(200, str(until))
    wait_until(lambda: cluster.job(running).get("state") == "running")
    cluster.kill("redis")
    waiting = cluster.start(201)
    assert cluster.session.get(f"{cluster.address}/", timeout=30).status_code == 200
    assert cluster.session.get(f"{cluster.address}/readyz", timeout=30).status_code == 200
    until.touch()
    assert cluster.ended(running)["state"] == "done"
    assert cluster.ended(waiting)["state"] == "done"

    def ready() -> bool:
        return cluster.session.get(f"{cluster.address}/readyz", timeout=30).json()["status"] == "ready"

    wait_until(ready)
    assert cluster.ended(cluster.start(202))["state"] == "done"


def test_postgresql_restarted_loses_nothing_that_was_saved_and_every_job_ends(cluster: Cluster) -> None:
    saved = cluster.session.post(f"{cluster.address}/collections", json={"name": "Before"}, timeout=30)
    assert saved.status_code == 200
    until = cluster.folder / "go-postgres"
    running = cluster.start(300, str(until))
    wait_until(lambda: cluster.job(running).get("state") == "running")
    cluster.kill("postgres")
    until.touch()
    assert cluster.session.get(f"{cluster.address}/", timeout=30).status_code == 200
    assert cluster.ended(running)["state"] == "done"

    def names() -> list[str]:
        answer = cluster.session.get(f"{cluster.address}/collections.json", timeout=30)
        return [each["name"] for each in answer.json()] if answer.status_code == 200 else []

    wait_until(lambda: "Before" in names())
    assert cluster.ended(cluster.start(301))["state"] == "done"


def test_a_web_process_killed_under_load_loses_nothing_that_was_saved(cluster: Cluster) -> None:
    saved: list[str] = []
    pages: list[int] = []
    stop = threading.Event()

    def save(worker: int) -> None:
        own = requests.Session()
        own.trust_env = False
        own.cookies.update(cluster.session.cookies)
        number = 0
        while not stop.is_set():
            name = f"Under load {worker} {number}"
            number += 1
            try:
                answer = own.post(f"{cluster.address}/collections", json={"name": name}, timeout=30)
                if answer.status_code == 200:
                    saved.append(name)
                pages.append(own.get(f"{cluster.address}/collections.json", timeout=30).status_code)
            except requests.RequestException:
                pages.append(0)

    until = cluster.folder / "go-web"
    job = cluster.start(400, str(until))
    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    wait_until(lambda: len(saved) > 20)
    cluster.kill("web-1")
    before = len(saved)
    wait_until(lambda: len(saved) > before + 20)
    stop.set()
    for each in threads:
        each.join(60)
    until.touch()
    assert cluster.ended(job)["state"] == "done"
    answer = cluster.session.get(f"{cluster.address}/collections.json", timeout=30)
    listed = [each["name"] for each in answer.json()]
    assert set(saved) <= set(listed)
    print(f"{len(saved)} saved, {len(pages)} pages, of which {sum(status != 200 for status in pages)} failed")
    assert sum(status != 200 for status in pages) <= 1
