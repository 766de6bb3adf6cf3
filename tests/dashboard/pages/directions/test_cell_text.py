from __future__ import annotations

import numpy as np
from dash import html

from dashboard.analysis.inference import Selection
from dashboard.analysis.matrices import Tree
from dashboard.entanglement.matrix import Matrix
from dashboard.pages.directions.cell_text import cell_words, finding, presence_words, signed


def text_of(parts: list) -> str:
    return "".join(str(part.children) if isinstance(part, html.Strong) else part for part in parts)


def test_numbers_have_their_sign_and_a_true_minus() -> None:
    assert [signed(value) for value in (0.456, -0.2, -0.001, float("nan"))] == ["+0.46", "−0.20", "+0.00", "unknown"]
    assert signed(-1.5, "σ") == "−1.50 σ"


def test_a_cell_says_both_names_the_value_and_how_sure() -> None:
    values, low, high = (
        np.array(part) for part in ([[0.5, 0.1], [np.nan, 1]], [[0.4, -0.1], [0, 1]], [[0.6, 0.3], [0, 1]])
    )
    choice = Selection(np.array([[False, False], [False, True]]), 0.97, 2)
    found = Matrix(values, low, high, "σ", "", Tree([0, 1], np.zeros((0, 4, 2))), choice)
    words = cell_words(found, ("Mouth_Open", "Male"))
    assert words[0][0] == "Mouth Open → Mouth Open: +0.50 σ (+0.40 to +0.60)"
    assert words[0][1] == "Mouth Open → Male: +0.10 σ (−0.10 to +0.30): could be 0, shown as 0"
    assert words[1][0] == "Male → Mouth Open: not measured"


def test_the_finding_goes_from_what_is_measured_to_what_is_only_geometry() -> None:
    measured = text_of(finding("Smiling", "Male", (-0.3, -0.4, -0.2), 0.1, -0.5))
    assert measured == "One σ more Smiling lowers the score of Male by 0.30 σ. Reversed: +0.10 σ."
    assert "does not measurably change" in text_of(finding("Smiling", "Male", (0.1, -0.1, 0.3), 0.1, 0.2))
    assert "coordinate of Male by 0.50 σ" in text_of(finding("Smiling", "Male", None, float("nan"), -0.5))
    assert text_of(finding("Male", "Male", (0.9, 0.8, 1), 0.9, 1)) == "One σ more Male raises its own score by 0.90 σ."


def test_a_binary_attribute_is_described_by_its_share_and_both_slopes() -> None:
    text = presence_words("Beard", [-2, 0, 2], [0.01, 0.2, 0.88], (0.02, 1.2))
    assert text == "Beard is present in 1 % at −2 σ and 88 % at +2 σ. Slope below 0: +0.02 σ, above: +1.20 σ."
    assert "Slope" not in presence_words("Beard", [-2, 2], [0.01, 0.88], (float("nan"), float("nan")))
