"""The contract of each port of the stores, run on every adapter in support.adapters."""

import numpy as np
import pytest
from support.adapters import JOB_TABLES, PICTURES, QUOTAS, RECORDS, RESULTS, SERVERS, SHORT, new_ticket
from support.jobs import wait_until

from dashboard.errors import Busy, Conflict, NotFound
from dashboard.library.collections import Collections
from dashboard.library.items import Draft
from dashboard.library.snapshots import Picture
from dashboard.stores.picture_cache import Entry
from dashboard.stores.ports import SLICE_JOB, NewJob
from dashboard.stores.result import Origin
from dashboard.stores.result_writer import Writer


def both(adapters, *given):
    """Yield the views of two processes of one store, for each adapter."""

    @pytest.fixture(params=list(adapters))
    def views(request, tmp_path):
        opens, server = adapters[request.param], SERVERS.get(request.param)
        where = (tmp_path, request.getfixturevalue(server)) if server else (tmp_path,)
        with opens(*where, *given) as first, opens(*where, *given) as second:
            yield first, second

    return views


pictures = both(PICTURES)
results = both(RESULTS)
quotas = both(QUOTAS)
records = both(RECORDS)
tables = both(JOB_TABLES)
short_leases = both(JOB_TABLES, SHORT)


def test_pictures_that_one_process_stores_are_found_by_another(pictures):
    one, other = pictures
    key, entry = new_ticket(), Entry.of(b"a picture" * 100)
    assert one.get(key) is None
    one.put(key, entry)
    assert one.get(key) == other.get(key) == entry
    one.put(key, Entry.of(b"another"))
    assert one.get(key) == Entry.of(b"another"), "equal keys have equal bytes, so others may keep the first"
    assert one.in_use
    assert one.bytes >= 0


def test_results_are_found_when_they_are_complete(results):
    one, other = results
    origin = Origin("kind", 1, ("model",), {"a": 1})
    part = one.begin(origin)
    writer = Writer(part, origin)
    writer.keep(numbers=np.arange(3))
    assert other.find(origin) is None
    with pytest.raises(NotFound):
        one.finish(one.begin(origin), origin)
    writer.file("note.txt").write_text("x")
    writer.done()
    one.finish(part, origin, "ann")
    found = other.find(origin)
    assert found.arrays()["numbers"].tolist() == [0, 1, 2]
    assert found.file("note.txt").read_text() == "x"
    assert other.is_maker(origin, "ann")
    assert not other.is_maker(origin, "bob")
    assert other.bytes > 0
    assert other.expire(3600) == 0
    again = other.begin(origin)
    second = Writer(again, origin)
    second.keep(numbers=np.arange(3))
    second.done()
    other.finish(again, origin, "bob")  # computed twice: harmless
    assert one.find(origin).arrays()["numbers"].tolist() == [0, 1, 2]
    one.drop(one.begin(origin))
    other.remove(origin)
    assert one.find(origin) is None
    assert other.expire(0) == 0


def test_quotas_are_counted_together(quotas):
    one, other = quotas
    name = new_ticket()
    assert one.wait(name, "ann", 2, 3600) == 0
    assert one.hit(name, "ann", 2, 3600) == 0
    assert other.hit(name, "ann", 2, 3600) == 0
    for each in quotas:
        assert 0 < each.wait(name, "ann", 2, 3600) <= 3600
        assert 0 < each.hit(name, "ann", 2, 3600) <= 3600
        assert each.wait(name, "bob", 2, 3600) == 0
        assert each.wait(f"{name}-x", "ann", 2, 3600) == 0
    assert one.hit(name, "bob", 2, 3600) == 0


def test_a_quota_has_room_again_after_its_window(quotas):
    one, other = quotas
    name = new_ticket()
    one.hit(name, "ann", 1, 1)
    wait_until(lambda: other.hit(name, "ann", 1, 1) == 0)


