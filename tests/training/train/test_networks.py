"""Discriminator, losses, one step, growth and the loop, in miniature."""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.pggan import read_variables
from training.__main__ import main
from training.label.learning import train_scorer
from training.label.lesson import Lesson
from training.label.scorer import Scorer
from training.label.truth import Truth
from training.muon import Muon
from training.train.checkpoint import read_checkpoint
from training.train.discriminator import build_critic, build_discriminator, minibatch_deviation
from training.train.losses import (
    band_distance,
    detail_distance,
    discriminator_loss,
    generator_loss,
    matching_distance,
    perceptual_distance,
    pyramid_distance,
)
from training.train.networks import Networks, without_head
from training.train.pairs import eye_of, frame_of
from training.train.penalties import gradient_penalty, r1_penalty
from training.train.recipe import Recipe

CONFIG = GeneratorConfig(16, latent_size=32, fmap_base=64, fmap_max=16)
RECIPE = Recipe(CONFIG, start=8, stable=64, fade=64, total=256, batch=8, half_life=100)


def test_minibatch_deviation_is_the_mean_spread_in_a_group() -> None:
    x = np.random.default_rng(0).standard_normal((8, 2, 2, 3)).astype(np.float32)
    found = np.asarray(minibatch_deviation(tf.constant(x), group=4))
    # Groups are interleaved, as in the original: faces 0, 2, 4, 6 are one group of the two.
    expected = np.sqrt(x[0::2].var(axis=0) + 1e-8).mean()
    assert found.shape == (8, 2, 2, 1)
    assert np.allclose(found[0::2], expected, atol=1e-6)


def test_a_fading_discriminator_sees_only_the_coarse_picture_at_first() -> None:
    critic = build_discriminator(CONFIG, 4)
    fine = np.random.default_rng(0).standard_normal((4, 16, 16, 3)).astype(np.float32)
    half = fine.reshape(4, 8, 2, 8, 2, 3).mean(axis=(2, 4)).repeat(2, axis=1).repeat(2, axis=2)
    at_first = [np.asarray(critic([x, np.float32(1.0)])) for x in (fine, half)]
    at_last = [np.asarray(critic([x, np.float32(0.0)])) for x in (fine, half)]
    assert np.allclose(*at_first, atol=1e-5)
    assert not np.allclose(*at_last, atol=1e-3)


def test_losses_are_the_papers() -> None:
    real, fake = tf.constant([[2.0], [0.5]]), tf.constant([[-1.0], [0.3]])
    softplus = lambda x: np.log1p(np.exp(x))  # noqa: E731
    expected = softplus(np.array([-1.0, 0.3])).mean() + softplus(-np.array([2.0, 0.5])).mean()
    assert float(discriminator_loss("logistic", real, fake)) == pytest.approx(expected, rel=1e-6)
    assert float(generator_loss("logistic", fake)) == pytest.approx(softplus(np.array([1.0, -0.3])).mean(), rel=1e-6)
    assert float(discriminator_loss("wgan-gp", real, fake)) == pytest.approx(-0.35 - 1.25 + 0.001 * (4 + 0.25) / 2)
    assert float(generator_loss("wgan-gp", fake)) == pytest.approx(0.35)


def test_penalties_measure_the_gradient() -> None:
    weights = tf.constant(np.random.default_rng(0).standard_normal((4, 4, 3)).astype(np.float32))
    critic = lambda x: tf.reduce_sum(x * weights, axis=(1, 2, 3))[:, None]  # noqa: E731
    square = float(tf.reduce_sum(weights**2))
    real, fake = tf.zeros((2, 4, 4, 3)), tf.ones((2, 4, 4, 3))
    assert float(r1_penalty(critic, real)) == pytest.approx(square / 2, rel=1e-5)
    assert float(gradient_penalty(critic, real, fake)) == pytest.approx((square**0.5 - 1) ** 2, rel=1e-4)


@pytest.mark.parametrize("loss", ["logistic", "wgan-gp"])
def test_a_step_changes_all_that_learns_and_the_average_by_its_half_life(loss: str) -> None:
    networks = Networks(Recipe(CONFIG, start=8, batch=8, loss=loss, half_life=8), 3, bf16=False)
    networks.set_phase(0)
    before = networks.state()
    losses = networks.step(np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 3)).astype(np.float32), None, 0)
    after = networks.state()
    assert all(np.isfinite(float(value)) for value in losses.values())
    for name in ("G/8x8/Conv1/weight", "D/8x8/Conv0/weight", "D/4x4/Dense1/weight", "G/4x4/Dense/weight"):
        assert np.abs(after[name] - before[name]).max() > 1e-4
    name = "G/4x4/Conv/weight"
    assert np.allclose(after[f"Gs/{name[2:]}"], (before[name] + after[name]) / 2, atol=1e-6)


