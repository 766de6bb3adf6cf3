"""The benchmarks of server and page measure what they say, on a small model."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.browser_model import write_browser_model

from benchmarks import page, service
from benchmarks.service import quantile
from dashboard.synthesis.model_folder import Model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return write_browser_model(tmp_path_factory.mktemp("measured") / "weights" / "small")


def test_quantile_is_the_nearest_rank() -> None:
    assert quantile([5.0, 1.0, 4.0, 2.0, 3.0], 0.5) == 3.0
    assert quantile(list(range(100)), 0.95) == 95
    assert quantile([7.0], 0.95) == 7.0


def test_the_server_is_measured_from_an_empty_start(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FACES", 4)
    report = service.report(model.path, starts=1)
    assert model.digest8 in report
    start = re.search(r"first face, caches empty \| ([\d.]+) s", report)
    assert start is not None
    assert float(start[1]) > 0.1
    memory = re.search(r"web process after 8 faces \| (\d+) MB", report)
    assert memory is not None
    assert 50 < int(memory[1]) < 2000


@pytest.mark.long
def test_the_page_is_measured_while_a_slider_is_dragged(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "SECONDS", 1.0)
    monkeypatch.setattr(page, "ROUNDS", 1)
    # A thread of its own: Playwright's sync API starts once a thread, and browser tests may have started it here.
    with ThreadPoolExecutor(1) as other:
        report = other.submit(page.report, model.path, 1).result()
    shown = re.search(r"new faces \((\d+)\) \| (\d+) ms", report)
    assert shown is not None
    assert int(shown[1]) > 1
    assert int(shown[2]) > 0
    assert re.search(r"release to the last frame \| \d+ ms", report)
    assert re.search(r"the Demo's step, in steps of the Generator \| \d+\.\d\d \|", report)
