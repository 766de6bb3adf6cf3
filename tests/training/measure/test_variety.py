"""Variety in the features of other networks: known distributions, and which faces take part."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from support.models import write_tiny_model

from training.measure import photo_networks, variety


def test_faces_that_vary_less_are_precise_and_cover_little() -> None:
    random = np.random.default_rng(0)
    renders, others = random.normal(size=(2, 800, 24))
    figures = variety.compare(0.5 * random.normal(size=(800, 24)), renders, others)
    assert figures["spread"]["samples"] == pytest.approx(0.5, abs=0.02)
    assert figures["spread"]["renders"] == pytest.approx(1.0, abs=0.02)
    assert figures["precision"]["samples"] > 0.99
    assert figures["recall"]["samples"] < 0.05
    assert figures["recall"]["renders"] == pytest.approx(figures["precision"]["renders"], abs=0.1)
    assert figures["recall"]["renders"] > 0.5
    assert figures["Frechet distance"]["samples"] > 4 * figures["Frechet distance"]["renders"]


def test_faces_that_are_not_found_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network whose features are the colour of a picture, and which finds no face in dark ones."""

    class Colours:
        def __init__(self, _folder: Path) -> None: ...

        def features(self, images: np.ndarray) -> np.ndarray:
            mean = images.mean(axis=(1, 2))
            return np.where(mean.max(axis=1, keepdims=True) < 60, np.nan, mean)

    monkeypatch.setattr(photo_networks, "PhotoNetworks", Colours)
    model = write_tiny_model(tmp_path / "model")
    levels = np.random.default_rng(1).integers(60, 256, (40, 1, 1, 3))
    levels[::5] = 0
    faces = tmp_path / "faces"
    faces.mkdir()
    (faces / "dataset.json").write_text(json.dumps({"size": 32}))
    np.save(faces / "images-00000.npy", (levels * np.ones((1, 32, 32, 1))).astype(np.uint8))
    done = CliRunner().invoke(
        variety.command, ["--model", str(model.path), "--faces", str(faces), "--count", "20"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    _, *renders = re.findall(r"(\d+) of 20", done.stdout)
    assert sum(map(int, renders)) == 32
    assert {line.split("  ")[0] for line in done.stdout.splitlines()[2:]} == {
        *("Frechet distance", "precision", "recall", "spread")
    }


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    done = CliRunner().invoke(variety.command, ["--faces", str(tmp_path)])
    assert done.exit_code != 0
    assert "Expected --run or --model" in done.output
