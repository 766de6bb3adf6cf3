"""Workers of several hosts: one that is killed is replaced, and one that is stopped gives its job back."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
import redis
from support.application import runtime_of, tiny_app
from support.cluster import Worker, workers
from support.jobs import KIND, small_kind, wait_until
from support.ports import free_port

from dashboard.errors import LibraryError
from dashboard.jobs import cluster_worker
from dashboard.jobs.claimed_job import Assignment
from dashboard.jobs.cluster_worker import SWEEP, ClusterWorker
from dashboard.jobs.durations import Durations
from dashboard.jobs.job_context import JobSpec
from dashboard.stores.job_messages import QUEUE, JobMessages, celery_app
from dashboard.stores.job_table import LEASE
from dashboard.stores.ports import JobRow, NewJob
from dashboard.stores.redis_link import RedisLink
from dashboard.stores.result import Origin
from dashboard.stores.results import Results


def test_a_killed_worker_is_noticed_in_less_than_twenty_seconds() -> None:
    assert LEASE + SWEEP < 20


@contextmanager
def cluster(tmp_path: Path, count: int, **servers: str) -> Iterator[tuple[Any, list[Worker]]]:
    """Yield a client of a dashboard, and its workers."""
    with small_kind():
        app = tiny_app(tmp_path, jobs="celery", cache=tmp_path / "cache", **servers)
        try:
            with workers(runtime_of(app).settings, count, tmp_path) as running:
                yield app.server.test_client(), running
        finally:
            runtime_of(app).close()


def start(client: Any, number: int, until: Path) -> str:
    answer = client.post("/jobs", json={"kind": KIND, "params": {"number": number, "until": str(until)}})
    assert answer.status_code == 200, answer.json
    return answer.json["id"]


def wait_for(client: Any, job: str, *states: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def there() -> bool:
        found.clear()
        found.update(client.get(f"/jobs/{job}").json)
        return found.get("state") in states

    wait_until(there)
    return found


def computing(until: Path) -> psutil.Process | None:
    """Return the process that computes a job now; None if there is none."""
    marks = until.parent / f"{until.name}.pid"
    try:
        found = psutil.Process(int(marks.read_text()))
        return found if found.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, psutil.NoSuchProcess):
        return None


def computes(worker: Worker, until: Path) -> bool:
    """Return whether a worker computes a job now."""
    try:
        found = computing(until)
        return found is not None and found.ppid() == worker.pid
    except psutil.NoSuchProcess:
        return False


@pytest.mark.long
def test_a_worker_that_is_killed_is_replaced_and_one_that_is_stopped_gives_its_job_back(
    tmp_path: Path, redis_address: str, database: str
) -> None:
    with cluster(tmp_path, 2, redis=redis_address, database=database) as (client, running):
        until = tmp_path / "go"
        job = start(client, 7, until)
        wait_until(lambda: any(computes(each, until) for each in running))
        lost = next(each for each in running if computes(each, until))
        other = next(each for each in running if each is not lost)
        lost.kill()
        wait_until(lambda: computes(other, until))
        third = Worker(runtime_of_client(client).settings, tmp_path / "third.log")
        running.append(third)
        assert other.end() == 0, other.log.read_text()
        wait_until(lambda: computes(third, until))
        until.touch()
        done = wait_for(client, job, "done", "failed")
        assert done["state"] == "done", done
        answer = client.get(f"/jobs/{job}/files/answer.txt")
        assert answer.text == "7 on tiny"
        again = start(client, 7, until)
        assert client.get(f"/jobs/{again}").json["state"] == "done"


def runtime_of_client(client: Any) -> Any:
    """Return the runtime of a client's application."""
    return client.application.extensions["likeness"]


def row(kind: str, run: str) -> JobRow:
    """Return a claimed job, as a table may hold it."""
    origin = Origin(kind, 1, ("digest",), {})
    spec = JobSpec(run, origin, "/models/tiny", "openvino", None)
    return JobRow(1, NewJob("key", kind, spec=Assignment("A thing", spec, ("key", 1.0)).text()), "running", epoch=1)


class OneJob:
    """A table with one job, whose end it notes."""

    def __init__(self, job: JobRow | None) -> None:
        self.job, self.away = job, 0
        self.ends: list[tuple[str, str]] = []

    def claim(self, owner: str, running: int) -> JobRow | None:
        found, self.job = self.job, None
        return found

    def has_work(self) -> bool:
        return self.job is not None

    def end(self, job: JobRow, state: str, error: str = "", folder: str = "") -> bool:
        if self.away:
            self.away -= 1
            raise LibraryError("Expected an answer of PostgreSQL. Received: none.")
        self.ends.append((state, error))
        return True


@pytest.mark.parametrize(("kind", "run"), [("unknown", "os:abort"), ("export", "os:abort")])
def test_a_job_that_is_none_of_ours_is_not_run_and_its_end_is_stored_when_the_database_answers(
    tmp_path: Path, kind: str, run: str
) -> None:
    table = OneJob(row(kind, run))
    table.away = 1
    results = Results(tmp_path)
    worker = ClusterWorker(cast(Any, table), results, Durations(None), lambda _: True)
    assert worker.work() == 1
    ((state, error),) = table.ends
    assert state == "failed"
    assert "all hosts run one version" in error
    worker.close()
    results.close()


def test_without_redis_a_worker_finds_jobs_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_worker, "SWEEP", 0.01)
    table = OneJob(row("unknown", "os:abort"))
    results = Results(tmp_path)
    worker = ClusterWorker(cast(Any, table), results, Durations(None), lambda _: False)
    sweeping = threading.Thread(target=worker.sweep)
    sweeping.start()
    wait_until(lambda: bool(table.ends))
    worker.close()
    sweeping.join(60)
    assert not sweeping.is_alive()
    results.close()


def test_messages_are_json_and_nothing_else_is_read() -> None:
    app = celery_app("redis://127.0.0.1:1/0")
    assert list(app.conf.accept_content) == ["json"]
    assert app.conf.task_serializer == "json"
    assert not app.conf.result_backend
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert not app.conf.worker_enable_remote_control


def test_a_message_that_cannot_be_sent_is_no_error() -> None:
    address = f"redis://127.0.0.1:{free_port()}/0"
    link = RedisLink(address)
    assert JobMessages(address, link).announce("key") is False
    link.close()


def test_a_message_reaches_redis_without_any_content(redis_address: str) -> None:
    link = RedisLink(redis_address)
    assert JobMessages(redis_address, link).announce("key")
    link.close()
    with redis.Redis.from_url(redis_address) as client:
        (message,) = cast(list[bytes], client.lrange(f"likeness:{QUEUE}", 0, -1))
    fields = json.loads(message)
    assert fields["content-type"] == "application/json"
    assert json.loads(base64.b64decode(fields["body"]))[:2] == [[], {}]
