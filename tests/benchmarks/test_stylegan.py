from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks import rival_stylegan
from benchmarks import stylegan as module
from benchmarks.rivals import Rival, open_ours
from benchmarks.stylegan_networks import Kind, config_of, write_random_stylegan
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine

DESIGNED = (".noise", "filter", ".w_avg", ".freqs", ".phases", ".transform", ".input_gain")
"""Variables that are not trained."""


@pytest.mark.parametrize(
    ("kind", "resolution", "parameters"),
    [
        ("config-f", 1024, 30_370_060),
        ("config-t", 1024, 22_313_167),
        ("config-t", 256, 28_472_133),
        ("config-r", 1024, 15_093_151),
        ("config-r", 512, 16_665_594),
    ],
)
def test_the_networks_have_the_published_sizes(kind: Kind, resolution: int, parameters: int) -> None:
    shapes = config_of(kind, resolution).variables()
    assert sum(math.prod(shape) for name, shape in shapes.items() if not name.endswith(DESIGNED)) == parameters


@pytest.mark.parametrize("kind", ["config-f", "config-t", "config-r"])
@pytest.mark.parametrize("own", [True, False])
def test_the_formulas_in_pytorch_make_our_picture(kind: Kind, own: bool, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    model = write_random_stylegan(tmp_path / "random", config_of(kind, 16, most=8))
    latents = np.random.RandomState(1).randn(2, model.config.latent_size).astype(np.float32)
    pictures = rival_stylegan.open_torch(model, 1, own)(latents)
    ours = open_engine(model, "openvino", "exact", 1).run(latents)["image"]
    np.testing.assert_allclose(pictures, ours, atol=1e-3 * max(1, np.sqrt(np.mean(ours**2))))


def test_the_page_has_a_section_for_each_network_and_holds_the_goals_of_stylegan2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = Rival("Absent", "f32", partial(open_ours), ("a_module_that_nobody_has",))
    entrants = [replace(module.style_rivals(True)[0], needs=()), absent, *module.style_rivals(True)[-2:]]
    measured: list[tuple[str, int]] = []

    def measure(
        entrants: Sequence[Rival], path: Path, rounds: int, _threads: int, _least: float
    ) -> tuple[dict[str, float], dict[str, float]]:
        measured.append((type(open_model(path).config).__name__, rounds))
        return {rival.label: 900 / (i + 1) for i, rival in enumerate(entrants)}, {rival.label: 50 for rival in entrants}

    monkeypatch.setattr(module, "numeric_class", lambda *_: "openvino-bf16")
    monkeypatch.setattr(module, "style_rivals", lambda bf16: entrants)
    monkeypatch.setattr(module, "config_of", partial(config_of, most=4))
    monkeypatch.setattr(module, "measure", measure)
    output = tmp_path / "docs" / "stylegan.md"
    module.main(["--resolution", "16", "--rounds", "6", "--output", str(output)])
    assert measured == [("StyleGAN2Config", 6), ("StyleGAN3Config", 2), ("StyleGAN3Config", 2)]
    page = output.read_text()
    assert page in capsys.readouterr().out
    first, style, *alias_free = page.split("\n## ")
    assert "one face of 16 px" in first
    assert style.startswith("StyleGAN2, config-f")
    assert "| Absent | f32 | not installed" in style
    assert "Ours, fast against PyTorch in float32: 3.00 times as fast. Goal with bf16: 4; not met" in style
    assert "Ours, exact against the best of the others in f32, PyTorch: 2.00 times as fast. Goal: 1; met" in style
    assert [section.split("\n")[0] for section in alias_free] == ["StyleGAN3, config-t", "StyleGAN3, config-r"]
    assert all("| Ours, fast | bf16 | 450 | 2.00x | 50 dB |" in section for section in alias_free)
    assert not any("Goal" in section for section in alias_free)


def test_without_the_reference_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Rival(module.FIRST, "f32", partial(open_ours), ("a_module_that_nobody_has",))
    monkeypatch.setattr(module, "style_rivals", lambda bf16: [absent])
    with pytest.raises(SystemExit, match="not installed"):
        module.report(16, 1)


def test_nothing_is_measured_in_bfloat16_where_the_processor_has_none() -> None:
    for rivals in (module.style_rivals, module.ours):
        assert {rival.numeric for rival in rivals(True)} == {"f32", "bf16"}
        assert {rival.numeric for rival in rivals(False)} == {"f32"}
        assert rivals(False)[0].label == rivals(True)[0].label
