import pytest
from click.testing import CliRunner

from dashboard.cli import main
from dashboard.stores.secret import read_secret


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name, value in {"HOME": str(tmp_path), "PORT": "8123", "PUBLIC_URL": "", "WRITE": "", "KIOSK": ""}.items():
        monkeypatch.setenv(f"LIKENESS_{name}", value)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["secret", *arguments])


def test_it_prints_the_sign_in_address(home, monkeypatch):
    result = run()
    assert result.output == f"http://127.0.0.1:8123/enter?secret={read_secret(home / 'secret')}\n"
    assert run().output == result.output
    monkeypatch.setenv("LIKENESS_PUBLIC_URL", "https://faces.example.org/")
    assert run().output.splitlines()[1].startswith("https://faces.example.org/enter?secret=")
    assert run("--show").output.strip() == read_secret(home / "secret")


def test_a_new_one_replaces_it(home):
    before = run("--show").output
    assert run("--new").exit_code == 0
    assert run("--show").output != before


def test_where_there_is_none_it_says_why(home, monkeypatch):
    monkeypatch.setenv("LIKENESS_WRITE", "off")
    result = run()
    assert (result.exit_code, "LIKENESS_WRITE is off" in result.output) == (2, True)
    assert not (home / "secret").exists()
