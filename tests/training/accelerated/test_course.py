"""The clock of an accelerated run."""

from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.synthesis.config import GeneratorConfig
from training.accelerated.course import Course, Stage

CONFIG = GeneratorConfig(256, fmap_base=1408, fmap_max=256)
STAGES = (Stage("a", "pairs", 128, 10.0), Stage("b", "pairs", 256, 30.0), Stage("c", "adversarial", 256, 20.0))
COURSE = Course(CONFIG, (1024, 128), STAGES)

MOST_FLOP = 2.5e9
"""Multiplications per face that keep a slider's picture fast enough on two cores."""


def flop(config: GeneratorConfig) -> float:
    """Return the multiplications and additions of a face, of convolutions and the dense layer, enlarged pictures
    included.
    """
    total = 0.0
    for name, shape in config.variables().items():
        if not name.endswith("/weight"):
            continue
        size = 1
        for side in shape:
            size *= side
        if name.startswith("ToRGB"):
            pixels = 4 ** (config.log2 - int(name.removeprefix("ToRGB_lod").partition("/")[0]))
        elif "Dense" in name:
            pixels = 1
        else:
            side = int(name.partition("x")[0])
            pixels = side * side
        total += 2.0 * size * pixels
    return total


def test_the_shipped_generator_keeps_its_budget() -> None:
    assert 2.2e9 < flop(CONFIG) < MOST_FLOP


def test_pairs_begin_with_squares_and_end_with_bands() -> None:
    first, late, last = COURSE.now(0, 0.0, 0), COURSE.now(1, 15.0, 9000), COURSE.now(1, 30.0, 90000)
    assert (first.squares, first.bands, first.rate, first.critic_rate) == (10.0, 0.0, 0.02, 0.0)
    assert late.squares < 5.0 < first.squares
    assert 0.0 < late.bands < last.bands == COURSE.bands
    assert last.rate == pytest.approx(0.0, abs=1e-9)
    assert last.squares == pytest.approx(0.0, abs=1e-6)


def test_a_new_block_fades_in_and_the_first_one_does_not() -> None:
    assert COURSE.now(0, 0.0, 0).lod == 0.0
    assert [COURSE.now(1, seconds, 0).lod for seconds in (0.0, 3.75, 7.5, 30.0)] == [1.0, 0.5, 0.0, 0.0]
    assert COURSE.now(2, 0.0, 0).lod == 0.0, "as large as the stage before"


def test_the_discriminator_comes_before_the_generator_moves_and_both_rates_fall() -> None:
    first, middle, last = (COURSE.now(2, seconds, 10**6) for seconds in (0.0, 10.0, 20.0))
    assert (first.rate, first.critic_rate) == (0.0, COURSE.rate)
    assert middle.rate == middle.critic_rate == COURSE.rate
    assert last.rate == last.critic_rate == 0.0
    assert middle.kept == pytest.approx(0.5 ** (64 / 20_000))
    assert COURSE.now(2, 1.0, 1000).kept == pytest.approx(0.5), "short at first"


def test_a_course_is_kept_and_refused_if_it_shrinks(tmp_path: Path) -> None:
    COURSE.write(tmp_path / "course.json")
    assert Course.read(tmp_path / "course.json") == COURSE
    with pytest.raises(ValueError, match="grow"):
        replace(COURSE, stages=STAGES[::-1])
    with pytest.raises(ValueError, match="multiple of four"):
        replace(COURSE, stages=(replace(STAGES[0], batch=6),))
