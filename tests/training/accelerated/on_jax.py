"""The JAX code, in miniature; ``test_on_jax.py`` runs it in a process in which Keras computes in JAX."""

import io
import json
import os
import tarfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from PIL import Image

from dashboard.synthesis.config import GeneratorConfig
from training.accelerated.augment import augment, blur, jpeg
from training.accelerated.course import Course, Now, Stage
from training.accelerated.kept import bring_home, read_networks, read_state, recipe_of, write_networks
from training.accelerated.loop import Training
from training.accelerated.networks import first_values
from training.accelerated.pool import Pool
from training.accelerated.report import psnr
from training.accelerated.scoring import teach
from training.accelerated.steps import Batch, Steps, unlearnt
from training.accelerated.whole import fitting
from training.errors import TrainingError
from training.label.lesson import SCORER, Lesson
from training.label.scorer import Scorer
from training.label.truth import Truth
from training.shards import HELD
from training.train.checkpoint import read_checkpoint
from training.train.recipe import Recipe

CONFIG = GeneratorConfig(16, latent_size=16, fmap_base=64, fmap_max=16)
STAGES = (Stage("pairs-8", "pairs", 8, 1.0, 8), Stage("pairs-16", "pairs", 16, 1.0, 8),
          Stage("adversarial-16", "adversarial", 16, 1.0, 8))  # fmt: skip
COURSE = Course(CONFIG, (32, 8), STAGES, r1_every=2, half_life=100)
NOW = {name: np.float32(x) for name, x in Now(0.0, 2e-3, 2e-3, 1.0, 1.0, 0.5)._asdict().items()}
KEY = jax.random.PRNGKey(0)


def one_face(codes: int = 5) -> Batch:
    """Return a pool of one face, so that batches are not random."""
    random = np.random.default_rng(0)
    image = random.integers(0, 256, (1, 16, 16, 3), np.uint8)
    return Batch(jnp.asarray(image), jnp.asarray(random.standard_normal((1, codes)), jnp.float32), jnp.int32(1))


def begun(steps: Steps, course: Course = COURSE) -> dict:
    return steps.begin(first_values(CONFIG, course.critic_config(16), 8, 1), None)


def test_keras_computes_in_jax() -> None:
    assert keras.backend.backend() == "jax"


def test_a_step_on_pairs_is_tensorflows() -> None:
    there = dict(np.load(os.environ["LIKENESS_TEST_STEP"]))
    course = replace(COURSE, detail=0.0, bands=0.0, alone_rate=0.01)
    steps = Steps(course, 1, None, "float32")
    state = begun(steps, course)
    state["G"] = {name: jnp.asarray(there[f"before/{name}"]) for name in state["G"]}
    batch = Batch(jnp.asarray(there["image"]), jnp.asarray(there["code"]), jnp.int32(1))
    now = {**NOW, "rate": np.float32(0.01), "squares": np.float32(10.0), "bands": np.float32(0.0)}
    after, losses = jax.jit(steps.pairs)(state, batch, KEY, now)
    assert float(losses["distance"]) == pytest.approx(float(there["distance"]), rel=1e-4)
    for name, array in after["G"].items():
        moved = there[f"after/{name}"] - there[f"before/{name}"]
        found = np.asarray(array) - there[f"before/{name}"]
        assert np.abs(found - moved).max() <= 0.02 * np.abs(moved).max() + 1e-6, name


def test_r1_is_tensorflows() -> None:
    there = dict(np.load(os.environ["LIKENESS_TEST_STEP"]))
    course = replace(COURSE, patches=0.5)
    steps = Steps(course, 2, None, "float32")
    state = begun(steps, course)
    state["D"] |= {name: jnp.asarray(there[f"D/{name}"]) for name in state["D"] if f"D/{name}" in there}
    batch = Batch(jnp.asarray(there["image"]), jnp.asarray(there["code"]), jnp.int32(1))
    _, losses = jax.jit(steps.penalise)(state, batch, KEY, NOW)
    assert float(losses["penalty"]) == pytest.approx(float(there["penalty"]), rel=1e-3)


