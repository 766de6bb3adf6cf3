"""What the tests of all runners use: a model, and the small kind of jobs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.jobs import small_kind
from support.models import write_tiny_model

from dashboard.synthesis.model import Model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny", bank=0, scorer=False)


@pytest.fixture
def kind() -> Iterator[None]:
    with small_kind():
        yield
