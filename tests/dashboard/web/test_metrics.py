import socket
import urllib.request

import pytest
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.parser import text_string_to_metric_families
from support.application import runtime_of, tiny_app
from support.jobs import wait_until
from support.ports import free_port

from dashboard.web.metrics import SEVERAL, serve_metrics


def values(text):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def app(tmp_path):
    app = tiny_app(tmp_path, metrics=True, trusted_peers=("10.0.0.0/8", "::1"))
    yield app
    runtime_of(app).close()


TRUSTED = {"environ_base": {"REMOTE_ADDR": "10.1.2.3"}}


def test_it_tells_what_the_server_does(app):
    client = app.server.test_client()

    def metrics():
        return values(client.get("/metrics", **TRUSTED).text)

    before = metrics()
    face = f"/faces/tiny@{runtime_of(app).model.digest8}/1:77.webp"
    for address in (face, face, "/nowhere-at-all", "/%ff" * 3):
        client.get(address)
    after = metrics()

    def grown(*key):
        return after.get(key, 0) - before.get(key, 0)

    assert grown("likeness_pictures_total", "made") == 1
    assert grown("likeness_pictures_total", "hit") == 1
    assert grown("likeness_engine_faces_total") == 1
    assert grown("likeness_engine_seconds_total") > 0
    assert grown("likeness_requests_total", *sorted(("/faces/<path:address>", "GET", "200"))) == 2
    assert after["likeness_cache_bytes", "pictures"] > 0
    assert after["likeness_cache_bytes", "results"] >= 0
    assert after[("likeness_faces_waiting",)] == 0
    assert not any("nowhere" in str(key) or "1:77" in str(key) for key in after)


def test_only_trusted_peers_get_metrics_whatever_the_headers_say(app, tmp_path):
    client = app.server.test_client()
    for peer in ("192.0.2.7", "", "127.0.0.1"):
        refused = client.get(
            "/metrics", environ_base={"REMOTE_ADDR": peer}, headers={"X-Forwarded-For": "10.1.2.3", "X-Real-IP": "::1"}
        )
        assert refused.status_code == 403, peer
        assert "LIKENESS_TRUSTED_PEERS" in refused.get_json()["error"]
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    for header in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"):  # what a trusted proxy passes on
        assert client.get("/metrics", **TRUSTED, headers={header: "192.0.2.7"}).status_code == 403


def test_behind_a_proxy_it_is_the_proxy_that_counts(tmp_path):
    app = tiny_app(tmp_path, metrics=True, trusted_peers=("10.1.2.3",), proxies=1)
    client = app.server.test_client()
    headers = {"X-Forwarded-For": "10.1.2.3"}
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}, headers=headers).status_code == 403
    runtime_of(app).close()


def test_it_is_off_unless_it_is_asked_for(tmp_path):
    app = tiny_app(tmp_path, trusted_peers=("127.0.0.1",))
    assert app.server.test_client().get("/metrics").status_code == 404
    runtime_of(app).close()


def test_a_port_of_its_own_ends_with_the_dashboard(tmp_path):
    port = free_port()
    app = tiny_app(tmp_path, metrics_port=port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        assert "likeness_ready" in answer.read().decode()
    runtime_of(app).close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_one_of_several_processes_serves_the_port_and_another_one_after_it(monkeypatch):
    monkeypatch.setenv(SEVERAL, "/nowhere")
    registry = CollectorRegistry()
    Gauge("test_of_a_port", "A value.", registry=registry).set(7)
    port = free_port()

    def answers():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
                return b"test_of_a_port 7.0" in answer.read()
        except OSError:
            return False

    first = serve_metrics(registry, "127.0.0.1", port)
    wait_until(answers)
    second = serve_metrics(registry, "127.0.0.1", port)
    first()
    wait_until(answers)
    second()
    assert not answers()
