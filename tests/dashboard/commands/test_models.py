from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from support.models import INCLUDED, correlated_directions, random_variables, tiny_config, write_tiny_model
from support.official_files import Writer, directions_file, generator

from dashboard.cli import main
from dashboard.settings import ROOT
from dashboard.synthesis.model_folder import open_model, write_model

CONFIG = tiny_config(resolution=8, latent_size=16, fmap_base=32, fmap_max=8)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def network(tmp_path: Path) -> str:
    file = tmp_path / "Gs.pkl"
    file.write_bytes(Writer().file(generator(CONFIG, random_variables(CONFIG))))
    return str(file)


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(main, ["models", *arguments], **options)


def refusal(*arguments: str, **options: Any) -> str:
    result = run(*arguments, **options)
    assert result.exit_code == 2, result.output
    lines = result.output.splitlines()
    assert lines[-1].startswith("Error: Expected ")
    assert " Received: " in lines[-1]
    return lines[-1]


def test_an_imported_model_is_listed_verified_and_removed(home: Path, network: str, tmp_path: Path) -> None:
    (tmp_path / "d.pkl").write_bytes(directions_file(correlated_directions(16, 2), ["Young", "Male"]))
    done = run("import", network, "--name", "mine", "--directions", str(tmp_path / "d.pkl"), "--licence", "my own")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "8 px, 2 attributes" in done.output
    model = open_model(home / "models" / "mine")
    assert model.licence == "my own"
    assert (home.stat().st_mode & 0o777, (home / "models").stat().st_mode & 0o777) == (0o700, 0o700)

    listed = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    row = next(row for row in listed if row["name"] == "mine")
    expected = {"resolution": 8, "attributes": 2, "licence": "my own", "digest": model.digest}
    assert row == {"name": "mine", "folder": str(model.path), **expected}
    table = run("list").output.splitlines()
    assert table[0].split() == ["name", "digest", "resolution", "attributes", "licence", "folder"]
    assert any(line.split()[:4] == ["mine", model.digest8, "8", "2"] for line in table)

    verified = run("verify", "mine")
    assert verified.exit_code == 0, verified.output
    assert model.digest in verified.output
    assert "A face of 8 px" in verified.output

    assert run("remove", "mine", input="y\n").exit_code == 0
    assert list((home / "models").glob("**/*.safetensors")) == []
    assert "mine" not in run("list").output


def test_a_model_without_directions_can_be_imported_and_verified(home: Path, network: str) -> None:
    assert run("import", network, "--name", "mine").exit_code == 0
    assert run("verify", "mine").exit_code == 0
    assert "CC BY-NC 4.0" in run("list").output


def test_refused_files_and_names_leave_nothing(home: Path, network: str, tmp_path: Path) -> None:
    page = tmp_path / "page.pkl"
    page.write_text("<!DOCTYPE html><title>Not found</title>")
    assert "HTML page" in refusal("import", str(page), "--name", "mine")
    assert "HTML page" in refusal("import", network, "--name", "mine", "--directions", str(page))
    assert "model name" in refusal("import", network, "--name", "../mine")
    assert INCLUDED.name in refusal("import", network, "--name", INCLUDED.name)
    missing = run("import", str(tmp_path / "absent.pkl"), "--name", "mine")
    assert (missing.exit_code, missing.output.count("\n")) == (2, 1)
    assert "absent.pkl" in missing.output
    assert not list(home.glob("models/*"))
    assert run("import", network).exit_code == 2  # no name


# In its own process: one in which an engine has run does not survive a signal.
ENDED = """
import signal, sys
from pathlib import Path
from dashboard.cli import main
from dashboard.synthesis import model_folder

home, network, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def ended(*_):
    assert list((home / "models").glob(".mine-*/new/*"))  # half is written
    signal.raise_signal(number)  # to this thread: another one would let it go on for a moment

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin without it
before = signal.getsignal(signal.SIGTERM)
model_folder.model_digest = ended
try:
    main(["models", "import", network, "--name", "mine"])
finally:
    assert list((home / "models").iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 1)])
def test_an_import_that_is_ended_leaves_nothing(number: int, status: int, home: Path, network: str) -> None:
    arguments = [sys.executable, "-c", ENDED, str(home), network, str(int(number))]
    ended = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (status, False), ended.stderr


def test_a_name_that_is_taken_is_refused(home: Path, network: str) -> None:
    run("import", network, "--name", "mine")
    assert "no model here has" in refusal("import", network, "--name", "mine")


def test_a_home_that_cannot_be_is_refused(network: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "file" / "home"))
    assert "LIKENESS_HOME" in refusal("import", network, "--name", "mine")


def test_only_what_was_fetched_or_imported_can_be_removed(home: Path) -> None:
    assert "came with Likeness" in refusal("remove", INCLUDED.name, "--yes")
    assert "came with Likeness" in refusal("remove", "../home", "--yes")
    assert run("verify", INCLUDED.name).exit_code == 0


def test_nothing_is_removed_without_a_yes(home: Path, network: str) -> None:
    run("import", network, "--name", "mine")
    assert "Nothing was removed" in refusal("remove", "mine", input="n\n")
    assert "--yes" in refusal("remove", "mine", input="")
    assert run("verify", "mine").exit_code == 0
    assert run("remove", "mine", "--yes").exit_code == 0
    assert not list((home / "models").glob("mine*"))


def test_a_damaged_model_is_listed_with_what_is_wrong_and_fails_to_verify(home: Path) -> None:
    folder = home / "models" / "mine"
    write_tiny_model(folder, scorer=False, bank=0)
    content = bytearray((folder / "generator.safetensors").read_bytes())
    content[-1] ^= 1
    (folder / "generator.safetensors").write_bytes(content)
    assert "altered" in refusal("verify", "mine")
    (folder / "model.json").write_text("{}")
    assert "schema_version" in next(line for line in run("list").output.splitlines() if line.startswith("mine"))
    assert "problem" in json.loads(run("list", "--json").output.splitlines()[-1])
    assert run("remove", "mine", "--yes").exit_code == 0


def test_a_model_that_makes_no_finite_face_fails_to_verify(home: Path) -> None:
    model = write_tiny_model(home / "models" / "mine", bank=0)
    assert run("verify", "mine").exit_code == 0
    variables = {name: np.full_like(v, 3e38 if "weight" in name else 0) for name, v in model.variables().items()}
    write_model(
        model.path, model.config, variables, model.attributes, model.directions, "CC0-1.0", {}, dtype=np.float32
    )
    assert "finite" in refusal("verify", "mine")


def test_a_name_that_is_not_there_lists_those_that_are(home: Path) -> None:
    message = refusal("verify", "nobody")
    assert INCLUDED.name in message
    assert '"nobody"' in message
