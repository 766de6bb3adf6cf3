"""`--workers celery`: workers compute slices, and the result has the bytes of the plain command."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.models import write_tiny_model

from dashboard.cli import main
from dashboard.commands import spread
from dashboard.errors import InputError
from dashboard.jobs.cluster_worker import ClusterWorker
from dashboard.jobs.durations import Durations
from dashboard.jobs.registry import kind_of
from dashboard.serving.shared_stores import open_stores
from dashboard.settings import Settings, load_settings
from dashboard.stores.ports import SLICE_JOB


@pytest.fixture
def settings(tmp_path: Path, redis_address: str, database: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of a command on several hosts, whose slices are small."""
    write_tiny_model(tmp_path / "tiny")
    given = {
        "HOME": tmp_path / "home",
        "CACHE": tmp_path / "cache",
        "MODEL": tmp_path / "tiny",
        "THREADS": 1,
        "REDIS": redis_address,
        "DATABASE": database,
        "JOBS": "celery",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"LIKENESS_{name}", str(value))
    monkeypatch.setattr(spread, "rows_of_slice", lambda kind, resolution: 128)
    return load_settings()


def ran(*words: object, status: int = 0) -> str:
    """Return the output of a command."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.output


def test_workers_compute_what_the_plain_command_computes(settings: Settings, tmp_path: Path) -> None:
    stores = open_stores(settings, settings.home)
    assert stores.jobs is not None
    worker = ClusterWorker(stores.jobs, stores.results, Durations(None), lambda _: False)
    sweeping = threading.Thread(target=worker.sweep)
    sweeping.start()
    try:
        asked = ("faces", "--model", tmp_path / "tiny", "--seeds", "0-299", "--npy")
        said = ran(*asked, tmp_path / "spread.npy", "--workers", "celery")
        assert "300 faces of tiny are in" in said
    finally:
        worker.close()
        sweeping.join(60)
        stores.results.close()
        for close in stores.closers:
            close()
    ran(*asked, tmp_path / "plain.npy")
    assert (tmp_path / "spread.npy").read_bytes() == (tmp_path / "plain.npy").read_bytes()
    assert not (tmp_path / "spread.npy.slices").exists()


def test_without_workers_the_command_says_what_it_needs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_JOBS", "here")
    asked = ("faces", "--seeds", "0-9", "--npy", settings.home / "x.npy", "--workers", "celery")
    assert "LIKENESS_JOBS=celery" in ran(*asked, status=2)
    assert "Leave one out" in ran(*asked, "--slice", "1/2", status=2)


def test_no_visitor_can_start_a_slice() -> None:
    with pytest.raises(InputError, match="Expected a kind of job"):
        kind_of(SLICE_JOB)


def test_a_slice_is_some_seconds_of_work_in_whole_blocks() -> None:
    assert [spread.rows_of_slice("faces", pixels) for pixels in (64, 128, 256, 512, 1024)] == [4096, 1024, 256, 64, 64]
    assert spread.rows_of_slice("bank", 128) == 1024
    assert spread.rows_of_slice("rescore", 128) == 64
