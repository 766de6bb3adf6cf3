from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.entanglement.view import View, kinds_of, read_view, strongest, view_words
from dashboard.synthesis.model import Model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return write_tiny_model(tmp_path_factory.mktemp("view") / "tiny", correlation=0.6)


def test_an_address_without_words_means_a_first_visit(model: Model) -> None:
    view, problem = read_view({}, model)
    assert problem is None
    assert view == View("cosine", ("effect", "cosine"), "clusters", (), False, None)
    assert view.held == ()


def test_words_say_the_whole_view(model: Model) -> None:
    words = {"matrix": "difference", "of": "scores", "less": "pearson", "order": "name", "after": "1"}
    view, problem = read_view({**words, "locked": "Young,Male", "cell": "Smiling,Male"}, model)
    assert problem is None
    assert view.measures == ("scores", "pearson")
    assert view.held == ("Male", "Young")
    assert view.cell == ("Smiling", "Male")
    assert read_view({**view_words(view), "cell": "Smiling,Male"}, model) == (view, None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"matrix": "sine"}, "Expected matrix to be one of cosine"),
        ({"matrix": ["cosine", "pearson"]}, "Expected matrix"),
        ({"order": "colour"}, "Expected order"),
        ({"locked": "Male,Nose"}, "Received: Nose"),
        ({"cell": "Smiling"}, "Received: 1 names"),
    ],
)
def test_unknown_words_are_reported_and_do_no_harm(model: Model, words: dict, expected: str) -> None:
    view, problem = read_view(words, model)
    assert expected in str(problem)
    assert view == read_view({}, model)[0]


def test_a_model_without_a_scorer_has_geometry_only(tmp_path: Path) -> None:
    plain = write_tiny_model(tmp_path / "plain", scorer=False, bank=0)
    assert kinds_of(plain) == ["cosine", "pearson", "difference"]
    assert read_view({}, plain)[0].pair == ("pearson", "cosine")
    assert "for model plain" in str(read_view({"matrix": "effect"}, plain)[1])


def test_a_first_visit_opens_the_strongest_cell(model: Model) -> None:
    first, second = (model.names.index(name) for name in strongest(model))
    sizes = abs(model.gram) - np.eye(len(model.names))
    assert first != second
    assert sizes[first, second] == pytest.approx(sizes.max())
