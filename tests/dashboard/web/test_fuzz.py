"""Any request gets an answer, never a failure. See support/fuzzing.py."""

import itertools
import traceback

import pytest
from support.application import runtime_of, tiny_app
from support.fuzzing import CALLBACKS, files, laid_out, request


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(
        tmp_path_factory.mktemp("fuzz"), latents_mb=1, uploads_per_hour=0, jobs_per_hour=0, exports_per_hour=0
    )
    app.server.test_client().get("/")
    yield app
    runtime_of(app).close()


def answered(app, numbers):
    """List the failures of the requests of given numbers."""
    failed, caught = [], []
    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    app.server.handle_exception, before = _kept(app.server.handle_exception, caught), app.server.handle_exception
    try:
        client, values = app.server.test_client(), laid_out(app)
        for k in numbers:
            sent = request(k, app, values)
            answer = client.open(**sent)
            asked_to_wait = answer.headers.get("Retry-After") and (
                sent["method"] == "HEAD" or (answer.get_json(silent=True) or {}).get("error")
            )
            if answer.status_code >= 500 and not (answer.status_code == 503 and asked_to_wait):
                shown = (k, answer.status_code, sent["method"], sent["path"][:200], str(sent.get("data", b"")[:300]))
                failed.append((*shown, caught[-1] if caught else ""))
            answer.close()
    finally:
        app.server.handle_exception = before
    return failed


def _kept(handle, caught):
    def kept(error):
        caught.append("".join(traceback.format_exception(error))[-1200:])
        return handle(error)

    return kept


def shown(failed):
    return "\n\n".join("\n".join(map(str, each)) for each in failed[:8]) + f"\n{len(failed)} failed"


@pytest.mark.timeout(600)
def test_two_thousand_requests_are_answered(app):
    failed = answered(app, range(2000))
    assert not failed, shown(failed)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_thousand_requests_are_answered(app):
    """A minute and a half on one busy core."""
    failed = answered(app, range(2000, 22000))
    assert not failed, shown(failed)


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.long)])
def test_every_file_is_answered_wherever_a_file_is_taken(app, everywhere):
    """Send each file to one route in turn, or to all."""
    client = app.server.test_client()
    taking = [rule.rule for rule in app.server.url_map.iter_rules() if "POST" in rule.methods and "<" not in rule.rule]
    for path, content in itertools.product(taking, files()) if everywhere else zip(itertools.cycle(taking), files()):
        answer = client.post(path, data=content)
        assert answer.status_code < 500 or answer.headers.get("Retry-After"), (path, content[:80], answer.data[:300])


@pytest.mark.parametrize("depth", [10, 100_000])
def test_nested_json_is_refused(app, depth):
    client = app.server.test_client()
    for path in (CALLBACKS, "/collections", "/jobs", "/directions/own"):
        answer = client.post(path, data=b"[" * depth + b"]" * depth, content_type="application/json")
        assert answer.status_code == 400, path


def test_an_exception_in_a_proper_callback_stays_a_failure(app, monkeypatch):
    name, spec = next((n, s) for n, s in app.callback_map.items() if n.startswith("collections") and "callback" in s)

    def broken(*_, **__):
        raise ZeroDivisionError

    sent = {
        "output": name,
        "outputs": {"id": spec["output"].component_id, "property": spec["output"].component_property},
        "inputs": [{**each, "value": 1} for each in spec["inputs"]],
        "state": [{**each, "value": None} for each in spec["state"]],
        "changedPropIds": [],
    }
    client = app.server.test_client()
    assert client.post(CALLBACKS, json=sent).status_code == 200
    monkeypatch.setitem(spec, "callback", broken)
    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.post(CALLBACKS, json=sent).status_code == 500
    assert client.post(CALLBACKS, json={**sent, "inputs": []}).status_code == 400
