"""A dashboard with Redis and PostgreSQL: two hosts see one library, and one goes on when the servers are away."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import redis
from support.application import runtime_of, tiny_app
from support.ports import free_port

from dashboard.faces.routes import face_address
from dashboard.stores.redis_link import PREFIX


def test_two_hosts_share_collections_and_pictures(tmp_path: Path, redis_address: str, database: str) -> None:
    servers = {"redis": redis_address, "database": database}
    one = tiny_app(tmp_path, cache=tmp_path / "cache-1", **servers)
    other = tiny_app(tmp_path, model=str(tmp_path / "tiny"), cache=tmp_path / "cache-2", **servers)
    assert one.server.test_client().post("/collections", json={"name": "Talk"}).status_code == 200
    listed = other.server.test_client().get("/collections.json").get_json()
    assert "talk" in [each["slug"] for each in listed]
    address = face_address(runtime_of(one).model, runtime_of(one).default_face)
    first = one.server.test_client().get(address)
    assert first.status_code == 200, first.data
    with redis.Redis.from_url(redis_address) as client:
        assert len(cast(list[bytes], client.keys(f"{PREFIX}*"))) == 1
    assert (tmp_path / "cache-1" / "pictures").is_dir()
    assert other.server.test_client().get(address).data == first.data
    for app in (one, other):
        assert runtime_of(app).degraded == []
        runtime_of(app).close()


def test_without_its_servers_it_is_degraded_and_pictures_go_on(tmp_path: Path) -> None:
    app = tiny_app(
        tmp_path,
        redis=f"redis://127.0.0.1:{free_port()}/0",
        database=f"postgresql://likeness@127.0.0.1:{free_port()}/likeness",
    )
    runtime_of(app).warm_up()
    client = app.server.test_client()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["status"]) == (200, "degraded")
    assert "Redis at 127.0.0.1" in ready.get_json()["why"]
    assert "PostgreSQL at 127.0.0.1" in ready.get_json()["why"]
    assert client.get(face_address(runtime_of(app).model, runtime_of(app).default_face)).status_code == 200
    refused = client.post("/collections", json={"name": "Talk"})
    assert refused.status_code == 503
    assert refused.get_json()["error"].startswith("Expected an answer of PostgreSQL")
    runtime_of(app).close()
