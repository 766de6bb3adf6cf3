from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from support.models import write_tiny_model

from dashboard.api import LoadedModel
from dashboard.bulk.face_latents import Seeds
from dashboard.bulk.faces import FacesWork
from dashboard.cli import main
from dashboard.errors import InputError
from dashboard.faces.bases import latent_of
from dashboard.faces.face import Seed, parse
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.pixels import to_bytes


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LIKENESS_THREADS", "1")
    return str(write_tiny_model(tmp_path / "tiny", scorer=False, bank=0).path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    lines = result.output.splitlines()
    assert lines[-1].startswith("Error: Expected "), result.output
    return lines[-1]


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("0-63", Seed(0), Seed(63), 64),
        ("4217", Seed(4217), Seed(4217), 1),
        ("1000.83, 5-6", Seed(1000, 83), Seed(6), 3),
        ("0-9999999", Seed(0), Seed(9_999_999), 10_000_000),
    ],
)
def test_seeds_as_they_are_typed(text: str, first: Seed, last: Seed, count: int) -> None:
    seeds = Seeds(text)
    assert (seeds[0], seeds[count - 1], len(seeds)) == (first, last, count)
    assert seeds[count - 1 : count + 7] == [last]
    with pytest.raises(IndexError):
        seeds[count]


@pytest.mark.parametrize("text", ["", "a", "5-2", "0-", "-3", "1.5-7", "mix(1,2,0.5)", "0-99999999999", "0-4294967295"])
def test_what_is_no_seed_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="Expected"):
        Seeds(text)


def test_pictures_are_those_of_the_latents(model: str, tmp_path: Path) -> None:
    names = open_model(Path(model)).names
    pin = f"{names[0]}=1.5"
    options = ("--model", model, "--seeds", "7,1000.3,8-16", "--pin", pin)
    assert run("latents", *options, "--out", str(tmp_path / "z.npy")).exit_code == 0
    z = np.load(tmp_path / "z.npy")
    wanted = [latent_of(parse(f"1:{seed};{pin}"), open_model(Path(model))) for seed in ("7", "1000.3", "8")]
    np.testing.assert_allclose(z[:3], wanted, atol=1e-5)
    assert (z.dtype, len(z)) == (np.float32, 11)

    assert run("faces", *options, "--npy", str(tmp_path / "x.npy"), "--batch", "4").exit_code == 0
    x = np.load(tmp_path / "x.npy")
    assert x.shape == (11, *x.shape[1:3], 3)
    assert (x.dtype, float(np.abs(x).max()) <= 1) == (np.float32, True)
    loaded = LoadedModel(open_model(Path(model)), "openvino", 1)
    np.testing.assert_allclose(x, loaded.faces(z), atol=2e-4)

    again = ("faces", "--model", model, "--latents", str(tmp_path / "z.npy"))
    assert run(*again, "--npy", str(tmp_path / "b.npy"), "--dtype", "uint8").exit_code == 0
    assert np.abs(np.load(tmp_path / "b.npy").astype(int) - to_bytes(x)).max() <= 1
    done = run("faces", *options, "--out", str(tmp_path / "files"))
    assert "11 faces of tiny are in" in done.output
    assert len(list((tmp_path / "files").iterdir())) == 11
    picture = np.asarray(Image.open(tmp_path / "files" / "seed-1000.3.png"))
    np.testing.assert_array_equal(picture, to_bytes(x[1]))


def test_labels_go_to_networks_that_take_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    model = str(write_tiny_model(tmp_path / "tiny", label_size=3, scorer=False, bank=0).path)
    np.save(tmp_path / "labels.npy", np.eye(3))
    options = ("faces", "--model", model, "--seeds", "5,5,5")
    assert run(*options, "--labels", str(tmp_path / "labels.npy"), "--npy", str(tmp_path / "x.npy")).exit_code == 0
    assert run(*options, "--npy", str(tmp_path / "zeros.npy")).exit_code == 0
    x, zeros = np.load(tmp_path / "x.npy"), np.load(tmp_path / "zeros.npy")
    assert np.abs(x[0] - x[1]).max() > 1e-3
    np.testing.assert_array_equal(zeros[0], zeros[1])
    assert "(N, 3)" in refusal(*options, "--labels", str(tmp_path / "x.npy"), "--npy", str(tmp_path / "y.npy"))
    np.save(tmp_path / "two.npy", np.eye(3)[:2])
    assert "2 rows" in refusal(*options, "--labels", str(tmp_path / "two.npy"), "--npy", str(tmp_path / "y.npy"))


def test_refusals_leave_nothing(model: str, tmp_path: Path) -> None:
    name = open_model(Path(model)).names[0]
    out = ("--npy", str(tmp_path / "out" / "x.npy"))
    seeds = ("faces", "--model", model, "--seeds", "0-3")
    np.save(tmp_path / "wide.npy", np.zeros((2, 7)))
    np.save(tmp_path / "objects.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
    np.save(tmp_path / "nan.npy", np.full((2, 512), np.nan))
    (tmp_path / "text.npy").write_text("<html>")
    for arguments, words in [
        ((*seeds,), "either --out or --npy"),
        (("faces", "--model", model, *out), "either --seeds or --latents"),
        ((*seeds, "--latents", str(tmp_path / "wide.npy"), *out), "either --seeds or --latents"),
        ((*seeds, "--pin", "Nobody=1", *out), "Received: Nobody"),
        ((*seeds, "--pin", f"{name}=9", *out), "from -4 to 4"),
        ((*seeds, "--pin", f"{name}=nan", *out), "Expected"),
        ((*seeds, "--pin", name, *out), "a pin such as"),
        ((*seeds, "--pin", f"{name}=1", "--pin", f"{name}=2", *out), "once"),
        (("faces", "--model", "nowhere", "--seeds", "1", *out), "nowhere"),
        *[
            (("faces", "--model", model, "--latents", str(tmp_path / f"{file}.npy"), *out), words)
            for file, words in [("wide", "(2, 7)"), ("objects", "Python objects"), ("text", ""), ("nan", "finite")]
        ],
    ]:
        assert words in refusal(*arguments), arguments
        assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
    assert run("faces", "--model", model, "--latents", str(tmp_path / "none.npy"), *out).exit_code == 2


def test_a_failure_half_done_keeps_the_file_unchanged(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.npy"
    target.write_bytes(b"before")

    def broken(work: FacesWork, number: int) -> Any:
        yield np.zeros((4, *work.shape), np.float32)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FacesWork, "pictures", broken)
    assert run("faces", "--model", model, "--seeds", "0-7", "--npy", str(target)).exit_code == 2
    assert target.read_bytes() == b"before"
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix == ".npy" or file.name[0] == ".") == ["x.npy"]
