"""Downloads of two processes: what one runs, the other shows and cancels."""

import threading

import pytest
from support.ages import make_old
from support.jobs import wait_until

from dashboard.errors import FetchCancelled
from dashboard.serving.shared_downloads import SILENT, SharedFetches
from dashboard.synthesis.catalogue import Catalogue, CatalogueModel, RemoteFile
from dashboard.synthesis.fetch import Step

NETWORK = RemoteFile(file="one.pkl", bytes=1000, address="https://files.example/one.pkl")
ENTRY = CatalogueModel.model_construct(about="A model.", resolution=64, licence="A", network=NETWORK, directions=None)
CATALOGUE = Catalogue.model_construct(licences={}, models={"one": ENTRY, "two": ENTRY})


@pytest.fixture
def go_on():
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def two(tmp_path, go_on):
    def fetch(name, catalogue, models, downloads, watch):
        watch.step(Step(400, 1000))
        while not go_on.wait(0.02):
            if watch.cancelled():
                raise FetchCancelled("Cancelled.")
        return models / name

    return [SharedFetches(tmp_path / "models", tmp_path / "downloads", fetch) for _ in range(2)]


def phase(fetches, name="one"):
    state = fetches.state(name)
    return state and state.phase


def test_a_download_is_shown_by_all_and_started_once(two, go_on):
    one, other = two
    assert other.state("one") is None
    one.start("one", CATALOGUE)
    wait_until(lambda: phase(other) == "fetching")
    assert (other.state("one").done, other.states()["one"].running) == (400, True)
    other.start("one", CATALOGUE)
    assert not other._jobs, "it is running already"
    go_on.set()
    wait_until(lambda: phase(other) == "done")
    other.forget("one")
    assert other.state("one") is None


def test_a_download_is_cancelled_by_any(two):
    one, other = two
    one.start("one", CATALOGUE)
    wait_until(lambda: phase(other) == "fetching")
    other.cancel("one")
    wait_until(lambda: phase(other) == "cancelled" and phase(one) == "cancelled")
    other.start("one", CATALOGUE)
    wait_until(lambda: phase(one) == "fetching")
    other.cancel("one")
    assert phase(one) == "cancelled"


def test_a_download_whose_process_died_says_so_and_can_be_started_again(two, tmp_path):
    one, other = two
    one.start("one", CATALOGUE)
    wait_until(lambda: phase(other) == "fetching")
    one._cancel_file("one").touch()
    wait_until(lambda: phase(other) == "cancelled")
    (report,) = (tmp_path / "downloads").glob("state-*.json")
    report.write_text(report.read_text().replace("cancelled", "fetching"))
    make_old(report, SILENT + 9)
    state = other.state("one")
    assert (state.phase, state.running) == ("failed", False)
    assert "Start it again" in state.error
    other.start("one", CATALOGUE)
    wait_until(lambda: phase(one) == "fetching")


@pytest.mark.parametrize("name", ["../one", "", "x" * 5000])
def test_a_name_from_outside_is_no_path(two, name):
    assert two[0].state(name) is None
    two[0].cancel(name)
