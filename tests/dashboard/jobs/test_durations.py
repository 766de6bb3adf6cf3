from pathlib import Path

import pytest
from support.models import write_tiny_model

from dashboard.entanglement.angles import KIND as ANGLES
from dashboard.jobs.durations import BEGIN, NAME, Durations
from dashboard.jobs.registry import KINDS
from dashboard.spaces.computed_results import ACTIVATIONS

PARAMS = {
    "rescoring": [{"bases": 20}, {"bases": 500}],
    "export": [
        {"form": "png", "what": "faces", "faces": "1:4!1:5"},
        {"form": "mp4", "what": "faces", "faces": "1:4!1:5", "seconds": 4},
    ],
    ANGLES: [{"resamples": 20}, {"resamples": 100}],
    ACTIVATIONS: [{"block": "block4"}],
    "disentanglement": [{"pairs": 20}, {"pairs": 200}],
    "umap": [{"space": "scores", "faces": 200}, {"space": "scores", "faces": 300}],
    "tsne": [{"space": "scores", "faces": 200}, {"space": "scores", "faces": 300}],
}
"""Parameters of each kind, in increasing duration."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny", bank=2100)


def test_what_is_learnt_is_remembered_by_the_machine(tmp_path: Path) -> None:
    durations = Durations(tmp_path)
    assert durations.expect("umap m", 10.0) == durations.expect("umap other", 10.0)
    assert not durations.expect("umap m", 10.0).measured
    durations.learn("umap m", 10.0, BEGIN + 30.0)
    for again in (durations, Durations(tmp_path)):
        assert again.expect("umap m", 20.0).seconds == pytest.approx(BEGIN + 60.0)
        assert again.expect("umap m", 20.0).measured
        assert not again.expect("umap other", 20.0).measured
    durations.learn("umap m", 10.0, BEGIN + 7.5)
    assert durations.expect("umap m", 10.0).seconds == pytest.approx(BEGIN + 15.0), "the newest counts half"


def test_another_machine_with_the_same_home_learns_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Durations(tmp_path).learn("umap m", 10.0, 30.0)
    monkeypatch.setattr("dashboard.jobs.durations.machine", lambda: "another x64")
    assert not Durations(tmp_path).expect("umap m", 10.0).measured


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": "b", "c": -1, "d": NaN}', b"\xff"])
def test_a_file_that_holds_something_else_is_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    durations = Durations(tmp_path)
    durations.learn("umap m", 10.0, 30.0)
    assert Durations(tmp_path).expect("umap m", 10.0).measured


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_how_long_its_work_takes(kind: str, model) -> None:
    found = KINDS[kind]
    times = [found.reference(found.canonical(params, model), model) for params in PARAMS[kind]]
    assert all(0 < seconds < 3600 for seconds in times)
    assert times[:2] == sorted(times[:2])
    assert set(found.alike) <= set().union(*(found.canonical(p, model) for p in PARAMS[kind]), {"by"})


def test_what_one_process_learns_another_knows(tmp_path):
    one, other = Durations(tmp_path), Durations(tmp_path)
    one.learn("umap", 10, 21.5)
    assert other.expect("umap", 10) == one.expect("umap", 10)
    assert other.expect("umap", 10).measured
    other.learn("tsne", 10, 11.5)
    assert one.expect("umap", 10).measured
    assert one.expect("tsne", 10).measured
