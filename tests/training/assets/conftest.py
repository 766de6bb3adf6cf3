"""Checkouts made from the procedural head, and an asset folder built from them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.head import write_checkouts
from support.panoramas import write_panoramas

from training.__main__ import main
from training.assets import build
from training.assets.checkouts import Checkouts
from training.assets.textures import convert


@pytest.fixture(scope="session")
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> Checkouts:
    """Return checkouts of both repositories with the whole body; read-only."""
    folder = tmp_path_factory.mktemp("checkouts")
    write_checkouts(folder / "makehuman", folder / "makehuman-assets")
    return Checkouts(folder / "makehuman", folder / "makehuman-assets")


@pytest.fixture
def altered(checkouts: Checkouts, tmp_path: Path) -> Callable[[str, bytes | None], Checkouts]:
    """Return a function that copies checkouts with one file, "makehuman/..." or "makehuman-assets/...", replaced or
    deleted.
    """

    def alter(name: str, data: bytes | None) -> Checkouts:
        copies = Checkouts(tmp_path / "makehuman", tmp_path / "makehuman-assets")
        if not copies.makehuman.exists():
            shutil.copytree(checkouts.makehuman, copies.makehuman, copy_function=os.link)
            shutil.copytree(checkouts.assets, copies.assets, copy_function=os.link)
        (tmp_path / name).unlink(missing_ok=True)  # a link: the original stays as it is
        if data is not None:
            (tmp_path / name).write_bytes(data)
        return copies

    return alter


@pytest.fixture(scope="session")
def panoramas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write panoramas in the form of blender-data: each of one colour, a sun in the middle."""
    return write_panoramas(tmp_path_factory.mktemp("panoramas"))


@pytest.fixture(scope="session")
def built(checkouts: Checkouts, panoramas: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an asset folder that the command built from the checkouts; equal files are converted once."""
    out = tmp_path_factory.mktemp("built") / "kit"
    options = ["--makehuman", checkouts.makehuman, "--makehuman-assets", checkouts.assets, "--out", out]
    options += ["--surroundings", panoramas]
    converted: dict[tuple[bytes, int], bytes] = {}

    def convert_once(path: Path, side: int) -> bytes:
        key = (path.read_bytes(), side)
        if key not in converted:
            converted[key] = convert(path, side)
        return converted[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "convert", convert_once)
        result = CliRunner().invoke(main, ["assets", *map(str, options)])
    assert result.exit_code == 0, result.output
    assert "Note" not in result.output
    return out
