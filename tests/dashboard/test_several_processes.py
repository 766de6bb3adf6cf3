"""Two applications on one home, as two processes have it: what one does, the other knows."""

import io

import numpy as np
import pytest
from support.application import runtime_of, tiny_app
from support.jobs import KIND, small_kind, wait_until

MANY = {"processes": 2, "uploads_per_hour": 2}


@pytest.fixture
def two(tmp_path):
    with small_kind():
        one = tiny_app(tmp_path, **MANY)
        other = tiny_app(tmp_path, model=str(tmp_path / "tiny"), **MANY)
        first, second = one.server.test_client(), other.server.test_client(entered=False)
        for cookie in first._cookies.values():  # one browser, whose requests reach both
            second.set_cookie(cookie.key, cookie.value)
        yield first, second
        for app in (one, other):
            runtime_of(app).close()


def test_a_job_of_one_is_polled_and_cancelled_at_the_other(two, tmp_path):
    one, other = two
    job = one.post("/jobs", json={"kind": KIND, "params": {"until": str(tmp_path / "go")}}).json
    wait_until(lambda: other.get(f"/jobs/{job['id']}").json["state"] == "running")
    assert other.post(f"/jobs/{job['id']}/cancel").json["state"] == "cancelled"
    assert one.get(f"/jobs/{job['id']}").json["state"] == "cancelled"


def test_limits_are_not_multiplied(two):
    one, other = two
    assert one.post("/collections/import", data=b"x").status_code == 400
    assert other.post("/collections/import", data=b"x").status_code == 400
    for each in two:
        assert each.post("/collections/import", data=b"x").status_code == 503


def test_a_session_of_one_is_one_of_the_other(two):
    one, other = two
    made = one.post("/collections", json={"name": "Faces"})
    assert made.status_code in (200, 201)
    assert [each["name"] for each in other.get("/collections.json").json] == ["Faces"]


def rows(count=3, size=512):
    """Return a file of latents."""
    stream = io.BytesIO()
    np.save(stream, np.random.RandomState(5).randn(count, size).astype(np.float32))
    return stream.getvalue()


def test_an_upload_of_one_is_previewed_and_kept_at_the_other_and_undone_at_the_first(two):
    one, other = two
    sent = one.post("/latent-space/sets/read?name=mine.npy", data=rows()).json
    assert sent["rows"] == 3
    assert other.get(f"/latent-space/sets/read/{sent['token']}/2.webp").mimetype == "image/webp"
    kept = other.post("/latent-space/sets/keep", json={"token": sent["token"], "name": "Mine"}).json
    name = kept["space"].removeprefix("set-")
    assert one.get(f"/latent-space/sets/read/{sent['token']}/0.webp").status_code == 404
    assert one.post(f"/latent-space/sets/{name}/remove").status_code == 200
    assert other.post(f"/latent-space/sets/{name}/restore").status_code == 200


def test_uploads_and_undo_survive_a_restart(tmp_path):
    first = tiny_app(tmp_path)
    client = first.server.test_client()
    sent = client.post("/latent-space/sets/read?name=mine.npy", data=rows()).json
    kept = client.post("/latent-space/sets?name=Other", data=rows(4)).json["space"].removeprefix("set-")
    assert client.post(f"/latent-space/sets/{kept}/remove").status_code == 200
    runtime_of(first).close()
    again = tiny_app(tmp_path, model=str(tmp_path / "tiny"))
    client = again.server.test_client()
    assert client.post("/latent-space/sets/keep", json={"token": sent["token"], "name": "Mine"}).json["space"]
    assert client.post(f"/latent-space/sets/{kept}/restore").status_code == 200
    runtime_of(again).close()


def test_wrong_secrets_are_counted_together(two):
    one, other = (client.application.test_client(entered=False) for client in two)
    headers = {"Authorization": "Bearer wrong-wrong-wrong-wrong"}
    statuses = [one.post("/collections", json={"name": "x"}, headers=headers).status_code for _ in range(11)]
    assert (statuses[0], statuses[-1]) == (403, 429)
    assert other.post("/collections", json={"name": "x"}, headers=headers).status_code == 429
