"""A home that is full, read-only, missing, damaged or shared: writing gives an error message, reading works."""

import errno
import io
import shutil

import numpy as np
import pytest
from support.application import runtime_of, tiny_app

from dashboard.stores import durable
from dashboard.stores.durable import reserve_of, set_reserve, write_file
from dashboard.stores.picture_cache import Cache, Entry
from dashboard.stores.process_files import end_process, is_alone, process_token, sweep


@pytest.fixture
def app(tmp_path):
    app = tiny_app(tmp_path)
    yield app
    set_reserve(None)
    runtime_of(app).close()


def npy():
    stream = io.BytesIO()
    np.save(stream, np.random.default_rng(0).standard_normal((20, 512)).astype(np.float32))
    return stream.getvalue()


WRITES = [
    ("/latent-space/sets?name=a", npy()),
    ("/directions/own/import", npy()),
    ("/directions/own/labels?name=a", b"7.1,1\n7.2,0\n"),
    ("/directions/own", b'{"name": "a", "plus": ["7.1"], "minus": ["7.2"]}'),
    ("/collections", b'{"name": "a"}'),
    ("/latent-space/average", b'{"selection": "1~z.pca.1.2~48~48~-99_-99_99_-99_99_99_-99_99"}'),
]


def sentences(app):
    client = app.server.test_client()
    for address, body in WRITES:
        answer = client.post(address, data=body, content_type="application/json")
        yield address, answer.status_code, (answer.get_json(silent=True) or {}).get("error", ""), answer.headers


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_every_write_to_a_disk_that_refuses_answers_a_sentence(app, monkeypatch, code):
    app.server.config["PROPAGATE_EXCEPTIONS"] = False

    def refuse(*_, **__):
        raise OSError(code, "The disk refuses")

    for module, name in (
        ("tempfile", "mkstemp"),
        ("tempfile", "mkdtemp"),
        ("pathlib.Path", "mkdir"),
        ("sqlite3", "connect"),
    ):
        monkeypatch.setattr(f"{module}.{name}", refuse)
    for address, status, sentence, headers in sentences(app):
        assert status in (400, 503), (address, status)
        assert sentence.endswith("."), address
        assert status == 400 or headers["Retry-After"], address
    assert app.server.test_client().get("/model.json").status_code == 200


def test_a_home_that_is_removed_while_running_is_made_again(app, tmp_path):
    shutil.rmtree(tmp_path / "home")
    client = app.server.test_client()
    for address, status, sentence, _ in sentences(app):
        assert status < 500 or sentence.endswith("."), (address, status)
    assert client.get("/").status_code == 200
    assert client.get("/collections.json").status_code == 200


def test_readyz_says_what_does_not_work_and_stays_ready(app):
    runtime = runtime_of(app)
    runtime._not_ready = ""
    client = app.server.test_client()
    assert client.get("/readyz").json["status"] == "ready"
    set_reserve(10_000_000)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert "reserve" in answer.json["why"]
    refused = client.post("/latent-space/sets?name=a", data=npy())
    assert refused.status_code == 400
    assert "LIKENESS_RESERVE_MB" in refused.json["error"]


def test_the_reserve_is_a_twentieth_of_the_disk_between_bounds(tmp_path, monkeypatch):
    for total, reserve in ((10**9, 200e6), (40 * 10**9, 2e9), (4 * 10**12, 5e9)):
        monkeypatch.setattr(
            durable.shutil, "disk_usage", lambda _, total=total: shutil._ntuple_diskusage(total, 0, total)
        )
        assert reserve_of(tmp_path) == reserve


def test_a_cache_keeps_the_reserve_free(tmp_path):
    cache = Cache(tmp_path / "pictures", 10)
    set_reserve(10_000_000)
    try:
        cache.put("a", Entry.of(b"x"))
        assert cache.get("a") is None
    finally:
        set_reserve(None)
        cache.close()


def test_a_damaged_cache_is_set_aside_and_begun_anew(tmp_path):
    cache = Cache(tmp_path / "pictures", 10)
    cache.put("a", Entry.of(b"x"))
    cache.close()
    for path in (tmp_path / "pictures").glob("cache.db*"):
        path.write_bytes(b"no database at all" * 999)
    again = Cache(tmp_path / "pictures", 10)
    assert again.in_use
    again.put("b", Entry.of(b"y"))
    assert again.get("b") is not None
    assert (tmp_path / "pictures.damaged.1").is_dir()
    again.close()


def test_what_belongs_to_a_process_that_lives_is_left_alone(tmp_path):
    token = process_token(tmp_path)
    (tmp_path / f".new-{token}-a").mkdir()
    (tmp_path / ".new-0123456789abcdef-b").mkdir()
    (tmp_path / ".new-old").mkdir()
    sweep(tmp_path, ".new-*")
    assert [path.name for path in tmp_path.glob(".new-*")] == [f".new-{token}-a"]
    assert is_alone(tmp_path)
    end_process(tmp_path)
    sweep(tmp_path, ".new-*")
    assert not list(tmp_path.glob(".new-*"))


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    write_file(tmp_path / "a", b"before")

    def refuse(_):
        raise OSError(errno.EIO, "The disk is broken")

    monkeypatch.setattr(durable.os, "fsync", refuse)
    with pytest.raises(OSError, match="broken"):
        write_file(tmp_path / "a", b"after")
    assert (tmp_path / "a").read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
