"""The kit consists of the files of the real one, without other files of the checkouts."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.head import UNWANTED_TARGETS

from training.assets.checkouts import Checkouts
from training.assets.selection import LICENCES, TARGET_COUNT, pieces
from training.errors import TrainingError


def test_the_files_are_those_of_the_real_kit(checkouts: Checkouts, makehuman_assets: Path) -> None:
    there = {path.relative_to(makehuman_assets).as_posix() for path in makehuman_assets.rglob("*") if path.is_file()}
    paths = {piece.path for piece in pieces(checkouts.makehuman)}
    left_out = paths - there  # move the trunk only; whether a file is empty shows once its lines are read
    assert left_out == {
        f"data/targets/macrodetails/universal-{sex}-{age}-averagemuscle-averageweight.target"
        for sex in ("male", "female")
        for age in ("young", "old")
    }
    kept = {name for name in there if name.startswith(("base/", "data/"))}
    assert kept <= paths
    assert set(LICENCES) <= there


def test_targets_of_the_body_of_babies_and_of_height_are_left_out(checkouts: Checkouts) -> None:
    for name in UNWANTED_TARGETS:
        assert (checkouts.makehuman / f"makehuman/data/targets/{name}.target").is_file()
    targets = [piece.path for piece in pieces(checkouts.makehuman) if piece.path.endswith(".target")]
    assert len(targets) == TARGET_COUNT + 4
    assert not {f"data/targets/{name}.target" for name in UNWANTED_TARGETS} & set(targets)


def test_every_path_is_there_once(checkouts: Checkouts) -> None:
    paths = [piece.path for piece in pieces(checkouts.makehuman)]
    assert len(paths) == len(set(paths))


def test_a_folder_that_is_no_checkout_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Is --makehuman the root"):
        pieces(tmp_path)
