import json
import logging

import pytest
from support.application import runtime_of, tiny_app, tiny_settings
from support.entering import entry_address

from dashboard.stores.secret import read_secret
from dashboard.web.log_lines import start_logging


@pytest.fixture
def restored():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_each_request_is_one_json_line_with_an_id(tmp_path, capsys, restored):
    settings = tiny_settings(tmp_path, log_format="json")
    start_logging(settings)
    app = tiny_app(tmp_path, log_format="json", model=str(settings.model), proxies=1)
    client = app.server.test_client(entered=False)
    capsys.readouterr()
    answer = client.get("/model.json?model=tiny", headers={"X-Request-Id": "from-the-proxy-1"})
    assert answer.headers["X-Request-Id"] == "from-the-proxy-1"
    other = client.get("/nowhere", headers={"X-Request-Id": "bad id\x0b"}).headers["X-Request-Id"]
    assert len(other) == 16
    secret = read_secret(settings.secret_path)
    assert client.get(entry_address("", settings)).status_code == 303
    client.get("/enter?secret=a-wrong-secret-of-this-test")
    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]
    first = next(line for line in lines if line.get("path") == "/model.json")
    assert first["request_id"] == "from-the-proxy-1"
    assert (first["method"], first["rule"], first["status"], first["level"]) == ("GET", "/model.json", 200, "info")
    assert first["milliseconds"] >= 0
    assert next(line for line in lines if line.get("path") == "/nowhere")["request_id"] == other
    assert [line["status"] for line in lines if line.get("path") == "/enter"] == [303, 403]
    assert secret not in said
    assert "a-wrong-secret" not in said
    runtime_of(app).close()


def test_an_error_is_one_line_too(tmp_path, capsys, restored):
    start_logging(tiny_settings(tmp_path, log_format="json"))
    try:
        raise ValueError("of this test\nwith two lines")
    except ValueError:
        logging.getLogger("test").exception("It failed")
    line = json.loads(capsys.readouterr().err)
    assert line["message"] == "It failed"
    assert "of this test" in line["error"]


def test_text_is_as_it_was(tmp_path, capsys, restored):
    start_logging(tiny_settings(tmp_path))
    logging.getLogger("test").warning("of this test")
    assert capsys.readouterr().err == "WARNING test: of this test\n"