@pytest.mark.parametrize("precision", ["float32", "bf16"])
def test_pairs_approach_their_renders(precision: str) -> None:
    steps, batch = Steps(COURSE, 0, None, precision), one_face()
    state, step = begun(steps), jax.jit(steps.pairs)
    before = {name: np.asarray(array) for name, array in state["Gs"].items()}
    found = []
    for number in range(40):
        state, losses = step(state, batch, jax.random.PRNGKey(number), {**NOW, "rate": np.float32(0.01)})
        found.append(sum(float(x) for x in losses.values()))
    assert found[-1] < 0.6 * found[0]
    assert state["G"]["8x8/Conv1/weight"].dtype == jnp.float32
    assert np.array_equal(state["Gs"]["16x16/Conv1/weight"], before["16x16/Conv1/weight"]), "not in use yet"
    assert not np.array_equal(state["Gs"]["8x8/Conv1/weight"], before["8x8/Conv1/weight"])


def test_pairs_are_seen_through_a_scorer() -> None:
    config = unlearnt_config()
    steps = Steps(COURSE, 1, config, "float32")
    state = steps.begin(first_values(CONFIG, COURSE.critic_config(16), 8, 1), unlearnt(config))
    after, losses = jax.jit(steps.pairs)(state, one_face(), KEY, NOW)
    assert float(losses["perceptual"]) > 0.0
    assert all(np.array_equal(a, b) for a, b in zip(after["eye"], state["eye"], strict=True)), "it does not learn"
    blind = Steps(COURSE, 0, config, "float32")
    assert blind.eye is None, "8 px are less than it looks at"


def unlearnt_config():
    from dashboard.synthesis.scorer_config import ScorerConfig

    return ScorerConfig(size=16, channels=(4, 6), attributes=("Bright",), kinds=("continuous",), residual=1)


def test_the_adversarial_steps_change_what_they_should() -> None:
    steps, batch = Steps(COURSE, 2, None, "float32"), one_face()
    state = begun(steps)
    judged, losses = jax.jit(steps.judge)(state, batch, KEY, NOW)
    assert {"D loss", "D patches", "real score", "fake score"} == set(losses)
    assert unlike(judged["D"], state["D"]) >= {"Patches/Conv0/weight", "16x16/Conv0/weight", "4x4/Dense1/weight"}
    assert not unlike(judged["G"], state["G"])
    penalised, losses = jax.jit(steps.penalise)(judged, batch, KEY, NOW)
    assert "16x16/Conv0/weight" in unlike(penalised["D"], judged["D"])
    assert float(losses["penalty"]) > 0.0
    pleased, losses = jax.jit(steps.please)(penalised, batch, KEY, NOW)
    assert {"G loss", "G patches", "distance", "bands", "matched"} == set(losses)
    assert all(np.isfinite(float(x)) for x in losses.values())
    assert not unlike(pleased["D"], penalised["D"])
    name = "16x16/Conv1/weight"
    assert name in unlike(pleased["G"], penalised["G"])
    half = (np.asarray(pleased["G"][name]) + np.asarray(penalised["Gs"][name])) / 2
    assert np.allclose(pleased["Gs"][name], half, atol=1e-6), "NOW keeps half of the average"


def unlike(ours: dict, theirs: dict) -> set[str]:
    return {name for name in ours if not np.array_equal(ours[name], theirs[name])}


def test_codes_fill_the_latent_and_leave_noise() -> None:
    steps = Steps(COURSE, 0, None, "float32")
    codes = np.random.default_rng(0).standard_normal((8, 5)).astype(np.float32)
    one, other = (np.asarray(steps.latents(jax.random.PRNGKey(k), codes)) @ steps.frame.T for k in (0, 1))
    assert np.allclose(one[:, :5], codes, atol=1e-5)
    assert np.allclose(other[:, :5], codes, atol=1e-5)
    assert not np.allclose(one[:, 5:], other[:, 5:], atol=0.1)


def write_faces(folder: Path, first: int, last: int, n: int = 256) -> None:
    """Write shards of 64 faces whose brightness is their index, and codes with the same numbers."""
    folder.mkdir(exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps({"size": 16, "shard": 64, "n": n}))
    for shard in range(first, last):
        numbers = np.arange(shard * 64, shard * 64 + 64).astype(np.uint8)
        part = folder / "part"
        with part.open("wb") as file:
            np.save(file, numbers[:, None, None, None] * np.ones((1, 16, 16, 3), np.uint8))
        part.replace(folder / f"images-{shard:05d}.npy")


