import time

import pytest
from flask import Flask, request

from dashboard.errors import InputError
from dashboard.settings import Settings
from dashboard.stores.secret import renew_secret
from dashboard.web.error_responses import answer_errors
from dashboard.web.security import EXTENSION, HEADERS, check_host, content_security_policy, write_refusal, writes
from dashboard.web.session import MAX_AGE, cookie_name, new_session

SECRET = "the-secret-of-this-test"


@pytest.fixture(autouse=True)
def secret_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text(SECRET)
    path.chmod(0o600)
    return path


@pytest.fixture
def asks(secret_file):
    """Return why a request may not write: what failed, or None."""
    server = Flask("test")

    def ask(headers=None, address="127.0.0.1", host="localhost:8050", session=None, **given):
        cookie = {"Cookie": f"{cookie_name(SECRET)}={session}"} if session else {}
        with server.test_request_context(
            "/things",
            method="POST",
            base_url=f"http://{host}",
            headers={**cookie, **(headers or {})},
            environ_base={"REMOTE_ADDR": address},
        ):
            refused = write_refusal(request, Settings(**{"secret_file": secret_file, **given}))
            return refused and refused.failed

    return ask


PROXIED = [{}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}, {"Via": "1.1 x"}]


@pytest.mark.parametrize("headers", PROXIED)
@pytest.mark.parametrize("host", ["localhost:8050", "127.0.0.1:8050", "faces.example.org"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "192.0.2.7"])
def test_where_a_request_comes_from_neither_lets_it_in_nor_keeps_it_out(asks, headers, address, host):
    assert asks(headers, address, host) == "secret"
    assert asks(headers, address, host, new_session(SECRET)) is None
    assert asks({**headers, "Authorization": f"Bearer {SECRET}"}, address, host) is None


