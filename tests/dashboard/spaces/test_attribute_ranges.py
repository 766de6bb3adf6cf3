"""Faces in chosen ranges of attributes."""

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.analysis.pins import coordinates
from dashboard.errors import InputError
from dashboard.faces.bases import latent_of_base
from dashboard.spaces.attribute_ranges import count, drawn, read_ranges


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "scored")


@pytest.fixture(scope="module")
def unscored(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "unscored", scorer=False, bank=0)


def test_faces_of_the_bank_are_counted_and_drawn_by_their_scores(model):
    ranges = read_ranges("Smiling:0:4,Young:-4:0", model)
    bank = model.bank()
    sigma = (bank.scores - bank.scores.mean(axis=0)) / bank.scores.std(axis=0)
    smiling, young = (sigma[:, bank.attributes.index(name)] for name in ("Smiling", "Young"))
    rows = np.flatnonzero((smiling >= 0) & (young <= 0))
    assert (count(model, ranges).matches, count(model, ranges).of) == (len(rows), len(bank.scores))
    seeds = {str(drawn(model, ranges, number)) for number in range(len(rows))}
    assert seeds == {f"{bank.base_seed}.{row}" if row else str(bank.base_seed) for row in rows}


def test_the_face_on_the_page_is_drawn_only_where_there_is_no_other(model):
    bank = model.bank()
    first = str(drawn(model, (), 3))
    assert str(drawn(model, (), 3, now=first)) == f"{bank.base_seed}.4"


def test_the_ends_of_an_axis_are_open(model):
    assert count(model, read_ranges("Smiling:-4:4", model)).matches == count(model, ()).of


def test_where_none_match_the_range_that_shuts_out_most_is_named(model):
    narrow = read_ranges("Male:-4:4,Smiling:3.9:3.95", model)
    found = count(model, narrow)
    assert (found.matches, found.widen) == (0, ("Smiling", found.of))
    assert drawn(model, narrow, 1) is None


def test_without_a_bank_a_new_seed_has_its_coordinates_in_range(unscored):
    ranges = read_ranges("Smiling:1:2,Yaw:-2:0", unscored)
    base = drawn(unscored, ranges, 2**32 - 1)
    assert base is not None
    at = dict(zip(unscored.names, coordinates(latent_of_base(base, unscored), unscored.directions), strict=True))
    assert 1 <= at["Smiling"] <= 2
    assert -2 <= at["Yaw"] <= 0
    assert 0 < count(unscored, ranges).matches < count(unscored, ranges).of == 20_000


@pytest.mark.parametrize(
    "text",
    ["Smiling", "Smiling:1", "Smiling:2:1", "Smiling:1:1", "Smiling:-5:1", "Smiling:nan:1", "Nobody:1:2",
     "Smiling:0:1,Smiling:2:3", "Smiling:0:1," * 400, ","],
)  # fmt: skip
def test_what_is_no_range_is_refused_in_a_sentence(model, text):
    with pytest.raises(InputError, match=r"Expected .* Received"):
        read_ranges(text, model)
