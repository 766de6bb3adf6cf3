import pytest
from flask import request
from support.application import runtime_of, tiny_app

from dashboard.web.fair_shares import visitor_key


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    runtime_of(tiny_app(folder)).close()
    return str(folder / "tiny")


@pytest.fixture
def app(model, tmp_path):
    app = tiny_app(
        tmp_path,
        model=model,
        uploads_per_hour=2,
        exports_per_hour=1,
        jobs_per_hour=1,
        user_header="X-User",
        trusted_peers=("127.0.0.1",),
        write_groups=("*",),
    )
    yield app
    runtime_of(app).close()


def refused(answer):
    assert answer.status_code == 503
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "of one visitor per hour" in answer.get_json()["error"]
    return True


def test_uploads_of_one_visitor_are_bounded_and_anothers_are_not(app):
    ann, bob = ({"X-User": name} for name in ("ann", "bob"))
    client = app.server.test_client(entered=False)
    addresses = ("/collections/import", "/latent-space/sets", "/directions/own/import", "/uploads?as=network&name=x")
    for address in addresses[:2]:
        assert client.post(address, data=b"x", headers=ann).status_code == 400
    assert all(refused(client.post(address, data=b"x", headers=ann)) for address in addresses[:3])
    assert client.post(addresses[0], data=b"x", headers=bob).status_code == 400


def test_jobs_and_exports_are_counted_apart(app):
    client = app.server.test_client()
    job = {"json": {"kind": "umap", "params": {"space": "nowhere"}}}
    assert client.post("/jobs", **job).status_code == 404
    assert refused(client.post("/jobs", **job))
    export = {"json": {"kind": "export", "params": {}}}
    assert client.post("/jobs", **export).status_code == 400
    assert refused(client.post("/jobs", **export))


def test_who_is_one_visitor(app):
    def key(headers=None, address="127.0.0.1"):
        with app.server.test_request_context("/", headers=headers, environ_base={"REMOTE_ADDR": address}):
            return visitor_key(request)

    assert key({"X-User": "ann"}) == "user ann"
    assert key({"X-User": "ann"}, "192.0.2.7") == "address 192.0.2.7"
    entered = app.server.test_client()
    cookie = next(iter(entered._cookies.values()))
    assert key({"Cookie": f"{cookie.key}={cookie.value}"}).startswith("session ")
    first, second = (app.server.test_client(entered=False) for _ in range(2))
    keys = set()
    for client in (first, second, first):
        set_now = client.get("/").headers.get("Set-Cookie")
        kept = next(cookie for cookie in client._cookies.values() if cookie.key.startswith("likeness-browser-"))
        keys.add(key({"Cookie": f"{kept.key}={kept.value}"}))
        assert set_now is None or ("HttpOnly" in set_now and "SameSite=Lax" in set_now and "Max-Age" not in set_now)
    assert len(keys) == 2
    assert all(each.startswith("browser ") for each in keys)
    assert key({"Cookie": f"{kept.key}={kept.value}x"}) == "address 127.0.0.1"


def test_pictures_name_nobody(app):
    client = app.server.test_client(entered=False)
    face = client.get(f"/faces/tiny@{runtime_of(app).model.digest8}/1:7.webp")
    assert "Set-Cookie" not in face.headers