def test_pairs_train_the_generator_towards_the_faces_of_their_codes() -> None:
    networks = Networks(Recipe(CONFIG, start=8, batch=8, half_life=8, paired=10.0, alone=400), 3, bf16=False)
    networks.set_phase(0)
    random = np.random.default_rng(0)
    codes = random.standard_normal((8, 5)).astype(np.float32)
    real = np.tanh(codes[:, :3])[:, None, None, :] * np.ones((8, 8, 8, 3), np.float32)
    first = networks.state()
    losses = [networks.step(real, codes, number) for number in range(50)]
    assert set(losses[0]) == {"distance"}
    assert float(losses[-1]["distance"]) < 0.6 * float(losses[0]["distance"])
    assert np.array_equal(networks.state()["D/8x8/Conv0/weight"], first["D/8x8/Conv0/weight"])
    joined = networks.step(real, codes, 50)  # 400 faces shown: the discriminator has joined
    assert set(joined) >= {"distance", "D loss", "G loss"}
    assert np.abs(networks.state()["D/8x8/Conv0/weight"] - first["D/8x8/Conv0/weight"]).max() > 1e-4


def test_the_first_layer_reads_the_code_and_nothing_else_until_the_discriminator_joins() -> None:
    networks = Networks(Recipe(CONFIG, start=8, batch=8, paired=10.0, alone=24), 3, bf16=True)
    networks.set_phase(0)
    random = np.random.default_rng(0)
    codes = random.standard_normal((8, 5)).astype(np.float32)
    real = np.tanh(codes[:, :3])[:, None, None, :] * np.ones((8, 8, 8, 3), np.float32)
    frame = frame_of(CONFIG.latent_size)
    response = []
    for number in range(4):
        networks.step(real, codes, number)
        answers = np.abs(frame @ networks.state()["G/4x4/Dense/weight"])
        response.append((answers[:5].mean(), answers[5:].max()))
    assert all(own > 0.5 for own, _ in response)
    assert all(rest < 1e-4 for _, rest in response[:3])
    assert response[3][1] > 1e-4


def test_a_patch_head_and_feature_matching_join_with_the_discriminator() -> None:
    weights = {"detail": 1.0, "bands": 2.0, "coarse": 8, "matched": 1.0, "patches": 1.0}
    recipe = Recipe(CONFIG, start=16, batch=8, half_life=8, paired=2.0, alone=16, critic=(32, 8), **weights)
    networks = Networks(recipe, 4, bf16=False)
    random = np.random.default_rng(0)
    codes = random.standard_normal((8, 5)).astype(np.float32)
    real = random.uniform(-1, 1, (8, 16, 16, 3)).astype(np.float32)
    networks.set_phase(0)
    assert set(networks.step(real, codes, 0)) == {"distance", "detail", "bands"}
    first = networks.state()
    networks.set_phase(16)
    losses = networks.step(real, codes, 2)
    assert set(losses) == {
        *("D loss", "D patches", "real score", "fake score", "G loss", "G patches", "distance", "bands", "matched")
    }
    assert all(np.isfinite(float(value)) for value in losses.values())
    assert float(networks.step(real, codes, 16)["penalty"]) > 0  # R1 is due every 16 steps
    after = networks.state()
    for name in ("D/Patches/Conv0/weight", "D/Patches/Conv1/weight", "D/4x4/Dense1/weight", "G/16x16/Conv1/weight"):
        assert np.abs(after[name] - first[name]).max() > 1e-4, name


def test_r1_weighs_patches_as_the_loss_does() -> None:
    recipe = Recipe(CONFIG, start=16, batch=8, paired=1.0, alone=16, critic=(32, 8), patches=0.5)
    networks = Networks(recipe, 4, bf16=False)
    real = tf.random.stateless_uniform((8, 16, 16, 3), (0, 0), -1.0, 1.0)
    found = networks._judged(real)
    mean = np.asarray(found["patches"]).mean(axis=(1, 2))
    assert np.allclose(networks._scores(real), found["score"] + 0.5 * mean, atol=1e-6)