def test_records_keep_collections(records):
    one, other = (Collections(store, lambda: "ann") for store in records)
    made = one.make("Faces", (Draft("face", "/?face=1:1", "First", ""),))
    second = other.add(made.slug, Draft("face", "/?face=1:2", "Second", "a note"))
    picture = Picture("What it shows", b"\0\1webp")
    one.illustrate(made.slug, second.id, picture)
    other.illustrate(made.slug, second.id, picture)
    assert other.picture(made.slug, second.id) == picture
    assert [item.draft.title for item in one.read(made.slug).items] == ["First", "Second"]
    moved = other.move(made.slug, second.id, made.items[0].id)
    assert [item.draft.title for item in moved.items] == ["Second", "First"]
    edited = one.edit(made.slug, second.id, "Third", "", second.version)
    with pytest.raises(Conflict):
        other.edit(made.slug, second.id, "Fourth", "", second.version)
    assert (edited.draft.title, edited.changed_by) == ("Third", "ann")
    one.take_out(made.slug, second.id)
    assert other.put_back(made.slug, second.id).draft.title == "Third"
    renamed = other.rename(made.slug, "Other faces", made.version)
    with pytest.raises(Conflict):
        one.rename(made.slug, "No", made.version)
    one.remove(made.slug)
    with pytest.raises(NotFound):
        other.read(made.slug)
    assert other.restore(made.slug).name == renamed.name
    assert made.slug in [each.slug for each in one.listed()]
    another = other.make("Other faces")
    assert another.slug != made.slug


def test_records_of_a_change_that_fails_are_as_before(records):
    one, other = records
    library = Collections(one)
    made = library.make("Faces")

    def fail():
        with one.use() as base:
            base.execute("UPDATE collections SET name = ? WHERE slug = ?", ("Changed", made.slug))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert Collections(other).read(made.slug).name == "Faces"


def job(key="", visitor="ann", **given):
    return NewJob(key or new_ticket(), "small", visitor, **given)


def started(table, new, per_visitor=0, waiting=8):
    ticket = new_ticket()
    table.start(new, ticket, per_visitor, waiting)
    return ticket


def test_a_job_is_seen_by_all_from_its_start_to_its_end(tables):
    one, other = tables
    new = job(spec='{"a": 1}', expected=7.5, measured=True)
    ticket, second = new_ticket(), new_ticket()
    assert one.start(new, ticket, 0, 8) is True
    assert other.start(new, second, 0, 8) is False, "joined"
    queued = other.find(ticket)
    assert (queued.job.state, queued.cancelled, queued.job.new) == ("queued", False, new)
    assert one.counts() == {("small", "queued"): 1}
    assert other.has_work()
    claimed = other.claim("worker", 2)
    assert (claimed.state, claimed.new, claimed.epoch) == ("running", new, 1)
    assert not one.has_work()
    assert one.claim("worker", 2) is None
    assert other.renew(claimed, {"fraction": 0.5, "step": "Half", "stage": 1, "folder": "/somewhere"})
    seen = one.find(second).job
    assert (seen.state, seen.fraction, seen.step, seen.stage, seen.folder) == (
        ("running", 0.5, "Half", 1, "/somewhere")
    )
    assert seen.passed >= 0
    assert other.end(claimed, "done", folder="/result")
    ended = one.find(ticket).job
    assert (ended.state, ended.fraction, ended.folder, ended.stage) == ("done", 1.0, "/result", 1)
    assert not other.end(claimed, "failed", "twice")
    assert not one.renew(claimed, {})
    assert one.counts() == {}
    one.drop(ticket)
    assert other.find(ticket) is None
    assert other.find("unknown") is None
    assert one.start(new, new_ticket(), 0, 8) is True, "a new job of the same key"


def test_a_failure_says_why(tables):
    one, other = tables
    ticket = started(one, job())
    claimed = one.claim("worker", 2)
    one.end(claimed, "failed", "Expected more. Received: less.")
    found = other.find(ticket).job
    assert (found.state, found.error) == ("failed", "Expected more. Received: less.")