def codes_of(n: int = 256) -> np.ndarray:
    return (np.arange(n, dtype=np.float32)[:, None] - 128) / 74 * np.ones((1, 3), np.float32)


def test_shards_are_taken_in_as_they_appear_and_some_faces_are_held_out(tmp_path: Path) -> None:
    write_faces(tmp_path, 0, 1)
    pool = Pool(tmp_path, codes_of(), 256)
    pool.wait(60, 30.0)
    assert pool.count == 63
    write_faces(tmp_path, 1, 4)
    pool.wait(240, 30.0)
    pool.close()
    assert pool.count == 4 * 63
    numbers = np.concatenate(pool.numbers)
    assert not (numbers % HELD == HELD - 1).any()
    assert np.array_equal(pool.images[:252, 0, 0, 0], numbers)
    assert np.allclose(pool.paired[:252, 0], codes_of()[numbers, 0])
    images, codes = pool.held_out()
    assert list(images[:, 0, 0, 0]) == [63, 127, 191, 255]
    assert np.allclose(codes[:, 0], codes_of()[[63, 127, 191, 255], 0])


@pytest.mark.long
def test_a_run_goes_through_its_stages_stops_and_goes_on(tmp_path: Path) -> None:
    faces, out, folder = tmp_path / "faces", tmp_path / "out", tmp_path / "run"
    out.mkdir()
    write_faces(faces, 0, 4)
    stopped, again = threading.Event(), []

    def report(line: str) -> None:
        if "pairs-16: compiled" in line and not again:
            stopped.set()

    def training() -> Training:
        pool = Pool(faces, codes_of(), 256)
        return Training(COURSE, pool, None, "float32", folder, out, stopped=stopped.is_set, report=report)

    assert not training().run(None), "stopped in the second stage"
    kept = read_state(folder, COURSE)
    assert kept is not None
    state, done = kept
    assert done["stage"] == 1
    assert done["alone"] == done["total"] > 0
    assert state["G optimiser"]
    stopped.clear()
    again.append(True)
    ended: list[float] = []
    last = training()
    assert last.run(None, lambda: ended.append(time.monotonic()))
    assert len(ended) == 2, "the first stage is not gone through again"
    assert last.done["alone"] < last.done["total"]
    # At most 16 MiB each, and few: what is downloaded.
    names = sorted(path.name for path in out.iterdir())
    assert names == ["average-adversarial-16.safetensors", "average-pairs-16.safetensors", "training.safetensors"]
    home = read_networks(out / "training.safetensors", out / "average-adversarial-16.safetensors")
    assert np.allclose(home["Gs/4x4/Conv/weight"], last.state["Gs"]["4x4/Conv/weight"], atol=2e-3)
    assert {name.partition("/")[0] for name in home} == {"G", "D", "Gs"}
    assert sorted(path.name for path in (folder / "sheets").iterdir()) == sorted(
        f"{kind}-{stage.name}.webp" for kind in ("pairs", "samples") for stage in STAGES
    )
    log = (folder / "log.csv").read_text().splitlines()
    assert len(log) >= 4
    assert "own-code PSNR at 128" in log[0]
    with pytest.raises(Exception, match="another --run"):
        read_state(folder, replace(COURSE, seed=2))


def test_what_comes_home_is_a_run_that_the_other_steps_read(tmp_path: Path) -> None:
    out, run = tmp_path / "out", tmp_path / "run"
    out.mkdir()
    state = first_values(CONFIG, COURSE.critic_config(16), 8, 1)
    write_networks(out, "average-pairs-16", {"Gs": state["Gs"]})
    write_networks(out, "training", {"G": state["G"], "D": state["D"]})
    recipe = recipe_of(COURSE, 320, 160, "abc")
    (tmp_path / "train").mkdir()
    recipe.write(tmp_path / "train" / "recipe.json")
    with pytest.raises(TrainingError, match=r"record\.tar"):
        bring_home(out, run, "average-pairs-16")
    with tarfile.open(out / "record.tar", "w") as tar:
        tar.add(tmp_path / "train" / "recipe.json", "train/recipe.json")
    assert bring_home(out, run, "average-pairs-16") == recipe
    kept = read_checkpoint(run / "train")
    assert kept is not None
    shown, r, arrays = kept
    assert (shown, r) == (320, 4)
    assert {name[3:] for name in arrays if name.startswith("Gs/")} == set(CONFIG.variables())
    assert np.allclose(arrays["G/4x4/Conv/weight"], state["G"]["4x4/Conv/weight"], atol=2e-3)
    assert Recipe.read(run / "train" / "recipe.json").critic == (32, 8)