def test_pairs_are_compared_coarsely_once_the_discriminator_has_joined() -> None:
    recipe = Recipe(CONFIG, start=16, batch=8, paired=1.0, alone=8, coarse=8)
    networks = Networks(recipe, 4, bf16=False)
    checks = np.indices((16, 16)).sum(0)[None, :, :, None] % 2 * 2.0 - 1.0
    checks = tf.constant(checks * np.ones((8, 16, 16, 3)), tf.float32)
    assert float(networks._apart(checks, tf.zeros_like(checks), joined=False)["distance"]) == pytest.approx(1.0)
    assert float(networks._apart(checks, tf.zeros_like(checks), joined=True)["distance"]) == pytest.approx(0.0)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    """Return a scorer of the brightness of pictures of 8 px."""
    images = np.random.default_rng(0).integers(0, 256, (64, 1, 1, 1), np.uint8) * np.ones((1, 8, 8, 3), np.uint8)
    truth = Truth(("Bright",), ("Light",), ("continuous",), images[:, 0, 0, :1].astype(np.float32))
    return train_scorer(images, truth, Lesson(channels=(6,), epochs=1, seed=0, residual=1, precision="float32"))


def test_an_eye_gives_all_that_a_scorer_makes_of_a_picture(scorer: Scorer) -> None:
    eye = eye_of(scorer, 16, "float32")
    assert eye is not None
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 3)).astype(np.float32)
    seen = [np.asarray(part) for part in eye(pictures)]
    assert [part.shape for part in seen] == [(2, 4, 4, 6), (2, 64), (2, 1)]
    weights, bias = (scorer.variables[f"Scores/{kind}"] for kind in ("weight", "bias"))
    assert np.allclose(seen[1] @ weights + bias, seen[2], atol=1e-5)
    assert not eye.trainable_variables
    assert eye_of(scorer, 4, "float32") is None


def test_the_perceptual_distance_is_a_share_of_what_is_seen() -> None:
    real = [tf.constant([[3.0, 4.0]]), tf.constant([[1.0], [1.0]])]
    assert float(perceptual_distance(real, real)) == 0.0
    assert float(perceptual_distance([tf.zeros((1, 2)), real[1]], real)) == pytest.approx(0.5)
    assert float(perceptual_distance([tf.constant([[3.0, 4.5]]), 2 * real[1]], real)) == pytest.approx(0.505)


def test_a_perceptual_distance_needs_a_scorer(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [*run(tmp_path, tmp_path / "run", 8)[3:], "--paired", "1", "--perceptual", "1"])
    assert (done.exit_code, "Expected --scorer DIR" in done.output) == (2, True)
    done = CliRunner().invoke(
        main, [*run(tmp_path, tmp_path / "run", 8)[3:], "--perceptual", "1", "--scorer", str(tmp_path)]
    )
    assert (done.exit_code, "Run the label step first" in done.output) == (2, True)


def test_pairs_come_to_look_alike_to_the_scorer_too(scorer: Scorer) -> None:
    recipe = Recipe(CONFIG, start=8, batch=8, half_life=8, paired=10.0, alone=400, perceptual=1.0)
    networks = Networks(recipe, 3, bf16=False, scorer=scorer)
    networks.set_phase(0)
    random = np.random.default_rng(0)
    codes = random.standard_normal((8, 5)).astype(np.float32)
    real = np.tanh(codes[:, :3])[:, None, None, :] * np.ones((8, 8, 8, 3), np.float32)
    losses = [networks.step(real, codes, number) for number in range(50)]
    assert set(losses[0]) == {"distance", "perceptual"}
    assert float(losses[-1]["perceptual"]) < 0.6 * float(losses[0]["perceptual"])
    assert set(networks.step(real, codes, 50)) >= {"distance", "perceptual", "D loss", "G loss"}


def test_muon_turns_a_step_of_a_convolution() -> None:
    kernel, bias = (keras.Variable(np.zeros(shape, np.float32)) for shape in ((3, 3, 4, 6), (6,)))
    colours = keras.Variable(np.zeros((1, 1, 6, 3), np.float32))
    optimiser = Muon(0.1, 0.99, "float32")
    variables = [kernel, bias, colours]
    optimiser.build(variables)
    random = np.random.default_rng(0)
    gradients = [tf.constant(random.standard_normal(v.shape).astype(np.float32)) for v in variables]
    optimiser.apply(gradients, variables)
    # The same length in every direction of the matrix (36, 6), up to the error of five iterations, and Liu's scale.
    lengths = np.linalg.svd(np.reshape(kernel, (36, 6)), compute_uv=False) / (0.1 * 0.2 * 36**0.5)
    assert 0.6 < lengths.min() < lengths.max() < 1.3
    # Adam's first step is the rate, against the sign of the gradient.
    for variable, gradient in zip(variables[1:], gradients[1:], strict=True):
        assert np.allclose(variable, -0.1 * np.sign(gradient), atol=1e-3)


