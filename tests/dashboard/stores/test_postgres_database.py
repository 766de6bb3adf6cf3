"""PostgreSQL for what people keep: upgraded once, one writer at a time, and reported in a sentence when it is away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from support.ports import free_port
from support.servers import postgres_server

from dashboard.errors import Busy, LibraryError
from dashboard.library.collections import Collections
from dashboard.stores import postgres_database
from dashboard.stores.postgres_database import PostgresPool, PostgresStore


def store_of(address: str) -> PostgresStore:
    """Return the library as a process of its own sees it."""
    return PostgresStore(PostgresPool(address))


def test_processes_that_start_together_make_the_tables_once(database: str) -> None:
    stores = [store_of(database) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        slugs = list(pool.map(lambda store: Collections(store).make("Talk").slug, stores))
    assert len(set(slugs)) == 6
    assert len(Collections(stores[0]).listed()) == 6
    for store in stores:
        store._pool.close()


def test_a_database_of_a_newer_version_is_left_alone(database: str) -> None:
    store = store_of(database)
    Collections(store).make("Talk")
    store._pool.close()
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE likeness SET version = 99")
    with pytest.raises(LibraryError, match=r"version 99\. Update Likeness"):
        Collections(store_of(database)).listed()


def test_a_failure_half_done_changes_nothing(database: str) -> None:
    store = store_of(database)
    Collections(store).make("Talk")

    def fail() -> None:
        with store.use() as base:
            base.execute("DELETE FROM collections")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail()
    assert [each.slug for each in Collections(store).listed()] == ["talk"]
    store._pool.close()


def test_a_writer_who_waits_too_long_is_refused(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_database, "WAIT", 0.05)
    first, second = store_of(database), store_of(database)
    Collections(first).make("Talk")
    with first.use():
        assert len(Collections(second).listed()) == 1  # reading does not wait
        with pytest.raises(Busy, match="Nothing was changed"):
            Collections(second).make("Another")
    assert Collections(second).make("Another").slug == "another"
    first._pool.close()
    second._pool.close()


def test_reading_cannot_write(database: str) -> None:
    store = store_of(database)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), store.use(changes=False) as base:
        base.execute("INSERT INTO collections (slug, name) VALUES (?, ?)", ("a", "100 %"))
    store._pool.close()


def test_without_a_server_the_message_has_no_password() -> None:
    store = store_of(f"postgresql://likeness:hidden@127.0.0.1:{free_port()}/likeness")
    with pytest.raises(LibraryError, match="Expected an answer of PostgreSQL at 127") as caught:
        Collections(store).listed()
    assert "hidden" not in str(caught.value)
    assert store._pool.problem.startswith("Expected an answer")


@pytest.mark.long
def test_a_restart_loses_nothing_that_was_saved_and_is_reported_while_it_lasts(patient_servers: None) -> None:
    with postgres_server() as server:
        store = store_of(server.address)
        collections = Collections(store)
        collections.make("Before")
        server.kill()  # as a power cut does
        with pytest.raises(LibraryError, match="Nothing was changed"):
            collections.make("Meanwhile")
        server.start_again()
        assert [each.name for each in collections.listed()] == ["Before"]
        assert collections.make("After").slug == "after"
        store._pool.close()
