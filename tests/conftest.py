"""Fixtures that every test may use."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from hypothesis import settings
from support.models import write_tiny_model
from support.servers import PostgresServer, RedisServer, postgres_server, redis_server

from dashboard.stores import postgres_database, redis_link
from dashboard.synthesis.model_folder import Model

# The same examples each time, without deadlines for slow machines. New ones: pytest --hypothesis-profile=default
settings.register_profile("likeness", deadline=None, derandomize=True)
settings.load_profile("likeness")

LONGEST = ("browser",)
"""Folders with the slowest files. They start first, so that processes end at about the same time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort slow files to the front; the sequence inside a file stays."""
    ranks = {item: next((k for k, name in enumerate(LONGEST) if name in item.path.parts), 9) for item in items}
    items.sort(key=ranks.__getitem__)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Return a small model folder named "tiny", with a scorer and a bank; tests that alter files write one of their
    own.
    """
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    """Run one Redis for the tests that do not stop it."""
    with redis_server() as server:
        yield server


@pytest.fixture
def redis_address(shared_redis: RedisServer, patient_servers: None) -> str:
    """Return the URL of an empty Redis."""
    shared_redis.empty()
    return shared_redis.address


@pytest.fixture
def patient_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have clients wait for servers on a busy machine, where users would go on without them."""
    monkeypatch.setattr(redis_link, "TIMEOUT", 60.0)
    monkeypatch.setattr(postgres_database, "CONNECT", 60.0)


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[PostgresServer]:
    """Run one PostgreSQL for the tests that do not stop it."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def database(shared_postgres: PostgresServer, patient_servers: None) -> str:
    """Return the URL of a new, empty database."""
    return shared_postgres.database(f"test-{uuid.uuid4().hex}")