def test_the_frame_of_codes_is_a_turn() -> None:
    frame = frame_of(32)
    assert np.allclose(frame @ frame.T, np.eye(32), atol=1e-5)
    assert np.array_equal(frame, frame_of(32))
    assert np.abs(frame).max() < 0.9


def test_a_pyramid_tells_coarse_differences_more_than_fine_ones() -> None:
    flat = tf.fill((1, 16, 16, 3), 0.5)
    fine = tf.constant(np.indices((16, 16)).sum(0) % 2 - 0.5, tf.float32)[None, :, :, None] * tf.ones((1, 16, 16, 3))
    nothing = tf.zeros((1, 16, 16, 3))
    assert float(pyramid_distance(flat, nothing)) == pytest.approx(1.0)
    assert float(pyramid_distance(fine, nothing)) == pytest.approx(0.5)
    assert float(pyramid_distance(flat, nothing, 10.0)) == pytest.approx(6.0)


def test_detail_is_what_the_half_does_not_have() -> None:
    random = np.random.default_rng(0)
    coarse = random.uniform(-1, 1, (1, 8, 8, 3)).astype(np.float32).repeat(2, axis=1).repeat(2, axis=2)
    nothing, checks = np.zeros_like(coarse), (np.indices((16, 16)).sum(0) % 2 - 0.5)[None, :, :, None].repeat(3, 3)
    assert float(detail_distance(tf.constant(coarse), tf.constant(nothing))) == 0.0
    assert float(detail_distance(tf.constant(checks, tf.float32), tf.constant(nothing))) == pytest.approx(0.5)


def test_bands_tell_how_rough_and_in_which_direction_but_not_where() -> None:
    rough = np.random.default_rng(0).normal(0, 0.5, (1, 64, 64, 3)).astype(np.float32)
    moved, smooth = np.roll(rough, 1, axis=2), rough.mean() + 0 * rough
    lines = rough[:, :, :1].repeat(64, axis=2)
    found = {
        name: float(band_distance(tf.constant(other), tf.constant(rough)))
        for name, other in {"same": rough, "moved": moved, "smooth": smooth, "lines": lines}.items()
    }
    assert found["same"] == 0.0
    assert found["moved"] < 0.15 * found["smooth"]
    assert found["lines"] > 0.4 * found["smooth"], "as rough, in one direction only"


