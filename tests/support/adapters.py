"""The adapters of each port, which all pass its contract test: one line adds another.

Each is a context manager that takes an empty folder and yields the adapter; called twice with the same folder, it
yields a second process's view of the same store.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from limits.storage import MemoryStorage

from dashboard.stores.job_table import SqliteJobTable
from dashboard.stores.library_database import Store
from dashboard.stores.picture_cache import Cache
from dashboard.stores.ports import JobTable, PictureStore, Quotas, Records, ResultStore
from dashboard.stores.process_database import ProcessDatabase
from dashboard.stores.quotas import LimitsQuotas, SqliteQuotas
from dashboard.stores.results import Results

LONG, SHORT = 3600.0, 0.1
"""Leases in seconds: one that no slow machine lets run out, and one that a test waits for."""

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
    yield SqliteJobTable(ProcessDatabase(folder), lease)


Open = Callable[..., AbstractContextManager[Any]]

PICTURES: dict[str, Open] = {"disk": disk_cache}
RESULTS: dict[str, Open] = {"folder": folder_of_results}
QUOTAS: dict[str, Open] = {"memory": quotas_in_memory, "sqlite": quotas_in_sqlite}
RECORDS: dict[str, Open] = {"sqlite": records_in_sqlite}
JOB_TABLES: dict[str, Open] = {"sqlite": jobs_in_sqlite}

_numbers = itertools.count()


def new_ticket() -> str:
    """Return an id that no other test uses, also in a server that several tests share."""
    return f"ticket-{next(_numbers)}-{secrets.token_hex(4)}"
