import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.models import write_tiny_model
from support.ports import free_port

from dashboard.cli import main
from dashboard.settings import ROOT
from dashboard.stores.secret import read_secret


def environment(folder, **given):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIKENESS_")}
    return {**kept, "LIKENESS_HOME": str(folder / "home"), "LIKENESS_THREADS": "1", **given}


def get(address):
    try:
        with urllib.request.urlopen(address, timeout=60) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Yield a real server: `python -m dashboard` on a tiny model, once it is ready."""
    folder = tmp_path_factory.mktemp("server")
    model = write_tiny_model(folder / "tiny")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--port", str(port), "--model", str(folder / "tiny")],
        cwd=ROOT,
        env=environment(folder, LIKENESS_LOG_LEVEL="debug"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    while not (line := process.stdout.readline()).startswith("Likeness is at"):
        assert process.poll() is None, line + process.stdout.read()
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 120
    while get(f"{address}/readyz")[0] != 200:
        assert process.poll() is None, line + process.stdout.read()
        assert time.monotonic() < until
    yield process, address, line, model
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert read_secret(folder / "home" / "secret") not in said
    assert "secret-of-nobody" not in said


def test_it_prints_where_it_is(server):
    _, address, line, _ = server
    assert line.startswith(f"Likeness is at {address}")


def test_the_printed_address_lets_a_browser_in(server):
    _, address, line, _ = server
    secret = line.split("secret=")[1].split()[0]
    assert line.split()[3] == f"{address}/enter?secret={secret}"
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    change = urllib.request.Request(f"{address}/collections", b'{"name": "x"}', method="POST")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        browser.open(change)
    with browser.open(f"{address}/enter?secret={secret}") as entered:
        assert entered.url == f"{address}/"
    with browser.open(change) as answer:
        assert answer.status == 200
    assert get(f"{address}/enter?secret=secret-of-nobody")[0] == 403


def test_it_answers_pages_and_pictures(server):
    _, address, _, model = server
    assert get(f"{address}/")[0] == 200
    status, data = get(f"{address}/faces/tiny@{model.digest8}/1:4217;Smiling=2.2.webp")
    assert (status, data[:4]) == (200, b"RIFF")


def test_an_address_that_is_too_long_is_refused(server):
    _, address, _, model = server
    status, said = get(f"{address}/faces/tiny@{model.digest8}/1:{'4217;' * 2000}.webp")
    assert status == 414
    assert b"8190 bytes" in said


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux")
def test_there_is_one_process_and_no_tensorflow_in_it(server):
    process, *_ = server
    assert not Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    mapped = Path(f"/proc/{process.pid}/maps").read_text()
    assert "openvino" in mapped
    assert "/site-packages/tensorflow/" not in mapped


def test_a_spoiled_model_ends_it_with_a_sentence(tmp_path):
    write_tiny_model(tmp_path / "tiny")
    (tmp_path / "tiny" / "directions.safetensors").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "--port", str(free_port()), "--model", str(tmp_path / "tiny")],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode != 0
    assert "directions.safetensors" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said_before_anything_is_loaded(tmp_path, monkeypatch):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("LIKENESS_PORT", str(port))
        monkeypatch.setattr("dashboard.cli.serve", lambda: pytest.fail("must not serve"))
        result = CliRunner().invoke(main)
    assert result.exit_code == 1
    assert f"port {port}" in result.output
    assert f"--port {port + 1}" in result.output


def test_options_go_before_variables(monkeypatch, tmp_path):
    for name in ("HOST", "PORT", "MODEL"):
        monkeypatch.setenv(f"LIKENESS_{name}", "8049" if name == "PORT" else "unused")
    monkeypatch.setattr("dashboard.cli.serve", lambda settings: None)
    port = free_port()
    result = CliRunner().invoke(main, ["--host", "127.0.0.1", "--port", str(port), "--model", "mine"])
    assert result.exit_code == 0, result.output
    assert os.environ["LIKENESS_HOST"] == "127.0.0.1"
    assert os.environ["LIKENESS_PORT"] == str(port)
    assert os.environ["LIKENESS_MODEL"] == "mine"


def test_a_wrong_setting_is_named(monkeypatch):
    monkeypatch.setenv("LIKENESS_QUEUE", "none")
    result = CliRunner().invoke(main)
    assert result.exit_code == 1
    assert "LIKENESS_QUEUE" in result.output
