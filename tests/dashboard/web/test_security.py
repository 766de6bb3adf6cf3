import pytest
from flask import Flask, request

from dashboard.errors import InputError
from dashboard.settings import Settings
from dashboard.web.error_responses import answer_errors
from dashboard.web.security import EXTENSION, HEADERS, check_host, content_security_policy, may_write, writes

TOKEN = "a-token-of-this-test"


def asks(headers=None, address="127.0.0.1", host="localhost:8050", path="/things", **settings):
    """Whether a request may write."""
    with Flask("test").test_request_context(
        path, method="POST", base_url=f"http://{host}", headers=headers, environ_base={"REMOTE_ADDR": address}
    ):
        return may_write(request, Settings(**settings))


@pytest.mark.parametrize("host", ["localhost:8050", "127.0.0.1:8050", "[::1]:8050", "LOCALHOST"])
@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_local_requests_may_write(address, host):
    assert asks(address=address, host=host)


@pytest.mark.parametrize("address", ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1", "", "nonsense"])
def test_requests_from_elsewhere_may_not(address):
    assert not asks(address=address)


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"])
def test_what_came_through_a_proxy_is_not_local(header):
    assert not asks({header: "127.0.0.1"})


def test_under_another_name_it_is_not_local():
    assert not asks(host="faces.example.org")


@pytest.mark.parametrize("write", ["local", "token"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example.org"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_sites_never_write(headers, write):
    assert not asks({"Authorization": f"Bearer {TOKEN}", **headers}, write=write, token=TOKEN)


def test_our_own_page_writes():
    assert asks({"Origin": "http://localhost:8050", "Sec-Fetch-Site": "same-origin"})


@pytest.mark.parametrize("address", ["127.0.0.1", "192.0.2.7"])
@pytest.mark.parametrize(
    ("authorization", "answer"),
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer {TOKEN}", True),
        (f"Bearer {TOKEN}x", False),
        (f"Basic {TOKEN}", False),
        ("Bearer ", False),
        ("Bearer \u00fc", False),
        (None, False),
    ],
)
def test_the_token_decides_wherever_it_comes_from(address, authorization, answer):
    headers = {} if authorization is None else {"Authorization": authorization}
    assert asks(headers, address, host="faces.example.org", write="token", token=TOKEN) is answer


def test_off_is_off():
    assert not asks({"Authorization": f"Bearer {TOKEN}"}, write="off", token=TOKEN)


@pytest.mark.parametrize(
    ("write", "word"), [("off", "LIKENESS_WRITE is off"), ("token", "Authorization"), ("local", "machine")]
)
def test_a_held_view_is_not_called_and_the_reason_is_given(write, word):
    server = Flask("test")
    server.extensions[EXTENSION] = Settings(write=write, token=TOKEN)
    answer_errors(server)
    calls = []

    @server.post("/things")
    @writes
    def change():
        calls.append(1)
        return "changed"

    refused = server.test_client().post("/things", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert refused.status_code == 403
    assert word in refused.get_json()["error"]
    assert not calls
    if write == "token":
        allowed = server.test_client().post("/things", headers={"Authorization": f"Bearer {TOKEN}"})
        assert (allowed.text, calls) == ("changed", [1])


def known(name, path="/", **settings):
    with Flask("test").test_request_context(path, headers={"Host": name}):
        check_host(request, Settings(**settings))


@pytest.mark.parametrize("host", ["localhost", "localhost:8050", "127.0.0.1:8050", "[::1]:8050", "LocalHost:1"])
def test_this_machines_names_are_known(host):
    known(host)


@pytest.mark.parametrize("host", ["evil.example.org", "127.0.0.1.example.org:8050", "", "[::1", "a b", "192.0.2.7"])
def test_other_names_are_refused(host):
    with pytest.raises(InputError, match="LIKENESS_ALLOWED_HOSTS"):
        known(host)


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
def test_names_from_the_settings_are_known(host, settings):
    known(host, **settings)


def test_listening_everywhere_makes_no_name_known():
    with pytest.raises(InputError):
        known("evil.example.org:8050", host="0.0.0.0")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_machines_may_ask_how_it_is_under_any_name(path):
    known("10.0.0.7:8050", path=path)


def test_the_policy_lets_no_script_in_from_elsewhere():
    policy = dict(part.split(" ", 1) for part in content_security_policy(["'sha256-abc='"]).split("; "))
    assert policy["script-src"] == "'self' 'sha256-abc='"
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert "X-Content-Type-Options" in HEADERS
