import json
import re

import pytest
from support.application import runtime_of, tiny_app
from support.entering import entry_address

from dashboard.errors import InputError
from dashboard.faces.site_path import site_path


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    runtime_of(tiny_app(folder)).close()
    return str(folder / "tiny")


@pytest.fixture
def client_of(model, tmp_path):
    apps = []

    def client(**settings):
        app = tiny_app(tmp_path, model=model, **settings)
        apps.append(app)
        return app.server.test_client(entered=False)

    yield client
    for app in apps:
        runtime_of(app).close()


def addresses(page):
    """List the absolute addresses that a page loads or links to."""
    return re.findall(r'(?:src|href)="(/[^"]*)"', page)


def settings_of(client):
    return client.application.extensions["likeness-settings"]


@pytest.mark.parametrize(
    "settings",
    [
        {"prefix": "/likeness"},
        {"prefix": "/likeness/"},
        {"public_url": "https://localhost/likeness"},
        {"prefix": "/likeness", "public_url": "https://localhost/other"},
        {"prefix": "/likeness", "proxies": 1},
    ],
)
@pytest.mark.parametrize("sent", ["", "/likeness"], ids=["taken off", "left"])
def test_all_lies_below_the_prefix_whether_the_proxy_takes_it_off_or_not(client_of, settings, sent):
    client = client_of(**settings)
    page = client.get(f"{sent}/")
    assert page.status_code == 200
    assert 'data-prefix="/likeness"' in page.text
    found = addresses(page.text)
    assert len(found) > 5
    assert not [address for address in found if not address.startswith("/likeness/")]
    config = json.loads(re.findall(r'id="_dash-config" type="application/json">(.*?)</script>', page.text)[0])
    assert config["requests_pathname_prefix"] == "/likeness/"
    assert re.search(r'property="og:image" content="https?://localhost/likeness/faces/tiny@', page.text)
    for address in found[:6]:
        assert client.get(address.removeprefix("" if sent else "/likeness")).status_code == 200, address
    answer = client.get(f"{sent}/model.json").get_json()
    assert answer["address"].startswith("/likeness/faces/tiny@")
    entered = client.get(sent + entry_address("", settings_of(client)))
    assert entered.location == "/likeness/"
    assert "Path=/likeness/;" in entered.headers["Set-Cookie"] + ";"
    moved = client.get(f"{sent}{answer['address'].removeprefix('/likeness')}1:4;Smiling=1.0.webp")
    assert moved.status_code == 301
    assert moved.location.startswith("/likeness/faces/")
    assert client.get("/healthz").status_code == 200


def test_a_prefix_that_a_trusted_proxy_tells_counts_request_by_request(client_of):
    client = client_of(proxies=1)
    for prefix in ("/one", "/two/parts"):
        page = client.get("/", headers={"X-Forwarded-Prefix": prefix})
        assert f'data-prefix="{prefix}"' in page.text
        assert all(address.startswith(f"{prefix}/") for address in addresses(page.text))
    assert 'data-prefix=""' in client.get("/").text


@pytest.mark.parametrize(
    "prefix", ['/"><script>', "//elsewhere.example", "/a b", "https://elsewhere.example", "/a/../b;"]
)
def test_what_is_no_prefix_is_not_believed(client_of, prefix):
    page = client_of(proxies=1).get("/", headers={"X-Forwarded-Prefix": prefix})
    assert 'data-prefix=""' in page.text


def test_without_trusted_proxies_no_forwarded_header_is_believed(client_of):
    headers = {"X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    page = client_of().get("/", headers=headers)
    assert 'data-prefix=""' in page.text
    assert "evil" not in page.text
    trusting = client_of(proxies=1)
    assert trusting.get("/", headers=headers).get_json()["failed"] == "host"
    ours = {**headers, "X-Forwarded-Host": "localhost"}
    entered = trusting.get(entry_address("", settings_of(trusting)), headers=ours)
    assert "Secure" in entered.headers["Set-Cookie"]
    assert "Path=/evil/" in entered.headers["Set-Cookie"]


def test_a_prefix_like_an_address_of_ours_is_refused(client_of):
    with pytest.raises(InputError, match="LIKENESS_PREFIX"):
        client_of(prefix="/faces/x")


def test_sites_that_may_frame_it_are_named(client_of):
    client = client_of(frame_ancestors=("https://course.example.org",))
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://course.example.org" in policy


def test_without_a_request_a_path_is_itself():
    assert site_path("/models") == "/models"
