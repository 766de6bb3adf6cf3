"""The commands `faces --slice`, `rescore`, `bank` and `merge`."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from support.models import write_tiny_model

from dashboard.cli import main
from dashboard.commands import slices as module


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_model(tmp_path_factory.mktemp("models") / "tiny", bank=0).path)


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LIKENESS_THREADS", "1")


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    return result.output.splitlines()[-1]


def test_faces_in_slices_equal_the_plain_command(model: str, tmp_path: Path) -> None:
    plain, sliced = tmp_path / "plain.npy", tmp_path / "sliced.npy"
    words = ("faces", "--model", model, "--seeds", "0-99", "--pin", "Smiling=1", "--dtype", "uint8")
    done(*words, "--npy", str(plain))
    assert "merge" in done(*words, "--npy", str(sliced), "--slice", "2/2")
    assert "Missing: 1/2" in refusal("merge", str(sliced))
    done(*words, "--npy", str(sliced), "--slice", "1/2")
    assert "100 faces of tiny" in done("merge", str(sliced))
    assert sliced.read_bytes() == plain.read_bytes()
    assert (tmp_path / "sliced.npy.slices").exists()
    done("merge", str(sliced), "--remove")
    assert not (tmp_path / "sliced.npy.slices").exists()


def test_png_files_in_slices_equal_the_plain_command(model: str, tmp_path: Path) -> None:
    plain, sliced = tmp_path / "plain", tmp_path / "sliced"
    words = ("faces", "--model", model, "--seeds", "0-69")
    done(*words, "--out", str(plain), "--manifest", str(tmp_path / "plain.csv"))
    for part in ("1/2", "2/2"):
        done(*words, "--out", str(sliced), "--slice", part)
    done("merge", str(sliced), "--manifest", str(tmp_path / "sliced.csv"))
    assert (tmp_path / "sliced.csv").read_bytes() == (tmp_path / "plain.csv").read_bytes()
    files = sorted(file.name for file in plain.iterdir())
    assert files == sorted(file.name for file in sliced.iterdir())
    assert all((plain / name).read_bytes() == (sliced / name).read_bytes() for name in files)
    with (tmp_path / "sliced.csv").open(newline="") as stream:
        assert len(list(csv.reader(stream))) == 71


@pytest.mark.parametrize("words", [("rescore", "--bases", "66"), ("bank", "--faces", "66", "--seed", "4")])
def test_scores_in_slices_equal_the_plain_command(words: tuple[str, ...], model: str, tmp_path: Path) -> None:
    plain, sliced = tmp_path / "plain.npz", tmp_path / "sliced.npz"
    words = (words[0], "--model", model, *words[1:])
    done(*words, "--out", str(plain))
    assert not (tmp_path / "plain.npz.slices").exists()
    for part in ("2/2", "1/2"):
        done(*words, "--out", str(sliced), "--slice", part)
    done("merge", str(sliced))
    assert sliced.read_bytes() == plain.read_bytes()
    assert len(np.load(plain)["scores"]) == 66


def test_an_interrupted_command_says_what_is_kept_and_continues(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("bank", "--model", model, "--faces", "130", "--out", str(tmp_path / "bank.npz"))
    compute = module.compute_slice

    def interrupted(work, folder, part, tell) -> int:
        def stop(rows: int) -> None:
            raise KeyboardInterrupt

        return compute(work, folder, part, stop)

    monkeypatch.setattr(module, "compute_slice", interrupted)
    result = run(*words)
    assert result.exit_code == 1
    assert "1 of 3 blocks are kept" in result.output
    assert not (tmp_path / "bank.npz").exists()
    monkeypatch.undo()
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LIKENESS_THREADS", "1")
    assert "1 of 3 blocks are there already" in done(*words)
    assert len(np.load(tmp_path / "bank.npz")["scores"]) == 130


def test_refusals(model: str, tmp_path: Path) -> None:
    bare = str(write_tiny_model(tmp_path / "bare", scorer=False, bank=0).path)
    out = ("--out", str(tmp_path / "x.npz"))
    faces = ("faces", "--model", model, "--seeds", "0-9", "--slice")
    for words, text in [
        (("rescore", "--model", bare, *out), "scorer"),
        (("bank", "--model", bare, *out), "scorer"),
        (("rescore", "--model", model, "--lock", "Nobody", *out), "Nobody"),
        (("bank", "--model", model, "--out", str(tmp_path / "x.npy")), ".npz"),
        ((*faces, "3/2", "--npy", str(tmp_path / "x.npy")), "3/8"),
        ((*faces, "1/2", "--out", str(tmp_path / "o"), "--manifest", str(tmp_path / "m.csv")), "merge --manifest"),
        (("merge", str(tmp_path / "nothing.npy")), "plan.json"),
        (("merge", str(tmp_path / "nothing.npy.slices")), "Leave .slices out"),
    ]:
        assert text in refusal(*words), words
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bare"]


@pytest.mark.parametrize("command", ["results", "marks", "disentanglement", "report", "rescore", "bank"])
def test_a_command_that_needs_scores_says_how_to_get_them(command: str, tmp_path: Path) -> None:
    bare = str(write_tiny_model(tmp_path / "bare", scorer=False, bank=0).path)
    bulk = command in ("rescore", "bank")
    said = refusal(command, *(("--model", bare, "--out", str(tmp_path / "x.npz")) if bulk else (bare,)))
    assert "python -m training fit --model bare --scorer FOLDER --judge FOLDER" in said
