"""An imported model with directions is measured and published: all that the pages need comes with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from support.models import ATTRIBUTES, random_variables, tiny_scorer, write_tiny_model
from support.stylegan_models import imported_stylegan

from dashboard.api import LoadedModel
from dashboard.synthesis.model_folder import open_model
from training.__main__ import main
from training.label.scorer import Scorer
from training.measure.result import Measured

LOOSE = ("--least-r2", "0", "--least-auc", "0", "--least-agreement", "-1", "--least-linear", "-9", "--most-alike", "1")
FIT = ("--latents", "120", "--bases", "4", *LOOSE)
MEASURE = ("--samples", "64", "--pictures", "8", "--bases", "4", "--resamples", "20")
PUBLISH = ("--bank", "40", "--curve-faces", "4", "--checked", "2", "--results", "0")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(params=["stylegan2", "pggan", "labels"])
def steps(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[object]]:
    """Return a model's folder and the options of its scorer and judge, which read alike."""
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    if request.param == "pggan":
        model = write_tiny_model(tmp_path / "plain", scorer=False, bank=0, latent_size=24)
    else:
        model = imported_stylegan("stylegan2", tmp_path, labels=3 if request.param == "labels" else 0, z=20, w=10)
    network, groups = tiny_scorer(size=16), tuple(a.group for a in ATTRIBUTES)
    figures = {a.name: {"r2": 0.9, "auc": 0.99} for a in ATTRIBUTES}
    for name in ("scorer", "judge"):
        Scorer(network, random_variables(network, 1), groups, figures, 9).write(tmp_path / name)
    return str(model.path), ["--scorer", tmp_path / "scorer", "--judge", tmp_path / "judge"]


def test_from_directions_to_a_published_model(steps: tuple[str, list[object]], tmp_path: Path) -> None:
    path, scorers = steps
    original, out = open_model(Path(path)), {name: tmp_path / name for name in ("fit", "measured")}
    of_model: list[object] = ["--model", path, *scorers]
    done = run("fit", *of_model, "--out", out["fit"], *FIT)
    assert done.exit_code == 0, done.output
    done = run("measure", *of_model, "--fit", out["fit"], "--out", out["measured"], *MEASURE)
    assert done.exit_code == 0, done.output
    assert "Not measured, for want of the training faces" in done.output
    publish = ("publish", *of_model, "--fit", out["fit"], "--measured", out["measured"], "--name", "mine", *PUBLISH)
    done = run(*publish)
    assert done.exit_code == 0, done.output

    made, measured = open_model(tmp_path / "home" / "models" / "mine"), Measured.read(out["measured"])
    assert (made.space, made.config, made.licence) == (original.space, original.config, original.licence)
    for name, array in original.variables().items():
        np.testing.assert_array_equal(array, made.variables()[name])
    assert made.names
    for attribute in made.attributes:
        figures = measured.attributes[attribute.name]
        assert attribute.range == pytest.approx(figures["range"])
        assert attribute.reliability["response"] == round(figures["response"], 4)
        assert figures["agreement"] == pytest.approx(1, abs=1e-4)  # the judge is the scorer
    assert made.scorer is not None
    assert made.curves().names == made.names
    bank = made.bank()
    np.testing.assert_allclose(made.judge_scores(), bank.scores, atol=1e-4)
    z = np.random.RandomState(bank.base_seed).randn(6, made.config.latent_size)
    np.testing.assert_allclose(bank.scores[:6], LoadedModel(made, "openvino", 1).scores(z), atol=5e-3)
    card = (made.path / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"with directions in {made.space}" in card
    assert "## Not measured" in card
    for attribute in made.attributes:
        figures = measured.attributes[attribute.name]
        assert f"{figures['response']:.2f} ({figures['low']:.2f} to {figures['high']:.2f})" in card

    refused = run(*publish)
    assert (refused.exit_code, "which exists" in refused.output) == (2, True)


def test_what_belongs_to_a_run_is_refused_with_a_model() -> None:
    parts = ["--scorer", "s", "--judge", "j", "--fit", "f"]
    for words in (
        ["measure", *parts, "--out", "o"],
        ["measure", *parts, "--out", "o", "--model", "m", "--faces", "x"],
        ["measure", *parts, "--out", "o", "--run", "r"],
        ["publish", *parts, "--measured", "m", "--name", "n", "--model", "m", "--run", "r"],
    ):
        refused = run(*words)
        assert (refused.exit_code, "Expected --run" in refused.output) == (2, True), refused.output


def test_directions_of_another_model_are_refused(steps: tuple[str, list[object]], tmp_path: Path) -> None:
    path, scorers = steps
    other = write_tiny_model(tmp_path / "other", scorer=False, bank=0, latent_size=28)
    assert run("fit", "--model", other.path, *scorers, "--out", tmp_path / "fit", *FIT).exit_code == 0
    words = ("--fit", tmp_path / "fit", "--out", tmp_path / "measured")
    refused = run("measure", "--model", path, *scorers, *words, *MEASURE)
    assert refused.exit_code == 2
    assert "Expected " in refused.output
