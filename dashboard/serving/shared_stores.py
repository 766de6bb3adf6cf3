"""The stores of a process, by the settings: its own disk, or servers that several hosts share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dashboard.errors import InputError
from dashboard.settings import Settings
from dashboard.stores.job_table import SqlJobTable, postgres_clock
from dashboard.stores.library_database import Store
from dashboard.stores.picture_cache import Cache
from dashboard.stores.ports import JobTable, PictureStore, Quotas, Records, ResultStore
from dashboard.stores.process_database import ProcessDatabase
from dashboard.stores.quotas import LimitsQuotas, SqliteQuotas
from dashboard.stores.results import Results


@dataclass(frozen=True)
class Stores:
    """The stores of a process.

    Args:
        pictures, results, quotas, records: the adapters.
        jobs: the table of jobs that processes or hosts share; None if this process has its own.
        announce: tells workers on other hosts that a job waits; None if this process computes jobs.
        problems: functions that return why a server cannot be used, as a sentence; empty if it answers.
        closers: functions that release connections.
    """

    pictures: PictureStore
    results: ResultStore
    quotas: Quotas
    records: Records
    jobs: JobTable | None = None
    announce: Callable[[str], object] | None = None
    problems: tuple[Callable[[], str], ...] = ()
    closers: tuple[Callable[[], None], ...] = ()


def open_stores(settings: Settings, home: Path | None) -> Stores:
    """Return the stores of a process; servers are not asked before the first use.

    Args:
        settings: the table.
        home: LIKENESS_HOME; None if nothing can be stored.

    Raises:
        InputError: a server is named, and requirements-cluster.txt is not installed.
    """
    folder = caches_of(settings, home)
    pictures: PictureStore = Cache(folder / "pictures" if folder else None, settings.cache_mb)
    results = Results(home / "cache" / "jobs" if home else None, locks=not settings.database)
    shared = ProcessDatabase(home) if home and settings.processes > 1 else None
    quotas: Quotas = SqliteQuotas(shared) if shared else LimitsQuotas()
    jobs: JobTable | None = SqlJobTable(shared) if shared else None
    announce: Callable[[str], object] | None = None
    records: Records = Store(home)
    problems: list[Callable[[], str]] = []
    closers: list[Callable[[], None]] = []
    try:
        if settings.redis:
            from dashboard.stores.redis_link import RedisLink  # needed for several hosts only
            from dashboard.stores.redis_pictures import RedisPictures
            from dashboard.stores.redis_quotas import RedisQuotas

            link = RedisLink(settings.redis)
            pictures, quotas = RedisPictures(pictures, link), RedisQuotas(link)
            problems.append(lambda: link.problem)
            closers.append(link.close)
            if settings.jobs == "celery":
                from dashboard.stores.job_messages import JobMessages

                announce = JobMessages(settings.redis, link).announce
        if settings.database:
            from dashboard.stores.postgres_database import JOBS, PostgresPool, PostgresStore

            pool = PostgresPool(settings.database)
            records = PostgresStore(pool)
            if settings.jobs == "celery":
                jobs = SqlJobTable(PostgresStore(pool, JOBS), clock=postgres_clock)
            problems.append(lambda: pool.problem)
            closers.append(pool.close)
    except ImportError as error:
        raise InputError(
            "LIKENESS_REDIS and LIKENESS_DATABASE need further packages. "
            f"Received: {error}. Type: pip install -r requirements-cluster.txt"
        ) from error
    return Stores(pictures, results, quotas, records, jobs, announce, tuple(problems), tuple(closers))


def caches_of(settings: Settings, home: Path | None) -> Path | None:
    """Return the folder of this host's caches; None if nothing can be stored."""
    return settings.cache or (home / "cache" if home else None)
