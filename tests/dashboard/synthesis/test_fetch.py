import socket

import numpy as np
import pytest
from support.file_server import file_server

from dashboard.errors import FetchCancelled, FetchError
from dashboard.synthesis.catalogue import RemoteFile
from dashboard.synthesis.fetch import MAX_WAIT, RetryPolicy, Watch, fetch_file
from dashboard.synthesis.transfer import MAX_REDIRECTS, next_address

CONTENT = b"\x80" + np.random.RandomState(3).bytes(300_000)
QUICK = RetryPolicy(connect=60.0, read=60.0, tries=3, first_wait=1.0)
IMPATIENT = RetryPolicy(connect=60.0, read=1.0, tries=3, first_wait=1.0)
"""For servers that stop talking."""


class Follows(Watch):
    """Never sleeps; remembers everything."""

    def __init__(self, cancel_at=None):
        self.steps, self.waits, self.cancel_at = [], [], cancel_at

    def step(self, step):
        self.steps.append(step)

    def wait(self, seconds):
        self.waits.append(seconds)

    def cancelled(self):
        return self.cancel_at is not None and bool(self.steps) and self.steps[-1].done >= self.cancel_at


@pytest.fixture
def server():
    with file_server(CONTENT) as server:
        yield server


@pytest.fixture
def fetch(server, tmp_path):
    def fetch(*moods, watch=None, policy=QUICK):
        server.moods = list(moods)
        return fetch_file(server.file(), tmp_path, watch or Follows(), policy)

    return fetch


def only_the_file(folder):
    return [path.name for path in folder.iterdir()] == ["file.bin"]


def test_a_file_is_complete_and_progress_is_reported(fetch, tmp_path):
    watch = Follows()
    assert fetch(watch=watch).read_bytes() == CONTENT
    assert only_the_file(tmp_path)
    done = [step.done for step in watch.steps]
    assert done == sorted(done)
    assert len(done) > 3
    assert watch.steps[-1].done == watch.steps[-1].total == len(CONTENT)
    assert watch.waits == []


def test_what_is_there_is_not_fetched_again(fetch, server):
    fetch()
    fetch()
    assert server.asked == [None]


def test_a_broken_connection_is_resumed_where_it_ended(fetch, server):
    watch = Follows()
    assert fetch(("cut", 100_000), ("cut", 100_000), watch=watch).read_bytes() == CONTENT
    assert server.asked == [None, "bytes=100000-", "bytes=200000-"]
    assert watch.steps[-1].note == "resumed at 200 kB"
    assert watch.waits == [1, 1]  # each try brought something: waits do not grow


def test_what_came_before_an_error_serves_the_next_call(fetch, server, tmp_path):
    with pytest.raises(FetchError, match=r"100 kB are kept for the next try"):
        fetch(("cut", 100_000), ("status", 503), ("status", 503), ("status", 503))
    assert fetch().read_bytes() == CONTENT
    assert server.asked[-1] == "bytes=100000-"
    assert only_the_file(tmp_path)


@pytest.mark.parametrize("etag", ['"v2"', 'W/"v1"', None])
def test_another_version_is_never_joined_to_a_part(fetch, server, etag):
    with pytest.raises(FetchError):
        fetch(("cut", 100_000), *[("status", 503)] * 3)
    server.content = b"\x80" + CONTENT[:0:-1]
    server.etag = etag
    assert fetch().read_bytes() == server.content


@pytest.mark.parametrize("etag", ['W/"v1"', None])
def test_a_part_without_a_name_of_its_version_is_begun_anew(fetch, server, etag):
    server.etag = etag
    assert fetch(("cut", 100_000)).read_bytes() == CONTENT
    assert server.asked == [None, None]


def test_a_server_that_ignores_ranges_sends_all_again(fetch, server):
    assert fetch(("cut", 100_000), "no ranges").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=100000-"]


def test_another_part_than_the_asked_for_is_not_taken(fetch, server):
    assert fetch(("cut", 100_000), "wrong range").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=100000-", None]


