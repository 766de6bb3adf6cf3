"""The demo's controls name only features that the model has."""

from __future__ import annotations

import pytest

from dashboard.pages.demo.controls import demo_controls


@pytest.mark.parametrize(("names", "moved"), [(("Young", "Smiling"), "Smiling"), (("Big_Nose", "Bald"), "Big Nose")])
def test_the_note_on_biases_says_to_move_a_slider_that_is_there(names: tuple[str, ...], moved: str) -> None:
    assert f"Move {moved} and watch" in str(demo_controls(names, names, False, "/audit").to_plotly_json())


def test_without_sliders_nothing_says_to_move_one() -> None:
    laid = str(demo_controls((), (), False, "/audit").to_plotly_json())
    assert "nothing to move" in laid
    assert "Move " not in laid
