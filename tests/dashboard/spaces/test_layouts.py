"""Layouts by UMAP and t-SNE: requested by parameters, named in selections, drawn from stored results."""

from dataclasses import replace

import numpy as np
import pytest
from support.jobs import keep_result
from support.models import write_tiny_model

from dashboard.analysis.selection import parse_selection
from dashboard.errors import InputError, NotFound
from dashboard.pages.latent_space.compute_panel import computing_card
from dashboard.pages.latent_space.scatter_data import drawing_of
from dashboard.spaces.layouts import drawn_layout, read_layout, written
from dashboard.spaces.sample import BLOCK4, SCORES
from dashboard.spaces.selection import selected_rows
from dashboard.spaces.view import read_view

EVERYWHERE = "-99_-99_99_-99_99_99_-99_99"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("layouts")
    (folder / "jobs").mkdir()
    return replace(write_tiny_model(folder / "tiny", bank=300), computed=folder / "jobs")


@pytest.mark.parametrize(
    ("method", "words", "text"),
    [
        ("umap", {}, "umap-15-10-300-0"),
        ("umap", {"neighbours": "7", "distance": "0.29", "faces": "250", "seed": 3}, "umap-7-29-250-3"),
        ("tsne", {"perplexity": 12, "neighbours": "no matter", "faces": ""}, "tsne-12-300-0"),
    ],
)
def test_what_is_asked_for_in_words_is_written_in_a_selection(model, method, words, text):
    assert written(method, read_layout(method, SCORES, words, 2, model)) == text
    assert parse_selection(f"1~scores.{text}.1.2~300~300~{EVERYWHERE}").method == text


@pytest.mark.parametrize("words", [{"neighbours": "1"}, {"distance": "nan"}, {"faces": "<b>"}, {"seed": "1e99"}])
def test_wrong_words_mean_the_defaults_and_are_reported(model, words):
    view, problem = read_view({"method": "umap", **words}, model)
    assert isinstance(problem, InputError)
    assert view.layout == read_layout("umap", SCORES, {}, 2, model)
    assert isinstance(read_view({"method": "<b>"}, model)[1], NotFound)


def test_a_layout_is_drawn_and_selected_from_once_it_is_kept(model):
    view, _ = read_view({"method": "umap", "faces": "250", "colour": "cluster"}, model)
    assert drawing_of(model, view, arrows=True) is None
    assert "250 faces" in str(computing_card(model, view))
    outline = parse_selection(f"1~scores.umap-15-10-250-0.1.2~250~250~{EVERYWHERE}")
    with pytest.raises(NotFound, match="UMAP of Scores"):
        selected_rows(model, outline)
    points = np.random.default_rng(0).normal(size=(250, 2)).astype(np.float32)
    keep_result(model, "umap", {"space": "scores", "faces": 250}, points=points)
    drawing = drawing_of(model, view, arrows=True)
    assert drawing is not None
    np.testing.assert_array_equal(drawing.points, points)
    assert len(drawing.ink.values) == 250
    assert not drawing.arrows
    assert selected_rows(model, outline).tolist() == [True] * 250 + [False] * 50


def test_a_block_is_computed_before_its_layout(model):
    view, problem = read_view({"method": "tsne", "space": "block4"}, model)
    assert problem is None
    assert "Components of the 4×4 block" in str(computing_card(model, view))


@pytest.mark.parametrize("text", ["umap", "umap-15", "pacmap-1-2", "tsne-999-300-0", "pca-1"])
def test_a_selection_on_no_layout_is_refused(model, text):
    with pytest.raises(InputError, match="Expected"):
        drawn_layout(model, BLOCK4, text)
