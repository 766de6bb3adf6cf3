"""The JAX code, tested in a process in which Keras computes in JAX. This process makes TensorFlow's results."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from dashboard.synthesis.config import GeneratorConfig
from training.train.losses import pyramid_distance
from training.train.networks import Networks
from training.train.penalties import r1_penalty
from training.train.recipe import Recipe

CASES = Path(__file__).parent / "on_jax.py"


def write_step(path: Path) -> None:
    """Run one step on pairs, and R1, of the TensorFlow loop, on eight times the same face."""
    config = GeneratorConfig(16, latent_size=16, fmap_base=64, fmap_max=16)
    recipe = Recipe(config, start=16, batch=8, paired=1.0, alone=10**6, alone_rate=0.01, critic=(32, 8), patches=0.5)
    networks = Networks(recipe, 4, bf16=False)
    networks.set_phase(0)
    random = np.random.default_rng(3)
    image = random.integers(0, 256, (1, 16, 16, 3), np.uint8)
    code = random.standard_normal((1, 16)).astype(np.float32)
    real = np.repeat(image.astype(np.float32) / 127.5 - 1.0, 8, axis=0)
    before = networks.state()
    losses = networks.step(real, np.repeat(code, 8, axis=0), 0)
    after = networks.state()
    penalty = r1_penalty(networks._scores, tf.constant(real))
    arrays = {f"before/{name[2:]}": array for name, array in before.items() if name.startswith("G/")}
    arrays |= {f"after/{name[2:]}": array for name, array in after.items() if name.startswith("G/")}
    arrays |= {name: array for name, array in before.items() if name.startswith("D/")}
    given = {"image": image, "code": code, "distance": np.asarray(losses["distance"]), "penalty": np.asarray(penalty)}
    np.savez(path, **arrays, **given)


@pytest.mark.parametrize("which", ["not long", pytest.param("long", marks=pytest.mark.long)])
@pytest.mark.timeout(600)  # a minute by itself, several next to others
def test_the_cases_of_jax(which: str, tmp_path: Path) -> None:
    write_step(tmp_path / "step.npz")
    environment = {**os.environ, "KERAS_BACKEND": "jax", "LIKENESS_TEST_STEP": str(tmp_path / "step.npz")}
    environment["JAX_DISABLE_MOST_OPTIMIZATIONS"] = "1"  # compiling takes longer than computing
    environment |= {"JAX_COMPILATION_CACHE_DIR": str(tmp_path / "compiled")}
    environment |= {"JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
    words = ["-m", "pytest", "-q", "-x", "--noconftest", "-p", "no:cacheprovider", "--timeout=500", "-m", which]
    done = subprocess.run(
        [sys.executable, *words, str(CASES)], env=environment, capture_output=True, text=True, timeout=550
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_a_loss_of_pairs_is_the_same_in_numpy() -> None:
    random = np.random.default_rng(0)
    made, real = (random.uniform(-1, 1, (2, 16, 16, 3)).astype(np.float32) for _ in range(2))
    gap = made - real
    half = gap.reshape(2, 8, 2, 8, 2, 3).mean(axis=(2, 4))
    expected = sum(np.abs(x).mean() + 2.0 * np.square(x).mean() for x in (gap, half))
    assert np.isclose(float(pyramid_distance(tf.constant(made), tf.constant(real), 2.0)), expected, rtol=1e-5)
