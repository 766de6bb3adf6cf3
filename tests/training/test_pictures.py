"""Both engines make and score the same faces: JAX in its own process, since Keras has one backend in each."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.models import ATTRIBUTES, random_variables, tiny_config, tiny_scorer

from training.label.scorer import Scorer
from training.pictures import open_pictures, resolved

ROOT = Path(__file__).parents[2]

ON_JAX = """
import sys, numpy as np
sys.path[:0] = [{here!r}, {tests!r}, {root!r}]
from test_pictures import parts
from training.pictures import JaxPictures
config, variables, scorers, latents = parts()
pictures = JaxPictures(config, variables, scorers, batch=4)
arrays = {{"images": pictures.images(latents), "bytes": pictures.bytes(latents)}}
for name, looks in (("made", pictures.scores(latents)), ("given", pictures.scores_of(arrays["bytes"]))):
    for k, (scores, features) in enumerate(looks):
        arrays |= {{f"{{name}} {{k}} scores": scores, f"{{name}} {{k}} features": features}}
np.savez({out!r}, **arrays)
"""


def parts() -> tuple:
    """Return the config and variables of a generator, two scorers, and latents."""
    config, network = tiny_config(), tiny_scorer()
    figures = {a.name: {"r2": 0.9} for a in ATTRIBUTES}
    scorers = [
        Scorer(network, random_variables(network, seed), tuple(a.group for a in ATTRIBUTES), figures, 9)
        for seed in (1, 2)
    ]
    return config, random_variables(config, 3), scorers, np.random.RandomState(0).randn(6, config.latent_size)


def test_jax_and_openvino_agree(tmp_path: Path) -> None:
    script = ON_JAX.format(
        here=str(Path(__file__).parent), tests=str(ROOT / "tests"), root=str(ROOT), out=str(tmp_path / "jax.npz")
    )
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    config, variables, scorers, latents = parts()
    ours = open_pictures(config, variables, *scorers, engine="openvino")
    with np.load(tmp_path / "jax.npz") as jax:
        assert np.abs(ours.images(latents) - jax["images"]).max() < 1e-3
        given = ours.bytes(latents)
        assert np.abs(given.astype(int) - jax["bytes"].astype(int)).max() <= 1
        for k, (scores, features) in enumerate(ours.scores(latents)):
            assert np.abs(scores - jax[f"made {k} scores"]).max() < 1e-3
            assert np.abs(features - jax[f"made {k} features"]).max() < 1e-3
        for k, (scores, _) in enumerate(ours.scores_of(jax["bytes"])):
            assert np.abs(scores - jax[f"given {k} scores"]).max() < 1e-3


def test_auto_is_jax_only_where_keras_is_set_up_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert resolved("auto") == "jax"
    assert resolved("openvino") == "openvino"
    monkeypatch.delenv("KERAS_BACKEND")
    assert resolved("auto") == "openvino"
