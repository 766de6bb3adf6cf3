"""The angle to the true direction: shown with a warning if the model has one, else reported as unknown."""

from types import SimpleNamespace

import numpy as np

from dashboard.pages.directions.asked_for_panel import asked_for_card
from dashboard.synthesis.curves import TrueDirections


def test_a_model_with_true_directions_shows_angles_and_flags_those_above_20_degrees():
    true = TrueDirections(
        np.eye(8)[:, :2], np.array([0.9, 0.5]), np.array([4.0, 33.0]), np.array([3.0, 30.0]), np.array([5.0, 36.0])
    )
    model = SimpleNamespace(
        name="pairs", names=("Smiling", "Big_Nose"), has_true_directions=True, true_directions=lambda: true
    )
    html = str(asked_for_card(model).to_plotly_json())  # type: ignore[arg-type]
    assert html.index("Big Nose") < html.index("Smiling")
    assert "30.0 to 36.0" in html
    assert "Big Nose is more than 20 degrees from the true direction" in html
    assert "Smiling is more than" not in html


def test_a_model_without_true_directions_says_so(tiny_model):
    assert "so the angle between its directions and its labels is unknown" in str(
        asked_for_card(tiny_model).to_plotly_json()
    )
