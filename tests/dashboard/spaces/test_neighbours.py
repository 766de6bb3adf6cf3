"""Faces like a given one."""

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.errors import InputError
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.spaces.neighbours import COUNT, angle, around, nearest


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "scored")


def test_neighbours_are_sorted_by_distance_without_the_face_itself(model):
    bank = model.bank()
    face = parse(f"1:{bank.base_seed}.5")
    found = nearest(model, bank.features[5], face)
    lengths = np.linalg.norm(bank.features - bank.features[5], axis=1)
    order = [row for row in np.argsort(lengths) if row != 5][:COUNT]
    assert [str(each.face) for each in found] == [f"1:{bank.base_seed}" + (f".{row}" if row else "") for row in order]
    assert found[0].distance <= found[-1].distance
    pairs = bank.features[:, None] - bank.features
    usual = np.sqrt((pairs**2).sum(axis=2).mean())
    assert found[0].distance == pytest.approx(lengths[order[0]] / usual, rel=1e-4)


def test_a_pinned_face_is_a_neighbour_of_the_unpinned_one(model):
    bank = model.bank()
    found = nearest(model, bank.features[5], parse(f"1:{bank.base_seed}.5;Smiling=1"))
    assert str(found[0].face) == f"1:{bank.base_seed}.5"
    assert found[0].distance == 0


@pytest.mark.parametrize("text", ["1:3", "1:4217"])
def test_latents_around_a_face_are_as_far_as_asked(model, text):
    face = parse(text)
    found = around(model, face, 20)
    assert len({str(each.face) for each in found}) == COUNT
    for each in found:
        assert each.distance == pytest.approx(20, abs=0.02)
        assert angle(latent_of(face, model), latent_of(each.face, model)) == pytest.approx(each.distance)


def test_pins_are_kept_by_those_around(model):
    found = around(model, parse("1:4217;Smiling=2"), 40)
    assert all(each.face.pins == (("Smiling", 2.0),) for each in found)


def test_an_unknown_kind_or_a_mix_nested_too_deep_is_refused(model):
    with pytest.raises(InputError, match="Expected one of 10, 20, 40"):
        around(model, parse("1:1"), 30)
    with pytest.raises(InputError, match="Expected"):
        around(model, parse("1:mix(1,mix(2,mix(3,mix(4,5,0.5),0.5),0.5),0.5)"), 10)
