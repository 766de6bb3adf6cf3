"""`faces` and `latents` of a StyleGAN, with truncation, noise, shift and turn, and w instead of latents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from support.models import write_tiny_model
from support.stylegan_files import nvidia_file
from support.stylegan_reference import mapped, picture, random_stylegan2, random_stylegan3, truncated

from dashboard.api import load_model
from dashboard.cli import main

NETWORKS = {"two": random_stylegan2(resolution=16, labels=3), "three": random_stylegan3(resolution=16)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(home / "likeness"))
    monkeypatch.setenv("LIKENESS_THREADS", "1")
    for name, network in NETWORKS.items():
        if not (home / "likeness" / "models" / name).exists():
            (home / f"{name}.pkl").write_bytes(nvidia_file(network))
            assert not run("models", "import", str(home / f"{name}.pkl"), "--name", name).exit_code


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def made(out: Path, *arguments: str) -> np.ndarray:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return np.load(out)


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    return result.output.splitlines()[-1]


def test_faces_with_truncation_and_without_noise(tmp_path: Path) -> None:
    out, labels = tmp_path / "faces.npy", np.eye(3, dtype=np.float32)[:2]
    np.save(tmp_path / "labels.npy", labels)
    words = ["faces", "--model", "two", "--seeds", "1-2", "--labels", str(tmp_path / "labels.npy"), "--psi", "0.6"]
    faces = made(out, *words, "--cutoff", "3", "--noise", "none", "--npy", str(out))
    g = NETWORKS["two"]
    for k, seed in enumerate((1, 2)):
        z = np.random.RandomState(seed).randn(1, 5)[0]
        w = mapped(g, z * np.sqrt(5 / (z @ z)), labels[k])
        np.testing.assert_allclose(faces[k], picture(g, truncated(g, w, 0.6, 3), "none"), atol=1e-4)


def test_w_and_rows_of_w_are_written_and_taken_back(tmp_path: Path) -> None:
    out = tmp_path / "out.npy"
    plain = made(out, "faces", "--model", "three", "--seeds", "4-6", "--npy", str(out))
    for space, shape in (("w", (3, 7)), ("w+", (3, 6, 7))):
        w = made(tmp_path / "w.npy", "latents", "--model", "three", "--seeds", "4-6", "--space", space, "--out",
                 str(tmp_path / "w.npy"))  # fmt: skip
        assert w.shape == shape
        again = made(out, "faces", "--model", "three", "--w", str(tmp_path / "w.npy"), "--npy", str(out))
        np.testing.assert_allclose(again, plain, atol=1e-5)


def test_styles_are_written_by_layer(tmp_path: Path) -> None:
    out = tmp_path / "s.npy"
    result = run("latents", "--model", "three", "--seeds", "1", "--space", "s", "--out", str(out))
    sizes = load_model("three").style_sizes()
    assert np.load(out).shape == (1, sum(sizes.values()))
    assert all(f"{name} {size}" in result.output for name, size in sizes.items())


def test_a_picture_of_stylegan3_is_turned_and_moved(tmp_path: Path) -> None:
    out = tmp_path / "faces.npy"
    words = ("faces", "--model", "three", "--seeds", "1", "--npy", str(out))
    plain, moved = made(out, *words), made(out, *words, "--rotate", "30", "--translate", "0.1,-0.2")
    assert np.abs(plain - moved).max() > 1e-3


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--model", "two", "--rotate", "3"), "only StyleGAN3"),
        (("--model", "three", "--noise", "none"), "no choice of noise"),
        (("--model", "two", "--noise", "-1"), "const, none or a seed"),
        (("--model", "two", "--translate", "1"), "a shift such as"),
        (("--model", "two", "--psi", "nan"), "finite numbers"),
    ],
)
def test_what_a_network_does_not_offer_is_refused(words: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    assert expected in refusal("faces", *words, "--seeds", "1", "--npy", str(tmp_path / "f.npy"))
    assert not (tmp_path / "f.npy").exists()


def test_a_pg_gan_has_no_w(tmp_path: Path) -> None:
    model = str(write_tiny_model(tmp_path / "tiny", scorer=False, bank=0).path)
    np.save(tmp_path / "w.npy", np.zeros((1, 7), np.float32))
    assert "StyleGAN" in refusal(
        "faces", "--model", model, "--w", str(tmp_path / "w.npy"), "--npy", str(tmp_path / "f")
    )
    words = ("latents", "--model", model, "--seeds", "1", "--space", "w", "--out", str(tmp_path / "w2.npy"))
    assert "Expected a space of" in refusal(*words)
    assert "no mean w" in refusal(
        "faces", "--model", model, "--seeds", "1", "--psi", "0.5", "--npy", str(tmp_path / "f")
    )


def test_w_of_another_shape_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.zeros((2, 8), np.float32))
    words = ("faces", "--model", "two", "--w", str(tmp_path / "w.npy"), "--npy", str(tmp_path / "f.npy"))
    assert "(N, 7) or (N, 6, 7)" in refusal(*words)
    assert "Expected --w alone" in refusal(*words, "--seeds", "1")
