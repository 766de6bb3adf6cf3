"""User directions from a selection: its faces are positive examples, other faces negative ones."""

from __future__ import annotations

import dash_mantine_components as dmc
import numpy as np
from dash import html
from numpy.typing import NDArray

from dashboard.analysis.selection import Selection, middle_members, parse_selection
from dashboard.components.icon import icon
from dashboard.errors import LikenessError
from dashboard.faces.describe import model_address
from dashboard.library.direction_from_examples import EVEN, sides
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import space_of
from dashboard.spaces.selection import selected_rows
from dashboard.synthesis.model import Model

SHOWN = 6


def selected_examples(model: Model, text: str) -> html.Div:
    """Lay out the examples from a selection; `assets/js/directions/user_directions.js` hides them when the
    selection is cleared.

    Args:
        model: the model.
        text: the selection, from the address.

    Returns:
        Typical faces of both kinds and the choice of the others, or why the selection cannot be used.
    """
    try:
        selection = parse_selection(text)
        inside = selected_rows(model, selection)
        selected, others = sides(inside, even=False)
    except LikenessError as error:
        content = [html.P([icon("error", 16), str(error)], className="lk-user-direction-message-error")]
        return html.Div(content, id="user-direction-selected", className="lk-user-direction-selected")
    return html.Div(
        [
            html.P(_words(model, selection, inside, len(selected), len(others)), className="lk-figure-caption"),
            _examples(model, selection, inside, "+"),
            _examples(model, selection, ~inside, "−"),
            dmc.SegmentedControl(
                id="user-direction-rest",
                data=[{"value": "all", "label": "The rest"}, {"value": EVEN, "label": "As many, at random"}],
                value="all",
                size="xs",
                **{
                    "aria-label": "What the selection is compared with",
                    "data-help": "The selection against all other faces, or against as many of them drawn at random",
                },
            ),
        ],
        id="user-direction-selected",
        className="lk-user-direction-selected",
    )


def _words(model: Model, selection: Selection, inside: NDArray[np.bool_], plus: int, minus: int) -> str:
    space = space_of(selection.space, model).title
    count, rest = int(inside.sum()), int((~inside).sum())
    drawn = "" if (plus, minus) == (count, rest) else f"; of these {plus:,} and {minus:,}, drawn at random"
    return f"Selection in {space}: {count:,} faces as +, the {rest:,} others as −{drawn}."


def _examples(model: Model, selection: Selection, kind: NDArray[np.bool_], mark: str) -> html.Div:
    projection = projection_of(model, space_of(selection.space, model))
    rows = [int(row) for row in middle_members(projection.points[:, :8], kind, SHOWN)]
    return html.Div(
        [
            html.Span(mark, **{"aria-hidden": "true"}),
            *(
                html.Img(
                    src=f"{model_address(model)}{projection.face(row)}.webp",
                    alt=f"Example {mark}: {projection.named(row)}",
                )
                for row in rows
            ),
        ],
        className="lk-user-direction-examples",
    )