def test_a_range_that_the_server_does_not_have_begins_anew(fetch, server):
    assert fetch(("cut", 100_000), ("status", 416)).read_bytes() == CONTENT
    assert server.asked[-1] is None


def test_a_server_that_always_cuts_at_the_same_byte_ends(fetch, server):
    server.etag = None
    with pytest.raises(FetchError, match="then the connection"):
        fetch(*[("cut", 100_000)] * 9)
    assert len(server.asked) == QUICK.tries


@pytest.mark.parametrize("spoiled", [CONTENT[:5000], CONTENT + b"more", b""])
def test_a_cut_off_or_wrong_file_under_the_name_is_repaired(fetch, tmp_path, spoiled):
    (tmp_path / "file.bin").write_bytes(spoiled)
    assert fetch().read_bytes() == CONTENT
    assert only_the_file(tmp_path)


@pytest.mark.parametrize("note", ["", "nonsense", "[]", '{"address": "https://elsewhere", "version": "x"}'])
def test_a_partial_file_without_a_note_is_started_again(fetch, server, tmp_path, note):
    (tmp_path / "file.bin.part").write_bytes(b"other bytes")
    (tmp_path / "file.bin.part.json").write_text(note)
    assert fetch().read_bytes() == CONTENT
    assert server.asked == [None]


@pytest.mark.parametrize(
    ("mood", "sentence"),
    [
        ("html", r"Expected file\.bin of 300,001 bytes\. Received: an HTML page of 14 kB\. Nothing was kept\. A proxy"),
        ("bare html", r"Received: an HTML page\. Nothing was kept\. A proxy"),
        (("short", 1000), r"Received: one of 1,000 bytes\. Nothing was kept\."),
        (("long", 7), r"Received: one of 300,008 bytes\. Nothing was kept\."),
        (("unannounced", 7), r"Received: more than that\. Nothing was kept\."),
        (("status", 404), r"Received: status 404\. Fetch the file elsewhere and import it\."),
        (("status", 403), r"Received: status 403\."),
        (("redirect", "ftp://elsewhere/file"), r"https address"),
        (("redirect", ""), r"https address"),
    ],
)
def test_a_wrong_file_is_refused_immediately_and_removed(fetch, server, tmp_path, mood, sentence):
    with pytest.raises(FetchError, match=sentence):
        fetch(mood)
    assert len(server.asked) == 1
    assert not any(path.stat().st_size for path in tmp_path.iterdir() if path.suffix != ".json")


def test_a_page_in_between_does_not_cost_what_has_come(fetch, server):
    with pytest.raises(FetchError, match=r"an HTML page of 14 kB\. 100 kB are kept"):
        fetch(("cut", 100_000), "html")
    assert fetch().read_bytes() == CONTENT
    assert server.asked[-1] == "bytes=100000-"


def test_it_is_tried_again_with_growing_waits(fetch):
    watch = Follows()
    assert fetch(("status", 503), ("status", 500), watch=watch).read_bytes() == CONTENT
    assert watch.waits == [1, 2]
    assert "status 503. Trying again in 1 s." in watch.steps[0].note


def test_tries_end(fetch, server):
    with pytest.raises(FetchError, match=r"status 502\. Nothing was kept\."):
        fetch(*[("status", 502)] * 9)
    assert len(server.asked) == QUICK.tries


@pytest.mark.parametrize("mood", ["silent", "stalls"])
def test_a_server_that_stops_talking_is_left(fetch, mood):
    assert fetch(mood, policy=IMPATIENT).read_bytes() == CONTENT


def test_redirects_are_followed_a_few_times(fetch, tmp_path):
    assert fetch(("redirect", "/elsewhere")).read_bytes() == CONTENT
    (tmp_path / "file.bin").unlink()
    with pytest.raises(FetchError, match="redirects"):
        fetch(*[("redirect", "/again")] * (MAX_REDIRECTS + 1))


