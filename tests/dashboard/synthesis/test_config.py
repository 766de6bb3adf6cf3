from __future__ import annotations

import math

import pytest

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.scorer_config import ScorerConfig


def test_the_published_network_has_its_published_number_of_parameters() -> None:
    for fused in (False, True):
        shapes = GeneratorConfig(resolution=1024, fused_scale=fused).variables()
        assert sum(math.prod(shape) for name, shape in shapes.items() if name != "lod") == 23_079_115


def test_variables_carry_the_originals_names_and_shapes() -> None:
    plain = GeneratorConfig(resolution=16, latent_size=100, label_size=7, fmap_base=512, fmap_max=64, fused_scale=False)
    assert plain.variables() == {
        "lod": (),
        "4x4/Dense/weight": (107, 1024),
        "4x4/Dense/bias": (64,),
        "4x4/Conv/weight": (3, 3, 64, 64),
        "4x4/Conv/bias": (64,),
        "ToRGB_lod2/weight": (1, 1, 64, 3),
        "ToRGB_lod2/bias": (3,),
        "8x8/Conv0/weight": (3, 3, 64, 64),
        "8x8/Conv0/bias": (64,),
        "8x8/Conv1/weight": (3, 3, 64, 64),
        "8x8/Conv1/bias": (64,),
        "ToRGB_lod1/weight": (1, 1, 64, 3),
        "ToRGB_lod1/bias": (3,),
        "16x16/Conv0/weight": (3, 3, 64, 64),
        "16x16/Conv0/bias": (64,),
        "16x16/Conv1/weight": (3, 3, 64, 64),
        "16x16/Conv1/bias": (64,),
        "ToRGB_lod0/weight": (1, 1, 64, 3),
        "ToRGB_lod0/bias": (3,),
    }
    fused = GeneratorConfig(resolution=32, fmap_base=512, fmap_max=64)
    assert fused.variables()["32x32/Conv0_up/weight"] == (3, 3, 32, 64)


def test_scales_are_hes_with_the_originals_gains() -> None:
    config = GeneratorConfig(resolution=32, fmap_base=512, fmap_max=64, latent_size=128)
    assert config.scale_of("4x4/Dense/weight") == pytest.approx(math.sqrt(2) / 4 / math.sqrt(128))
    assert config.scale_of("8x8/Conv1/weight") == pytest.approx(math.sqrt(2) / math.sqrt(9 * 64))
    # Stored as out, in: fan in is nine times the last dimension.
    assert config.scale_of("32x32/Conv0_up/weight") == pytest.approx(math.sqrt(2) / math.sqrt(9 * 64))
    assert config.scale_of("ToRGB_lod0/weight") == pytest.approx(1 / math.sqrt(32))
    assert config.scale_of("ToRGB_lod0/bias") == config.scale_of("lod") == 1.0
    assert GeneratorConfig(resolution=32, use_wscale=False).scale_of("4x4/Conv/weight") == 1.0


@pytest.mark.parametrize(
    "options",
    [
        {"resolution": 2},
        {"resolution": 2048},
        {"resolution": 100},
        {"resolution": 0},
        {"resolution": 64, "num_channels": 4},
        {"resolution": 64, "latent_size": 0},
        {"resolution": 64, "label_size": -1},
        {"resolution": 1024, "fmap_base": 256},
        {"resolution": 64, "fmap_max": 0},
        {"resolution": 64, "fmap_decay": 1e300},
        {"resolution": 64, "fmap_decay": -1e300},
        {"resolution": 64, "fmap_decay": float("nan")},
        {"resolution": 64, "fmap_decay": float("inf")},
        {"resolution": 64, "pixelnorm_epsilon": -1e-8},
        {"resolution": 64, "pixelnorm_epsilon": float("nan")},
    ],
)
def test_a_network_that_cannot_be_is_refused(options: dict) -> None:
    with pytest.raises(ValueError, match=r"Expected .* Received: "):
        GeneratorConfig(**options)


def test_a_scorers_variables_follow_from_its_config() -> None:
    config = ScorerConfig(size=16, channels=(8, 12), attributes=("Smiling", "Yaw"), kinds=("binary", "continuous"))
    assert config.variables() == {
        "Conv0/weight": (3, 3, 3, 8),
        "Conv0/bias": (8,),
        "Conv1/weight": (3, 3, 8, 12),
        "Conv1/bias": (12,),
        "Features/weight": (192, 64),
        "Features/bias": (64,),
        "Scores/weight": (64, 2),
        "Scores/bias": (2,),
    }


def test_residual_blocks_keep_the_width_of_the_convolution_before_them() -> None:
    config = ScorerConfig(size=16, channels=(8, 12), attributes=("Yaw",), kinds=("continuous",), residual=1)
    added = {name: shape for name, shape in config.variables().items() if name.startswith("Res")}
    assert added == {
        "Res0_0a/weight": (3, 3, 8, 8),
        "Res0_0a/bias": (8,),
        "Res0_0b/weight": (3, 3, 8, 8),
        "Res0_0b/bias": (8,),
        "Res1_0a/weight": (3, 3, 12, 12),
        "Res1_0a/bias": (12,),
        "Res1_0b/weight": (3, 3, 12, 12),
        "Res1_0b/bias": (12,),
    }


@pytest.mark.parametrize(
    "options",
    [
        {"residual": -1},
        {"residual": 9},
        {"size": 32},
        {"size": 512, "channels": (1,) * 7},
        {"size": 4, "channels": ()},
        {"channels": (8, 0)},
        {"features": 0},
        {"attributes": (), "kinds": ()},
        {"attributes": ("Yaw", "Yaw")},
        {"kinds": ("binary",)},
    ],
)
def test_a_scorer_that_cannot_be_is_refused(options: dict) -> None:
    good = {"size": 16, "channels": (8, 12), "attributes": ("Smiling", "Yaw"), "kinds": ("binary", "continuous")}
    with pytest.raises(ValueError, match=r"Expected .* Received: "):
        ScorerConfig(**{**good, **options})
