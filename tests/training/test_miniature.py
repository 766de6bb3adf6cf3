"""The whole path in miniature: from assets to a model folder that makes faces."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from dashboard.synthesis.engine import open_engine
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.pixels import to_bytes
from training.__main__ import main

FACES = 128


def step(*words: str) -> str:
    """Run a step in this process, which has TensorFlow loaded: each start of another would cost five seconds."""
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output[-3000:]
    return done.output


@pytest.fixture(scope="module", params=["head_kit", "makehuman_assets"])
def made(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder in which every step has run once, as its user would type it."""
    assets, folder = request.getfixturevalue(request.param), tmp_path_factory.mktemp("made")
    faces, run, scorer, fit = (str(folder / name) for name in ("faces", "run", "scorer", "fit"))
    step("render", "--assets", str(assets), "--out", faces, "--faces", str(FACES), "--size", "32", "--shard", "64")
    growth = ("--resolution", "32", "--start", "32", "--total", "640")
    step("train", "--faces", faces, "--out", run, "--feature-maps", "128", "32", "--precision", "float32", *growth)
    step("label", "--faces", faces, "--out", scorer, "--size", "16", "--channels", "16,32", "--epochs", "40")
    told = step("fit", "--run", run, "--scorer", scorer, "--out", fit, "--latents", "3000", "--bases", "4")
    assert "dropped:" in told
    parts = ("--run", run, "--scorer", scorer, "--fit", fit, "--faces", faces)
    places = ("--weights", str(folder / "weights"), "--docs", str(folder / "docs"), "--name", "tiny")
    step("publish", *parts, *places, "--bank", "300")
    return folder


def test_the_published_model_opens_and_makes_faces(made: Path) -> None:
    model = open_model(made / "weights" / "tiny")
    assert model.config.latent_size == 512
    assert model.has_scorer
    assert {attribute.name for attribute in model.attributes}
    engine = open_engine(model, "openvino", "exact")
    bank = model.bank()
    latents = np.random.RandomState(bank.base_seed).randn(8, 512)
    given = engine.run(latents, outputs=("image", "scores"))
    assert given["image"].shape == (8, 32, 32, 3)
    # The bank's scores are those of the faces that its seed gives, up to the file's float16.
    assert np.allclose(given["scores"], bank.scores[:8], atol=0.05)


def test_the_sheets_show_what_the_seeds_give(made: Path) -> None:
    with Image.open(made / "docs" / "seeds.webp") as sheet:
        assert sheet.size == (8 * 32, 8 * 32)
        shown = np.asarray(sheet.convert("L"), np.float32)[:32, 32:64]
    engine = open_engine(open_model(made / "weights" / "tiny"), "openvino", "exact")
    face = engine.run(np.random.RandomState(1).randn(1, 512))["image"][0]
    made_again = np.asarray(Image.fromarray(to_bytes(face)).convert("L"), np.float32)
    # Up to WebP's loss, which is large on so noisy a face.
    assert np.corrcoef(made_again.ravel(), shown.ravel())[0, 1] > 0.9


def test_the_card_holds_the_figures(made: Path) -> None:
    card = (made / "weights" / "tiny" / "MODEL_CARD.md").read_text()
    model = open_model(made / "weights" / "tiny")
    assert f"{FACES} rendered faces" in card
    assert "640 faces shown" in card
    for attribute in model.attributes:
        assert f"| {attribute.name.replace('_', ' ')} |" in card
        assert f"{attribute.reliability['linear_r2']:.2f}" in card
    assert "../../docs/seeds.webp" in card


def test_a_step_says_what_it_needs(made: Path) -> None:
    done = CliRunner().invoke(main, ["label", "--faces", str(made / "nowhere"), "--out", str(made / "x")])
    assert done.exit_code == 2
    assert "Run the render step" in done.output
