"""Scorer and judge of a model folder, measured on other faces."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from support.models import INCLUDED, write_tiny_model

from training.__main__ import main
from training.card import held_out_words
from training.errors import TrainingError
from training.label.lesson import load_scorer, predict
from training.label.published import measure_network, read_network
from training.label.scorer import Scorer, held_out
from training.label.truth import Truth


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model folder with a scorer, and with a judge of other weights."""
    return write_tiny_model(tmp_path_factory.mktemp("models") / "judged", judge=True).path


def write_faces(folder: Path, names: tuple[str, ...], kinds: tuple[str, ...], count: int = 30) -> None:
    """Write a data set of random pictures and labels."""
    random = np.random.default_rng(0)
    groups = ("Person",) * len(names)
    described = [{"name": n, "group": g, "kind": k} for n, g, k in zip(names, groups, kinds, strict=True)]
    folder.mkdir(exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps({"attributes": described, "size": 32, "seed": 3}))
    values = random.normal(size=(count, len(names)))
    values[:, [kind == "binary" for kind in kinds]] = np.arange(count)[:, None] % 2
    lines = [",".join(names), *(",".join(map(str, row)) for row in values)]
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    np.save(folder / "images-00000.npy", random.integers(0, 256, (count, 32, 32, 3), np.uint8))


@pytest.mark.parametrize("judge", [False, True])
def test_the_network_of_a_folder_is_measured_on_all_faces(folder: Path, tmp_path: Path, judge: bool) -> None:
    config, variables = read_network(folder, judge, 3)
    write_faces(tmp_path / "faces", config.attributes, config.kinds)
    options = ["--published", str(folder), "--faces", str(tmp_path / "faces"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, ["label", *options, *(["--judge"] if judge else [])])
    assert done.exit_code == 0, done.output
    found = Scorer.read(tmp_path / "out")
    assert found.config == config
    assert all(np.array_equal(found.variables[name], array) for name, array in variables.items())
    assert set(found.figures) == set(config.attributes)
    assert held_out(30, found.held).all(), "it learned from none of these faces"
    assert not np.array_equal(variables["Scores/weight"], read_network(folder, not judge, 3)[1]["Scores/weight"])


def test_figures_are_those_of_the_labels(folder: Path) -> None:
    config, variables = read_network(folder, judge=False, seed=3)
    images = np.random.default_rng(1).integers(0, 256, (64, 16, 16, 3), np.uint8)
    scores = predict(load_scorer(Scorer(config, variables, (), {}, None)), images)
    binary = np.array([kind == "binary" for kind in config.kinds])
    seen = np.where(binary, scores > np.median(scores, axis=0), 3.0 * scores + 1.0).astype(np.float32)
    groups = ("Person",) * len(binary)
    found = measure_network(config, variables, images, Truth(config.attributes, groups, config.kinds, seen))
    assert all(figures["auc"] == 1.0 for figures in found.figures.values() if "auc" in figures)
    assert sum("auc" in figures for figures in found.figures.values()) == binary.sum()
    nothing = Truth(config.attributes, groups, config.kinds, seen[::-1])
    assert all(max(f.values()) < 0.9 for f in measure_network(config, variables, images, nothing).figures.values())


def test_faces_with_other_labels_are_rejected(folder: Path, tmp_path: Path) -> None:
    config, variables = read_network(folder, judge=False, seed=3)
    truth = Truth(("Hat",), ("Person",), ("binary",), np.zeros((4, 1), np.float32))
    with pytest.raises(TrainingError, match="Received: Hat"):
        measure_network(config, variables, np.zeros((4, 16, 16, 3), np.uint8), truth)
    with pytest.raises(TrainingError, match="nowhere"):
        read_network(tmp_path / "nowhere", judge=False, seed=3)


def test_a_folder_without_a_judge_is_named(tmp_path: Path) -> None:
    made = write_tiny_model(tmp_path / "plain")
    with pytest.raises(TrainingError, match="with a judge"):
        read_network(made.path, judge=True, seed=3)


def test_celeba_has_other_labels(folder: Path, tmp_path: Path) -> None:
    options = ["--published", str(folder), "--celeba", str(tmp_path), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, ["label", *options])
    assert done.exit_code != 0
    assert "--faces with --published" in done.output


def test_faces_that_the_networks_learned_from_are_rejected() -> None:
    origin = json.loads((INCLUDED / "model.json").read_text())["provenance"]["training set"]
    learned = int(origin.rpartition("seed ")[2])
    with pytest.raises(TrainingError, match=f"seed {learned}, that of its training set"):
        read_network(INCLUDED, judge=False, seed=learned)
    assert read_network(INCLUDED, judge=True, seed=learned + 1)[1]


def test_a_card_says_that_both_learned_from_other_faces(folder: Path) -> None:
    other = Scorer(*read_network(folder, judge=False, seed=3), (), {}, None)
    assert "both learned from others" in held_out_words(other, other)
    trained = replace(other, held=2)
    assert held_out_words(trained, trained) == "every 10th face, another one for each"


def test_a_missing_data_set_is_reported(folder: Path, tmp_path: Path) -> None:
    options = ["--published", str(folder), "--faces", str(tmp_path / "none"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, ["label", *options])
    assert done.exit_code == 2
    assert "Run the render step" in done.output


@pytest.mark.parametrize("setting", [("--size", "64"), ("--channels", "8,16"), ("--seed", "2")])
def test_settings_of_a_training_are_rejected(folder: Path, tmp_path: Path, setting: tuple[str, str]) -> None:
    options = ["--published", str(folder), "--faces", str(tmp_path), "--out", str(tmp_path / "out"), *setting]
    done = CliRunner().invoke(main, ["label", *options])
    assert done.exit_code != 0
    assert f"without {setting[0]}" in done.output
