import pytest
from click.testing import CliRunner
from support.file_server import file_server
from support.official_models import LICENCE, network_bytes, small_catalogue

from dashboard.cli import main
from dashboard.settings import PREFIX, Settings
from dashboard.synthesis.model_folder import open_model

NETWORK = network_bytes()


@pytest.fixture
def server():
    with file_server(NETWORK) as server:
        yield server


@pytest.fixture
def fetch(server, tmp_path, monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("dashboard.commands.fetch.read_catalogue", lambda _: small_catalogue(server))

    def fetch(*words):
        return CliRunner().invoke(main, ["models", "fetch", *words])

    return fetch


def test_a_model_is_fetched_once_its_licence_is_accepted(fetch, server, tmp_path):
    refused = fetch("famous-32")
    assert refused.exit_code == 2
    assert "A licence, https://licence.example/" in refused.stderr
    assert "models fetch famous-32 --accept-licence" in refused.stderr
    assert server.asked == []
    done = fetch("famous-32", "--accept-licence")
    folder = tmp_path / "home" / "models" / "famous-32"
    assert (done.exit_code, done.stdout) == (0, f"famous-32 is in {folder}\n")
    assert "1.3 MB of 1.3 MB" in done.stderr
    assert "Importing" in done.stderr
    assert open_model(folder).licence == LICENCE
    assert fetch("famous-32").exit_code == 0  # is there already
    assert len(server.asked) == 1


def test_a_damaged_model_is_fetched_anew(fetch, server, tmp_path):
    fetch("famous-32", "--accept-licence")
    folder = tmp_path / "home" / "models" / "famous-32"
    (folder / "generator.safetensors").write_bytes(b"x")
    assert fetch("famous-32").exit_code == 0
    assert open_model(folder).name == "famous-32"
    assert len(server.asked) == 2


def test_what_cannot_be_fetched_ends_with_two_and_a_sentence(fetch, server, tmp_path):
    assert "famous-32" in fetch("unheard-of").stderr
    server.moods = ["html"]
    done = fetch("famous-32", "--accept-licence")
    assert done.exit_code == 2
    assert "Received: an HTML page of 14 kB. Nothing was kept." in done.stderr
    server.content = b"x" * len(NETWORK)  # of the right length, and no network
    done = fetch("famous-32")
    assert done.exit_code == 2
    assert "Expected" in done.stderr
    home = tmp_path / "home"
    assert list((home / "downloads").iterdir()) == []
    assert not (home / "models" / "famous-32").exists()
