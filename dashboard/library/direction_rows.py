"""Rows of the Directions page besides a model's attributes."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.faces.direction_names import widened
from dashboard.library.extra_directions import current_library
from dashboard.synthesis.model import Model

MOST_ROWS = 16
"""Number of user directions that are rows: the latest ones."""


def with_rows(model: Model, names: Sequence[str]) -> Model:
    """Return a model with its user directions and some others among its rows.

    Args:
        model: the model.
        names: such as those among the sliders; what is unknown to the model is left out.

    Returns:
        The model, its attributes first.
    """
    user_directions = [one.name for one in current_library().user_directions.listed(model, model.space)[:MOST_ROWS]]
    return widened(model, [*dict.fromkeys([*names, *user_directions])])
