"""A new run starts from a model folder's networks, and continues from exactly there."""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from safetensors.numpy import save_file

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.model_folder import Attribute, write_model
from training.__main__ import main
from training.errors import TrainingError
from training.train import loop
from training.train.checkpoint import read_checkpoint
from training.train.names import from_top
from training.train.networks import Networks
from training.train.recipe import Recipe
from training.train.stages import stage_name
from training.train.start import read_start
from training.trained import pair_stage, read_run

SMALL = GeneratorConfig(8, latent_size=512, fmap_base=64, fmap_max=16)
LARGE = replace(SMALL, resolution=16)
RECIPE = Recipe(LARGE, start=8, stable=0, fade=64, batch=8)


@pytest.fixture(scope="module")
def trained() -> Networks:
    """Return the networks of 8 px that have learnt for a step, so that average and generator differ."""
    networks = Networks(Recipe(SMALL, start=8, batch=8), 3, bf16=False)
    networks.set_phase(0)
    networks.step(np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 3)).astype(np.float32), None, 0)
    return networks


@pytest.fixture(scope="module")
def init(trained: Networks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the training.safetensors of a model folder with those networks."""
    state = trained.state()
    average = {name[3:]: array for name, array in state.items() if name.startswith("Gs/")}
    kept = {name: array for name, array in state.items() if name.startswith(("G/", "D/"))}
    folder = tmp_path_factory.mktemp("weights") / "tiny"
    attribute = Attribute("Smiling", "Expression", "continuous", (-3.0, 3.0), {})
    direction = np.eye(512)[:, :1]
    write_model(folder, SMALL, average, (attribute,), direction, "CC0-1.0", {}, training=kept, dtype=np.float32)
    return folder / "training.safetensors"


def test_a_larger_network_begins_with_the_same_pictures_and_the_same_judgement(trained: Networks, init: Path) -> None:
    start = read_start(init, LARGE)
    assert start.resolution == 8
    large = Networks(RECIPE, 4, bf16=False)
    large.restore(start.state, optimisers=False)
    large.set_phase(0)
    z = np.random.RandomState(0).randn(8, 512).astype(np.float32)
    for name in ("G", "Gs"):
        small = np.asarray(trained.models[name](z)["image"])
        coarse = small.repeat(2, axis=1).repeat(2, axis=2)
        np.testing.assert_allclose(np.asarray(large.models[name](z)["image"]), coarse, atol=1e-5)
    scores = (trained.models["D"]([small, np.float32(0)]), large.models["D"]([coarse, np.float32(1)]))
    np.testing.assert_allclose(*(np.asarray(score) for score in scores), atol=1e-4)


def test_the_same_resolution_goes_on_with_the_very_same_numbers(trained: Networks, init: Path) -> None:
    same = Networks(Recipe(SMALL, start=8, batch=8), 3, bf16=False)
    same.restore(read_start(init, SMALL).state, optimisers=False)
    before, after = trained.state(), same.state()
    for name in before:
        if not name.startswith("Adam"):
            np.testing.assert_array_equal(after[name], before[name], err_msg=name)


def words(faces: Path, out: Path, *more: str) -> list[str]:
    options = "--resolution 16 --feature-maps 64 16 --stable 0 --fade 64 --batch 8 --precision float32"
    return ["train", "--faces", str(faces), "--out", str(out), *options.split(), *more]


def test_train_goes_on_from_the_file_and_later_from_its_own_checkpoint(init: Path, tmp_path: Path) -> None:
    faces, out = tmp_path / "faces", tmp_path / "run"
    faces.mkdir()
    np.save(faces / "images-00000.npy", np.random.default_rng(0).integers(0, 256, (16, 16, 16, 3), dtype=np.uint8))
    (faces / "dataset.json").write_text(json.dumps({"size": 16}))
    for total in ("16", "32"):
        done = CliRunner().invoke(main, words(faces, out, "--init", str(init), "--total", total))
        assert done.exit_code == 0, done.output
    kept = read_checkpoint(out)
    assert kept is not None
    assert kept[:2] == (32, 4)
    sheet = np.asarray(Image.open(out / "sheet-00000000.png"))
    assert (sheet[0::2] == sheet[1::2]).all(), "the first sheet shows the start's own coarse pictures"
    assert len(json.loads((out / "recipe.json").read_text())["init"]) == 64
    without = CliRunner().invoke(main, words(faces, out, "--start", "8", "--total", "48"))
    assert (without.exit_code, "another one" in without.output) == (2, True)
    other = CliRunner().invoke(main, words(faces, tmp_path / "other", "--init", str(init), "--start", "16"))
    assert (other.exit_code, "Expected --start of at most 8" in other.output) == (2, True)


def test_a_lower_start_goes_over_the_coarser_blocks_and_keeps_the_finer_ones(init: Path, tmp_path: Path) -> None:
    faces, first, second = tmp_path / "faces", tmp_path / "first", tmp_path / "second"
    faces.mkdir()
    np.save(faces / "images-00000.npy", np.random.default_rng(0).integers(0, 256, (16, 16, 16, 3), dtype=np.uint8))
    (faces / "dataset.json").write_text(json.dumps({"size": 16}))
    again = ("--init", str(first / "checkpoint.safetensors"), "--start", "8", "--stable", "16")
    states = []
    for out, *more in (
        (first, "--init", str(init), "--total", "16"),
        (second, *again, "--total", "16"),
        (second, *again, "--total", "24"),
    ):
        done = CliRunner().invoke(main, words(faces, out, *more))
        assert done.exit_code == 0, done.output
        kept = read_checkpoint(out)
        assert kept is not None
        states.append(kept)
        if len(states) == 2:
            reached = read_run(out)
    whole, coarse, grown = states
    assert [r for _, r, _ in states] == [4, 3, 4]
    fine = [name for name in whole[2] if name.startswith(("G/16x16", "Gs/16x16", "D/16x16", "G/ToRGB_lod0"))]
    assert len(fine) > 8
    for name in fine:
        np.testing.assert_array_equal(coarse[2][name], whole[2][name], err_msg=name)
        assert np.abs(grown[2][name] - whole[2][name]).max() < 0.01, name  # one step away
    assert np.abs(coarse[2]["G/8x8/Conv1/weight"] - whole[2]["G/8x8/Conv1/weight"]).max() > 1e-4
    assert reached.config == SMALL
    assert set(reached.networks["Gs"]) == set(SMALL.variables())


def test_a_stage_is_kept_before_the_network_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faces, out = tmp_path / "faces", tmp_path / "run"
    for folder in (faces, out):
        folder.mkdir()
    np.save(faces / "images-00000.npy", np.random.default_rng(0).integers(0, 256, (16, 16, 16, 3), dtype=np.uint8))
    (faces / "dataset.json").write_text(json.dumps({"size": 16}))

    def fails_at_16(recipe: Recipe, r: int, *rest: object) -> Networks:
        if r == 4:
            raise MemoryError
        return Networks(recipe, r, *rest)

    monkeypatch.setattr(loop, "Networks", fails_at_16)
    with pytest.raises(MemoryError):
        loop.train(replace(RECIPE, stable=16), faces, out, bf16=False, progress=False)
    kept = read_checkpoint(out)
    assert kept is not None
    assert kept[:2] == (16, 3)


def test_each_stage_leaves_networks_that_another_run_can_start_from(tmp_path: Path) -> None:
    faces, out = tmp_path / "faces", tmp_path / "run"
    for folder in (faces, out):
        folder.mkdir()
    random = np.random.default_rng(0)
    np.save(faces / "images-00000.npy", random.integers(0, 256, (16, 16, 16, 3), dtype=np.uint8))
    np.save(faces / "codes.npy", random.standard_normal((16, 6), dtype=np.float32))
    (faces / "dataset.json").write_text(json.dumps({"size": 16}))
    recipe = replace(RECIPE, stable=16, paired=1.0, alone=24, total=40)
    recipe.write(out / "recipe.json")
    loop.train(recipe, faces, out, bf16=False, progress=False)
    files = {path.name: path for path in out.glob("networks-*")}
    assert set(files) == {f"networks-{name}.safetensors" for name in ("pairs-8", "pairs-16", "adversarial-16")}

    coarse = read_start(files["networks-pairs-8.safetensors"], LARGE)
    assert coarse.resolution == 8
    assert not any(name.startswith("D/") for name in coarse.state)
    assert {f"Gs/{name}" for name in SMALL.variables()} == {from_top(n, -1) for n in coarse.state if n[:3] == "Gs/"}
    for name in (from_top(name, 1) for name in SMALL.variables()):
        np.testing.assert_array_equal(coarse.state[f"G/{name}"], coarse.state[f"Gs/{name}"])

    end, kept = read_start(files["networks-adversarial-16.safetensors"], LARGE), read_checkpoint(out)
    assert kept is not None
    networks = {name: array for name, array in kept[2].items() if not name.startswith("Adam")}
    assert set(end.state) == set(networks)
    for name, array in networks.items():
        np.testing.assert_allclose(end.state[name], array, rtol=1e-3, atol=1e-4, err_msg=name)
    assert pair_stage(files["networks-pairs-16.safetensors"], read_run(out).networks["Gs"])


def test_a_run_that_ends_with_a_stage_does_not_name_it_after_the_next_one() -> None:
    recipe = replace(RECIPE, stable=16, paired=1.0, alone=24)
    names = [stage_name(recipe, shown, r) for shown, r in ((8, 3), (16, 3), (24, 4), (32, 4))]
    assert names == ["pairs-8", "pairs-8", "pairs-16", "adversarial-16"]
    assert stage_name(RECIPE, 8, 3) == "adversarial-8"


def test_says_why_a_start_does_not_fit(init: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Give the file's path"):
        read_start(tmp_path / "training.safetensors", LARGE)
    with pytest.raises(TrainingError, match="higher --resolution"):
        read_start(init, replace(SMALL, resolution=4))
    with pytest.raises(TrainingError, match=r"Expected fmap_base 128 .*Give --feature-maps 64 16"):
        read_start(init, replace(LARGE, fmap_base=128))
    (tmp_path / "networks-pairs-8.safetensors").write_bytes(b"none")
    with pytest.raises(TrainingError, match=r"networks of a stage in .*pairs-8"):
        read_start(tmp_path / "networks-pairs-8.safetensors", LARGE)
    save_file({"Gs/lod": np.zeros(1)}, tmp_path / "networks-pairs-8.safetensors")
    with pytest.raises(TrainingError, match=r"networks of a stage in .*pairs-8"):
        read_start(tmp_path / "networks-pairs-8.safetensors", LARGE)
    (tmp_path / "checkpoint.safetensors").write_bytes(b"none")
    with pytest.raises(TrainingError, match=r"checkpoint of a run .*recipe.json"):
        read_start(tmp_path / "checkpoint.safetensors", LARGE)
    RECIPE.write(tmp_path / "recipe.json")
    with pytest.raises(TrainingError, match="checkpoint of a run"):
        read_start(tmp_path / "checkpoint.safetensors", LARGE)
    copy = tmp_path / "tiny"
    copy.mkdir()
    for file in init.parent.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    (copy / init.name).write_bytes(init.read_bytes()[:-4] + b"\1\1\1\1")
    with pytest.raises(TrainingError, match="tiny"):
        read_start(copy / init.name, LARGE)