@pytest.mark.long
def test_late_stages_are_shortened(tmp_path: Path) -> None:
    write_faces(tmp_path / "faces", 0, 4)
    (tmp_path / "out").mkdir()
    course = replace(COURSE, stages=(replace(STAGES[0], seconds=600.0),))
    pool = Pool(tmp_path / "faces", codes_of(), 256)
    begun = time.monotonic()
    training = Training(course, pool, None, "float32", tmp_path / "run", tmp_path / "out", deadline=begun + 1.0)
    assert training.run(None)
    assert time.monotonic() - begun < 120.0


def test_jpeg_loses_what_jpeg_loses() -> None:
    """In gray; colours are enlarged by steps here, and by slopes in the library."""
    random = np.random.default_rng(0)
    smooth = Image.fromarray(random.integers(0, 256, (8, 8), np.uint8)).resize((64, 64), 3)
    noisy = np.clip(np.asarray(smooth) + random.normal(0, 12, (64, 64)), 0, 255).astype(np.uint8)
    noisy = noisy[:, :, None].repeat(3, axis=2)
    file = io.BytesIO()
    Image.fromarray(noisy).save(file, "JPEG", quality=75, subsampling=2)
    theirs = np.asarray(Image.open(file), np.float32)
    ours = np.asarray(jpeg(noisy[None] / np.float32(127.5) - 1, 75.0))[0] * 127.5 + 127.5
    lost = np.abs(noisy - theirs).mean()
    assert lost > 3.0
    assert np.abs(ours - theirs).mean() < 0.25 * lost


@pytest.mark.long
def test_pictures_made_worse_stay_pictures() -> None:
    images = np.random.default_rng(0).uniform(-1, 1, (4, 32, 32, 3)).astype(np.float32)
    worse = np.asarray(augment(images, KEY))
    assert worse.shape == images.shape
    assert np.abs(worse).max() <= 1.0
    assert not np.allclose(worse, augment(images, jax.random.PRNGKey(1)), atol=0.1)
    flat = np.full((1, 16, 16, 3), 0.5, np.float32)
    assert np.allclose(blur(flat), flat, atol=1e-6)


@pytest.mark.long
def test_a_scorer_learns_in_jax_and_is_measured_on_faces_it_never_saw() -> None:
    random = np.random.default_rng(0)
    level = random.integers(40, 216, (400, 1, 1, 1))
    images = (level + random.integers(-20, 20, (400, 16, 16, 3))).astype(np.uint8)
    values = np.stack([level[:, 0, 0, 0], level[:, 0, 0, 0] > 128], axis=1).astype(np.float32)
    truth = Truth(("Light", "Bright"), ("Light", "Light"), ("continuous", "binary"), values)
    lesson = Lesson(channels=(6, 8), epochs=60, seed=1, residual=1, precision="float32")
    numbers = np.arange(50, 350)
    scorer = teach(images[50:350], numbers, truth, lesson, 60.0)
    assert scorer.figures["Light"]["r2"] > 0.8
    assert scorer.figures["Bright"]["auc"] > 0.95
    assert scorer.held == lesson.held
    assert isinstance(scorer, Scorer)


def test_lessons_fit_the_pictures() -> None:
    assert fitting(SCORER, 64, "bf16").channels == SCORER.channels
    assert fitting(SCORER, 16, "float32", 8).channels == (12, 16)


def test_psnr_is_the_median_over_faces() -> None:
    black = np.zeros((3, 4, 4, 3), np.uint8)
    others = np.stack([black[0] + 255, black[0] + 16, black[0]])
    assert psnr(black, others) == pytest.approx(20 * np.log10(255 / 16), abs=1e-3)
