import logging

import pytest
from support.application import runtime_of, tiny_app

from dashboard.stores.secret import read_secret, renew_secret
from dashboard.web.session import cookie_name


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("enter"))
    yield app
    runtime_of(app).close()


@pytest.fixture
def secret(app):
    app.server.extensions.pop("likeness-guesses", None)
    return read_secret(runtime_of(app).settings.secret_path)


@pytest.fixture
def client(app):
    return app.server.test_client(entered=False)


def may_save(client):
    return client.post("/collections", json={"name": "x"}).status_code == 200


def test_the_printed_address_lets_a_browser_in_and_leaves_no_trace(client, secret):
    assert not may_save(client)
    answer = client.get(f"/enter?secret={secret}")
    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    cookie = answer.headers["Set-Cookie"]
    name = cookie_name(secret)
    assert cookie.startswith(f"{name}=")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/;", "Max-Age=2592000"):
        assert part in cookie + ";"
    assert "Secure" not in cookie
    assert secret not in str(answer.headers) + answer.text
    assert may_save(client)


def test_a_new_secret_ends_every_session(app, client, secret):
    client.get(f"/enter?secret={secret}")
    assert may_save(client)
    new = renew_secret(runtime_of(app).settings.secret_path)
    assert not may_save(client)
    assert client.get(f"/enter?secret={secret}").status_code == 403
    assert client.get(f"/enter?secret={new}").status_code == 303
    assert may_save(client)


def test_the_page_takes_the_secret_and_leads_back(client, secret):
    page = client.get("/enter", headers={"Referer": "http://localhost/compare?faces=1%3A2"})
    assert page.status_code == 200
    assert 'value="/compare?faces=1%3A2"' in page.text
    answer = client.post("/enter", data={"secret": f" {secret} ", "back": "/compare?faces=1%3A2"})
    assert (answer.status_code, answer.location) == (303, "/compare?faces=1%3A2")
    assert may_save(client)


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere", "/enter?x", "x", "", "/\n", "/" * 3000]
)
def test_nobody_is_led_elsewhere(client, secret, back):
    assert client.post("/enter", data={"secret": secret, "back": back}).location == "/"
    if back.isprintable():
        assert 'name="back" value="/"' in client.get("/enter", headers={"Referer": back}).text


def test_a_wrong_secret_is_reported_and_slowed_down(app, client, secret, caplog):
    with caplog.at_level(logging.DEBUG):
        answers = [client.get(f"/enter?secret=wrong-secret-{k}") for k in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert "Retry-After" in answers[-1].headers
    assert 'role="alert"' in answers[0].text
    assert "Set-Cookie" not in answers[0].headers
    assert not any("wrong-secret" in answer.text for answer in answers)
    assert "wrong-secret" not in caplog.text


def test_another_sites_form_is_refused(client, secret):
    answer = client.post("/enter", data={"secret": secret}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_over_https_the_cookie_is_secure(tmp_path):
    app = tiny_app(tmp_path, public_url="https://faces.example.org")
    secret = read_secret(runtime_of(app).settings.secret_path)
    client = app.server.test_client(entered=False)
    answer = client.get(f"/enter?secret={secret}", headers={"Host": "faces.example.org"})
    assert "Secure" in answer.headers["Set-Cookie"]
    runtime_of(app).close()


def test_a_read_only_server_has_no_sign_in(tmp_path):
    app = tiny_app(tmp_path, write="off")
    answer = app.server.test_client().get("/enter?secret=" + "x" * 30)
    assert answer.status_code == 403
    assert "LIKENESS_WRITE is off" in answer.text
    assert "<form" not in answer.text
    assert not runtime_of(app).settings.secret_path.exists()
    runtime_of(app).close()


def test_a_session_lasts_as_long_as_the_secret_over_restarts(tmp_path, monkeypatch):
    app = tiny_app(tmp_path)
    client = app.server.test_client()
    cookie = client.get_cookie(cookie_name(read_secret(runtime_of(app).settings.secret_path)))
    assert cookie is not None
    runtime_of(app).close()
    again = tiny_app(tmp_path, model=str(tmp_path / "tiny"))
    fresh = again.server.test_client(entered=False)
    fresh.set_cookie(cookie.key, cookie.value)
    assert may_save(fresh)
    runtime_of(again).close()


def test_the_page_brings_its_icon(client):
    text = client.get("/enter").text
    assert '<link rel="icon" href="data:image/svg+xml' in text, "else browsers ask for /favicon.ico, which is not there"
