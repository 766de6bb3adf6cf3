"""Chance: the distributions that are meant, from a known count of normal numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from support.counted import Counted

from training.render import person as persons
from training.render.chance import Chance
from training.render.hair import PROCEDURAL, STYLES
from training.render.person import PERSON_NUMBERS, sample_person

COUNT = 4000


class Constant:
    """Source of one and the same number."""

    def __init__(self, number: float) -> None:
        self.number = number

    def standard_normal(self, size: int | None = None) -> Any:
        return self.number if size is None else np.full(size, self.number)


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (lambda chance: chance.normal(), stats.norm()),
        (lambda chance: chance.random(), stats.uniform()),
        (lambda chance: chance.uniform(-2, 3), stats.uniform(-2, 5)),
        (lambda chance: chance.beta(1.4, 2.2), stats.beta(1.4, 2.2)),
        (lambda chance: chance.dirichlet((0.4, 0.4, 0.55))[2], stats.beta(0.55, 0.8)),
    ],
)
def test_draws_are_spread_as_scipy_says(draw: Callable[[Chance], float], expected: Any) -> None:
    chance = Chance(np.random.default_rng(0))
    found = [draw(chance) for _ in range(COUNT)]
    assert stats.kstest(found, expected.cdf).pvalue > 0.01


def test_a_choice_falls_as_often_as_its_share_and_never_where_there_is_none() -> None:
    chance, shares = Chance(np.random.default_rng(0)), (0.5, 0.0, 0.3, 0.2)
    counts = np.bincount([chance.choice(shares) for _ in range(COUNT)], minlength=4)
    assert counts[1] == 0
    assert stats.chisquare(counts[[0, 2, 3]], COUNT * np.array([0.5, 0.3, 0.2])).pvalue > 0.01
    assert {chance.pick("ab") for _ in range(40)} == {"a", "b"}


def test_each_draw_uses_normal_numbers_of_its_own() -> None:
    source = Counted(np.random.default_rng(0))
    chance = Chance(source)
    uses: list[tuple[Callable[[], object], int]] = [
        (chance.normal, 1),
        (lambda: chance.uniform(0, 1), 1),
        (lambda: chance.beta(2, 3), 1),
        (lambda: chance.uniforms(0, 1, 5), 5),
        (lambda: chance.dirichlet((1, 2)), 2),
        (lambda: chance.choice((0.1, 0.9, 0.0)), 3),
    ]
    for draw, used in uses:
        before = source.used
        draw()
        assert source.used == before + used


def test_extreme_numbers_give_numbers() -> None:
    for number in (-40.0, 40.0):
        chance = Chance(Constant(number))
        drawn = [chance.random(), chance.beta(1, 4), *chance.dirichlet((0.4, 0.4)), chance.choice((0.5, 0.5))]
        assert np.isfinite(drawn).all()


def test_every_person_uses_as_many_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = persons.begin
    for index in range(300):
        source = Counted(np.random.default_rng(index))
        monkeypatch.setattr(persons, "begin", lambda rng, s=source: (begin(rng)[0], Chance(s)))
        sample_person(np.random.default_rng(index), PROCEDURAL if index % 2 else tuple(STYLES))
        assert source.used == PERSON_NUMBERS
