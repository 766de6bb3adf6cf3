"""A collection's file, with the latents and directions that its addresses name."""

import json
from dataclasses import replace

import numpy as np
import pytest
from support.models import write_tiny_model
from support.stylegan_models import imported_stylegan

from dashboard.errors import InputError, NotFound
from dashboard.faces.bases import latent_hash, latent_of
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.face import parse
from dashboard.library.attachments import unpack
from dashboard.library.collection_files import exported, read_carried
from dashboard.library.collections import Collections
from dashboard.library.extra_directions import Library
from dashboard.library.items import Draft
from dashboard.stores.library_database import Store

HOW = {"kind": "marks", "accuracy": 0.75, "auc": 0.8, "plus": 4, "minus": 5, "warning": ""}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def only(model):
    def model_of(name):
        if name not in (None, model.name):
            raise NotFound(f"Expected {model.name}. Received: {name}.")
        return model

    return model_of


@pytest.fixture(scope="module")
def carried(model, tmp_path_factory):
    """Return the file, and the names that it must include."""
    home = tmp_path_factory.mktemp("from")
    library = Library(home)
    rng = np.random.RandomState(7)
    latents = [library.latents.keep(rng.randn(512)) for _ in range(3)]
    # Made unit once more in float64, these numbers would be others, and so would their hash.
    vector = np.zeros(512)
    vector[:3] = np.random.RandomState(17).randn(3)
    own = library.user_directions.keep("Mine", vector, model, HOW)
    made = library.user_directions.read(own, model)
    assert made
    assert latent_hash(made.vector) != own
    drafts = (
        Draft("face", f"/?face=1:latent~{latents[0]};own~{own}=1.5", "One"),
        Draft("comparison", f"/compare?face=1:4&faces=*!1:mix(4,latent~{latents[1]},0.5)&model=tiny", "Two"),
        Draft("face", "/?face=1:4&model=gone", "Another model"),
    )
    collection = Collections(Store(home)).make("To carry", drafts)
    return exported(collection, library, only(model)), latents, own


def test_attached_data_is_restored_number_by_number(carried, model, tmp_path):
    content, latents, own = carried
    library = Library(tmp_path)
    found = read_carried(content)
    assert unpack(found.attachments, found.drafts, library, only(model)) == []
    assert [library.latents.read(name) is not None for name in latents] == [True, True, False]
    kept = library.user_directions.read(own, model)
    assert kept
    assert (kept.title, kept.how) == ("Mine", HOW)
    wide = replace(model, extra_directions=library)
    for draft in found.drafts[:2]:
        assert draft.words["model"] == "tiny"
        for text in [draft.words["face"], *draft.words.get("faces", "").replace("*!", "").split("!")]:
            assert not text or parse(text, DirectionNames(wide))
    again = exported(Collections(Store(tmp_path)).make(found.name, found.drafts), library, only(model))
    assert json.loads(again) == json.loads(content)


def test_a_row_of_an_uploaded_set_travels_as_a_latent_of_its_own(model, tmp_path):
    library, other = Library(tmp_path / "from"), Library(tmp_path / "to")
    rows = np.random.RandomState(2).randn(3, 512).astype(np.float32)
    name = library.latent_sets.keep("Three", [rows], model).hash
    draft = Draft("face", f"/?face=1:latent%7E{name}.2;Smiling=1", "A row")
    collection = Collections(Store(tmp_path / "from")).make("Rows", (draft,))
    found = read_carried(exported(collection, library, only(model)))
    assert unpack(found.attachments, found.drafts, other, only(model)) == []
    face = parse(found.drafts[0].words["face"], DirectionNames(model))
    before = parse(f"1:latent~{name}.2;Smiling=1", DirectionNames(model))
    np.testing.assert_array_equal(latent_of(face, model, other.latent), latent_of(before, model, library.latent))


def test_a_different_model_of_the_same_name_is_reported_and_gets_no_direction(carried, model, tmp_path):
    content, latents, _ = carried
    library, found = Library(tmp_path), read_carried(content)
    other = replace(model, digest="0" * 64)
    (note,) = unpack(found.attachments, found.drafts, library, only(other))
    assert f"digest {model.digest8}. Received: 00000000" in note
    assert not library.user_directions.listed(other)
    assert library.latents.read(latents[0]) is not None
    (note,) = unpack(found.attachments, found.drafts, library, only(replace(model, name="big")))
    assert note.startswith(f"Expected the model tiny ({model.digest8}). Received: none of that name.")


def test_a_direction_that_is_here_already_stays_as_it_is(carried, model, tmp_path):
    content, _, own = carried
    library, found = Library(tmp_path), read_carried(content)
    unpack(found.attachments, found.drafts, library, only(model))
    library.user_directions.keep("My own name of it", library.user_directions.numbers(own, model), model, {})
    before = {one.hash: one.title for one in library.user_directions.listed(model)}
    unpack(found.attachments, found.drafts, library, only(model))
    assert {one.hash: one.title for one in library.user_directions.listed(model)} == before


SPOILED = {
    "other numbers": lambda value, name: value["latents"].update({name: "AAAAAAAA"}),
    "no base64": lambda value, name: value["latents"].update({name: "*" * 40}),
    "a path": lambda value, name: value["latents"].update({"../../x": value["latents"][name]}),
    "too long": lambda value, name: value["latents"].update({name: "A" * 60_000}),
    "too many": lambda value, _: value.update(latents={f"{k:032x}": "" for k in range(5000)}),
    "no list": lambda value, _: value.update(directions={"hash": 1}),
    "no model": lambda value, _: value["directions"][0].update(model=["tiny"]),
    "no digest": lambda value, _: value["models"].update(tiny="../x"),
    "no title": lambda value, _: value["directions"][0].update(title=7),
}


@pytest.mark.parametrize("how", SPOILED)
def test_what_is_not_what_its_name_says_is_refused(carried, how):
    value = json.loads(carried[0])
    SPOILED[how](value, next(iter(value["latents"])))
    with pytest.raises(InputError, match="Expected"):
        read_carried(json.dumps(value).encode())


def test_a_direction_of_another_length_is_refused_and_its_figures_are_not_believed(carried, model, tmp_path):
    value = json.loads(carried[0])
    value["directions"][0]["how"] = {"kind": "marks", "accuracy": "<b>", "auc": 7, "plus": 3, "minus": 3, "evil": [1]}
    found = read_carried(json.dumps(value).encode())
    assert found.attachments.directions[0].how == {**HOW, "plus": 3, "minus": 3, "accuracy": None, "auc": None}
    direction = found.attachments.directions[0]
    for vector in (direction.vector[:-1], 2 * direction.vector):
        with pytest.raises(InputError, match="length 1"):
            Library(tmp_path).user_directions.take(direction.hash, "Mine", vector, model, {})


def test_a_direction_in_w_travels_with_its_space(tmp_path):
    in_w = imported_stylegan("stylegan2", tmp_path, z=16, w=12)
    library, other = Library(tmp_path / "from"), Library(tmp_path / "to")
    own = library.user_directions.keep("In w", np.arange(12) + 1.0, in_w, {}, "w")
    collection = Collections(Store(tmp_path / "from")).make("W", (Draft("face", f"/?face=1:4;own~{own}=1", "One"),))
    found = read_carried(exported(collection, library, lambda _: in_w))
    assert unpack(found.attachments, found.drafts, other, lambda _: in_w) == []
    kept = other.user_directions.read(own, in_w)
    assert kept is not None
    assert (kept.space, kept.title) == ("w", "In w")
