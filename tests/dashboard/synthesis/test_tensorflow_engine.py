from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.models import write_tiny_model
from support.networks import CASES, case_of, inputs_of
from support.psnr import psnr

from dashboard.synthesis.families import pggan_config
from dashboard.synthesis.model_folder import Model
from dashboard.synthesis.open_engine import open_engine

# Keras traces a network again for each: the cases that TensorFlow could get wrong in a way of its own.
TRACED = ("fused", "not fused", "labels, latents as they are", "gray", "short latents", "fade to a coarser level")


@pytest.mark.parametrize("case", TRACED)
def test_the_engines_agree(tmp_path: Path, case: str) -> None:
    options, lod = case_of(CASES[case])
    scorer = options.get("num_channels", 3) == 3
    model = write_tiny_model(tmp_path / "m", lod=lod, scorer=scorer, bank=0, **options)
    latents, labels = inputs_of(pggan_config(model.config), 3)
    reference = open_engine(model, "tensorflow")
    outputs = reference.outputs
    expected = reference.run(latents, labels, outputs)
    exact = open_engine(model, "openvino", "exact")
    assert exact.outputs == outputs
    received = exact.run(latents, labels, outputs)
    for name in outputs:
        assert received[name].shape == expected[name].shape
        assert expected[name].dtype == np.float32
        np.testing.assert_allclose(received[name], expected[name], atol=1e-3, err_msg=name)
    fast = open_engine(model, "openvino", "fast").run(latents, labels)
    assert psnr(fast["image"], expected["image"]) > 40


def test_any_number_of_faces_is_as_one_by_one(tiny_model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.synthesis.tensorflow_engine.BATCH_PIXELS", 3 * 32 * 32)
    engine = open_engine(tiny_model, "tensorflow", threads=1)
    latents, _ = inputs_of(pggan_config(tiny_model.config), 7)
    together = engine.run(latents, outputs=("scores", "image"))
    assert list(together) == ["scores", "image"]
    for i in range(7):
        alone = engine.run(latents[i : i + 1], outputs=("image", "scores"))
        for name in together:
            np.testing.assert_allclose(together[name][i], alone[name][0], atol=1e-5)


def test_a_request_that_does_not_fit_is_refused(tiny_model: Model) -> None:
    engine = open_engine(tiny_model, "tensorflow")
    with pytest.raises(ValueError, match=r"\(2, 511\)"):
        engine.run(np.zeros((2, 511)))
    with pytest.raises(ValueError, match="block16"):
        engine.run(np.zeros((2, 512)), outputs=["block16"])
