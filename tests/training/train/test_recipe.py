"""The schedule of growth."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.synthesis.config import GeneratorConfig
from training.train.recipe import Phase, Recipe

RECIPE = Recipe(GeneratorConfig(32, fmap_base=64, fmap_max=16), start=8, stable=100, fade=50, total=1000)


@pytest.mark.parametrize(
    ("shown", "phase"),
    [
        (0, Phase(3, 0.0)),
        (99, Phase(3, 0.0)),
        (100, Phase(4, 1.0)),
        (125, Phase(4, 0.5)),
        (150, Phase(4, 0.0)),
        (249, Phase(4, 0.0)),
        (250, Phase(5, 1.0)),
        (300, Phase(5, 0.0)),
        (10_000, Phase(5, 0.0)),
    ],
)
def test_grows_by_the_faces_shown(shown: int, phase: Phase) -> None:
    assert RECIPE.phase(shown) == phase


def test_a_trained_start_may_grow_immediately() -> None:
    recipe = replace(RECIPE, stable=0)
    r = recipe.start.bit_length() - 1
    assert recipe.phase(0) == Phase(r + 1, 1.0)
    assert recipe.phase(10**6) == Phase(recipe.config.log2, 0.0)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_picture_never_gets_coarser(a: int, b: int) -> None:
    first, second = RECIPE.phase(min(a, b)), RECIPE.phase(max(a, b))
    assert second.r - second.lod >= first.r - first.lod - 1e-9
    assert 0.0 <= first.lod <= 1.0


def test_the_average_is_short_at_first_after_each_new_block() -> None:
    recipe = replace(RECIPE, stable=10_000, fade=10_000, batch=8, half_life=700)
    lives = [recipe.half_life_at(shown) for shown in (0, 9_999, 10_000, 12_000, 29_999, 30_000, 10**6)]
    assert lives == [8.0, pytest.approx(500, abs=1), 8.0, 100.0, 700.0, 8.0, 700.0]


def test_the_penalty_of_the_nearest_lower_resolution_counts() -> None:
    assert [RECIPE.penalty(r) for r in (2, 5, 6, 7, 8)] == [1.0, 1.0, 2.0, 4.0, 4.0]


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    RECIPE.write(tmp_path / "recipe.json")
    assert Recipe.read(tmp_path / "recipe.json") == RECIPE


@pytest.mark.parametrize(
    "wrong", [{"loss": "hinge"}, {"start": 12}, {"start": 64}, {"batch": 0}, {"squares": -1.0}, {"perceptual": 1.0}]
)
def test_refuses_what_cannot_be_trained(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Expected"):
        replace(RECIPE, **wrong)


def test_regression_ends_by_a_cosine() -> None:
    recipe = replace(RECIPE, paired=10.0, alone=1000)
    left = [recipe.ahead(shown) for shown in (0, 250, 500, 1000, 5000)]
    assert left == pytest.approx([1.0, 0.8536, 0.5, 0.0, 0.0], abs=1e-4)


def test_rates_arrive_and_fall_and_bands_come_late() -> None:
    recipe = replace(RECIPE, paired=1.0, alone=400, bands=2.0, rate=0.1, arriving=100, falling=200)
    assert [recipe.bands_at(shown) for shown in (0, 200, 300, 400, 900)] == [0.0, 0.0, 1.0, 2.0, 2.0]
    assert [recipe.critic_rate_at(shown) for shown in (0, 800, 900, 1000)] == pytest.approx([0.1, 0.1, 0.05, 0.0])
    assert [recipe.rate_at(shown) for shown in (0, 400, 450, 500, 900)] == pytest.approx([0.0, 0.0, 0.05, 0.1, 0.05])
    plain = replace(RECIPE, bands=0.0)
    assert (plain.bands_at(10), plain.rate_at(10), plain.critic_rate_at(990)) == (0.0, plain.rate, plain.rate)
    assert replace(RECIPE, paired=1.0, bands=2.0).bands_at(0) == 2.0, "no stage on pairs alone"


@pytest.mark.parametrize(
    "wrong", [{"bands": 1.0}, {"detail": -1.0, "paired": 1.0}, {"patches": 1.0, "loss": "wgan-gp"}]
)
def test_weights_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Expected"):
        replace(RECIPE, **wrong)
