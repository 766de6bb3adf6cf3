"""The secret of an installation is in no answer, address, export, preview or log line."""

import logging

import pytest
from support.application import runtime_of, tiny_app

from dashboard.stores.secret import read_secret

PAGES = (
    "/",
    "/latent-space",
    "/directions",
    "/directions/own",
    "/compare",
    "/collections",
    "/models",
    "/demo",
    "/about",
    "/enter",
)
ANSWERS = ("/model.json", "/collections.json", "/_dash-layout", "/_dash-dependencies", "/healthz", "/readyz")
EXPORTS = ("/latent-space/points.csv?space=z", "/latent-space/scree.csv?space=z", "/directions/report.html")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("secret"))
    yield app
    runtime_of(app).close()


@pytest.fixture
def secret(app):
    return read_secret(runtime_of(app).settings.secret_path)


@pytest.fixture
def entered(app, secret):
    client = app.server.test_client(entered=False)
    assert client.get(f"/enter?secret={secret}").status_code == 303
    return client


def session(client):
    return next(cookie.value for cookie in client._cookies.values() if cookie.key.count("-") == 1)


def holds(answer, secret):
    return secret in answer.get_data(as_text=True) + str(answer.headers)


@pytest.mark.parametrize("path", [*PAGES, *ANSWERS, *EXPORTS])
def test_no_answer_holds_it(entered, secret, path):
    answer = entered.get(path, headers={"Referer": f"http://localhost/enter?secret={secret}"})
    assert answer.status_code in (200, 400, 404, 503), path
    assert not holds(answer, secret)
    assert session(entered) not in answer.get_data(as_text=True)


def test_no_preview_of_a_shared_link_holds_it(entered, secret):
    page = entered.get(f"/?face=1:7&secret={secret}", follow_redirects=True).get_data(as_text=True)
    assert 'property="og:image"' in page
    assert secret not in page
    for tag in (line for line in page.splitlines() if "og:" in line or "twitter:" in line):
        assert "secret" not in tag


@pytest.mark.parametrize("path", PAGES[:-1])
def test_an_address_that_holds_it_is_answered_with_one_that_does_not(app, secret, path):
    client = app.server.test_client(entered=False)
    answer = client.get(f"{path}?face=1:7&secret={secret}&x=2")
    assert answer.status_code == 303
    assert answer.location == f"{path}?face=1%3A7&x=2"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.headers.get("Set-Cookie")
    assert client.get(f"{path}?secret=").location == path


@pytest.mark.parametrize("path", ["//elsewhere.example/x", "/\\elsewhere.example", "/\n/x"])
def test_it_leads_nowhere_else(app, path):
    client = app.server.test_client(entered=False)
    answer = client.get("/x?secret=1", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 303
    assert answer.headers["Location"] in ("/", "/elsewhere.example/x")


def test_what_is_saved_and_exported_does_not_hold_it(entered, secret):
    slug = entered.post("/collections", json={"name": "Mine"}).get_json()["slug"]
    item = {"kind": "face", "address": "/?face=1:7", "title": "Seven", "note": ""}
    assert entered.post(f"/collections/{slug}/items", json=item).status_code == 200
    marks = {"name": "Mine", "plus": ["1.1", "1.2"], "minus": ["1.3", "1.4"]}
    assert entered.post("/directions/own", json=marks).status_code == 200
    for path in (f"/collections/{slug}.json", f"/collections/{slug}", "/directions/own/export.npz", "/directions/own"):
        answer = entered.get(path)
        assert answer.status_code == 200, path
        assert secret.encode() not in answer.get_data(), path
        assert session(entered).encode() not in answer.get_data(), path


def test_no_log_line_holds_it(app, secret, caplog):
    caplog.set_level(logging.DEBUG)
    client = app.server.test_client(entered=False)
    for path in (
        f"/enter?secret={secret}",
        f"/?secret={secret}",
        f"/nowhere?secret={secret}",
        f"/faces/x?secret={secret}",
    ):
        client.get(path, headers={"Referer": f"http://localhost/enter?secret={secret}"})
    client.post("/collections", json={"name": "x"}, headers={"Authorization": f"Bearer {secret}"})
    client.post("/collections", json={"name": "x"}, headers={"Authorization": f"Bearer {secret}-wrong"})
    assert secret not in caplog.text
