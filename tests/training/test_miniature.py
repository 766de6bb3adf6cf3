"""All steps in miniature: from assets to a measured model folder that computes faces, in one command."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.pixels import to_bytes
from training.__main__ import main
from training.measure.result import Measured

# The first test runs all steps: a minute on two idle cores, and far more next to other work.
pytestmark = pytest.mark.timeout(600)

FACES = 96

# So small that the faces are noise; the test checks that every step reads the results of the one before.
SMALL = {
    "faces": FACES,
    "render-seed": 16,  # each tenth that is held out has both kinds of every binary attribute
    "render-size": 32,
    "render-render": 256,
    "render-shard": 48,
    "render-processes": 1,
    "train-resolution": 32,
    "train-feature-maps": (128, 32),
    "train-precision": "float32",
    "train-total": 320,
    "train-paired": 8.0,
    "train-alone": 160,
    "train-perceptual": 1.0,
    "scorer-size": 16,
    "scorer-channels": "16,32",
    "scorer-epochs": 30,
    "scorer-precision": "float32",
    "judge-size": 16,
    "judge-channels": "12,24",
    "judge-epochs": 30,
    "judge-precision": "float32",
    "fit-latents": 2000,
    "fit-bases": 4,
    "fit-least-r2": 0.2,
    "fit-least-auc": 0.7,
    "fit-least-agreement": 0.2,
    "measure-samples": 80,
    "measure-pictures": 16,
    "measure-bases": 4,
    "measure-resamples": 20,
    "measure-neighbours": 64,
    "publish-bank": 120,
    "publish-curve-faces": 6,
    "publish-persons": 400,
    "publish-resamples": 3,
    "publish-checked": 2,
    "publish-results": 0,
}


def run(*words: object) -> str:
    """Run a command in this process, which has TensorFlow loaded: each start of another would cost five seconds."""
    done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output[-3000:]
    return done.output


@pytest.fixture(scope="module")
def made(head_kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which all steps were run once, with the command of a user."""
    folder = tmp_path_factory.mktemp("made")
    words: list[object] = []
    for name, value in SMALL.items():
        words += [f"--{name}", *(value if isinstance(value, tuple) else (value,))]
    folders = ("--publish-weights", folder / "weights", "--publish-docs", folder / "docs")
    output = run("all", "--assets", head_kit, "--run", folder / "run", "--name", "tiny", *folders, *words)
    assert "dropped:" in output
    (folder / "output.txt").write_text(output)
    return folder


def test_the_published_model_opens_and_makes_faces(made: Path) -> None:
    model = open_model(made / "weights" / "tiny")
    assert model.config.latent_size == 512
    assert model.has_scorer
    engine = open_engine(model, "openvino", "exact")
    bank = model.bank()
    latents = np.random.RandomState(bank.base_seed).randn(8, 512)
    given = engine.run(latents, outputs=("image", "scores"))
    assert given["image"].shape == (8, 32, 32, 3)
    # The bank's scores are those of the faces that its seed gives, up to the file's float16.
    assert np.allclose(given["scores"], bank.scores[:8], atol=0.05)


def test_all_that_the_pages_need_comes_with_it(made: Path) -> None:
    model = open_model(made / "weights" / "tiny")
    assert model.has_judge
    assert model.scorer is not None
    assert model.judge_scores().shape == model.bank().scores.shape == (120, len(model.scorer.attributes))
    curves = model.curves()
    assert curves.names == model.names
    assert curves.faces == 6
    assert (np.diff(curves.expected, axis=2) >= 0).all()
    true = model.true_directions()
    assert true.directions.shape == model.directions.shape
    np.testing.assert_allclose(np.linalg.norm(true.directions, axis=0), 1.0, atol=1e-4)
    cosines = (true.directions * model.directions).sum(axis=0)
    np.testing.assert_allclose(true.angle, np.degrees(np.arccos(cosines)), atol=0.1)
    assert (true.low <= true.angle).all()
    assert (true.angle <= true.high).all()
    card = (made / "weights" / "tiny" / "MODEL_CARD.md").read_text()
    assert "are outside the band of level 5%" in card
    for name, angle in zip(model.names, true.angle, strict=True):
        assert f"| {name.replace('_', ' ')} | " in card
        assert f"{angle:.1f} (" in card


