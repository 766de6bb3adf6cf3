"""Codes: the numbers that rendered faces are drawn from, as latents; and that each drawn number has a slope in them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from training.__main__ import main
from training.codes import NAME, codes_of, read_codes
from training.errors import TrainingError
from training.render.chance import NAMES
from training.render.dataset import Plan, open_dataset
from training.render.hair import STYLES
from training.render.person import person_of
from training.render.slopes import LEAST_LINEAR, Slope, measure_slopes, table

PLAN = Plan(400, 32, 3, 256, tuple(STYLES))
NO_AMOUNT = {
    *("beard", "moustache", "makeup", "lipstick", "fringe", "eyeglasses", "hair_flipped", "man", "bald", "long hair"),
    *(f"hair longer than {end}" for end in (-1.15, -0.6, -0.1, 0.25, 0.9)),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    open_dataset(tmp_path, PLAN)
    return tmp_path


def test_codes_are_independent_standard_normal_numbers(folder: Path) -> None:
    codes = codes_of(folder, progress=False)
    assert codes.shape == (PLAN.n, len(NAMES))
    assert codes.dtype == np.float32
    assert abs(codes.mean()) < 0.01
    assert abs(codes.std() - 1) < 0.01
    between = np.corrcoef(codes.T)[~np.eye(codes.shape[1], dtype=bool)]
    assert between.std() == pytest.approx(PLAN.n**-0.5, rel=0.1), "as far from 0 as chance brings them"


def test_a_code_is_what_its_person_is_drawn_from(folder: Path) -> None:
    codes = codes_of(folder, progress=False)
    assert all(person_of(codes[index], PLAN.styles) == PLAN.person(index) for index in range(20))


def test_the_command_writes_them(folder: Path) -> None:
    done = CliRunner().invoke(main, ["codes", "--faces", str(folder)])
    assert f"{len(NAMES)} numbers for each of 400 faces" in done.output
    assert np.array_equal(read_codes(folder, 512), codes_of(folder, progress=False))
    assert "--slopes" in CliRunner().invoke(main, ["codes"]).output


@pytest.fixture(scope="module")
def slopes() -> dict[str, Slope]:
    return {slope.name: slope for slope in measure_slopes(2000)}


def test_a_straight_line_tells_every_drawn_number_from_a_code(slopes: dict[str, Slope]) -> None:
    assert {slope.name for slope in slopes.values() if slope.share is not None} == NO_AMOUNT
    missed = [slope for slope in slopes.values() if not slope.met]
    assert not missed, table(missed)
    assert min(slope.linear for slope in slopes.values() if slope.share is None) >= LEAST_LINEAR
    assert len(slopes) > 110


def test_what_has_no_slope_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from training.render import slopes as module

    def with_angle(code: np.ndarray, styles: tuple[str, ...] = tuple(STYLES)) -> object:
        return replace(person_of(code, styles), iris=float(np.cos(4 * code[0])))

    monkeypatch.setattr(module, "person_of", with_angle)
    assert [slope.name for slope in measure_slopes(2000) if not slope.met] == ["iris"]


def test_says_which_codes_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Run the codes step first"):
        read_codes(tmp_path, 32)
    np.save(tmp_path / NAME, np.zeros((4, 40), np.float32))
    with pytest.raises(TrainingError, match="at most 32"):
        read_codes(tmp_path, 32)
    assert read_codes(tmp_path, 40).shape == (4, 40)
