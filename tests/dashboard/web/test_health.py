import pytest
from support.application import runtime_of, tiny_app


@pytest.fixture
def app(tmp_path):
    app = tiny_app(tmp_path)
    yield app
    runtime_of(app).close()


def test_alive_immediately_and_ready_after_the_first_face(app):
    client = app.server.test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    before = client.get("/readyz")
    assert before.status_code == 503
    assert before.get_json()["error"].startswith("Expected a first face")
    assert before.headers["Retry-After"] == "1"
    runtime_of(app).warm_up()
    after = client.get("/readyz")
    assert (after.status_code, after.get_json()) == (200, {"status": "ready", "model": "tiny", "cache": "in use"})
    assert before.headers["Cache-Control"] == after.headers["Cache-Control"] == "no-store"


def test_without_a_cache_it_is_ready_and_says_so(tmp_path):
    app = tiny_app(tmp_path, cache_mb=0)
    runtime_of(app).warm_up()
    assert app.server.test_client().get("/readyz").get_json()["cache"] == "not in use"
    runtime_of(app).close()