def test_a_redirect_never_leads_out_of_https():
    assert next_address("https://a.example/x", "/y") == "https://a.example/y"
    assert next_address("https://a.example/x", "https://b.example/y") == "https://b.example/y"
    for location in ("http://a.example/y", "file:///etc/passwd", ""):
        with pytest.raises(FetchError):
            next_address("https://a.example/x", location)


def test_two_never_fetch_one_file_at_a_time(fetch, server, tmp_path):
    second = Follows()

    class First(Follows):
        def step(self, step):
            super().step(step)
            if len(self.steps) == 2:
                with pytest.raises(FetchError, match="another process fetches it"):
                    fetch_file(server.file(), tmp_path, second, QUICK)

    assert fetch(watch=First()).read_bytes() == CONTENT
    assert second.steps == []
    assert len(server.asked) == 1
    assert only_the_file(tmp_path)


@pytest.mark.parametrize("at", [0, 100_000])
def test_cancelling_keeps_what_has_come(fetch, server, at):
    with pytest.raises(FetchCancelled):
        fetch(watch=Follows(cancel_at=at + 1))
    asked = len(server.asked)
    assert fetch().read_bytes() == CONTENT
    assert server.asked[asked].startswith("bytes=")


def test_cancelling_ends_a_wait_for_the_next_try(fetch, server):
    watch = Follows()
    watch.cancelled = lambda: bool(watch.waits)
    with pytest.raises(FetchCancelled):
        fetch(*[("status", 503)] * 5, watch=watch)
    assert len(server.asked) == 1


def test_a_closed_network_is_reported_with_a_workaround(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    wanted = RemoteFile.model_construct(file="file.bin", bytes=10, address=f"http://127.0.0.1:{port}/file.bin")
    watch = Follows()
    sentence = r"Expected to reach 127\.0\.0\.1\. Received: the connection was refused\..*import it"
    with pytest.raises(FetchError, match=sentence):
        fetch_file(wanted, tmp_path, watch, QUICK)
    assert watch.waits == [1, 2]


def test_a_server_cannot_make_us_wait_for_ever(fetch, server, monkeypatch):
    watch = Follows()
    monkeypatch.setattr("dashboard.synthesis.fetch.retry_after", lambda _: 1e6)
    fetch(("status", 503), watch=watch)
    assert watch.waits == [MAX_WAIT]


@pytest.fixture
def fetch_unstated(server, tmp_path):
    """Fetch a file whose length the catalogue does not state."""

    def fetch(*moods, watch=None):
        server.moods = list(moods)
        file = server.file().model_copy(update={"bytes": None})
        return fetch_file(file, tmp_path, watch or Follows(), QUICK)

    return fetch


def test_a_length_that_was_not_published_is_the_servers(fetch_unstated, server, tmp_path):
    watch = Follows()
    assert fetch_unstated(watch=watch).read_bytes() == CONTENT
    assert {step.total for step in watch.steps} == {len(CONTENT)}
    assert only_the_file(tmp_path)
    fetch_unstated()
    assert len(server.asked) == 1


def test_such_a_file_is_resumed_too(fetch_unstated, server, tmp_path):
    with pytest.raises(FetchError):
        fetch_unstated(("cut", 100_000), ("status", 404))
    assert fetch_unstated().read_bytes() == CONTENT
    assert server.asked[-1] == "bytes=100000-"
    assert only_the_file(tmp_path)


def test_such_a_file_in_another_version_is_begun_anew(fetch_unstated, server):
    with pytest.raises(FetchError):
        fetch_unstated(("cut", 100_000), ("status", 404))
    server.content, server.etag = CONTENT[:200_000], '"v2"'
    assert fetch_unstated().read_bytes() == CONTENT[:200_000]


def test_a_file_of_no_stated_length_at_all_is_refused(fetch_unstated, tmp_path):
    with pytest.raises(FetchError, match="a length of no bytes"):
        fetch_unstated(("unannounced", 0))
    assert not (tmp_path / "file.bin").exists()