ELSEWHERE = [
    {"Origin": "https://elsewhere.example.org"},
    {"Origin": "null"},
    {"Origin": "http://localhost:9999"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8050"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_pages_of_other_sites_never_write(asks, headers):
    assert asks({"Authorization": f"Bearer {SECRET}", **headers}) == "origin"
    assert asks(headers, session=new_session(SECRET)) == "origin"


@pytest.mark.parametrize(
    ("headers", "settings"),
    [
        ({"Origin": "http://localhost:8050", "Sec-Fetch-Site": "same-origin"}, {}),
        ({"Origin": "http://localhost:8050"}, {}),
        # A proxy that sends its own name as Host:
        ({"Origin": "http://faces.example.org", "Sec-Fetch-Site": "same-origin"}, {}),
        ({"Origin": "http://faces.example.org"}, {"public_url": "http://faces.example.org/"}),
    ],
)
def test_our_own_page_writes(asks, headers, settings):
    assert asks(headers, session=new_session(SECRET), **settings) is None


@pytest.mark.parametrize(
    ("authorization", "answer"),
    [
        (f"Bearer {SECRET}", None),
        (f"bearer {SECRET}", None),
        (f"Bearer {SECRET}x", "secret"),
        (f"Basic {SECRET}", "secret"),
        ("Bearer ", "secret"),
        ("Bearer \u00fc", "secret"),
        (None, "secret"),
    ],
)
def test_the_secret_decides(asks, authorization, answer):
    assert asks({} if authorization is None else {"Authorization": authorization}) == answer


def test_a_session_ends_with_its_time_and_with_its_secret(asks, monkeypatch, secret_file):
    session = new_session(SECRET)
    assert asks(session=session) is None
    for number, letter in enumerate(session[:-1]):  # some bits of the last letter mean nothing
        assert asks(session=session[:number] + ("A" if letter != "A" else "B") + session[number + 1 :]) == "secret"
    assert asks(session=new_session(SECRET + "x")) == "secret"
    then = time.time() + MAX_AGE + 5
    with monkeypatch.context() as later:
        later.setattr("itsdangerous.timed.time.time", lambda: then)
        assert asks(session=session) == "secret"
    assert asks(session=session) is None
    renew_secret(secret_file)
    assert asks(session=session) == "secret"


def test_off_is_off(asks):
    assert asks({"Authorization": f"Bearer {SECRET}"}, write="off") == "setting"


def test_without_a_secret_nobody_writes(asks, tmp_path):
    assert asks({"Authorization": "Bearer "}, secret_file=tmp_path / "none") == "secret"
    (tmp_path / "short").write_text("short")
    assert asks({"Authorization": "Bearer short"}, secret_file=tmp_path / "short") == "secret"


def test_a_held_view_is_not_called_and_the_reason_is_given(secret_file):
    server = Flask("test")
    answer_errors(server)
    calls = []

    @server.post("/things")
    @writes
    def change():
        calls.append(1)
        return "changed"

    for write, failed, words in (("off", "setting", "LIKENESS_WRITE is off"), ("secret", "secret", "/enter")):
        server.extensions[EXTENSION] = Settings(**{"write": write, "secret_file": secret_file})
        refused = server.test_client().post("/things")
        assert refused.status_code == 403
        assert refused.get_json()["failed"] == failed
        assert words in refused.get_json()["error"]
        assert not calls
    elsewhere = server.test_client().post("/things", headers={"Origin": "http://elsewhere.example"})
    assert elsewhere.get_json()["failed"] == "origin"
    assert "LIKENESS_PUBLIC_URL" in elsewhere.get_json()["error"]
    allowed = server.test_client().post("/things", headers={"Authorization": f"Bearer {SECRET}"})
    assert (allowed.text, calls) == ("changed", [1])


def test_guessing_is_slow_and_keeps_nobody_else_out(secret_file):
    server = Flask("test")
    server.extensions[EXTENSION] = Settings(secret_file=secret_file)
    answer_errors(server)
    server.post("/things")(writes(lambda: "changed"))

    def post(secret, address):
        return server.test_client().post(
            "/things", headers={"Authorization": f"Bearer {secret}"}, environ_base={"REMOTE_ADDR": address}
        )

    assert [post(f"guess-{k}", "192.0.2.7").status_code for k in range(10)] == [403] * 10
    stopped = post(SECRET, "192.0.2.7")
    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["Retry-After"]) <= 60
    assert post(SECRET, "192.0.2.8").status_code == 200


def test_a_secret_that_nobody_guesses_lets_in_while_others_guess(tmp_path):
    secret = renew_secret(tmp_path / "strong")
    server = Flask("test")
    server.extensions[EXTENSION] = Settings(secret_file=tmp_path / "strong")
    answer_errors(server)
    server.post("/things")(writes(lambda: "changed"))

    def post(shown):
        return server.test_client().post("/things", headers={"Authorization": f"Bearer {shown}"}).status_code

    assert [post(f"guess-{k}") for k in range(12)] == [403] * 10 + [429] * 2
    assert post(secret) == 200


def try_host(name, path="/", **settings):
    with Flask("test").test_request_context(path, headers={"Host": name}):
        check_host(request, Settings(**settings))


@pytest.mark.parametrize("host", ["localhost", "localhost:8050", "127.0.0.1:8050", "[::1]:8050", "LocalHost:1"])
def test_this_machines_names_are_allowed(host):
    try_host(host)


@pytest.mark.parametrize("host", ["evil.example.org", "127.0.0.1.example.org:8050", "", "[::1", "a b", "192.0.2.7"])
def test_other_names_are_refused(host):
    with pytest.raises(InputError, match="LIKENESS_ALLOWED_HOSTS"):
        try_host(host)


@pytest.mark.parametrize(
    ("host", "settings"),
    [
        ("faces.example.org", {"allowed_hosts": ("a.example.org", "Faces.example.org")}),
        ("faces.example.org:8050", {"allowed_hosts": ("faces.example.org:443",)}),
        ("192.168.0.7:8050", {"host": "0.0.0.0"}),
        ("[2001:db8::7]:8050", {"host": "::"}),
        ("faces.example.org:443", {"public_url": "https://faces.example.org"}),
        ("192.0.2.7:8050", {"host": "192.0.2.7"}),
        ("anything.example.org", {"allowed_hosts": ("*",)}),
    ],
)
def test_host_names_from_the_settings_are_allowed(host, settings):
    try_host(host, **settings)


def test_listening_everywhere_allows_no_host_name():
    with pytest.raises(InputError):
        try_host("evil.example.org:8050", host="0.0.0.0")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_machines_may_ask_how_it_is_under_any_name(path):
    try_host("10.0.0.7:8050", path=path)


def test_the_policy_lets_no_script_in_from_elsewhere():
    policy = dict(part.split(" ", 1) for part in content_security_policy(["'sha256-abc='"]).split("; "))
    assert policy["script-src"] == "'self' 'sha256-abc='"
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert "X-Content-Type-Options" in HEADERS
