import pytest
from support.application import runtime_of, tiny_app
from support.jobs import KIND, small_kind, wait_until


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with small_kind():
        app = tiny_app(tmp_path_factory.mktemp("app"), write="off")
        yield app
        runtime_of(app).close()


@pytest.fixture
def client(app):
    return app.server.test_client()


def test_whoever_may_look_may_compute(client):
    started = client.post("/jobs", json={"kind": KIND, "model": "tiny", "params": {"number": 5}})
    assert started.status_code == 200
    job = started.get_json()
    wait_until(lambda: client.get(f"/jobs/{job['id']}").get_json()["state"] == "done")
    answer = client.get(f"/jobs/{job['id']}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(answer.get_json()) == {"id", "kind", "state", "fraction", "step", "seconds_left", "error", "stage"}
    file = client.get(f"/jobs/{job['id']}/files/answer.txt")
    assert file.data == b"5 on tiny"
    assert file.headers["Content-Disposition"] == "attachment; filename=answer.txt"
    assert client.get(f"/jobs/{job['id']}/files/result.json").status_code == 404


def test_a_preview_says_how_long_a_job_takes_and_finds_the_same_job(client, tmp_path):
    asked = {"kind": KIND, "params": {"until": str(tmp_path / "never")}}
    answer = client.post("/jobs/look", json=asked)
    assert set(answer.get_json()) == {"seconds", "measured", "job"}
    assert answer.get_json()["job"] is None
    job = client.post("/jobs", json=asked).get_json()
    seen = client.post("/jobs/look", json=asked).get_json()["job"]
    assert seen["state"] in ("queued", "running")
    client.post(f"/jobs/{job['id']}/cancel")
    assert client.get(f"/jobs/{seen['id']}").get_json()["state"] == "cancelled"


def test_a_waiting_job_is_cancelled(client, tmp_path):
    params = {"until": str(tmp_path / "never")}
    job = client.post("/jobs", json={"kind": KIND, "params": params}).get_json()
    assert client.post(f"/jobs/{job['id']}/cancel").get_json()["state"] == "cancelled"


@pytest.mark.parametrize(
    "asked", [{"kind": "unheard"}, {"kind": KIND, "params": [1]}, {"kind": KIND, "params": {"number": "x"}}, [], "x"]
)
def test_what_is_wrong_is_answered_with_a_sentence(client, asked):
    for address in ("/jobs", "/jobs/look"):
        answer = client.post(address, json=asked)
        assert answer.status_code == 400
        assert "Expected" in answer.get_json()["error"]


def test_others_cannot(client):
    assert client.post("/jobs", json={"kind": KIND}, headers={"Origin": "http://elsewhere.org"}).status_code == 403
    assert client.post("/jobs", json={"kind": KIND, "model": "unheard"}).status_code == 404
    assert client.get("/jobs/guessed").status_code == 404
