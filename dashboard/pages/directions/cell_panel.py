"""The card of the open cell: a sentence, the numbers, traversals of both directions, curves, the population."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.figure_card import figure_card
from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.components.slider_row import display_name
from dashboard.entanglement.traversals import STEPS, TraversalRow
from dashboard.faces.direction_names import title_of
from dashboard.faces.routes import face_address
from dashboard.pages.directions.cell_text import interval, signed
from dashboard.synthesis.model import Model

SMALL = 128


def cell_panel() -> html.Section:
    """Lay out the card; callbacks fill `cell-body`, and the graphs `curves` and `pair`."""
    population = dmc.SegmentedControl(
        id="pair-of",
        data=[{"value": "scores", "label": "Scores"}, {"value": "coordinates", "label": "Coordinates"}],
        value="scores",
        size="xs",
        **{
            "aria-label": "What the scatter shows",
            "data-help": "Scores are measured on pictures, coordinates computed from the latent",
        },
    )
    return html.Section(
        [
            html.Div(id="cell-body"),
            html.Div(
                [
                    figure_card("curves", "Along", before=html.P(id="curves-note", className="lk-finding")),
                    figure_card("pair", "Population", controls=population),
                    figure_card("people", "Effect in each person", className="lk-cell-people"),
                ],
                className="lk-cell-figures",
                id="cell-figures",
            ),
        ],
        className="lk-figure-card lk-cell-card",
        id="cell-card",
        tabIndex=-1,
        **{"aria-label": "Cell"},
    )


def cell_body(
    moved: str,
    seen: str,
    sentence: Sequence[Any],
    numbers: Sequence[tuple[str, float, str]],
    lines: Sequence[Any],
    swap: bool = True,
) -> list:
    """Show a cell.

    Args:
        moved, seen: display names of the row and the column.
        sentence: the finding.
        numbers: name, value, and uncertainty or sample size of each measure.
        lines: from `traversal_grid`.
        swap: whether the reversed pair is offered.

    Returns:
        The content above the figures.
    """
    return [
        html.Div(
            [
                html.H2(
                    [display_name(moved), icon("arrow-right", 16), display_name(seen)],
                    className="lk-figure-title lk-cell-title",
                    **{"aria-label": f"{display_name(moved)} on {display_name(seen)}"},
                ),
                (
                    swap
                    and with_help(
                        dmc.ActionIcon(
                            icon("swap", 18),
                            variant="subtle",
                            size=30,
                            **{"aria-label": "The reversed pair", "data-action": "swap-cell"},
                        ),
                        "The reversed pair: the effect of the second on the first",
                    )
                )
                or None,
            ],
            className="lk-figure-head",
        ),
        html.P(list(sentence), className="lk-cell-finding"),
        html.Dl(
            [
                html.Div([html.Dt(words), html.Dd(signed(value)), html.Dd(more, className="lk-number-more")])
                for words, value, more in numbers
            ],
            className="lk-numbers",
        ),
        *lines,
    ]


def number(words: str, part: tuple | None, moved: int, seen: int, missing: str) -> tuple[str, float, str]:
    """Return one measure of a cell.

    Args:
        words: its name.
        part: of `entanglement.matrix.measure`, or None.
        moved, seen: row and column.
        missing: the reason if there is none.

    Returns:
        For `cell_body`.
    """
    if part is None:
        return words, float("nan"), missing
    values, low, high, *_ = part
    if low is None or high is None:
        sure = "exact"
    elif math.isfinite(low[moved, seen]):
        sure = interval(float(low[moved, seen]), float(high[moved, seen]))
    else:
        sure = "rough: too few for an interval" if math.isfinite(values[moved, seen]) else ""
    return words, float(values[moved, seen]), sure


def traversal_grid(model: Model, found: Sequence[TraversalRow]) -> list[html.Div]:
    """Lay out traversals, grouped by direction.

    Args:
        model: the model.
        found: the traversals.

    Returns:
        A row of steps, and a row for each traversal; a picture is a button that opens its face.
    """
    steps = html.Div(
        [html.Span(""), *(html.Span(_step(step)) for step in STEPS)],
        className="lk-traversal-row lk-traversal-steps",
        **{"aria-hidden": "true"},
    )
    rows, before = [steps], None
    for row in found:
        label = html.Span(
            [
                *([html.Strong(title_of(model, row.name))] if row.name != before else []),
                html.Small(f"seed {row.seed}"),
            ],
            className="lk-traversal-name",
        )
        pictures = [_picture(model, row, index) for index in range(len(STEPS))]
        rows.append(html.Div([label, *pictures], className="lk-traversal-row"))
        before = row.name
    return [html.Div(rows, className="lk-traversals")]


def _picture(model: Model, row: TraversalRow, index: int) -> html.Button | html.Span:
    face, words = row.faces[index], f"Seed {row.seed} at {title_of(model, row.name)} {_step(STEPS[index])}"
    if face is None:
        return html.Span("none", className="lk-traversal-none", title=f"{words}: the locks leave no such face.")
    size = SMALL if model.config.resolution > SMALL else None
    return html.Button(
        html.Img(src=face_address(model, face, size=size), alt="", width=64, height=64),
        type="button",
        title=f"Open {words}",
        **{"aria-label": f"Open {words}", "data-action": "open-face", "data-face": str(face)},
    )


def _step(step: float) -> str:
    return f"{step:+g} σ".replace("-", "−") if step else "0"
