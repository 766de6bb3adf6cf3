"""Uploaded sets as samples: their components, colours and faces."""

from dataclasses import replace

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.analysis.pins import on_sphere
from dashboard.analysis.selection import parse_selection
from dashboard.errors import InputError, NotFound
from dashboard.figures.scatter import marker_of
from dashboard.jobs.kinds.layouts import check_tsne, layout_rows
from dashboard.library.columns import column_of
from dashboard.library.extra_directions import Library
from dashboard.pages.latent_space.descriptions import layout_numbers
from dashboard.pages.latent_space.scree_panel import scree_sentence
from dashboard.spaces.colours import (
    LABELS,
    choices,
    colour_of,
    fitting_colour,
    read_categories,
    write_categories,
)
from dashboard.spaces.layouts import layout_params
from dashboard.spaces.projection import follows
from dashboard.spaces.projections import component_direction, projection_of
from dashboard.spaces.sample import LATENT, SCORES, SetSpace, available, space_of
from dashboard.spaces.selection import atlas_of, quantities, selected_rows
from dashboard.spaces.uploaded_projection import SetProjection
from dashboard.spaces.view import read_view, view_words

N = 700
WORDS = [f"kind {k}" for k in range(9) for _ in range(9 - k)]
MARKS = [WORDS[k % len(WORDS)] for k in range(N)]
AGES = ["" if k % 5 == 0 else f"{18 + k / 10}" for k in range(N)]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return Library(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def model(tmp_path_factory, library):
    return replace(write_tiny_model(tmp_path_factory.mktemp("models") / "tiny"), extra_directions=library)


@pytest.fixture(scope="module")
def latents():
    random = np.random.RandomState(4)
    return on_sphere(random.randn(N, 512) + 4 * random.randn(N, 1) * np.eye(512)[3]).astype(np.float32)


@pytest.fixture(scope="module")
def space(model, library, latents):
    kept = library.latent_sets.keep(
        "Mine", [latents[:500], latents[500:]], model, [column_of("label", MARKS), column_of("age", AGES)]
    )
    return space_of(f"set-{kept.hash}", model)


def test_a_set_is_a_space_of_models_of_its_size(model, space, library, tmp_path):
    assert available(model)[-1] == space
    assert (space.title, space.held.n) == ("Mine", N)
    other = replace(write_tiny_model(tmp_path / "other", latent_size=64), extra_directions=library)
    assert space not in available(other)
    with pytest.raises(NotFound):
        space_of(space.name, other)


def test_a_layout_of_a_set_is_of_its_first_rows_and_of_as_many_as_it_has(model, space, library, latents):
    params = check_tsne({"space": space.name, "faces": 5000, "perplexity": 100}, model)
    assert (params["faces"], params["perplexity"]) == (N, 100)
    assert layout_params("umap", {"space": space.name, "faces": 250}, model)["faces"] == 250
    np.testing.assert_array_equal(layout_rows(model, {"space": space.name, "faces": 250}), latents[:250])
    few = library.latent_sets.keep("Few", [latents[:12]], model)
    small = layout_params("umap", {"space": f"set-{few.hash}", "faces": 5000, "neighbours": 15}, model)
    assert (small["faces"], small["neighbours"]) == (12, 11)
    view, problem = read_view({"space": space.name, "method": "umap", "faces": "250"}, model)
    assert problem is None
    assert layout_numbers(model, view) == "the first of 700 rows, 512 numbers each"
    library.latent_sets.remove(few.hash)


def test_a_set_of_a_few_rows_has_no_layout_and_says_so(model, library, latents):
    few = library.latent_sets.keep("Nine", [latents[:9]], model)
    view, problem = read_view({"space": f"set-{few.hash}", "method": "tsne"}, model)
    assert view.layout is None
    assert "10 distinct latents or more" in str(problem)
    library.latent_sets.remove(few.hash)


def test_its_components_are_those_of_its_rows_and_stand_exactly(model, space, latents):
    projection = projection_of(model, space)
    assert projection is projection_of(model, space)
    assert isinstance(projection, SetProjection)
    centred = latents - latents.mean(axis=0)
    expected = np.linalg.svd(centred.astype(np.float64), compute_uv=False)[:5] ** 2 / (N - 1)
    np.testing.assert_allclose(projection.spectrum.variances[:5], expected, rtol=1e-4)
    slopes, offsets, fit = projection.latent_map
    np.testing.assert_allclose(latents @ slopes + offsets, projection.points, atol=1e-3)
    assert (fit == 1).all()
    np.testing.assert_allclose(abs(component_direction(model, f"pc~{space.name}.1")[3]), 1, atol=0.05)


def test_correlates_of_a_component_are_found_without_reading_a_row(model, space, latents):
    projection = projection_of(model, space)
    coordinates = latents @ model.directions
    for name, value in follows(projection, 0)[:3]:
        column = coordinates[:, model.names.index(name)]
        assert value == pytest.approx(np.corrcoef(column, projection.points[:, 0])[0, 1], abs=1e-4)


def test_labels_past_the_palette_are_one_group_that_says_so(model, space):
    found = colour_of(model, space, "column:label", projection_of(model, space).points, [0, 1])
    assert found.groups == (*(f"kind {k}" for k in range(LABELS - 1)), "other (4 values)")
    groups = [found.groups[int(value)] for value in found.values]
    assert groups == [mark if int(mark[-1]) < LABELS - 1 else "other (4 values)" for mark in MARKS]


def test_every_colour_of_a_set_can_be_had_and_those_of_the_bank_cannot(model, space):
    points = projection_of(model, space).points
    offered = [item["value"] for group in choices(model, space) for item in group["items"]]
    assert offered[:2] == ["column:label", "column:age"]
    for choice in ("column:label", "column:age", "density", "coordinate:Smiling"):
        assert choice in offered
        assert len(colour_of(model, space, choice, points, [0, 1]).values) == N
    assert fitting_colour(model, space, "score:Smiling") == fitting_colour(model, space, "label") == "column:label"
    assert fitting_colour(model, SCORES, "label") == "score:Smiling"
    for of, choice in ((space, "score:Smiling"), (SCORES, "column:label"), (space, "column:gone")):
        with pytest.raises(NotFound):
            colour_of(model, of, choice, points, [0, 1])


def test_categories_that_are_chosen_get_a_colour_of_their_own(model, space):
    points = projection_of(model, space).points
    found = colour_of(model, space, "column:label", points, [0, 1], ["kind 8", "kind 7"])
    assert found.groups == ("kind 8", "kind 7", "other (7 values)")
    assert (found.values == 0).sum() == MARKS.count("kind 8")


def test_number_columns_are_a_scale_and_missing_values_are_marked(model, space):
    found = colour_of(model, space, "column:age", projection_of(model, space).points, [0, 1])
    assert found.groups == ()
    assert np.isnan(found.values).sum() == N // 5
    marker = marker_of(found, "light", N)
    assert not np.isnan(marker["color"]).any()
    grey = marker["colorscale"][0][1]
    assert marker["colorscale"][1][1] == grey
    assert (marker["color"][np.isnan(found.values)] < marker["cmin"] + (marker["cmax"] - marker["cmin"]) * 0.06).all()


def test_equal_rows_are_no_cloud(model, library, latents):
    same = library.latent_sets.keep("Same", [np.repeat(latents[:1], 30, 0)], model, distinct=1)
    two = library.latent_sets.keep("Two", [np.repeat(latents[:2], 20, 0)], model, distinct=2)
    with pytest.raises(InputError, match="All 30 rows of Same are equal"):
        projection_of(model, space_of(f"set-{same.hash}", model))
    projection = projection_of(model, space_of(f"set-{two.hash}", model))
    assert isinstance(projection, SetProjection)
    assert projection.rank == 1
    assert not projection.points[:, 1:].any()
    text = " ".join(str(part) for part in scree_sentence(projection))
    assert "2 distinct rows of 40" in text
    assert "noise" not in text
    for kept in (same, two):
        library.latent_sets.remove(kept.hash)


def test_the_same_rows_with_other_columns_add_them_and_replace_none(model, library, latents):
    blocks = [latents[:50]]
    sex, age = column_of("sex", list("mf") * 25), column_of("age", [str(20.5 + k) for k in range(50)])
    other = column_of("sex", list("fm") * 25)
    first = library.latent_sets.keep("One", blocks, model, [sex])
    second = library.latent_sets.keep("Two", blocks, model, [sex, age, other])
    assert first.hash == second.hash
    assert [column.name for column in second.columns] == ["sex", "age", "sex (2)"]
    assert second.columns[0].texts().tolist() == list("mf") * 25
    assert second.columns[2].texts().tolist() == list("fm") * 25
    assert second.columns[1].values()[3] == 23.5
    library.latent_sets.remove(first.hash)


def test_rows_are_faces_and_are_selected_by_coordinates(model, space, latents):
    projection = projection_of(model, space)
    assert projection.face(7) == f"1:latent~{space.held.hash}.7"
    assert projection_of(model, LATENT).face(0) == "1:7"
    outline = parse_selection(f"1~{space.name}.pca.1.2~{N}~{N}~-99_-99_99_-99_99_99_-99_99")
    assert selected_rows(model, outline).all()
    values, names, unit = quantities(projection)
    np.testing.assert_allclose(values, latents @ model.directions, atol=1e-4)
    assert (names, unit) == (model.names, "coordinates")
    assert atlas_of(model, space) is None


def test_a_link_carries_the_set(model, space, library):
    view, problem = read_view({"space": space.name}, model)
    assert (view.space, view.colour, problem) == (space, "column:label", None)
    assert isinstance(view.space, SetSpace)
    library.latent_sets.remove(space.held.hash)
    assert isinstance(read_view({"space": space.name}, model)[1], NotFound)
    library.latent_sets.restore(space.held.hash)


def test_categories_of_an_address_are_read_strictly(model, library):
    columns = [column_of("mark", ["a, b", "Müller", *"cdefgh"] * 5), column_of("age", [f"{k}.5" for k in range(40)])]
    kept = library.latent_sets.keep("Marks", [np.random.default_rng(3).standard_normal((40, 512))], model, columns)
    space = space_of(f"set-{kept.hash}", model)
    assert write_categories(["a, b", "h"]) == "a%2C%20b,h"
    assert read_categories("a%2C%20b,h", space, "column:mark") == ("a, b", "h")
    assert read_categories(None, space, "column:age") == ()
    for text in ("nothing", "c,c", "c,d,e,f,g,h", ",", "c,", "a, b"):
        with pytest.raises(NotFound, match=r"Expected 1 to 5 different categories of mark \(.*Müller"):
            read_categories(text, space, "column:mark")
    with pytest.raises(NotFound, match="of a column of categories as colour"):
        read_categories("c", space, "column:age")
    words = {"space": space.name, "colour": "column:mark", "categories": "h,c"}
    view, problem = read_view(words, model)
    assert (view.categories, problem) == (("h", "c"), None)
    assert read_view(view_words(view), model)[0].categories == ("h", "c")
    view, problem = read_view({**words, "categories": "x,d"}, model)
    assert view.categories == ("d",)
    assert "Received: x" in str(problem)
