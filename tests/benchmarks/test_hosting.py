"""Many visitors: reports of the load generator, and that a long steady load leaks nothing."""

import shutil

import pytest

from benchmarks.hosting import SOAK_REQUESTS, Soaked, soak
from benchmarks.load import Load, drags, press
from benchmarks.needs import GUIDE, MARKS, Rates, first_visit, needs, section
from benchmarks.pages import page_of
from benchmarks.served import fetch, served
from dashboard.serving.runtime import WEIGHTS
from dashboard.synthesis.installed_models import find_model
from dashboard.synthesis.model_folder import open_model


def test_a_503_without_retry_after_is_unexpected():
    load = Load({200: 10, 301: 1, 503: 5, 404: 2}, without=1, errors=3, rate=1.0, p50=1.0, p95=2.0)
    assert load.unexpected == 1 + 3 + 2


def test_growth_is_that_of_the_second_half():
    assert Soaked(10, (), (200.0, 204.0), (30, 30)).growth == pytest.approx(0.02)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("wrk") is None, reason="needs Debian's wrk")
def test_visitors_who_drag_get_faces_or_a_time_to_come_again(tiny_model):
    with served(tiny_model.path) as server:
        for seed in range(1, 6):
            fetch(f"{server.pictures}1:{seed}.webp")
        assert press(f"{server.url}/healthz", 4, 1).unexpected == 0
        load = drags(server.pictures, 20, 3, 5, tiny_model.names[0])
    assert load.statuses[200] > 10
    assert load.unexpected == 0


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_long_steady_load_leaves_nothing_behind():
    model = find_model("", (WEIGHTS,))
    with served(model) as server:
        found = soak(server, open_model(model).names[0])
    assert found.requests == SOAK_REQUESTS
    assert not found.failed
    assert abs(found.growth) < 0.05
    assert found.files[0] == found.files[1]


def test_needs_are_in_proportion_to_the_rates():
    drag = Load({200: 750, 503: 250}, without=0, errors=0, rate=200.0, p50=1.0, p95=2.0)
    rates = Rates(2, 100.0, 1000.0, drag, 15_000, 0.001, (600.0, 12, 4))
    assert rates.new_faces == pytest.approx(50.0)
    said = "\n".join(needs(rates))
    assert "167 faces/s, 2.5 MB/s" in said
    assert "17% of one core (1.00 ms of processor time per face)" in said
    assert "17 first visits/s, 10.0 MB/s" in said
    assert "67% of the 100 pages/s" in said
    assert "20% of the 1,000 cached faces/s" in said
    assert "50 per second on 2 cores next to everything else | 8 cores" in said


MEASURED = section(page_of("hosting").read_text(encoding="utf-8"))


@pytest.mark.skipif(not MEASURED, reason="the page is older: python -m benchmarks.hosting writes both")
def test_the_guide_says_what_was_measured_last():
    guide = GUIDE.read_text(encoding="utf-8").partition(MARKS[0])[2].partition(MARKS[1])[0]
    assert guide.strip() == MEASURED.strip()


def test_a_first_visit_is_read_from_its_page():
    kilobytes, requests, again = first_visit()
    assert 100 < kilobytes < 2000
    assert requests > again > 0
