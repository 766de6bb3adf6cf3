"""Traits: the numbers that tell one picture from another."""

from dataclasses import replace

import numpy as np

from training.render.hair import STYLES
from training.render.kit import Kit
from training.render.person import sample_person
from training.render.traits import choice_traits, scalar_traits, skin_names


def test_traits_follow_what_is_drawn_and_nothing_else(small_kit: Kit) -> None:
    person, other = (sample_person(np.random.default_rng(seed)) for seed in (1, 2))
    skins = skin_names(small_kit)
    found = scalar_traits(small_kit, person, skins)
    assert np.isfinite(found).all()
    assert np.array_equal(found, scalar_traits(small_kit, person, skins))
    assert (found != scalar_traits(small_kit, other, skins)).mean() > 0.7
    turned = scalar_traits(small_kit, replace(person, yaw=person.yaw + 5), skins)
    assert (turned != found).sum() == 1
    drawn_anew = scalar_traits(small_kit, replace(person, seed=person.seed + 1), skins)
    assert (drawn_anew != found).sum() > 20


def test_choices_name_what_the_person_has(small_kit: Kit) -> None:
    person = sample_person(np.random.default_rng(1))
    found = choice_traits(small_kit, person)
    assert tuple(STYLES)[found["hair style"][0]] == person.hair_style
    assert all(0 <= chosen < count for chosen, count in found.values())
