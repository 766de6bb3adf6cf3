"""Fixtures of the renderer's tests: a small procedural kit, its renderer, and the real kit if it exists."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from training.render.kit import Kit, load_kit
from training.render.renderer import Renderer

KEPT = {"hair": ("long01", "short02"), "eyebrows": ("eyebrow001",), "eyelashes": ("eyelashes01",)}


@pytest.fixture(scope="session")
def small_assets(head_kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the procedural head with two hair styles, one pair of brows, one of lashes; read-only."""
    folder = tmp_path_factory.mktemp("small") / "kit"
    shutil.copytree(head_kit, folder)
    for kind, names in KEPT.items():
        for part in (folder / "base" / kind).iterdir():
            if part.is_dir() and part.name not in names:
                shutil.rmtree(part)
    return folder


@pytest.fixture(scope="session")
def small_kit(small_assets: Path) -> Kit:
    return load_kit(small_assets)


@pytest.fixture(scope="session")
def small_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the small kit's ambient occlusion; tests that start renderers copy it to save
    seconds.
    """
    return tmp_path_factory.mktemp("cache") / "cache"


@pytest.fixture(scope="session", autouse=True)
def alone() -> None:
    """Fail with a message where Mesa's LLVM and TensorFlow's would crash in one process."""
    if "tensorflow" in sys.modules:
        pytest.exit("Expected the renderer's tests to run by themselves: pytest tests/training/render", returncode=4)


@pytest.fixture(scope="session")
def renderer(small_kit: Kit, small_cache: Path) -> Renderer:
    return Renderer(small_kit, 256, small_cache)


@pytest.fixture(scope="session")
def real_kit(makehuman_assets: Path) -> Kit:
    """Return MakeHuman's own head, with two hair styles: ambient occlusion of all takes seconds."""
    kit = load_kit(makehuman_assets)
    parts = {name: part for name, part in kit.parts.items() if name not in kit.hair or name in KEPT["hair"]}
    return replace(kit, hair=KEPT["hair"], parts=parts)


@pytest.fixture(scope="session")
def real_renderer(real_kit: Kit) -> Renderer:
    return Renderer(real_kit, 256)
