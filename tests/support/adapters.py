"""The adapters of each port, which all pass its contract test: one line adds another.

Each is a context manager that takes an empty folder and yields the adapter; called twice with the same folder, it
yields a second process's view of the same store.
"""

from __future__ import annotations

import itertools
import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from limits.storage import MemoryStorage

from dashboard.jobs.cluster_worker import ClusterWorker
from dashboard.jobs.durations import Durations
from dashboard.jobs.ports import Jobs
from dashboard.jobs.runner import Runner
from dashboard.jobs.table_runner import TableRunner
from dashboard.stores.job_table import SqlJobTable, postgres_clock
from dashboard.stores.library_database import Store
from dashboard.stores.picture_cache import Cache
from dashboard.stores.ports import JobTable, PictureStore, Quotas, Records, ResultStore
from dashboard.stores.postgres_database import JOBS, PostgresPool, PostgresStore
from dashboard.stores.process_database import ProcessDatabase
from dashboard.stores.quotas import LimitsQuotas, SqliteQuotas
from dashboard.stores.redis_link import RedisLink
from dashboard.stores.redis_pictures import RedisPictures
from dashboard.stores.redis_quotas import RedisQuotas
from dashboard.stores.results import Results

LONG, SHORT = 3600.0, 0.1
"""Leases in seconds: one that no slow machine lets run out, and one that a test waits for."""

_numbers = itertools.count()
_memories: dict[Path, MemoryStorage] = {}


@contextmanager
def disk_cache(folder: Path) -> Iterator[PictureStore]:
    cache = Cache(folder / "pictures", 10)
    yield cache
    cache.close()


@contextmanager
def folder_of_results(folder: Path) -> Iterator[ResultStore]:
    results = Results(folder / "results")
    yield results
    results.close()


@contextmanager
def quotas_in_memory(folder: Path) -> Iterator[Quotas]:
    yield LimitsQuotas(_memories.setdefault(folder, MemoryStorage()))


@contextmanager
def quotas_in_sqlite(folder: Path) -> Iterator[Quotas]:
    yield SqliteQuotas(ProcessDatabase(folder))


@contextmanager
def records_in_sqlite(folder: Path) -> Iterator[Records]:
    yield Store(folder)


@contextmanager
def jobs_in_sqlite(folder: Path, lease: float = LONG) -> Iterator[JobTable]:
    yield SqlJobTable(ProcessDatabase(folder), lease)


@contextmanager
def pictures_in_redis(folder: Path, server: str) -> Iterator[PictureStore]:
    """Yield another host's view each time: with a disk of its own."""
    link = RedisLink(server)
    local = Cache(folder / f"pictures-{next(_numbers)}", 10)
    yield RedisPictures(local, link)
    local.close()
    link.close()


@contextmanager
def quotas_in_redis(folder: Path, server: str) -> Iterator[Quotas]:
    link = RedisLink(server)
    yield RedisQuotas(link)
    link.close()


@contextmanager
def records_in_postgres(folder: Path, server: str) -> Iterator[Records]:
    pool = PostgresPool(server)
    yield PostgresStore(pool)
    pool.close()


@contextmanager
def jobs_in_postgres(folder: Path, server: str, lease: float = LONG) -> Iterator[JobTable]:
    pool = PostgresPool(server)
    yield SqlJobTable(PostgresStore(pool, JOBS), lease, postgres_clock)
    pool.close()


@contextmanager
def shared_folder_of_results(folder: Path) -> Iterator[ResultStore]:
    results = Results(folder / "results", locks=False)
    yield results
    results.close()


@contextmanager
def runner_in_memory(folder: Path) -> Iterator[Jobs]:
    jobs = Runner(Results(folder / "results"), "openvino", None)
    yield jobs
    jobs.close()


@contextmanager
def runner_of_a_table(folder: Path, lease: float = LONG, per_visitor: int = 0) -> Iterator[TableRunner]:
    table = SqlJobTable(ProcessDatabase(folder), lease)
    jobs = TableRunner(table, Results(folder / "results"), "openvino", None, per_visitor=per_visitor)
    yield jobs
    jobs.close()


@contextmanager
def runner_with_workers(folder: Path, server: str, lease: float = LONG, per_visitor: int = 0) -> Iterator[Jobs]:
    """Yield the jobs of a web process, and have two workers of other hosts compute them; a call is their message."""
    pool = PostgresPool(server)
    table = SqlJobTable(PostgresStore(pool, JOBS), lease, postgres_clock)
    stores = [Results(folder / "results", locks=False) for _ in range(3)]
    workers = [ClusterWorker(table, results, Durations(folder), lambda _: True) for results in stores[1:]]
    messages: queue.Queue[bool] = queue.Queue()

    def serve(worker: ClusterWorker) -> None:
        while messages.get():
            worker.work()

    threads = [threading.Thread(target=serve, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    jobs = TableRunner(
        table, stores[0], "openvino", None, folder, per_visitor=per_visitor, started=lambda _: messages.put(True)
    )
    yield jobs
    for worker in workers:
        worker.close()
        messages.put(False)
    for thread in threads:
        thread.join(60)
    jobs.close()
    for results in stores[1:]:
        results.close()
    pool.close()


Open = Callable[..., AbstractContextManager[Any]]

PICTURES: dict[str, Open] = {"disk": disk_cache, "redis": pictures_in_redis}
RESULTS: dict[str, Open] = {"folder": folder_of_results, "shared folder": shared_folder_of_results}
QUOTAS: dict[str, Open] = {"memory": quotas_in_memory, "sqlite": quotas_in_sqlite, "redis": quotas_in_redis}
RECORDS: dict[str, Open] = {"sqlite": records_in_sqlite, "postgresql": records_in_postgres}
SERVERS = {"redis": "redis_address", "postgresql": "database"}
"""Adapters that take the address of a server, from the fixture of that name, after the folder."""
JOB_TABLES: dict[str, Open] = {"sqlite": jobs_in_sqlite, "postgresql": jobs_in_postgres}
RUNNERS: dict[str, Open] = {"memory": runner_in_memory, "sqlite": runner_of_a_table, "postgresql": runner_with_workers}


def new_ticket() -> str:
    """Return an id that no other test uses, also in a server that several tests share."""
    return f"ticket-{next(_numbers)}-{secrets.token_hex(4)}"
