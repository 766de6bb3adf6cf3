"""Spaces of a model: samples, components, the way back to the latent, colours, arrows."""

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.analysis.selection import parse_selection
from dashboard.errors import InputError, NotFound
from dashboard.faces.bases import seed_latent
from dashboard.spaces import projection as projection_module
from dashboard.spaces import spectrum as spectrum_module
from dashboard.spaces.biplot import biplot
from dashboard.spaces.colours import choices, clusters, colour_of, density
from dashboard.spaces.projection import Projection, follows, projection_rows
from dashboard.spaces.projections import prepare_projection, projection_of
from dashboard.spaces.sample import FEATURES, LATENT, SCORES, available, default_space, faces_of, space_of
from dashboard.spaces.selection import quantities, selected_rows
from dashboard.spaces.spectrum import latent_map
from dashboard.spaces.view import read_view


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("spaces") / "tiny", bank=300)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("spaces") / "bare", scorer=False, bank=0)


def test_rows_of_the_sample_are_faces_of_its_seed(model):
    faces = faces_of(model)
    drawn = seed_latent(faces.seed, 5, model.config.latent_size)
    expected = drawn / np.sqrt(np.mean(drawn**2)) if model.config.normalize_latents else drawn
    np.testing.assert_allclose(faces.latents[5], expected, rtol=1e-4)


def test_a_model_without_a_bank_has_its_latent_only(bare):
    assert available(bare) == [LATENT]
    assert quantities(projection_of(bare, LATENT))[2] == "coordinates"
    with pytest.raises(NotFound, match=r"Expected a space of model bare \(z, block4, block8\)"):
        space_of("scores", bare)


def test_points_do_not_wait_for_the_noise_level(model, monkeypatch):
    called = []
    real = spectrum_module.permuted_spectra
    monkeypatch.setattr(spectrum_module, "permuted_spectra", lambda *given: called.append(given[1]) or real(*given))
    projection = Projection(model, SCORES)
    assert projection.points.shape == (300, projection.count)
    assert called == []
    assert (projection.spectrum.noise_low < projection.spectrum.noise_high).all()
    assert projection.spectrum.above_noise >= 0
    assert called == [spectrum_module.SHUFFLES]


def test_the_page_opens_with_what_was_prepared(model, monkeypatch):
    prepare_projection(model)
    monkeypatch.setattr(projection_module, "spectrum", pytest.fail)
    monkeypatch.setattr(projection_module, "split_half", pytest.fail)
    monkeypatch.setattr(projection_module, "latent_map", pytest.fail)
    projection = projection_of(model, default_space(model))
    assert projection.space is SCORES
    assert len(projection.points) == len(projection.latents) == 300
    assert projection.direction(0).shape == (model.config.latent_size,)
    assert len(projection.stability.cosine) > 0


@pytest.mark.parametrize("space", [LATENT, SCORES, FEATURES])
def test_points_are_centred_and_as_wide_as_the_spectrum_says(model, space):
    projection = projection_of(model, space)
    np.testing.assert_allclose(projection.points.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(
        projection.points.var(axis=0, ddof=1), projection.spectrum.variances[: projection.count], rtol=1e-2, atol=1e-6
    )
    assert projection_of(model, space) is projection


def test_the_latent_stands_where_it_is(model):
    projection = projection_of(model, LATENT)
    slopes, offsets, fit = projection.latent_map
    np.testing.assert_allclose(faces_of(model).latents @ slopes + offsets, projection.points, atol=1e-4)
    assert (fit == 1).all()


def test_what_follows_the_latent_is_found_and_what_does_not_is_not():
    random = np.random.default_rng(0)
    latents = random.normal(size=(4000, 20)).astype(np.float32)
    expected = random.normal(size=20)
    points = np.column_stack([latents @ expected + 3, random.normal(size=4000)])
    with_ones = np.hstack([latents, np.ones((4000, 1))]).astype(np.float64)
    slopes, offsets, fit = latent_map(with_ones.T @ with_ones, latents, points)
    np.testing.assert_allclose(slopes[:, 0], expected, atol=1e-3)
    assert offsets[0] == pytest.approx(3, abs=1e-3)
    assert fit[0] > 0.999
    assert fit[1] < 0.02


def test_components_are_directions_and_follow_attributes(model):
    projection = projection_of(model, SCORES)
    assert np.linalg.norm(projection.direction(0)) == pytest.approx(1)
    sizes = [abs(value) for _, value in follows(projection, 0)]
    assert sizes == sorted(sizes, reverse=True)
    with pytest.raises(InputError, match="Expected a component from 1 to"):
        projection.direction(99)
    rows = projection_rows(model, projection.latent_map[0][:, :2])
    assert np.shape(rows["gram"]) == (2, len(model.names))


def test_arrows_lead_where_directions_do(model):
    projection = projection_of(model, LATENT)
    arrows, factor = biplot(projection, [0, 1])
    for arrow in arrows:
        column = model.directions[:, model.names.index(arrow.name.replace(" ", "_"))]
        moved = column @ projection.latent_map[0][:, :2] * factor
        np.testing.assert_allclose(arrow.tip, moved, atol=1e-6)


def test_every_colour_that_is_offered_can_be_had(model):
    points = projection_of(model, SCORES).points
    for group in choices(model, SCORES):
        for item in group["items"]:
            found = colour_of(model, SCORES, item["value"], points, [0, 1])
            assert found.values.shape == (300,)
            assert np.isfinite(found.values).all()
    with pytest.raises(NotFound, match="Expected a colour"):
        colour_of(model, SCORES, "score:Nobody", points, [0, 1])


def test_clusters_are_found_the_largest_first():
    random = np.random.default_rng(0)
    points = np.vstack([random.normal(size=(30, 2)), random.normal(size=(70, 2)) + 40])
    groups = clusters(points, 2)
    assert groups.tolist() == [1] * 30 + [0] * 70
    assert clusters(np.zeros((5, 2)), 3).tolist() == [0] * 5


def test_density_counts_who_shares_a_cell():
    assert density([[0, 0], [0, 0], [1, 1]]).tolist() == [2, 2, 1]


def test_a_selection_of_another_sample_is_refused(model):
    all_of_them = "-99_-99_99_-99_99_99_-99_99"
    assert selected_rows(model, parse_selection(f"1~scores.pca.1.2~300~300~{all_of_them}")).all()
    with pytest.raises(InputError, match="among 300 faces"):
        selected_rows(model, parse_selection(f"1~scores.pca.1.2~20000~300~{all_of_them}"))
    with pytest.raises(InputError, match="Expected components"):
        selected_rows(model, parse_selection(f"1~scores.pca.1.99~300~300~{all_of_them}"))


def test_words_that_cannot_be_read_mean_a_first_visit(model):
    view, problem = read_view({"space": "z", "x": "3", "view": "3d", "colour": "density"}, model)
    assert (view.space, view.shown, view.colour, problem) == (LATENT, [2, 1, 2], "density", None)
    for words in ({"space": "<b>"}, {"x": "99"}, {"y": ["1"]}, {"colour": "score:Nobody"}):
        view, problem = read_view(words, model)
        assert view.axes == (1, 2, 3)
        assert str(problem).startswith("Expected ")


def test_clusters_say_how_those_of_either_half_agree(model):
    points = projection_of(model, SCORES).points
    found = colour_of(model, SCORES, "cluster", points, [0, 1])
    assert found.note.startswith("clusters of either half of the faces agree: adjusted Rand ")
    assert colour_of(model, SCORES, "density", points, [0, 1]).note == ""
