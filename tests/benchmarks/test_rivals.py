from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from support.reference_generator import reference_generator

from benchmarks import rival_networks
from benchmarks import rivals as module
from dashboard.synthesis.config import GeneratorConfig

CONFIG = GeneratorConfig(16, latent_size=32, fmap_base=128, fmap_max=16, fused_scale=False)


def test_the_network_as_originally_written_makes_the_originals_picture(tmp_path: Path) -> None:
    model = module.write_random_model(tmp_path / "random", CONFIG)
    latents = np.random.RandomState(1).randn(2, 32).astype(np.float32)
    pictures = rival_networks.open_tensorflow(model, threads=None)(latents)
    np.testing.assert_allclose(
        pictures, reference_generator(CONFIG, model.variables(), latents)["image"], rtol=0, atol=2e-4
    )


def test_another_network_is_refused() -> None:
    with pytest.raises(ValueError, match="not fused"):
        list(rival_networks.plain_layers(GeneratorConfig(16), {}))


def test_each_takes_turns_in_its_own_process_and_missing_packages_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entrants = [
        module.Rival(module.FIRST, "f32", partial(module.open_plain, precision="exact")),
        module.Rival("Absent", "f32", partial(module.open_torch), ("a_module_that_nobody_has",)),
        *module.rivals(bf16=False)[-2:],
    ]
    monkeypatch.setattr(module, "rivals", lambda bf16: entrants)
    output = tmp_path / "docs" / "rivals.md"
    module.main(["--resolution", "4", "--rounds", "1", "--output", str(output)])
    page = output.read_text()
    assert page in capsys.readouterr().out
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")][1:]
    assert [row[0] for row in rows] == ["| " + rival.label for rival in entrants]
    assert [row[2] == "not installed" for row in rows] == [False, True, False, False]
    assert all(float(row[2]) >= 0 for row in rows if row[2] != "not installed")
    assert "Ours, exact against the best of the others in f32, " in page


def test_the_goals_are_held_against_the_best_of_the_same_class() -> None:
    times = {rival.label: 100.0 for rival in module.rivals(bf16=True)}
    times |= {module.FIRST: 900.0, "ONNX Runtime": 80.0, "Ours, exact": 79.0, "Ours, fast": 50.0}
    first, exact, fast = module.verdicts(module.rivals(bf16=True), times)
    assert "Ours, fast" in first
    assert "18.00 times as fast. Goal with bf16: 5; met" in first
    assert "ONNX Runtime: 1.01 times as fast. Goal: 1.3; not met" in exact
    assert "2.00 times as fast. Goal: 1.3; met" in fast
    assert "Goal without bf16: 2.5; met" in module.verdicts(module.rivals(bf16=False), times)[0]


def test_one_that_makes_another_picture_is_not_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entrants = [rival for rival in module.rivals(bf16=False) if rival.ours]
    model = module.write_random_model(tmp_path / "random", CONFIG)
    # Even the same picture is not close enough for an impossible tolerance.
    monkeypatch.setattr(module, "MIN_PSNR", 1e9)
    with pytest.raises(RuntimeError, match="Ours, exact"):
        module.measure(entrants, model.path, rounds=1, threads=1)
