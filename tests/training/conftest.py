"""Fixtures of the training tests: the procedural head, and the real assets if they exist."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.head import real_assets, write_head_kit


@pytest.fixture(scope="session")
def head_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the procedural head as an asset folder; read-only, tests that alter files write one of their own."""
    return write_head_kit(tmp_path_factory.mktemp("assets") / "head")


@pytest.fixture(scope="session")
def makehuman_assets() -> Path:
    """Return the real MakeHuman asset folder; without it a test fails in CI and is skipped elsewhere."""
    return real_assets()
