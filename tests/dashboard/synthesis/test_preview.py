from pathlib import Path

import numpy as np
import pytest
from support.models import tiny_config, write_tiny_model

from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.preview import FACES, SIDE, ReadOut, fit_read_out, preview_block


def activations(random: np.random.Generator) -> np.ndarray:
    return random.standard_normal((FACES, 8, 8, 5), np.float32)


def test_a_linear_picture_is_read_out_exactly() -> None:
    random = np.random.default_rng(0)
    held = activations(random)
    small = np.float32(0.2) * held @ random.standard_normal((5, 3), np.float32) + np.float32(0.1)
    found = fit_read_out(held, small.repeat(4, axis=1).repeat(4, axis=2))
    assert found.psnr > 60
    np.testing.assert_allclose(found(held), small, atol=1e-4)


def test_a_picture_that_is_not_linear_is_reported() -> None:
    random = np.random.default_rng(0)
    other = random.choice([-1.0, 1.0], (FACES, 8, 8, 3)).astype(np.float32)
    assert not fit_read_out(activations(random), other).faithful


def test_it_is_kept_as_it_is_and_read_from_nothing_else() -> None:
    found = ReadOut(np.arange(6, dtype=np.float32).reshape(3, 2), 31.5)
    again = ReadOut.read(found.written())
    assert again is not None
    assert (again.weights.tolist(), again.psnr) == (found.weights.tolist(), 31.5)
    assert all(
        ReadOut.read(content) is None for content in (b"", b"PK\x03\x04", b"\x80\x04pickle", found.written()[:90])
    )


@pytest.mark.parametrize(("resolution", "block"), [(256, None), (512, "block128"), (1024, "block128")])
def test_large_networks_have_previews(resolution: int, block: str | None) -> None:
    assert preview_block(tiny_config(resolution=resolution, fmap_base=1024)) == block


def test_a_preview_is_the_picture_at_a_smaller_size(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "large", resolution=512, scorer=False, bank=0)
    latents = np.random.RandomState(5).randn(2, model.config.latent_size)
    engine = open_engine(model, "openvino", "exact", cache_dir=tmp_path / "kept")
    found = engine.run(latents, outputs=("preview", "image"))
    assert found["preview"].shape == (2, SIDE, SIDE, 3)
    small = found["image"].reshape(2, SIDE, 4, SIDE, 4, 3).mean((2, 4))
    error = np.clip(found["preview"], -1, 1) - np.clip(small, -1, 1)
    assert 10 * np.log10(4 / np.square(error).mean()) > 25
    again = open_engine(model, "openvino", "exact", cache_dir=tmp_path / "kept").run(latents, outputs=("preview",))
    np.testing.assert_allclose(again["preview"], found["preview"], atol=1e-4)
