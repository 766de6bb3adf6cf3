import logging
from pathlib import Path

import pytest

from dashboard.errors import InputError
from dashboard.serving.open_model import MAX_BATCH
from dashboard.settings import (
    PREFIX,
    ROOT,
    SECRET_BYTES,
    Settings,
    load_settings,
    open_home,
    secret_key,
    settings_table,
)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_the_readme_shows_this_table():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.split("<!-- settings -->")[1].split("<!-- /settings -->")[0]
    assert shown.strip() == settings_table().strip()


def test_every_setting_has_a_row_a_default_and_a_text():
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(Settings.model_fields)
    for row, name in zip(rows, Settings.model_fields, strict=True):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[0] == f"`{PREFIX}{name.upper()}`"
        assert cells[1] not in ("", "``", "`()`")
        assert len(cells) == 3
        assert cells[2].endswith(".")
    assert str(Path.home()) not in settings_table()


def test_defaults_serve_this_machine_only():
    settings = load_settings()
    assert settings.host == "127.0.0.1"
    assert settings.write == "secret"
    assert settings.allowed_hosts == ()


def test_variables_are_read(monkeypatch, tmp_path):
    for name, value in {
        "HOME": str(tmp_path / "kept"),
        "PORT": "9000",
        "ALLOWED_HOSTS": "faces.example.org, other.example.org,",
        "WRITE": "off",
        "ENGINE": "",
        "PUBLIC_URL": "https://faces.example.org/",
    }.items():
        monkeypatch.setenv(PREFIX + name, value)
    settings = load_settings()
    assert settings.home == tmp_path / "kept"
    assert settings.port == 9000
    assert settings.allowed_hosts == ("faces.example.org", "other.example.org")
    assert settings.write == "off"
    assert settings.engine == "auto"  # an empty variable is none
    assert load_settings(port=9001).port == 9001


def test_a_home_below_the_persons_own(monkeypatch):
    monkeypatch.setenv("LIKENESS_HOME", "~/likeness")
    assert load_settings().home == Path.home() / "likeness"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("ENGINE", "onnx"),
        ("PRECISION", "half"),
        ("QUEUE", "0"),
        ("CACHE_MB", "-1"),
        ("THREADS", "-1"),
        ("WRITE", "anyone"),
        ("LOG_LEVEL", "loud"),
        ("PUBLIC_URL", "faces.example.org"),
        ("PUBLIC_URL", "https://faces.example.org/?below"),
        ("PREFIX", "likeness"),
        ("PREFIX", "/a b"),
        ("PROXIES", "-1"),
        ("FRAME_ANCESTORS", "*; script-src *"),
    ],
)
def test_wrong_values_are_named(monkeypatch, name, value):
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(InputError, match=PREFIX + name) as caught:
        load_settings()
    assert value in str(caught.value)


def test_every_wrong_value_is_named_in_one_error(monkeypatch):
    monkeypatch.setenv("LIKENESS_PORT", "0")
    monkeypatch.setenv("LIKENESS_QUEUE", "0")
    with pytest.raises(InputError, match=r"(?s)LIKENESS_PORT.*LIKENESS_QUEUE"):
        load_settings()


@pytest.mark.parametrize("former", ["local", "token"])
def test_former_values_of_write_are_read_as_secret_and_reported(monkeypatch, caplog, former):
    monkeypatch.setenv("LIKENESS_WRITE", former)
    assert load_settings().write == "secret"
    assert "python -m dashboard secret" in caplog.text


def test_the_secret_is_in_the_home_unless_a_file_is_named(tmp_path):
    assert load_settings(home=tmp_path).secret_path == tmp_path / "secret"
    assert load_settings(home=tmp_path, secret_file=tmp_path / "x").secret_path == tmp_path / "x"


def test_there_are_threads_left_when_the_queue_is_full():
    settings = load_settings(queue=5)
    assert settings.server_threads > settings.queue + MAX_BATCH


def test_home_is_made_for_its_owner_only(tmp_path):
    home = tmp_path / "a" / "b"
    assert open_home(home) == home
    assert home.stat().st_mode & 0o777 == 0o700
    home.chmod(0o755)
    open_home(home)
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_is_done_without(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        assert open_home(tmp_path / "file" / "home") is None
    assert "nothing is stored between runs" in caplog.text


def test_the_secret_is_made_once_and_closed_to_others(tmp_path):
    key = secret_key(tmp_path)
    assert len(key) == SECRET_BYTES
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert secret_key(tmp_path) == key


def test_a_spoiled_secret_is_made_anew(tmp_path):
    (tmp_path / "secret-key").write_bytes(b"short")
    key = secret_key(tmp_path)
    assert len(key) == SECRET_BYTES
    assert secret_key(tmp_path) == key


def test_a_secret_that_cannot_be_kept_lasts_as_long_as_the_process(tmp_path, caplog):
    (tmp_path / "secret-key").mkdir()
    assert secret_key(tmp_path) != secret_key(tmp_path)
    assert "signatures end with this process" in caplog.text
    assert secret_key(None) != secret_key(None)


@pytest.mark.parametrize(("name", "value"), [("DATABASE", "mysql://root:hidden@db/x"), ("REDIS", "cache:hidden@6379")])
def test_the_address_of_a_server_is_checked(monkeypatch, name, value):
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(InputError, match=f"LIKENESS_{name}: "):
        load_settings()


def test_a_password_is_not_repeated(monkeypatch):
    monkeypatch.setenv("LIKENESS_DATABASE", "mysql://root:hidden@db/x")
    with pytest.raises(InputError) as caught:
        load_settings()
    assert "hidden" not in str(caught.value)
    assert "mysql://***@db/x" in str(caught.value)


def test_jobs_by_celery_need_servers_and_a_cache_of_this_host(monkeypatch, tmp_path):
    monkeypatch.setenv("LIKENESS_JOBS", "celery")
    with pytest.raises(InputError, match="LIKENESS_DATABASE, LIKENESS_REDIS, LIKENESS_CACHE"):
        load_settings()
    monkeypatch.setenv("LIKENESS_DATABASE", "postgresql://likeness:x@db/likeness")
    monkeypatch.setenv("LIKENESS_REDIS", "redis://cache:6379/0")
    monkeypatch.setenv("LIKENESS_CACHE", str(tmp_path))
    assert load_settings().jobs == "celery"
