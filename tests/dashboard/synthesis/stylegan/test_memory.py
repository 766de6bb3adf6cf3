"""StyleGAN3's large filters go through in parts, so that a face of 1024 px needs at most 3 GB."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.stylegan_networks import Kind, config_of, write_random_stylegan
from dashboard.settings import ROOT

PROGRAM = """
import sys
from pathlib import Path

import numpy as np

from benchmarks.machine import peak_memory
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine

model = open_model(Path(sys.argv[1]))
engine = open_engine(model, "openvino", sys.argv[2])
latents = np.random.RandomState(0).randn(1, model.config.latent_size)
image = engine.run(latents.astype(np.float32))["image"]
assert image.shape == (1, 1024, 1024, 3) and np.isfinite(image).all() and image.std() > 0.01, image
print(peak_memory())
"""


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["config-t", "config-r"])
def test_a_face_of_1024_px_needs_at_most_3_gigabytes(kind: Kind, tmp_path: Path) -> None:
    model = write_random_stylegan(tmp_path / "random", config_of(kind, 1024))
    for precision in ("exact", "fast"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(model.path), precision],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert float(done.stdout.split()[-1]) < 3000, precision