def test_a_stored_result_is_a_job_that_is_done(tables):
    one, other = tables
    ticket = new_ticket()
    one.add_done(job(), ticket, "/result", 3)
    found = other.find(ticket).job
    assert (found.state, found.fraction, found.folder, found.stage) == ("done", 1.0, "/result", 3)
    other.cancel(ticket)
    assert one.find(ticket).job.state == "done"


def test_a_job_ends_when_nobody_waits_for_it(tables):
    one, other = tables
    new = job()
    first, second, watching = started(one, new), started(other, new), new_ticket()
    assert other.watch(new.key, watching)
    assert not other.watch(new_ticket(), new_ticket())
    claimed = one.claim("worker", 2)
    other.cancel(first)
    assert one.find(first).cancelled
    assert one.find(second).job.state == "running"
    assert one.renew(claimed, {})
    one.cancel(watching)
    assert other.find(second).job.state == "running", "a watcher ends nothing"
    one.cancel(second)
    assert other.find(second).job.state == "cancelled"
    assert not one.renew(claimed, {"fraction": 0.9}), "the worker learns it"
    assert not one.end(claimed, "done", folder="/late")
    assert other.find(second).job.state == "cancelled"


def test_limits_hold_for_all_processes_together(tables):
    one, other = tables
    one.start(NewJob(new_ticket(), SLICE_JOB, "command"), new_ticket(), 0, 1000)  # a command's slices do not count
    started(one, job(visitor="ann"), per_visitor=2)
    joined = job(visitor="ann")
    started(other, joined, per_visitor=2)
    with pytest.raises(Busy, match="one visitor"):
        started(one, job(visitor="ann"), per_visitor=2)
    started(one, joined, per_visitor=2)  # joining is always possible
    started(other, job(visitor="bob"), per_visitor=2)
    with pytest.raises(Busy, match="waiting"):
        started(other, job(visitor="cid"), waiting=3)
    assert one.claim("first", 2) is not None
    assert other.claim("second", 2) is not None
    assert one.claim("third", 2) is None, "two may run"


def test_whoever_had_less_goes_first(tables):
    one, other = tables
    jobs = [job(visitor=visitor) for visitor in ("ann", "ann", "ann", "bob")]
    for new in jobs:
        started(one, new)
    order = []
    for table in (one, other, one, other):
        claimed = table.claim("worker", 9)
        order.append(jobs.index(claimed.new))
    assert order == [0, 3, 1, 2]


def test_a_job_whose_worker_died_is_taken_over_and_the_dead_one_cannot_write(short_leases):
    one, other = short_leases
    ticket = started(one, job())
    lost = one.claim("first", 2)
    one.renew(lost, {"fraction": 0.5, "folder": "/part"})
    wait_until(other.has_work)
    claims = []
    wait_until(lambda: claims.append(other.claim("second", 2)) or claims[-1])
    again = claims[-1]
    assert (again.id, again.epoch, again.fraction, again.folder) == (lost.id, lost.epoch + 1, 0.0, "")
    assert not one.renew(lost, {"fraction": 0.9})
    assert other.renew(again, {"fraction": 0.1, "step": ""})
    assert "Started again" in one.find(ticket).job.step, "what happened is said until there is a step"
    assert not one.end(lost, "failed", "too late")
    one.release(lost)
    assert other.find(ticket).job.state == "running"


def test_a_job_whose_workers_die_again_and_again_fails_with_a_sentence(short_leases):
    one, other = short_leases
    new = job()
    ticket = started(one, new)

    def ended():
        other.claim("worker", 2)
        return one.find(ticket).job.state == "failed"

    wait_until(ended)
    assert "start it again" in one.find(ticket).job.error
    assert one.start(new, new_ticket(), 0, 8) is True


def test_a_released_job_is_queued_again(tables):
    one, other = tables
    ticket = started(one, job())
    claimed = one.claim("first", 2)
    one.release(claimed)
    assert other.find(ticket).job.state == "queued"
    again = other.claim("second", 2)
    assert (again.id, again.epoch) == (claimed.id, 2)
