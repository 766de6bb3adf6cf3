"""Panoramas become one small array, and only those that are CC0."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from training.__main__ import main
from training.assets.surroundings import LICENCE, LICENCE_IN_KIT, ORDER, reduced_panoramas
from training.errors import TrainingError
from training.render.errors import KitError
from training.render.surroundings import NAME, read_surroundings


def test_panoramas_are_reduced_to_mean_luminance_one_and_suns_are_cut(panoramas: Path) -> None:
    reduced = reduced_panoramas(panoramas).astype(float)
    assert reduced.shape == (len(ORDER), 64, 128, 3)
    np.testing.assert_allclose((reduced @ [0.2126, 0.7152, 0.0722]).mean((1, 2)), 1, atol=2e-3)
    redness = (reduced[..., 0] / reduced[..., 2]).mean((1, 2))
    assert (np.diff(redness) > 0).all()
    assert reduced.max() < 60, "a sun of thirty thousand is left to the key lamp"
    assert np.unravel_index(reduced[0, ..., 1].argmax(), (64, 128))[0] == 15


def test_a_kit_that_was_built_before_gets_surroundings(panoramas: Path, head_kit: Path, tmp_path: Path) -> None:
    options = ["assets", "--kit", str(head_kit), "--surroundings", str(panoramas), "--out", str(tmp_path / "kit")]
    done = CliRunner().invoke(main, options)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "kit" / LICENCE_IN_KIT).read_text(encoding="utf-8").endswith("CC0.")
    assert len(read_surroundings(tmp_path / "kit").panoramas) == len(ORDER)
    assert (tmp_path / "kit/data/3dobjs/base.obj").read_bytes() == (head_kit / "data/3dobjs/base.obj").read_bytes()
    assert CliRunner().invoke(main, options).exit_code == 0, "and once more"


def test_says_what_is_wrong_before_anything_is_made(panoramas: Path, head_kit: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(panoramas, tmp_path / "panoramas"))
    (folder / LICENCE).write_text("All rights reserved.", encoding="utf-8")
    options = ["assets", "--kit", str(head_kit), "--surroundings", str(folder), "--out", str(tmp_path / "kit")]
    assert "CC0" in CliRunner().invoke(main, options).output
    assert not (tmp_path / "kit").exists()
    (folder / "city.exr").write_bytes(b"none")
    with pytest.raises(TrainingError, match=r"city\.exr"):
        reduced_panoramas(folder)
    (folder / "city.exr").unlink()
    with pytest.raises(TrainingError, match="blender-data"):
        reduced_panoramas(folder)
    assert "--kit" in CliRunner().invoke(main, ["assets", "--surroundings", str(panoramas), "--out", "x"]).output


def test_surroundings_of_another_make_are_refused(tmp_path: Path) -> None:
    assert read_surroundings(tmp_path).panoramas.shape == (1, 64, 128, 3)
    np.save(tmp_path / NAME, np.zeros((2, 4, 8, 3), np.float16))
    with pytest.raises(KitError, match="float16"):
        read_surroundings(tmp_path)
    (tmp_path / NAME).write_bytes(b"spoilt")
    with pytest.raises(KitError, match="panoramas"):
        read_surroundings(tmp_path)
