from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import correlated_directions

from benchmarks import engines as module
from dashboard.synthesis.model_folder import Model
from dashboard.synthesis.open_engine import open_engine


def test_the_plain_graph_is_the_same_function(tiny_model: Model) -> None:
    latents = np.random.RandomState(1).randn(2, 512)
    plain = module.PlainEngine(tiny_model, "exact").run(latents)["image"]
    np.testing.assert_allclose(plain, open_engine(tiny_model, "openvino", "exact").run(latents)["image"], atol=1e-4)


def test_an_engine_that_makes_other_pictures_is_not_timed() -> None:
    one, other = FakeEngine(correlated_directions(64, 4)), FakeEngine(correlated_directions(64, 4, seed=1))
    latents = np.random.RandomState(1).randn(2, 64)
    assert module.check_pictures({"one": one, "same": one}, latents) == {"same": pytest.approx(206, abs=1)}
    with pytest.raises(RuntimeError, match="other"):
        module.check_pictures({"one": one, "other": other}, latents)


def test_engines_take_turns() -> None:
    turns: list[str] = []
    engines = {
        name: FakeEngine(correlated_directions(64, 4), before_run=lambda _, name=name: turns.append(name))
        for name in ("a", "b")
    }
    times = module.measure(engines, np.zeros((4, 64)), rounds=3)
    assert turns == ["a", "b"] * 4
    assert all(value > 0 for value in times.values())


def test_a_first_face_takes_time_and_memory_of_its_own(tiny_model: Model, tmp_path: Path) -> None:
    seconds, megabytes = module.first_face(tiny_model, "openvino", tmp_path / "compiled")
    assert seconds > 0.1
    assert 30 < megabytes < 400
    assert len(list((tmp_path / "compiled").glob("*.blob"))) == 1


def test_the_page_has_a_row_for_each_engine_and_start(
    tiny_model: Model, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[str] = []
    monkeypatch.setattr(module, "first_face", lambda _model, kind, _cache: starts.append(kind) or (1.234, 56.7))
    output = tmp_path / "docs" / "engines.md"
    module.main([str(tiny_model.path), "--rounds", "1", "--output", str(output)])
    page = output.read_text()
    assert page in capsys.readouterr().out
    rows = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| ")]
    assert rows == [
        "| engine",
        "| TensorFlow, float32",
        "| OpenVINO, plain graph, exact",
        "| OpenVINO, plain graph, fast",
        "| OpenVINO, fused, exact",
        "| OpenVINO, fused, fast",
        "| engine",
        "| OpenVINO, nothing cached",
        "| OpenVINO, compiled network on disk",
        "| TensorFlow",
    ]
    assert starts == ["openvino", "openvino", "tensorflow"]
    assert page.count("| 1.23 | 57 MB |") == 3
    assert f"tiny@{tiny_model.digest8}" in page
