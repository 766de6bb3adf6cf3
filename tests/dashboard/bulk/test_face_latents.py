"""Pins on some layers in bulk: the rows of w of `faces` and `latents` are those of the face in an address."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from support.models import write_tiny_model
from support.stylegan_models import directed, imported_stylegan, written

from dashboard.api import LoadedModel, load_model
from dashboard.bulk.faces import FaceRequest, FacesWork
from dashboard.bulk.open_work import open_work
from dashboard.bulk.plan import Plan
from dashboard.cli import main
from dashboard.faces.drawing import drawing_of
from dashboard.faces.face import parse
from dashboard.synthesis.model import Model
from dashboard.synthesis.open_engine import open_engine

PINNED = ("--pin", "Smiling=2", "--pin", "Young=-1", "--layers", "Smiling=coarse", "--psi", "0.7", "--cutoff", "4")
FACE = ";Smiling=2;Young=-1;psi:0.7;cutoff:4;layers:Smiling=coarse"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("models")
    return written(directed(imported_stylegan("stylegan2", folder, z=16, w=12)), folder / "mine")


def run(*words: object) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def refusal(*words: object) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 2, result.output
    return result.output.splitlines()[-1]


def test_pictures_with_layers_are_those_of_the_address(model: Model, tmp_path: Path) -> None:
    out = tmp_path / "faces.npy"
    run("faces", "--model", model.path, "--seeds", "4-5", *PINNED, "--npy", out)
    engine = open_engine(model, "openvino", "exact", 1)
    for seed, picture in zip((4, 5), np.load(out), strict=True):
        drawing = drawing_of(parse(f"1:{seed}{FACE}"), model)
        wanted = engine.run(drawing.latent[None], options=drawing.options)["image"][0]
        np.testing.assert_allclose(picture, wanted, atol=1e-4)


def test_rows_of_w_and_styles_are_written(model: Model, tmp_path: Path) -> None:
    words = ("latents", "--model", model.path, "--seeds", "4-5", *PINNED, "--out", tmp_path / "w.npy")
    run(*words, "--space", "w+")
    rows = np.load(tmp_path / "w.npy")
    wanted = [drawing_of(parse(f"1:{seed}{FACE}"), model).latent for seed in (4, 5)]
    np.testing.assert_allclose(rows, wanted, atol=1e-6)
    run(*words, "--space", "s")
    loaded = load_model(model.path)
    assert np.load(tmp_path / "w.npy").shape == (2, sum(loaded.style_sizes().values()))
    for space in ("w", "z"):
        assert "Expected --space w+ or s" in refusal(*words, "--space", space)


def test_the_manifest_has_the_layers(model: Model, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.csv"
    words = ("faces", "--model", model.path, "--seeds", "4", "--pin", "Smiling=2", "--layers", "Smiling=0-1")
    run(*words, "--out", tmp_path / "pictures", "--manifest", manifest)
    (row,) = csv.DictReader(manifest.read_text().splitlines())
    assert (row["picture"], row["face"]) == ("seed-4.png", "1:4;Smiling=2;layers:Smiling=0-1")


def test_all_layers_are_no_layers(model: Model, tmp_path: Path) -> None:
    words = ("latents", "--model", model.path, "--seeds", "4", "--pin", "Smiling=2", "--space", "w")
    run(*words, "--layers", "Smiling=all", "--out", tmp_path / "whole.npy")
    run(*words, "--out", tmp_path / "plain.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "whole.npy"), np.load(tmp_path / "plain.npy"))


def test_slices_of_other_layers_or_truncation_are_other_work(model: Model) -> None:
    loaded = LoadedModel(model, "openvino", 1)
    pins = {"Smiling": 2.0}
    plans = []
    for layers, psi in (({}, 1.0), ({"Smiling": "coarse"}, 1.0), ({"Smiling": "coarse"}, 0.5), ({"Smiling": "0"}, 0.5)):
        options = {"psi": psi}
        request = FaceRequest.read({"seeds": "0-2", "pins": pins, "layers": layers, "options": options})
        plans.append(FacesWork(loaded, request).plan)
    assert len({plan.identity for plan in plans}) == 4
    again = open_work(Plan.read(plans[2].written(), "a test"), loaded)
    assert again.plan.identity == plans[2].identity


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--layers", "Smiling=coarse"), "Expected layers of a pinned attribute. Received: Smiling"),
        (("--pin", "Smiling=1", "--layers", "Smiling=8-9"), "Expected layers from 0 to 5"),
        (("--pin", "Smiling=1", "--layers", "Smiling"), "Expected layers such as Smiling=coarse"),
        (("--pin", "Smiling=1", "--layers", "Smiling=0", "--layers", "Smiling=1"), "Smiling twice"),
    ],
)
def test_layers_that_cannot_be_are_refused(model: Model, tmp_path: Path, words: tuple[str, ...], expected: str) -> None:
    out = tmp_path / "f.npy"
    assert expected in refusal("faces", "--model", model.path, "--seeds", "1", *words, "--npy", out)
    assert not out.exists()


def test_a_model_without_layers_refuses_them(tmp_path: Path) -> None:
    tiny = write_tiny_model(tmp_path / "tiny", scorer=False, bank=0)
    words = ("--pin", "Smiling=1", "--layers", "Smiling=coarse", "--npy", tmp_path / "f.npy")
    assert "they need a StyleGAN whose directions live in w" in refusal(
        "faces", "--model", tiny.path, "--seeds", "1", *words
    )
