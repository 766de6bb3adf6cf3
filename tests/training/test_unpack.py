"""Packed files are restored to the folders that publish reads, and nothing else is written."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from dashboard.synthesis.model import Bank
from training.bank import Banked, atlas
from training.errors import TrainingError
from training.evaluate import pack
from training.unpack import unpack


def test_a_bank_goes_there_and_back(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    scores = random.standard_normal((5, 3)).astype(np.float32)
    thumbnails = atlas(random.integers(0, 256, (60, 128, 128, 3), np.uint8))
    banked = Banked("abc", Bank(7, scores, random.random((5, 64)), ("A", "B", "C"), scores + 1), thumbnails)
    banked.write(tmp_path / "there" / "bank")
    (tmp_path / "there" / "fit").mkdir()
    (tmp_path / "there" / "fit" / "fit.json").write_text("{}")
    (tmp_path / "there" / "fit" / "parts.txt").write_text("stays")
    assert [path.name for path in pack(tmp_path / "there", tmp_path / "home")] == ["evaluated.tar", "bank.tar"]
    files = unpack(tmp_path / "home", tmp_path / "here")
    assert files == ["fit/fit.json", "bank/atlas.webp", "bank/bank.json", "bank/bank.safetensors"]
    again = Banked.read(tmp_path / "here" / "bank")
    assert (again.made_of, again.atlas, again.bank.attributes) == ("abc", thumbnails, ("A", "B", "C"))
    np.testing.assert_array_equal(again.bank.scores, scores)
    np.testing.assert_array_equal(again.bank.judge_scores, scores + 1)


@pytest.mark.parametrize("name", ["../fit/fit.json", "/fit/fit.json", "fit/../../x", "other/x", "fit", "fit/a/b"])
def test_an_archive_writes_nowhere_else(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for archive in ("evaluated", "bank"):
        with tarfile.open(home / f"{archive}.tar", "w") as tar:
            entry = tarfile.TarInfo(name)
            entry.size = 1
            tar.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(TrainingError, match="to hold files of fit, measured, bank"):
        unpack(home, tmp_path / "here")
    assert not (tmp_path / "here").exists() or not list((tmp_path / "here").rglob("*"))
    (home / "evaluated.tar").unlink()
    with pytest.raises(TrainingError, match="Run the evaluate step"):
        unpack(home, tmp_path / "here")