def test_bands_are_differences_between_neighbours() -> None:
    image = np.random.default_rng(0).uniform(-1, 1, (2, 24, 24, 3)).astype(np.float32)  # one octave of whole windows
    across, down = np.diff(image, axis=2), np.diff(image, axis=1)
    wanted = 0.0
    for band in (across, down, np.diff(across, axis=1)):
        rows, columns = (size // 8 for size in band.shape[1:3])
        windows = band[:, : 8 * rows, : 8 * columns].reshape(2, rows, 8, columns, 8, 3)
        wanted += np.mean(np.sqrt(np.square(windows).mean(axis=(2, 4)) + 1e-4) - 0.01)
    assert float(band_distance(tf.constant(image), tf.zeros_like(image))) == pytest.approx(wanted, rel=1e-5)


def test_matching_is_a_share_of_what_is_seen() -> None:
    real = [tf.constant([[3.0, -1.0]]), tf.constant([[2.0]])]
    assert float(matching_distance(real, real)) == 0.0
    assert float(matching_distance([tf.zeros((1, 2)), real[1]], real)) == pytest.approx(0.5)


def test_a_patch_is_judged_by_its_surroundings_alone() -> None:
    config = GeneratorConfig(64, latent_size=32, fmap_base=64, fmap_max=8)
    critic = build_critic(config, 4)
    image = tf.constant(np.random.default_rng(0).uniform(-1, 1, (4, 64, 64, 3)).astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(image)
        found = critic([image, tf.constant(0.0)])
        one = found["patches"][:, 3, 4]
    assert found["patches"].shape == (4, 8, 8, 1)
    assert [part.shape[1] for part in found["seen"]] == [32, 16, 8, 4]
    rows, columns = np.nonzero(np.abs(np.asarray(tape.gradient(one, image))[0]).sum(axis=-1))
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (36, 36)
    plain = build_discriminator(config, 4)
    shared = [v.name for v in plain.variables]
    assert [v.name for v in critic.variables if not v.name.startswith("Patches")] == shared, "NVIDIA's names"


def test_what_few_faces_have_is_drawn_faintly_rather_than_never() -> None:
    wears = tf.reshape(tf.constant([1.0] * 6 + [0.0] * 18), (24, 1, 1, 1)) * tf.ones((24, 8, 8, 3))
    tried = np.linspace(0, 1, 101)
    distances = [float(pyramid_distance(tf.fill((24, 8, 8, 3), float(grey)), wears, RECIPE.squares)) for grey in tried]
    assert 0.15 < tried[np.argmin(distances)] < 0.25


def test_growing_keeps_the_picture_and_the_names() -> None:
    small = Networks(RECIPE, 3, bf16=False)
    large = Networks(RECIPE, 4, bf16=False)
    large.restore(small.state(), optimisers=False)
    large.set_phase(RECIPE.stable)
    z = np.random.RandomState(0).randn(4, 32).astype(np.float32)
    for name in ("G", "Gs"):
        coarse = np.asarray(small.models[name](z)["image"]).repeat(2, axis=1).repeat(2, axis=2)
        assert np.allclose(np.asarray(large.models[name](z)["image"]), coarse, atol=1e-5)
    assert {k[3:] for k in large.state() if k.startswith("Gs/")} == set(CONFIG.variables())
    assert set(read_variables(small.models["G"])) < set(CONFIG.variables()) | {"ToRGB_lod1/weight"}


def test_after_growth_the_patch_head_looks_at_another_layer_and_starts_anew() -> None:
    config = replace(CONFIG, resolution=64)
    recipe = replace(RECIPE, config=config, start=32, paired=1.0, alone=256, patches=1.0, critic=(32, 16))
    small, large = (Networks(recipe, r, bf16=False) for r in (5, 6))
    fresh = read_variables(large.models["D"])
    large.restore(without_head(small.state()), optimisers=False)
    grown, before = read_variables(large.models["D"]), read_variables(small.models["D"])
    heads = [name for name in grown if name.startswith("Patches/")]
    assert grown["Patches/Conv0/weight"].shape != before["Patches/Conv0/weight"].shape
    assert all(np.array_equal(grown[name], fresh[name]) for name in heads)
    assert np.array_equal(grown["4x4/Dense0/weight"], before["4x4/Dense0/weight"])
    again = Networks(recipe, 6, bf16=False)
    again.restore(large.state(), optimisers=True)
    assert all(np.array_equal(read_variables(again.models["D"])[name], grown[name]) for name in heads)


def run(faces: Path, out: Path, total: int) -> list[str]:
    options = (
        "--resolution 16 --feature-maps 64 16 --start 8 --stable 128 --fade 128 --batch 8 --precision float32 --r1 3"
    )
    return [
        *(sys.executable, "-m", "training", "train", "--faces", str(faces), "--out", str(out)),
        *(*options.split(), "--sheets", "512", "--total", str(total)),
    ]


@pytest.mark.long
def test_stops_on_sigterm_and_resumes_to_the_same_schedule(tmp_path: Path) -> None:
    faces, out = tmp_path / "faces", tmp_path / "run"
    faces.mkdir()
    images = np.random.default_rng(0).integers(0, 256, (64, 16, 16, 3), dtype=np.uint8)
    np.save(faces / "images-00000.npy", images)
    (faces / "dataset.json").write_text(json.dumps({"size": 16}))
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    # A run long enough that only the signal ends it.
    process = subprocess.Popen(run(faces, out, 10**8), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    end = time.monotonic() + 300
    while not (out / "log.csv").exists() or len((out / "log.csv").read_text().splitlines()) < 2:
        assert process.poll() is None, process.communicate()[1].decode()
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors.decode()
    kept = read_checkpoint(out)
    assert kept is not None
    assert f"{kept[0]} of".encode() in output
    shown, r, arrays = kept
    assert (r, float(arrays["Gs/lod"])) == (4, 0.0)
    # In this process, which has TensorFlow loaded.
    again = CliRunner().invoke(main, run(faces, out, shown + 512)[3:], catch_exceptions=False)
    assert again.exit_code == 0, again.output
    resumed = read_checkpoint(out)
    assert resumed is not None
    assert resumed[0] == shown + 512
    with (out / "log.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    faces_shown = [int(line["faces"]) for line in lines]
    assert faces_shown == sorted(faces_shown)
    assert faces_shown[-1] > shown
    assert {line["resolution"] for line in lines if int(line["faces"]) > 256} == {"16"}
    assert list(out.glob("sheet-*.png"))
    assert Recipe.read(out / "recipe.json").penalty(4) == 3.0
    other = CliRunner().invoke(main, [*run(faces, out, 10**8)[3:], "--rate", "0.1"])
    assert other.exit_code == 2
    assert "another one" in other.output
