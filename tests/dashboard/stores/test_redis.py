"""Redis for pictures and quotas: useful, never needed. Everything goes on while it is away, and it is used again."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from support.ports import free_port
from support.servers import redis_server

from dashboard.stores import redis_link
from dashboard.stores.picture_cache import Cache, Entry
from dashboard.stores.redis_link import PAUSE, PREFIX, RedisLink
from dashboard.stores.redis_pictures import RedisPictures
from dashboard.stores.redis_quotas import RedisQuotas

PICTURE = Entry.of(b"a picture" * 20)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_restart_is_noticed_and_logged_once_each_way(patient_servers: None, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    with redis_server() as server:
        link = RedisLink(server.address, clock)
        pictures, quotas = RedisPictures(Cache(None, 0), link), RedisQuotas(link)
        pictures.put("key", PICTURE)
        assert pictures.get("key") == PICTURE
        assert quotas.hit("jobs", "ann", 1, 3600) == 0
        assert link.problem == ""
        server.kill()
        with caplog.at_level(logging.WARNING):
            assert pictures.get("key") is None
            pictures.put("other", PICTURE)
        assert "Pages and pictures go on" in link.problem
        assert [quotas.hit("jobs", "ann", 1, 3600) > 0 for _ in range(2)] == [False, True], "counted here meanwhile"
        server.start_again()
        assert pictures.get("key") is None, "no try before the pause is over"
        clock.now += PAUSE
        with caplog.at_level(logging.WARNING):
            pictures.put("key", PICTURE)
            assert pictures.get("key") == PICTURE
        assert quotas.hit("jobs", "ann", 1, 3600) == 0
        assert link.problem == ""
        link.close()
    noted = [record.message for record in caplog.records if record.name == redis_link.__name__]
    assert ["does not answer" in message for message in noted] == [True, False]


def test_a_picture_that_was_altered_there_is_computed_again(tmp_path: Path, redis_address: str) -> None:
    link = RedisLink(redis_address)
    pictures = RedisPictures(Cache(tmp_path / "local", 10), link)
    for altered in (b"", b"short", b"x" * 16 + PICTURE.payload):
        link.client.set(f"{PREFIX}key", altered)
        assert pictures.get("key") is None
    pictures.close()
    link.close()


def test_a_picture_of_another_host_is_then_on_the_own_disk(tmp_path: Path, redis_address: str) -> None:
    link = RedisLink(redis_address)
    local = Cache(tmp_path / "local", 10)
    RedisPictures(Cache(None, 0), link).put("key", PICTURE)
    assert RedisPictures(local, link).get("key") == PICTURE
    assert local.get("key") == PICTURE
    local.close()
    link.close()


def test_the_location_has_no_password() -> None:
    link = RedisLink(f"redis://:hidden@127.0.0.1:{free_port()}/0")
    assert "hidden" not in link.location + link.problem
    assert link.problem.startswith("Expected an answer of Redis at 127.0.0.1:")
