"""Random numbers: the intended distributions, each rising with a standard normal number."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from training.render.chance import NAMES, Numbers, bell, between, grown, share
from training.render.person import person_of

NORMALS = np.random.default_rng(0).standard_normal(4000)


def test_draws_are_spread_as_meant() -> None:
    assert stats.kstest([share(n) for n in NORMALS], stats.uniform().cdf).pvalue > 0.01
    assert stats.kstest([between(n, -2, 3) for n in NORMALS], stats.uniform(-2, 5).cdf).pvalue > 0.01
    cut = np.array([bell(n, 0.5, 0.2) for n in NORMALS])
    assert (cut.min(), cut.max()) == (-1, 1)
    assert np.median(cut) == pytest.approx(0.2, abs=0.03)


def test_a_chance_switches_on_for_its_share_of_faces_and_grows() -> None:
    amounts = np.array([grown(n, 0.2, 0.3) for n in np.sort(NORMALS)])
    assert (amounts > 0).mean() == pytest.approx(0.2, abs=0.02)
    assert amounts[amounts > 0].min() == pytest.approx(0.3, abs=0.02)
    assert amounts.max() == 1
    assert (np.diff(amounts) >= 0).all()


def test_a_weighted_sum_is_a_standard_normal_number() -> None:
    rng = np.random.default_rng(1)
    sums = [Numbers(rng.standard_normal(len(NAMES))).index(sex=-3, age=1, beard=2) for _ in range(3000)]
    assert stats.kstest(sums, stats.norm().cdf).pvalue > 0.01


def test_names_are_given_once_and_a_code_has_one_number_for_each() -> None:
    assert len(set(NAMES)) == len(NAMES) <= 200
    with pytest.raises(ValueError, match=f"Expected {len(NAMES)} numbers"):
        Numbers(np.zeros(5))


def test_every_number_changes_the_person_it_draws() -> None:
    """A number without effect on any person would be noise in the code."""
    rng = np.random.default_rng(3)
    codes = rng.standard_normal((12, len(NAMES)))
    for index, name in enumerate(NAMES):
        moved = codes.copy()
        moved[:, index] = -np.sign(codes[:, index]) * 2
        assert any(person_of(one) != person_of(two) for one, two in zip(codes, moved, strict=True)), name


def test_extreme_numbers_give_persons() -> None:
    for number in (-40.0, -4.0, 4.0, 40.0):
        person = person_of(np.full(len(NAMES), number))
        assert sum(person.ancestry) == pytest.approx(1)
        assert 18 <= person.age <= 80
