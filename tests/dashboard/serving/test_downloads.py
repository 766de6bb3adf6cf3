import threading
import time

import pytest

from dashboard.errors import FetchCancelled, FetchError, NotFound
from dashboard.serving.downloads import Fetches
from dashboard.synthesis.catalogue import Catalogue, CatalogueModel, RemoteFile
from dashboard.synthesis.fetch import Step

NETWORK = RemoteFile(file="one.pkl", bytes=1000, address="https://files.example/one.pkl")
ENTRY = CatalogueModel.model_construct(about="A model.", resolution=64, licence="A", network=NETWORK, directions=None)
CATALOGUE = Catalogue.model_construct(licences={}, models={"one": ENTRY, "two": ENTRY})
PATIENCE = 60


class Fake:
    """A fetch that continues when the test says so."""

    def __init__(self, ends=None):
        self.ends, self.named = ends, []
        self.begun, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self, name, catalogue, models, downloads, watch):
        self.named.append(name)
        watch.step(Step(100, 1000, "resumed at 100 bytes"))
        watch.step(Step(400, 1000))
        self.begun.release()
        assert self.go_on.acquire(timeout=PATIENCE)
        if watch.cancelled():
            raise FetchCancelled("Cancelled.")
        if self.ends is not None:
            raise self.ends
        watch.importing()
        return models / name


@pytest.fixture
def fetches(tmp_path):
    def make(fake):
        return Fetches(tmp_path / "models", tmp_path / "downloads", fake)

    return make


def until(condition):
    """Wait until something holds that another thread brings about."""
    clock = threading.Event()
    for _ in range(PATIENCE * 100):
        if condition():
            return
        clock.wait(0.01)
    raise AssertionError("it never came")


def test_a_fetch_tells_where_it_stands(fetches, monkeypatch):
    fake, since = Fake(), time.monotonic()
    running = fetches(fake)
    assert running.state("one") is None
    running.start("one", CATALOGUE)
    running.start("one", CATALOGUE)  # runs already
    assert fake.begun.acquire(timeout=PATIENCE)
    state = running.state("one")
    assert (state.phase, state.done, state.total, state.running) == ("fetching", 400, 1000, True)
    assert state.note == "resumed at 100 bytes"
    assert state.pace == ""
    monkeypatch.setattr("dashboard.serving.downloads.time.monotonic", lambda: since + 60)
    assert "left" in running.state("one").pace
    fake.go_on.release()
    until(lambda: running.state("one").phase == "done")
    assert fake.named == ["one"]
    running.forget("one")
    assert running.states() == {}


def test_one_at_a_time_and_a_waiting_one_can_be_cancelled(fetches):
    fake = Fake()
    running = fetches(fake)
    running.start("one", CATALOGUE)
    assert fake.begun.acquire(timeout=PATIENCE)
    running.start("two", CATALOGUE)
    assert running.state("two").phase == "waiting"
    running.cancel("two")
    assert running.state("two").phase == "cancelled"
    fake.go_on.release()
    until(lambda: running.state("one").phase == "done")
    assert fake.named == ["one"]


def test_cancelling_shows_immediately_and_a_new_start_waits_for_the_old_thread(fetches):
    fake = Fake()
    running = fetches(fake)
    running.start("one", CATALOGUE)
    assert fake.begun.acquire(timeout=PATIENCE)
    running.forget("one")  # not while it runs
    running.cancel("one")
    assert running.state("one").phase == "cancelled"
    running.start("one", CATALOGUE)
    assert running.state("one").phase == "waiting"
    assert fake.named == ["one"]
    fake.go_on.release()
    assert fake.begun.acquire(timeout=PATIENCE)
    fake.go_on.release()
    until(lambda: running.state("one").phase == "done")
    assert fake.named == ["one", "one"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FetchError("Expected the file. Received: none."), "Expected the file. Received: none."),
        (OSError(28, "No space left on device"), "Received: No space left on device."),
        (KeyError("a bug"), "Received: KeyError. See the log."),
    ],
)
def test_a_fetch_that_fails_says_why_and_can_be_tried_again(fetches, error, sentence):
    fake = Fake(error)
    running = fetches(fake)
    running.start("one", CATALOGUE)
    fake.go_on.release()
    until(lambda: running.state("one").phase == "failed")
    assert running.state("one").error.endswith(sentence)
    fake.ends = None
    running.start("one", CATALOGUE)
    fake.go_on.release()
    until(lambda: running.state("one").phase == "done")


def test_only_what_the_catalogue_has_is_fetched(fetches):
    with pytest.raises(NotFound):
        fetches(Fake()).start("three", CATALOGUE)
