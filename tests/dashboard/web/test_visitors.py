import io
from typing import Any

import numpy as np
import pytest
from support.application import runtime_of, tiny_app
from support.entering import entry_address

PROXY = "10.0.0.5"
HEADERS: Any = {
    "user_header": "X-Auth-Request-User",
    "groups_header": "X-Auth-Request-Groups",
    "trusted_peers": (PROXY,),
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    runtime_of(tiny_app(folder)).close()
    return str(folder / "tiny")


@pytest.fixture
def app_of(model, tmp_path):
    apps = []

    def make(**settings):
        apps.append(tiny_app(tmp_path, model=model, **{**HEADERS, **settings}))
        return apps[-1]

    yield make
    for app in apps:
        runtime_of(app).close()


def asks(client, path, user=None, groups="", peer=PROXY, method="POST", **given):
    headers = {"X-Auth-Request-User": user, "X-Auth-Request-Groups": groups} if user else {}
    return client.open(
        path,
        method=method,
        headers={**headers, **given.pop("headers", {})},
        environ_base={"REMOTE_ADDR": peer},
        **given,
    )


NEW: Any = {"json": {"name": "x"}}


def test_a_user_of_a_group_that_may_changes_things_and_is_named(app_of):
    client = app_of(write_groups=("staff",)).server.test_client(entered=False)
    made = asks(client, "/collections", "ann", "students, staff", **NEW)
    assert made.status_code == 200
    assert made.get_json()["made_by"] == "ann"
    slug = made.get_json()["slug"]
    item: Any = {"json": {"kind": "face", "address": "/?face=1:7", "title": "Seven", "note": ""}}
    kept = asks(client, f"/collections/{slug}/items", "Bö", "staff", **item).get_json()
    assert kept["made_by"] == "Bö"
    renamed = asks(client, f"/collections/{slug}", "cem", "staff", json={"name": "y", "version": 1}).get_json()
    assert (renamed["made_by"], renamed["changed_by"]) == ("ann", "cem")
    asked = asks(
        client, f"/collections/{slug}/items/{kept['id']}", "dee", "staff", json={"title": "8", "note": "", "version": 1}
    )
    assert asked.get_json()["changed_by"] == "dee"
    exported = asks(client, f"/collections/{slug}.json?download", "ann", method="GET").text
    assert "dee" not in exported


def test_others_look(app_of):
    client = app_of(write_groups=("staff",)).server.test_client(entered=False)
    refused = asks(client, "/collections", "eve", "students", **NEW)
    assert refused.status_code == 403
    assert refused.get_json()["failed"] == "role"
    assert "eve may look here" in refused.get_json()["error"]
    assert asks(client, "/collections.json", "eve", method="GET").status_code == 200
    assert asks(client, "/collections", **NEW).get_json()["failed"] == "secret"


@pytest.mark.parametrize(
    "given",
    [
        {"peer": "192.0.2.7"},
        {"peer": "127.0.0.1"},
        {"peer": "192.0.2.7", "headers": {"X-Forwarded-For": PROXY}},
        {"user": "ann,root"},
        {"user": "x" * 200},
    ],
)
def test_a_visitor_who_sends_the_header_is_nobody(app_of, given):
    client = app_of(write_groups=("staff",), admin_groups=("staff",)).server.test_client(entered=False)
    sent = {"user": "root", **given}
    assert asks(client, "/collections", groups="staff", **sent, **NEW).get_json()["failed"] == "secret"


def test_behind_proxies_it_is_the_connection_that_counts(app_of):
    client = app_of(write_groups=("*",), proxies=1).server.test_client(entered=False)
    proxied: Any = {"headers": {"X-Forwarded-For": PROXY}}
    assert asks(client, "/collections", "ann", peer="192.0.2.7", **proxied, **NEW).status_code == 403
    headers = {"headers": {"X-Forwarded-For": "192.0.2.7"}}
    assert asks(client, "/collections", "ann", peer=PROXY, **headers, **NEW).status_code == 200


def test_no_header_is_believed_unless_it_is_named(app_of):
    client = app_of(user_header="", write_groups=("*",)).server.test_client(entered=False)
    assert asks(client, "/collections", "ann", **NEW).get_json()["failed"] == "secret"


def test_models_are_for_administrators(app_of):
    client = app_of(write_groups=("staff",), admin_groups=("root",)).server.test_client(entered=False)
    refused = asks(client, "/models/none/remove", "ann", "staff")
    assert (refused.status_code, refused.get_json()["failed"]) == (403, "role")
    assert asks(client, "/models/none/remove", "ann", "root").status_code == 404
    assert asks(client, "/collections", "ann", "root", **NEW).status_code == 200


def test_other_sites_pages_do_not_borrow_a_users_name(app_of):
    client = app_of(write_groups=("*",)).server.test_client(entered=False)
    foreign: Any = {"headers": {"Origin": "https://evil.example"}}
    assert asks(client, "/collections", "ann", **foreign, **NEW).get_json()["failed"] == "origin"


def test_off_is_off_for_users_too(app_of):
    client = app_of(write="off", admin_groups=("*",)).server.test_client(entered=False)
    assert asks(client, "/collections", "ann", **NEW).get_json()["failed"] == "setting"


def test_only_listed_users_may_read_where_the_settings_say_so(app_of):
    app = app_of(read="known")
    client = app.server.test_client(entered=False)
    face = f"/faces/tiny@{runtime_of(app).model.digest8}/1:7.webp"
    for path in ("/", face, "/model.json", "/_dash-layout", "/collections.json"):
        refused = asks(client, path, method="GET")
        assert (refused.status_code, refused.get_json()["failed"]) == (403, "user"), path
        assert asks(client, path, "ann", peer="192.0.2.7", method="GET").status_code == 403
        assert asks(client, path, "ann", method="GET").status_code == 200, path
    assert "public" not in asks(client, face, "ann", method="GET").headers["Cache-Control"]
    assert asks(client, "/healthz", method="GET").status_code == 200
    page: Any = {"headers": {"Accept": "text/html,*/*;q=0.8"}}
    assert asks(client, "/", method="GET", **page).location == "/enter"
    linked: Any = {"headers": {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Site": "cross-site"}}
    assert "refresh" in asks(client, "/", method="GET", **linked).text
    assert client.get(entry_address("", runtime_of(app).settings)).status_code == 303
    assert client.get("/model.json").status_code == 200


def test_own_directions_say_who_made_them(app_of):
    app = app_of(write_groups=("*",))
    client = app.server.test_client(entered=False)
    marks: Any = {"name": "Mine", "plus": ["1.1", "1.2"], "minus": ["1.3", "1.4"]}
    assert asks(client, "/directions/own", "ann", json=marks).status_code == 200
    made = app.server.extensions["likeness-library"].user_directions.listed(runtime_of(app).model)
    assert [one.made_by for one in made] == ["ann"]


def test_own_directions_say_who_changed_them(app_of):
    app = app_of(write_groups=("*",))
    client, model = app.server.test_client(entered=False), runtime_of(app).model
    own = app.server.extensions["likeness-library"].user_directions
    marks: Any = {"name": "Mine", "plus": ["1.1", "1.2"], "minus": ["1.3", "1.4"]}
    name = asks(client, "/directions/own", "ann", json=marks).get_json()["name"]
    assert [(one.made_by, one.changed_by) for one in own.listed(model)] == [("ann", "")]
    asks(client, "/directions/own", "bob", json={**marks, "name": "Yours"})
    assert [(one.title, one.made_by, one.changed_by) for one in own.listed(model)] == [("Yours", "ann", "bob")]
    assert asks(client, f"/directions/own/{name}/remove", "ann").status_code == 200
    assert asks(client, f"/directions/own/{name}/restore", "cem").status_code == 200
    assert [(one.title, one.made_by, one.changed_by) for one in own.listed(model)] == [("Yours", "ann", "cem")]


def uploaded(client, user, seed=0):
    stream = io.BytesIO()
    np.save(stream, np.random.default_rng(seed).standard_normal((6, 512)).astype(np.float32))
    answer = asks(client, "/latent-space/sets?name=Mine", user, data=stream.getvalue())
    return answer.get_json()["space"].removeprefix("set-")


def test_only_who_made_it_or_an_administrator_deletes(app_of):
    app = app_of(write_groups=("*",), admin_groups=("operators",))
    client = app.server.test_client(entered=False)
    entered = app.server.test_client()
    marks: Any = {"name": "Mine", "plus": ["1.1", "1.2"], "minus": ["1.3", "1.4"]}

    def made(seed, user):
        plus = [f"{seed}.1", f"{seed}.2"]
        name = asks(client, "/directions/own", user, json={**marks, "plus": plus}).get_json()["name"]
        return [f"/latent-space/sets/{uploaded(client, user, seed)}/remove", f"/directions/own/{name}/remove"]

    for path in made(11, "ann"):
        refused = asks(client, path, "bob")
        assert (refused.status_code, refused.get_json()["failed"]) == (403, "role"), path
        assert "ann" in refused.get_json()["error"]
        assert asks(client, path, "ann").status_code == 200, path
    for path in made(12, "ann"):
        assert asks(client, path, "cem", "operators").status_code == 200, path
    for path in made(13, "ann"):
        assert entered.post(path).status_code == 200, path


def test_only_an_administrator_deletes_what_no_listed_user_made(app_of):
    app = app_of(write_groups=("*",))
    stream = io.BytesIO()
    np.save(stream, np.random.default_rng(5).standard_normal((6, 512)).astype(np.float32))
    entered = app.server.test_client()
    name = entered.post("/latent-space/sets?name=Mine", data=stream.getvalue()).get_json()["space"][4:]
    client = app.server.test_client(entered=False)
    assert asks(client, f"/latent-space/sets/{name}/remove", "ann").status_code == 403
    assert entered.post(f"/latent-space/sets/{name}/remove").status_code == 200


def test_without_users_whoever_may_write_deletes(app_of):
    app = app_of(user_header="")
    client = app.server.test_client()
    name = uploaded(client, None, 7)
    assert client.post(f"/latent-space/sets/{name}/remove").status_code == 200
