"""What only the table in SQLite does: its clock, its limits, and a damaged file."""

import pytest
from support.adapters import new_ticket

from dashboard.errors import Busy
from dashboard.stores import job_table
from dashboard.stores.job_table import LEASE, STALE, SqlJobTable
from dashboard.stores.ports import NewJob
from dashboard.stores.process_database import FILE, ProcessDatabase
from dashboard.stores.quotas import SqliteQuotas


class Clock:
    now = 1000.0

    def __call__(self, base=None):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def table(tmp_path, clock):
    return SqlJobTable(ProcessDatabase(tmp_path), clock=clock)


def started(table, key):
    ticket = new_ticket()
    table.start(NewJob(key, "small"), ticket, 0, 8)
    return ticket


def test_a_lease_is_extended_by_reports_and_runs_out_without(table, clock):
    started(table, "a")
    job = table.claim("one", 2)
    for _ in range(10):
        clock.now += LEASE - 1
        assert table.claim("other", 2) is None
        assert table.renew(job, {})
    clock.now += LEASE + 1
    assert table.claim("other", 2).epoch == 2
    assert not table.renew(job, {})


def test_seconds_since_the_start_are_those_of_the_store(table, clock):
    ticket = started(table, "a")
    clock.now += 5
    table.claim("one", 2)
    clock.now += 7
    assert table.find(ticket).job.passed == 7


def test_a_job_that_waited_for_a_day_is_dropped(table, clock):
    old = started(table, "a")
    clock.now += STALE - 10
    fresh = started(table, "b")
    clock.now += 20
    assert table.claim("one", 2).new.key == "b"
    assert table.find(old).job.state == "cancelled"
    assert table.find(fresh).job.state == "running"


def test_ids_of_ended_jobs_are_forgotten_when_there_are_many(table, monkeypatch):
    monkeypatch.setattr(job_table, "TICKETS", 3)
    live = started(table, "live")
    ended = [new_ticket() for _ in range(5)]
    for k, ticket in enumerate(ended):
        table.add_done(NewJob(f"done {k}", "small"), ticket, "/result", 1)
    assert [table.find(ticket) is not None for ticket in ended] == [False, False, False, True, True]
    table.end(table.claim("one", 2), "failed", "why")
    assert table.find(live).job.error == "why"


def test_a_damaged_file_is_replaced_and_the_next_request_works(tmp_path, table, caplog):
    started(table, "a")
    for path in (tmp_path / "processes").glob(f"{FILE}*"):
        path.write_bytes(b"no database at all" * 999)
    with pytest.raises(Busy, match="damaged"):
        table.counts()
    assert table.counts() == {}
    assert "damaged" in caplog.text
    assert (tmp_path / "processes" / FILE).stat().st_mode & 0o777 == 0o600


def test_the_files_are_for_their_owner_only(tmp_path, table):
    started(table, "a")
    assert (tmp_path / "processes").stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "processes").iterdir())


def test_hits_are_counted_in_a_window_that_moves(tmp_path, clock):
    quotas = SqliteQuotas(ProcessDatabase(tmp_path), clock)
    assert quotas.hit("uploads", "ann", 2, 60) == 0
    clock.now += 40
    assert quotas.hit("uploads", "ann", 2, 60) == 0
    assert quotas.hit("uploads", "ann", 2, 60) == pytest.approx(20)
    clock.now += 20.5
    assert quotas.hit("uploads", "ann", 2, 60) == 0
    assert quotas.wait("uploads", "ann", 2, 60) == pytest.approx(39.5)
