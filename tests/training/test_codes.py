"""Codes: the numbers behind rendered faces, as latents."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from training.codes import COLOUR, NAME, STREAMS, STYLE, by_tree, codes_of, read_codes
from training.errors import TrainingError
from training.render.dataset import Plan, open_dataset
from training.render.hair import STYLES, style_shares
from training.render.person import PERSON_NUMBERS

PLAN = Plan(400, 32, 3, 256, tuple(STYLES))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    open_dataset(tmp_path, PLAN)
    return tmp_path


def test_codes_are_independent_standard_normal_numbers(folder: Path) -> None:
    codes = codes_of(folder, progress=False)
    told = PERSON_NUMBERS - 16 + 3 + 9 + sum(STREAMS.values())  # questions in place of what chooses colour and style
    assert codes.shape == (PLAN.n, told)
    assert codes.dtype == np.float32
    assert abs(codes.mean()) < 0.01
    assert abs(codes.std() - 1) < 0.01
    between = np.corrcoef(codes.T)[~np.eye(codes.shape[1], dtype=bool)]
    assert between.std() == pytest.approx(PLAN.n**-0.5, rel=0.1), "as far from 0 as chance brings them"
    assert np.array_equal(codes, codes_of(folder, progress=False))


def test_a_code_holds_what_its_person_is_drawn_from(folder: Path) -> None:
    codes, people = codes_of(folder, progress=False), [PLAN.person(index) for index in range(PLAN.n)]
    assert np.array_equal(codes[:, 0] < 0, [person.man for person in people])
    first = PERSON_NUMBERS - 16
    assert np.array_equal(codes[:, first - 1].argsort(), np.argsort([person.background for person in people]))
    bangs, answers = np.array([STYLES[person.hair_style].bangs for person in people]), codes[:, first + 4]
    grown = np.array([not person.bald for person in people])
    assert answers[grown & bangs].mean() > 0.7
    assert answers[grown & ~bangs].mean() < -0.2
    place = first + 12 + sum(list(STREAMS.values())[: list(STREAMS).index("light")])
    assert codes[7, place] == np.float32(people[7].stream("light").normal())


def test_a_kit_with_few_hair_styles_has_codes_of_the_same_length(tmp_path: Path) -> None:
    open_dataset(tmp_path, replace(PLAN, n=8, styles=("bald", "buzz", "long01")))
    assert codes_of(tmp_path, progress=False).shape == (8, PERSON_NUMBERS - 16 + 3 + 9 + sum(STREAMS.values()))


def test_a_tree_tells_the_choice_by_independent_standard_normal_numbers() -> None:
    random, shares = np.random.default_rng(11), style_shares(False, tuple(STYLES))
    chosen = random.choice(list(shares), 4000, p=np.array(list(shares.values())) / sum(shares.values()))
    numbers = np.stack([by_tree(STYLE, one, shares, random) for one in chosen])
    assert numbers.shape == (4000, 9)
    assert all(stats.kstest(column, "norm").pvalue > 0.001 for column in numbers.T)
    between = np.corrcoef(numbers.T)[~np.eye(9, dtype=bool)]
    assert abs(between).max() < 0.06
    long = np.array([STYLES[one].long for one in chosen])
    assert numbers[~long, 0].max() < numbers[long, 0].min()
    bob = chosen == "bob01"
    assert numbers[bob, 8].max() < numbers[chosen == "bob02", 8].min()


def test_a_tree_passes_by_what_a_kit_lacks() -> None:
    random = np.random.default_rng(0)
    for _ in range(50):
        assert by_tree(COLOUR, "red", {"red": 0.3, "black": 0.7}, random)[0] > stats.norm.ppf(0.7) - 1e-9
        assert np.isfinite(by_tree(COLOUR, "red", {"red": 1.0}, random)).all()


def test_says_which_codes_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Run the codes step first"):
        read_codes(tmp_path, 32)
    np.save(tmp_path / NAME, np.zeros((4, 40), np.float32))
    with pytest.raises(TrainingError, match="at most 32"):
        read_codes(tmp_path, 32)
    assert read_codes(tmp_path, 40).shape == (4, 40)
