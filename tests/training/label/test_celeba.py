"""CelebA's layout, in a small folder that the test makes: a scorer learns from it, and finds directions of a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from support.models import write_tiny_model

from dashboard.synthesis.model_folder import open_model
from training.__main__ import main
from training.errors import TrainingError
from training.label.celeba import read_celeba, read_pictures, squared

NAMES = ("Smiling", "Blurry", "Male")
COUNT = 60


def write_celeba(folder: Path, count: int = COUNT) -> Path:
    """Return a folder in CelebA's layout: Male is the face's brightness, Smiling its lower half's, Blurry is random."""
    (folder / "img_align_celeba").mkdir(parents=True)
    random = np.random.default_rng(0)
    labels = np.where(random.random((count, len(NAMES))) < 0.5, -1, 1)
    lines = [str(count), " ".join(NAMES)]
    for k, row in enumerate(labels):
        pixels = np.full((218, 178, 3), 100, np.uint8)
        pixels[...] += np.uint8(60 * (row[2] > 0))
        pixels[121:, :, 0] += np.uint8(60 * (row[0] > 0))
        name = f"{k + 1:06d}.jpg"
        Image.fromarray(pixels).save(folder / "img_align_celeba" / name, quality=95)
        lines.append(f"{name}  {'  '.join(map(str, row))}")
    (folder / "list_attr_celeba.txt").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def celeba(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_celeba(tmp_path_factory.mktemp("celeba"))


def test_labels_and_pictures_belong_together(celeba: Path, tmp_path: Path) -> None:
    truth, files = read_celeba(celeba)
    assert (truth.names, truth.kinds) == (NAMES, ("binary",) * 3)
    assert truth.groups == ("Expression", "Picture", "Person")
    assert (truth.values.shape, set(truth.values.ravel())) == ((COUNT, 3), {0.0, 1.0})
    made: list[int] = []
    pictures = read_pictures(files, 16, tmp_path / "kept.npy", made.append)
    assert (pictures.shape, pictures.dtype, sum(made)) == ((COUNT, 16, 16, 3), np.uint8, COUNT)
    bright = pictures[:, :7].mean(axis=(1, 2, 3)) > 130
    np.testing.assert_array_equal(bright, truth.values[:, 2] == 1)
    read_pictures(files, 16, tmp_path / "kept.npy", made.append)
    assert sum(made) == COUNT  # read from the cache


def test_the_square_has_full_width_around_the_face(tmp_path: Path) -> None:
    pixels = np.zeros((218, 178, 3), np.uint8)
    pixels[32:210] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert squared(tmp_path / "a.png", 64).min() > 250


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a count"),
        ("2\nSmiling\na.jpg 1\n", "2 rows"),
        ("1\nSmiling\na.jpg 0\n", "-1 or 1"),
        ("1\nSmiling\na.jpg x\n", "a count"),
        ("1\nSmiling\n../a.jpg 1\n", "plain file names"),
    ],
)
def test_a_list_that_is_not_celebas_is_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "img_align_celeba").mkdir()
    (tmp_path / "list_attr_celeba.txt").write_text(text)
    with pytest.raises(TrainingError, match=words):
        read_celeba(tmp_path)


def test_what_is_missing_is_named(celeba: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="list_attr_celeba"):
        read_celeba(tmp_path)
    with pytest.raises(TrainingError, match="Expected a picture"):
        squared(celeba / "list_attr_celeba.txt", 16)
    Image.new("RGB", (10, 10)).save(tmp_path / "small.png")
    with pytest.raises(TrainingError, match="aligned image"):
        squared(tmp_path / "small.png", 16)


def test_directions_for_another_model(celeba: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))

    def step(*arguments: str) -> str:
        done = CliRunner().invoke(main, list(arguments))
        assert done.exit_code == 0, done.output
        return done.output

    label = ("label", "--celeba", str(celeba), "--size", "16", "--epochs", "2", "--precision", "float32")
    out = {name: str(tmp_path / name) for name in ("scorer", "judge", "fit")}
    step(*label, "--channels", "8,8", "--residual", "0", "--out", out["scorer"])
    step(*label, "--channels", "6,8", "--judge", "--out", out["judge"])
    model = write_tiny_model(tmp_path / "other", scorer=False, bank=0, latent_size=24)
    fit = ("fit", "--model", str(model.path), "--scorer", out["scorer"], "--judge", out["judge"], "--out", out["fit"])
    loose = ("--least-auc", "0", "--least-agreement", "-1", "--least-linear", "0", "--most-alike", "1")
    result = step(*fit, "--latents", "200", "--bases", "4", *loose, "--name", "mine", "--bank", "24")
    assert "mine is in" in result
    made = open_model(tmp_path / "home" / "models" / "mine")
    assert set(made.names) <= set(NAMES)
    assert len(made.names) >= 1
    assert (made.has_scorer, len(made.bank().scores)) == (True, 24)
    for name, array in model.variables().items():
        np.testing.assert_array_equal(array, made.variables()[name])

    refused = CliRunner().invoke(main, [*fit, "--name", "mine"])
    assert refused.exit_code != 0
    assert "which exists" in refused.output
    for wrong in (["label", "--out", out["scorer"]], ["fit", *fit[3:]], [*fit, "--run", out["fit"]]):
        refused = CliRunner().invoke(main, wrong)
        assert refused.exit_code != 0
        assert "Expected " in refused.output
