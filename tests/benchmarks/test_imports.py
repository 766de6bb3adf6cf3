from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.models import tiny_config

from benchmarks import imports as module
from dashboard.synthesis.official.network import read_network


@pytest.mark.parametrize("networks", [1, 3])
def test_the_measured_file_is_an_official_one(networks: int, tmp_path: Path) -> None:
    config = tiny_config(resolution=8, latent_size=16, fmap_base=32, fmap_max=8, fused_scale=False)
    length = module.write_file(tmp_path / "network.pkl", config, networks)
    read = read_network(tmp_path / "network.pkl")
    assert (read.config, read.provenance["bytes"]) == (config, length)
    assert "tfutil" not in sys.modules


def test_an_import_takes_time_and_memory_and_the_page_has_a_row_for_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.import_once
    taken: list[tuple[float, float]] = []

    def once(path: Path, home: Path) -> tuple[float, float]:
        taken.append(real(path, home))
        assert (home / "models" / "measured" / "model.json").is_file()
        return taken[-1]

    monkeypatch.setattr(module, "import_once", once)
    output = tmp_path / "docs" / "imports.md"
    module.main(["--resolution", "4", "--rounds", "1", "--output", str(output)])
    page = output.read_text()
    assert page in capsys.readouterr().out
    assert [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| ")][1:] == [
        "| one network (condensed)",
        "| G, D, Gs (whole)",
    ]
    assert len(taken) == 2
    assert all(seconds > 0.05 and 20 < megabytes < 600 for seconds, megabytes in taken)
