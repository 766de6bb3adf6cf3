"""The page's text on noise and stability: every number with its total."""

import re
from dataclasses import replace

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.analysis.stability import LayoutStability
from dashboard.pages.latent_space.descriptions import component_words, scale_words
from dashboard.pages.latent_space.layout_panel import reading_panel
from dashboard.pages.latent_space.scatter_panel import component_choices
from dashboard.pages.latent_space.scree_panel import scree_sentence
from dashboard.spaces.projection import Projection
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import FEATURES, LATENT, SCORES
from dashboard.spaces.spectrum import spectrum


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("words") / "tiny", latent_size=32, bank=260)


def text_of(parts) -> str:
    return "".join(part if isinstance(part, str) else str(part.children) for part in parts)


@pytest.mark.parametrize("space", [SCORES, FEATURES, LATENT])
def test_the_sentence_of_the_scree_says_larger_and_what_holds(model, space):
    projection = projection_of(model, space)
    text = text_of(scree_sentence(projection))
    assert re.match(r"(None|\d+) of [\d,]+ components? (is|are) larger than noise alone gives(, \d+ smaller)?\. ", text)
    assert re.search(r"(None|\d+) holds? from one half of the faces to the other\. ", text)
    assert "the rest is noise" not in text
    groups = component_choices(projection)
    assert {group["group"] for group in groups} <= {"Stable", "Stable as a plane", "Not stable"}
    assert sorted(int(item["value"]) for group in groups for item in group["items"]) == [
        k + 1 for k in range(projection.count)
    ]
    assert "between halves of the faces: cosine " in component_words(projection, 0)


def test_what_never_differs_is_left_out_and_said(model):
    class Dead(Projection):
        rows = np.hstack([projection_of(model, SCORES).rows, np.zeros((260, 3), np.float32)])  # type: ignore[assignment]

    found = Dead(model, SCORES)
    assert found.spectrum.dead == 3
    assert found.spectrum.axes.shape[0] == found.rows.shape[1]
    assert len(found.spectrum.variances) == found.spectrum.numbers == found.rows.shape[1] - 3
    assert f"3 of {found.rows.shape[1]} attribute scores are the same in every face and left out. " in scree_sentence(
        found
    )


def test_only_some_of_many_components_are_said_to_be_kept(model):
    projection = Projection(model, SCORES)
    whole = spectrum(projection.rows, standardised=True, white=False)
    projection.spectrum = replace(  # type: ignore[misc]
        whole, variances=whole.variances[:4], noise_levels=lambda: (whole.noise_low[:4], whole.noise_high[:4]),
        total=float(whole.variances.sum()), numbers=8192,
    )  # fmt: skip
    projection.stability = projection_of(model, SCORES).stability  # type: ignore[misc]
    assert "of the 4 largest of 8,192 components" in text_of(scree_sentence(projection))


def test_how_numbers_are_scaled_is_said_alike_for_all_methods(model):
    assert scale_words(projection_of(model, SCORES)) == "standardised"
    assert scale_words(projection_of(model, FEATURES)) == "not standardised"


def test_a_layout_says_how_far_it_can_be_believed():
    text = str(reading_panel("tsne", "Scores", LayoutStability(0.93, 0.71, 0.42, 5, 1000)).to_plotly_json())
    for words in (
        "42 % of a face's nearest",
        "5 seeds of the first 1,000 faces",
        "disparity 0.71",
        "Trustworthiness 0.93",
    ):
        assert words in text
    assert "Trustworthiness" not in str(reading_panel("tsne", "Scores").to_plotly_json())