def test_the_sheets_show_what_the_seeds_give(made: Path) -> None:
    with Image.open(made / "docs" / "seeds.webp") as sheet:
        assert sheet.size == (8 * 32, 8 * 32)
        shown = np.asarray(sheet.convert("L"), np.float32)[:32, 32:64]
    model = open_model(made / "weights" / "tiny")
    face = open_engine(model, "openvino", "exact").run(np.random.RandomState(1).randn(1, 512))["image"][0]
    made_again = np.asarray(Image.fromarray(to_bytes(face)).convert("L"), np.float32)
    # Up to WebP's loss, which is large on so noisy a face.
    assert np.corrcoef(made_again.ravel(), shown.ravel())[0, 1] > 0.9
    with Image.open(made / "docs" / "traversals.webp") as sheet:
        assert sheet.height == 32 * len(model.attributes)
    with Image.open(made / "docs" / "nearest.webp") as sheet:
        assert sheet.size == (24 * 32, 8 * 32)


def test_the_card_holds_the_figures(made: Path) -> None:
    card = (made / "weights" / "tiny" / "MODEL_CARD.md").read_text()
    model, measured = open_model(made / "weights" / "tiny"), Measured.read(made / "run" / "measured")
    assert f"{FACES} rendered faces" in card
    assert "320 faces shown" in card
    assert "The scorer, which finds the directions, was also part of the generator's loss" in card
    for attribute in model.attributes:
        row = next(line for line in card.splitlines() if line.startswith(f"| {attribute.name.replace('_', ' ')} | "))
        figures = measured.attributes[attribute.name]
        assert f"{attribute.reliability['linear_r2']:.2f}" in row
        assert f"{figures['response']:.2f} ({figures['low']:.2f} to {figures['high']:.2f})" in row
        assert attribute.reliability["response"] == round(figures["response"], 4)
    realism = measured.realism
    assert f"| Recall | {realism['recall']['samples']:.3f} | {realism['recall']['renders']:.3f} |" in card
    for sheet in ("seeds", "nearest", "traversals"):
        assert f"../../docs/{sheet}.webp" in card
    listed = [float(r) for r in re.findall(r"^\| \w[\w ]* and [\w ]+ \| ([-+]\d\.\d\d) \|", card, re.M)]
    assert listed == sorted(listed, key=lambda r: -abs(r))
    assert "| ± " not in card
    assert "missed" in card, "so small a model misses goals, and the card says so"


def test_a_rerun_makes_nothing_anew(made: Path) -> None:
    steps = made / "run"
    before = {
        file: file.stat().st_mtime_ns for name in ("fit", "measured") for file in (steps / name / "parts").iterdir()
    }
    measure = steps / "measured" / "measure.json"
    assert json.loads(measure.read_text())["own_codes"]["faces"] == FACES // 64
    measure.unlink()
    again = ("--run", steps / "train", "--scorer", steps / "scorer", "--judge", steps / "judge")
    options = ("--samples", 80, "--pictures", 16, "--bases", 4, "--resamples", 20, "--neighbours", 64)
    options = (*options, "--unseen", steps / "faces")
    output = run(
        "measure", *again, "--fit", steps / "fit", "--faces", steps / "faces", "--out", steps / "measured", *options
    )
    figures = json.loads(measure.read_text())
    assert figures["realism"]
    assert figures["own_codes"]["faces"] == min(FACES, 256)
    assert all(file.stat().st_mtime_ns == written for file, written in before.items())
    assert len(before) > 10
    assert "MISSED" in output


def test_a_step_says_what_it_needs(made: Path) -> None:
    done = CliRunner().invoke(main, ["label", "--faces", str(made / "nowhere"), "--out", str(made / "x")])
    assert done.exit_code == 2
    assert "Run the render step" in done.output
